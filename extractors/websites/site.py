"""A body's website: the sitemap ladder, then a bounded crawl that asks for the most promising pages first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import ada_url

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
    Outcome,
    Page,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.exceptions import InvalidURL
from extractors.fetch import robots, urls
from extractors.websites import page as web
from extractors.websites import pdf, sitemap
from extractors.websites.language import language_of
from extractors.websites.stems import is_promising

PROMISING, REST = 1, 2
PAGES_OF_A_PATTERN, VIEWS_OF_A_PAGE = 200, 20
IS_THE_PAGE = re.compile(r"(^|[?&])(id|mid1?|aid|articleid|pageid|page_id|p|docid|skjemaid|wizardid|sakid|cat|tid|nid)=", re.I)
SHORTEST_TEXT = 50
OFFICE = ("application/vnd.openxmlformats", "application/msword", "application/vnd.oasis", "application/vnd.ms-", "application/zip")


class WebsiteSettings(SourceSettings):
    """`max_pages` bounds a run; `max_depth` the links from the front page; `lists` are pages a person has confirmed: their
    links come first."""

    max_pages: int = 200
    max_depth: int = 4
    lists: tuple[str, ...] = ()


class Website(Extractor):
    """
    vendor       any: ACOS, CustomPublish, Optimizely, WordPress, Drupal …
    recognise    anything that answers with HTML
    endpoints    robots.txt (its Sitemap lines), /sitemap.xml when it names none, the front page, then pages and linked documents
    set-up       none
    paging       sitemap indexes; links up to max_depth; pages whose address or link text carries a stem of WEB A.4 first, then the rest, up
                 to max_pages
    windows      none: unchanged pages answer 304
    limits       the site's own Crawl-delay; max_pages a run
    quirks       a 200 under /sitemap.xml may be an error page; PDF addresses often carry no .pdf: the bytes decide; slugs lie, so the stems
                 order the queue and exclude nothing; under 300 characters of main text is a shell, of which nothing is concluded
    yields       pages and linked documents (PDF as text)
    licence      åndsverkloven § 14 for what a body decides; not stated otherwise
    facts from   WEB A.3–A.5, B.4–B.5
    """

    platform = "website"
    yields = (Page,)
    Settings = WebsiteSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield Request(url=source.url, context={"step": "page", "depth": 0, "rank": 0})
        yield Request(url=urls.parse("/robots.txt", source.url), role="index", context={"step": "robots", "rank": 0})
        for address in source.settings.lists:
            yield Request(url=urls.parse(address, source.url), context={"step": "page", "depth": 1, "rank": 0, "list": True})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        if step == "robots":
            yield from _sitemaps(source, capture)
        elif step == "sitemap":
            yield from _read_sitemap(source, capture)
        elif not capture.is_ok:
            if capture.context.get("depth") == 0:
                yield Trouble(key=capture.url, reason=Reason("front_page_answered", status=capture.status))
        elif capture.media_type == "application/pdf" or capture.media_type.startswith(OFFICE):
            yield from _read_document(capture)
        elif capture.media_type in ("text/html", "application/xhtml+xml"):
            yield from _read_page(source, capture)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.is_ok and capture.media_type == "text/html":
            return SourceGuess(cls.platform, capture.url, {}, "a page of HTML", 0.1)
        return None


def _sitemaps(source: Source, capture: Capture) -> Iterator[Request]:
    named = robots.parse(capture.body).sitemaps if capture.is_ok else []
    for address in named[:20] or ["/sitemap.xml"]:
        try:
            full = urls.parse(address, source.url)
        except InvalidURL:
            continue
        if urls.host_of(full) in urls.scope(source.url, source.hosts):
            yield Request(url=full, role="index", context={"step": "sitemap", "rank": 0, "nested": 0, "named": bool(named)})


def _read_sitemap(source: Source, capture: Capture) -> Iterator[Record | Request]:
    if not capture.is_ok:
        return
    try:
        found = sitemap.read(capture.body, capture.url)
    except sitemap.NotASitemap as error:
        if capture.context.get("named"):
            yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("no_sitemap", first=error.reason))
        return
    if found.strange:
        yield Claim(key=f"sitemap {capture.url}", about="page", scope="answer", leftovers=tuple(f"sitemap.{n}" for n in found.strange))
    if capture.context["nested"] < 2:
        for address in found.sitemaps[:200]:
            if urls.host_of(address) in urls.scope(source.url, source.hosts):
                nested = capture.context["nested"] + 1
                yield Request(url=address, role="index", context={"step": "sitemap", "rank": 0, "nested": nested, "named": True})
    for address, _ in found.pages:
        yield from _ask(source, address, "", depth=1, from_url=capture.url)


def _ask(source: Source, address: str, label: str, *, depth: int, from_url: str, rank: int | None = None) -> Iterator[Request]:
    """The request for an address that is ours to ask: in scope, no trap, its crawl key as address."""
    kind = urls.classify(address)
    if kind in ("trap", "duplicate"):
        return
    key = urls.canonical(address)
    if urls.host_of(key) not in urls.scope(source.url, source.hosts):
        return
    parts = ada_url.URL(key)
    promising = is_promising(parts.pathname + parts.search, label)
    place = rank or (PROMISING if promising else REST)
    context: dict[str, Any] = {"step": "page", "depth": depth, "rank": place, "from": from_url, "label": label}
    if kind != "document":
        is_view = bool(parts.search) and not IS_THE_PAGE.search(parts.search)
        context |= {"pattern": re.sub(r"\d+", "#", key), "quota": VIEWS_OF_A_PAGE if is_view else PAGES_OF_A_PATTERN}
    yield Request(url=key, role="document" if kind == "document" else "data", context=context)


def _read_page(source: Source, capture: Capture) -> Iterator[Record | Request]:
    try:
        read = web.read(capture.text, capture.url)
    except web.Hostile as error:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=error.reason)
        return
    depth = int(capture.context.get("depth", 1))
    if read.is_error:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("error_page"))
        return
    if depth == 0 and not read.links and read.is_shell:
        yield Trouble(key=capture.url, reason=Reason("script_shell"))
    yield Page(
        key=urls.canonical(capture.url), locator="html", title=read.title, text=read.text, language=read.language, published=read.published,
        modified=read.modified, breadcrumb=read.breadcrumb, shape="shell" if read.is_shell else "page", media_type=capture.media_type,
        linked_from=capture.context.get("from"), link_text=capture.context.get("label") or None, source_url=capture.url,
        leftovers=tuple(f"meta.{name}" for name in read.strange_meta),
    )  # fmt: skip
    if depth == 0:
        for address in read.feeds:
            if urls.host_of(address) in urls.scope(source.url, source.hosts):
                yield Request(url=address, role="index", context={"step": "sitemap", "rank": 0, "nested": 2})
    is_list = bool(capture.context.get("list"))
    if depth >= source.settings.max_depth:
        return
    here = PROMISING if is_promising(ada_url.URL(capture.url).pathname) else REST
    for link in read.links:
        is_document = urls.classify(link.url) == "document"
        rank = here if (is_document and link.is_in_main) or (is_list and link.is_in_main) else None
        yield from _ask(source, link.url, link.text, depth=depth + 1, from_url=capture.url, rank=rank)


def _read_document(capture: Capture) -> Iterator[Record]:
    """A linked file as text; one that holds no text, or that we cannot open, is known to exist and no more."""
    try:
        read = pdf.read(capture.body)
    except pdf.Unreadable as error:
        if capture.media_type == "application/pdf":
            yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("pdf_unread", first=error.reason))
        yield _document(capture, None, None, "unreadable")
        return
    yield _document(capture, read.title, read.text, "document" if len(read.text) >= SHORTEST_TEXT else "unreadable")


def _document(capture: Capture, title: str | None, text: str | None, shape: str) -> Page:
    label = capture.context.get("label") or None
    return Page(
        key=urls.canonical(capture.url), locator="file", title=label or title or ada_url.URL(capture.url).pathname.rsplit("/", 1)[-1],
        text=text, language=language_of(text, None) if text else None, shape=shape, media_type=capture.media_type,
        linked_from=capture.context.get("from"), link_text=label, source_url=capture.url,
    )  # fmt: skip
