"""Sitemaps, sitemap indexes and feeds, read leniently (WEB A.3)."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.exceptions import InvalidURL, Reasoned
from extractors.fetch import urls

MAX_BYTES = 50 * 1024 * 1024
MAX_PAGES = 50_000
KNOWN = frozenset(
    "loc lastmod changefreq priority link title description pubdate guid updated published id author category summary content enclosure "
    "source comments encoded creator date image video news mobile pagemap thumbnail group rights contributor subject type language".split()
)


@dataclass(frozen=True)
class Sitemap:
    """What a sitemap names: `sitemaps` are further sitemaps, `pages` are addresses with their lastmod ("" when absent); `strange` are names
    of elements we have never heard of."""

    sitemaps: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    strange: tuple[str, ...] = ()


class NotASitemap(Reasoned, ValueError):
    """A page that answers under a sitemap's address."""


def unpacked(body: bytes) -> bytes:
    """The body without gzip, at most MAX_BYTES of it. Raises NotASitemap."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise NotASitemap(Reason("gzip_damaged")) from error
    if unpacker.unconsumed_tail:
        raise NotASitemap(Reason("unpacks_too_large", megabytes=MAX_BYTES // 1024**2))
    if not unpacker.eof:
        raise NotASitemap(Reason("gzip_cut"))
    return data


def read(body: bytes, base: str) -> Sitemap:
    """The sitemap, index or feed in `body`, in XML or as lines of text; names are matched without namespace and addresses may be relative.

    Raises NotASitemap: an error page under the address, a document type, nothing that can be mended.
    """
    data = unpacked(body).removeprefix(codecs.BOM_UTF8).strip()
    if not data.startswith(b"<"):
        return _lines(data, base)
    if data[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise NotASitemap(Reason("html_for_sitemap"))
    if re.search(rb"<!(DOCTYPE|ENTITY)", data[:5000], re.I):
        raise NotASitemap(Reason("document_type_refused"))
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    if root is None:
        raise NotASitemap(Reason("xml_broken"))
    name = _local(root)
    if name not in ("urlset", "sitemapindex", "rss", "feed", "RDF"):
        raise NotASitemap(Reason("root_unknown", name=name[:40] if name.isalnum() else "?"))
    sitemaps: dict[str, str] = {}
    pages: dict[str, str] = {}
    names: set[str] = set()
    for element in root.iter():
        kind = _local(element)
        if kind not in ("url", "sitemap", "item", "entry"):
            continue
        children = {_local(c): ((c.text or "").strip() or c.get("href") or "") for c in element if isinstance(c.tag, str)}
        names.update(children)
        changed = children.get("lastmod") or children.get("updated") or children.get("pubDate") or ""
        if full := _address(children.get("loc") or children.get("link") or _bare(element), base):
            (sitemaps if kind == "sitemap" else pages).setdefault(full, changed)
        if len(pages) >= MAX_PAGES:
            break
    return Sitemap(tuple(sitemaps), tuple(pages.items()), tuple(sorted(n for n in names if n.lower() not in KNOWN)))


def _bare(element: etree._Element) -> str:
    """An address that stands in its element without `loc`, as some indexes have it."""
    text = (element.text or "").strip()
    return text if text.startswith(("http://", "https://")) else ""


def _lines(data: bytes, base: str) -> Sitemap:
    """A text sitemap: one whole address a line."""
    lines = data.decode("utf-8", "replace").split("\n", MAX_PAGES)[:MAX_PAGES]
    found = [_address(line.strip(), base) for line in lines if re.match(r"https?://", line.strip(), re.I)]
    if not found:
        raise NotASitemap(Reason("no_addresses"))
    return Sitemap((), tuple((address, "") for address in dict.fromkeys(found) if address))


def _address(text: str, base: str) -> str:
    try:
        return urls.parse(text, base) if text else ""
    except InvalidURL:
        return ""


def _local(element: etree._Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
