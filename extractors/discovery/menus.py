"""The links of a page with their texts, menus and footers first of all: where bodies put the way to their journal."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.contract import Capture
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import as_text
from extractors.websites import page as web

MOST_LINKS = 1500


@dataclass(frozen=True)
class MenuLink:
    """A link out of a page: absolute address and text ("" for a picture)."""

    url: str
    text: str


def links_of(capture: Capture) -> tuple[MenuLink, ...]:
    """Every link of an HTML page, wherever it stands; () for anything else. Raises Hostile."""
    if capture.media_type not in ("text/html", "application/xhtml+xml"):
        return ()
    tree = web.tree_of(capture.text)
    base = capture.url
    if (named := tree.css_first("base[href]")) is not None:
        base = _whole(named.attributes.get("href") or "", capture.url) or base
    found: dict[str, str] = {}
    for anchor in tree.css("a[href]")[:MOST_LINKS]:
        href = (anchor.attributes.get("href") or "").strip()
        address = _whole(href, base) if not href.startswith("#") else ""
        text = as_text(anchor.text(separator=" ", strip=True)) or as_text(anchor.attributes.get("title")) or ""
        if address and (address not in found or not found[address]):
            found[address] = text
    return tuple(MenuLink(url, text) for url, text in found.items())


def _whole(href: str, base: str) -> str:
    try:
        full = urls.parse(href, base)
    except InvalidURL:
        return ""
    return full if full.startswith(("http://", "https://")) else ""
