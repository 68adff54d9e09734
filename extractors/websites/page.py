"""One HTML page read: title, main text, dates, language, breadcrumb, links. By structure first, words last (WEB A.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.reasons import Reason
from extractors.exceptions import InvalidURL, Reasoned
from extractors.fetch import urls
from extractors.fields import as_text
from extractors.websites.language import language_of

SHELL_LENGTH = 300
MAX_LINKS = 3000
MAX_CANDIDATES = 40
MAX_CLIMB = 200
MAX_TIMES = 50
LONG_PAGE, MAX_DEPTH, MAX_ATTRIBUTES = 30_000, 3_000, 3_000
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
STUFFED = re.compile(r"<[a-zA-Z][^<>]{10000,}")
UNNESTED = frozenset(
    "area base br col embed hr img input link meta source track wbr p li td th tr dt dd option path circle rect use g".split()
)
NOISE = (
    "script, style, noscript, template, svg, nav, header, footer, aside, form, iframe, button, dialog, [hidden], [aria-hidden=true], "
    "[role=navigation], [role=banner], [role=contentinfo], [role=search], [role=complementary], [role=dialog], .cookie-notice, "
    ".cookie-banner, #cookie, .breadcrumb, .breadcrumbs, .brodsmuler, .chatbot, .skip-link, .share, .del-siden, .feedback"
)
BREADCRUMB = "nav[aria-label*='rødsmule' i], nav[aria-label*='readcrumb' i], .breadcrumb, .breadcrumbs, .brodsmuler, #breadcrumb"
MAIN = ("main", "[role=main]", "article", "#content", "#main", "#innhold", ".main-content", ".content", ".artikkel", "#hovedinnhold")
BLOCKS: frozenset[str | None] = frozenset(
    "p li h1 h2 h3 h4 h5 h6 td th dt dd pre blockquote figcaption caption div section article main summary address body ul ol tr "
    "table".split()
)
PHRASES = re.compile(
    r"^(Hopp til (hoved)?innhold(et)?|Innhald|Innhold|Til toppen|Translate|Fant du det du lette etter\??|"
    r"Fann du det du leita etter\??|Skriv ut|Del( på.*)?|Spør meg|Om chat|Slett samtalen|Les mer|Les meir|map|account_circle|Lytt|Ja|Nei)$",
    re.I,
)
STAMP = r"(\d{1,2}\.\s?(?:\d{1,2}\.|[a-zæøå]+)\s?\d{4}|\d{4}-\d{2}-\d{2})"
PUBLISHED = re.compile(rf"\b(?:Publisert|Lagt ut|Publiserte)(?: den| dato)?:?\s*{STAMP}", re.I)
MODIFIED = re.compile(rf"\b(?:Sist (?:endret|endra|oppdatert|redigert)|Endret|Endra|Oppdatert)(?: den)?:?\s*{STAMP}", re.I)
GENERIC = re.compile(r"^(klikk her|her|les mer|les meir|last ned|pdf|dokument|vedlegg|lenke|se her)[.:!]?$", re.I)
ERROR_TITLE = re.compile(r"^(404|feil\b|siden finnes ikke|fant ikke siden|fann ikkje sida|sida finst ikkje|page not found)", re.I)
KNOWN_META = frozenset(
    "viewport description keywords robots author generator theme-color format-detection title copyright language msapplication-tilecolor "
    "google-site-verification pageid date lastmod last-modified dc.date dc.date.modified dc.date.issued dc.title dc.creator dc.language "
    "acos-cmscontext referrer apple-mobile-web-app-capable apple-mobile-web-app-title application-name cmspageupdated color-scheme "
    "twitter:card twitter:title twitter:description twitter:image twitter:site csrf-token handheldfriendly mobileoptimized "
    "msapplication-tileimage msapplication-config".split()
)
KNOWN_META_FAMILIES = ("og:", "article:", "fb:", "twitter:", "dc", "ac-", "msapplication")


@dataclass(frozen=True)
class Link:
    """A link out of a page: absolute address, its text (or the text around it), and whether it stands in the main text."""

    url: str
    text: str
    is_in_main: bool


@dataclass(frozen=True)
class WebPage:
    """What a page says. `text` is the main text, blocks parted by blank lines; dates are as written; `is_shell` means too little text."""

    title: str | None
    text: str
    language: str | None
    published: str | None
    modified: str | None
    breadcrumb: tuple[str, ...]
    links: tuple[Link, ...]
    feeds: tuple[str, ...]
    is_shell: bool
    is_error: bool
    strange_meta: tuple[str, ...]


class Hostile(Reasoned, ValueError):
    """Markup made to hold a parser up: nested or stuffed beyond what any page needs."""


def read(html: str, url: str) -> WebPage:
    """Read one page; `url` resolves its links (or its <base>). Raises Hostile."""
    tree = tree_of(html)
    base = _base(tree, url)
    metas = _metas(tree)
    linked = list(_json_ld(tree))
    title = _title(tree, metas)
    root = tree.css_first("html")
    claim = (root.attributes.get("lang") if root else None) or metas.get("dc.language")
    breadcrumb = _breadcrumb(tree, linked)
    links_everywhere = [(a, False) for a in tree.css("a[href]")[:MAX_LINKS]]
    feeds = _feeds(tree, base)
    body_text = tree.body.text(separator=" ", strip=True) if tree.body else ""
    published, modified = _dates(tree, metas, linked, body_text)
    for node in tree.css(NOISE):
        if not (node.tag == "header" and node.css_first("h1")):
            node.decompose()
    main = _main(tree)
    blocks = [b for b in _blocks(main) if not PHRASES.match(b)] if main is not None else []
    if title and blocks and blocks[0] == title:
        blocks = blocks[1:]
    text = "\n\n".join(blocks)
    in_main = [(a, True) for a in main.css("a[href]")[:MAX_LINKS]] if main is not None else []
    return WebPage(
        title=title, text=text, language=language_of(text, claim), published=published, modified=modified, breadcrumb=breadcrumb,
        links=tuple(_links(in_main + links_everywhere, base)), feeds=feeds, is_shell=len(text) < SHELL_LENGTH,
        is_error=bool(title and ERROR_TITLE.match(title)),
        strange_meta=_strange(metas),
    )  # fmt: skip


def tree_of(html: str) -> LexborHTMLParser:
    """A page as a tree. Raises Hostile."""
    _refuse_hostile(html)
    return LexborHTMLParser(html)


def _refuse_hostile(html: str) -> None:
    """The parser's time grows with the square of depth and of attributes, so both are counted before it starts, in long pages only."""
    if len(html) < LONG_PAGE:
        return
    depth = 0
    for match in TAG.finditer(html):
        if match[2].lower() not in UNNESTED:
            depth = max(depth - 1, 0) if match[1] else depth + 1
            if depth > MAX_DEPTH:
                raise Hostile(Reason("nested_too_deeply"))
    if any(len(match[0].split()) > MAX_ATTRIBUTES for match in STUFFED.finditer(html)):
        raise Hostile(Reason("attributes_too_many"))


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    named = ((m.attributes.get("name") or m.attributes.get("property") or "", m.attributes.get("content") or "") for m in tree.css("meta"))
    return {name.lower(): content for name, content in named if name}


