"""Sitemaps, sitemap indexes and feeds, read leniently (WEB A.3)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from lxml import etree  # ty: ignore[missing-module-member]

from extractors.exceptions import InvalidURL
from extractors.fetch import urls

MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Sitemap:
    """What a sitemap names: `sitemaps` are further sitemaps, `pages` are addresses with their lastmod ("" when absent)."""

    sitemaps: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]


class NotASitemap(ValueError):
    """A page that answers under a sitemap's address."""


def unpacked(body: bytes) -> bytes:
    """The body without gzip, at most MAX_BYTES of it. Raises NotASitemap."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise NotASitemap("damaged gzip") from error
    if unpacker.unconsumed_tail:
        raise NotASitemap("larger than 50 MB unpacked")
    return data


def read(body: bytes, base: str) -> Sitemap:
    """The sitemap, index or feed in `body`; names are matched without namespace and addresses may be relative. Raises NotASitemap."""
    data = unpacked(body).strip()
    if not data.startswith(b"<") or data[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise NotASitemap("no XML")
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False))
    if root is None:
        raise NotASitemap("no XML that can be mended")
    name = _local(root)
    if name not in ("urlset", "sitemapindex", "rss", "feed", "RDF"):
        raise NotASitemap(f"the root element is {name}")
    sitemaps, pages = [], []
    for element in root.iter():
        kind = _local(element)
        if kind not in ("url", "sitemap", "item", "entry"):
            continue
        children = {_local(c): ((c.text or "").strip() or c.get("href") or "") for c in element if isinstance(c.tag, str)}
        address = children.get("loc") or children.get("link") or ""
        changed = children.get("lastmod") or children.get("updated") or children.get("pubDate") or ""
        try:
            full = urls.parse(address, base) if address else ""
        except InvalidURL:
            continue
        if full and kind == "sitemap":
            sitemaps.append(full)
        elif full:
            pages.append((full, changed))
    return Sitemap(tuple(dict.fromkeys(sitemaps)), tuple(dict.fromkeys(pages)))


def _local(element: etree._Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
