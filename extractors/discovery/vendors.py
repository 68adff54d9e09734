"""Catalogues that others keep of which body uses which system: norske-postlister.no lists the journals it knows (ATLAS 0.2).

The page is large and its markup is nobody's promise, so it is read by what it says: a row or list item that names one body, and the
addresses in it. It is asked once a run, and only when its robots.txt and its server let us.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from catalogue.authorities import Authorities
from catalogue.authorities import is_organisation_number as is_number
from extractors.contract import Capture, Request, Source
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.websites import page as web

NORSKE_POSTLISTER = "https://norske-postlister.no/postlister"
ROWS = "tr, li, dl, article, .card, .row"
NUMBER = re.compile(r"(?<!\d)\d{9}(?!\d)")
MOST_ROWS, LONGEST_ROW = 5000, 600


def source_of(authority: str) -> Source:
    """The catalogue as a source, asked on behalf of a body."""
    return Source(id="discovery/norske-postlister", authority=authority, platform="discovery", url=NORSKE_POSTLISTER)


def request() -> Request:
    """The question for the whole list."""
    return Request(url=NORSKE_POSTLISTER, role="index")


def addresses(capture: Capture, authorities: Authorities) -> dict[str, tuple[str, ...]]:
    """Organisation number → the addresses the catalogue gives for it. A row that names two bodies is nobody's. Raises Hostile."""
    found: dict[str, list[str]] = {}
    for row in web.tree_of(capture.text).css(ROWS)[:MOST_ROWS]:
        links = _links(row, capture.url)
        text = row.text(separator="\n", strip=True)
        if not links or len(text) > LONGEST_ROW:
            continue
        named = _bodies(text, authorities)
        if len(named) == 1:
            kept = found.setdefault(named.pop(), [])
            kept += [link for link in links if link not in kept]
    return {orgnr: tuple(links) for orgnr, links in found.items()}


def _links(row: LexborNode, base: str) -> list[str]:
    links = []
    for anchor in row.css("a[href]"):
        try:
            link = urls.parse(anchor.attributes.get("href") or "", base)
        except InvalidURL:
            continue
        if link.startswith(("http://", "https://")) and urls.host_of(link) != urls.host_of(base):
            links.append(link)
    return links


def _bodies(text: str, authorities: Authorities) -> set[str]:
    """The bodies a row names: by number when it has one, else by a line that is a living body's name."""
    numbers = {n for n in NUMBER.findall(text) if is_number(n) and n in authorities}
    if numbers:
        return numbers
    lines = [line.strip() for line in text.split("\n") if 1 < len(line.strip()) < 60]
    return {a.orgnr for line in lines for a in authorities.find(line) if a.is_current}