def _strange(metas: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(n for n in metas if n not in KNOWN_META and not n.startswith(KNOWN_META_FAMILIES)))


def strange_metas(html: str) -> tuple[str, ...]:
    """Names of meta elements we have never heard of."""
    return _strange(_metas(LexborHTMLParser(html)))


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    try:
        return urls.parse(node.attributes["href"] or "", url) if node else url
    except InvalidURL:
        return url


def _title(tree: LexborHTMLParser, metas: dict[str, str]) -> str | None:
    heading = tree.css_first("main h1") or tree.css_first("article h1") or tree.css_first("h1")
    candidates = [heading.text(separator=" ", strip=True) if heading else "", metas.get("og:title", "")]
    if node := tree.css_first("title"):
        candidates.append(re.split(r"\s+[-–|]\s+(?=[^-–|]*$)", node.text(strip=True))[0])
    return next((t for c in candidates if (t := as_text(c))), None)


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    for selector in MAIN:
        found = [n for n in tree.css(selector)[:MAX_CANDIDATES] if n.text(strip=True)]
        if found:
            return max(found, key=lambda n: len(n.text(strip=True)))
    return tree.body


def _blocks(main: LexborNode) -> Iterator[str]:
    """The text of the main part, one string a block; text nodes under the same block element belong together."""
    current, parts = None, []
    for node in main.traverse(include_text=True):
        if node.tag == "br":
            parts.append(" ")
        if node.tag != "-text":
            continue
        text = node.text(deep=False)
        if not text.strip():
            parts.append(" ")
            continue
        block = _up(node, BLOCKS)
        identity = block.mem_id if block is not None else None
        if identity != current and parts:
            if joined := as_text("".join(parts)):
                yield joined
            parts = []
        current = identity
        parts.append(text)
    if joined := as_text("".join(parts)):
        yield joined


