"""What made a website, by the marks of `cms.toml` (WEB A.2): a mark that was seen, or nothing."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ada_url

from extractors.contract import Capture
from extractors.exceptions import InvalidURL
from extractors.fetch import urls

FILE = Path(__file__).with_name("cms.toml")
ADDRESS = re.compile(r"""(?:href|src|action)\s*=\s*["']([^"'#\s]{2,400})""", re.I)
RESOURCE = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)\s*=\s*["']([^"'#\s]{2,400})""", re.I)
READ_CHARACTERS, READ_ADDRESSES = 400_000, 2000
FEWEST_ADDRESSES = 2


@dataclass(frozen=True)
class Cms:
    """The family of a site's programme and the mark it was known by."""

    family: str
    mark: str


@dataclass(frozen=True)
class _Family:
    key: str
    host: tuple[re.Pattern[str], ...]
    url: tuple[re.Pattern[str], ...]
    html: tuple[re.Pattern[str], ...]
    header: tuple[re.Pattern[str], ...]


@cache
def _families() -> tuple[_Family, ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    parts = ("host", "url", "html", "header")
    return tuple(_Family(key, *(tuple(re.compile(p) for p in row.get(part, ())) for part in parts)) for key, row in rows.items())


@cache
def names() -> dict[str, str]:
    """What each family is called."""
    return {key: row["name"] for key, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def cms_of_address(url: str) -> Cms | None:
    """The family an address alone proves; None when it proves none."""
    try:
        parts = ada_url.URL(urls.parse(url))
    except InvalidURL:
        return None
    asked = (parts.pathname + parts.search).lower()
    for family in _families():
        for text, patterns in ((parts.hostname, family.host), (asked, family.url)):
            if found := next((p for p in patterns if p.search(text)), None):
                return Cms(family.key, found.pattern)
    return None


def cms_of(capture: Capture) -> Cms | None:
    """The family of a site, by the headers and markup of one of its pages, else by what the page is built of or two of the addresses it
    links to, its own only, else by the address asked for.

    Addresses of other sites prove nothing, bodies link to each other's files; and one link may be to what an earlier programme left behind.
    """
    headers = [f"{name}: {value}".lower() for name, value in capture.headers.items()]
    html = capture.text[:READ_CHARACTERS].lower() if capture.media_type == "text/html" else ""
    for family in _families():
        for texts, patterns in ((headers, family.header), ([html], family.html)):
            if found := next((p for p in patterns if any(p.search(text) for text in texts)), None):
                return Cms(family.key, found.pattern)
    host = urls.host_of(capture.url)
    seen: Counter[Cms] = Counter()
    resources = set(RESOURCE.findall(html))
    for address in list(dict.fromkeys(ADDRESS.findall(html)))[:READ_ADDRESSES]:
        try:
            full = urls.parse(address, capture.url)
        except InvalidURL:
            continue
        if full.startswith("http") and urls.host_of(full) == host and (found := cms_of_address(full)):
            seen[found] += FEWEST_ADDRESSES if address in resources else 1
    by_family: Counter[str] = Counter()
    for found, count in seen.items():
        by_family[found.family] += count
    if by_family and (first := by_family.most_common(1)[0])[1] >= FEWEST_ADDRESSES:
        return next(found for found, _ in seen.most_common() if found.family == first[0])
    return cms_of_address(capture.url)