def _up(node: LexborNode, tags: Collection[str | None]) -> LexborNode | None:
    """The nearest element above that has one of these tags; None when there is none within reach."""
    above = node.parent
    for _ in range(MAX_CLIMB):
        if above is None or above.tag in tags:
            return above
        above = above.parent
    return None


def _feeds(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    found = []
    for link in tree.css("link[rel~=alternate][href]")[:20]:
        if re.search(r"rss|atom", link.attributes.get("type") or "", re.I):
            try:
                found.append(urls.parse((link.attributes.get("href") or "").strip(), base))
            except InvalidURL:
                continue
    return tuple(dict.fromkeys(found))


def _json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(node.text(deep=True))
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph", [data]) if isinstance(data, dict) else data
        yield from (d for d in graph if isinstance(d, dict)) if isinstance(graph, list) else ()


def _breadcrumb(tree: LexborHTMLParser, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    for data in linked:
        if data.get("@type") == "BreadcrumbList":
            listed = data.get("itemListElement")
            items = [i for i in listed if isinstance(i, dict)] if isinstance(listed, list) else []
            things = [i["item"] if isinstance(i.get("item"), dict) else i for i in items]
            names = [as_text(i.get("name") or thing.get("name")) for i, thing in zip(items, things, strict=True)]
            return tuple(n for n in names if n)
    node = tree.css_first(BREADCRUMB)
    if node is None:
        return ()
    parts = [t for n in node.css("li, a, span") if n.child is None or n.child.tag == "-text" if (t := as_text(n.text(strip=True)))]
    return tuple(p for p in dict.fromkeys(parts) if p not in (">", "/", "›", "»") and not p.lower().startswith("du er her"))


def _dates(tree: LexborHTMLParser, metas: dict[str, str], linked: list[dict[str, Any]], text: str) -> tuple[str | None, str | None]:
    """(published, modified), each only from where that very date is stated."""
    published = next((as_text(d.get("datePublished")) for d in linked if d.get("datePublished")), None)
    modified = next((as_text(d.get("dateModified")) for d in linked if d.get("dateModified")), None)
    published = published or metas.get("article:published_time") or metas.get("dc.date.issued")
    for name in ("article:modified_time", "dc.date.modified", "cmspageupdated", "last-modified"):
        modified = modified or metas.get(name)
    for node in tree.css("time[datetime]")[:MAX_TIMES]:
        around = (node.parent.text(separator=" ", strip=True) if node.parent else "").lower()[:80]
        if not modified and re.search(r"endr|oppdater", around):
            modified = node.attributes.get("datetime")
        elif not published and "publisert" in around:
            published = node.attributes.get("datetime")
    if not published and (match := PUBLISHED.search(text)):
        published = match[1]
    if not modified and (match := MODIFIED.search(text)):
        modified = match[1]
    return published or None, modified or None


def _links(anchors: list[tuple[LexborNode, bool]], base: str) -> Iterator[Link]:
    seen: set[str] = set()
    around: dict[int, str | None] = {}
    for anchor, is_in_main in anchors:
        href = (anchor.attributes.get("href") or "").strip()
        if not href or href.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
            continue
        try:
            full = urls.parse(href, base)
        except InvalidURL:
            continue
        if full.startswith(("http://", "https://")) and full not in seen:
            seen.add(full)
            yield Link(full, _label(anchor, around), is_in_main)


def _label(anchor: LexborNode, around: dict[int, str | None]) -> str:
    """The link's text; where it says nothing ("klikk her"), the row or list item it stands in. `around` remembers those of the page."""
    text = as_text(anchor.text(separator=" ", strip=True)) or as_text(anchor.attributes.get("title")) or ""
    if text and not GENERIC.match(text):
        return text
    node = _up(anchor, ("li", "tr", "p", "div", "body"))
    if node is None:
        return text
    if node.mem_id not in around:
        around[node.mem_id] = as_text(node.text(separator=" ", strip=True)[:1000])
    return (around[node.mem_id] or text)[:200]
