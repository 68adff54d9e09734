"""KommuneTV: recordings of political meetings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
    Meeting,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fields import Fields
from extractors.innsyn.acos import MEETING_MARGIN, norwegian_date
from extractors.innsyn.einnsyn import read_json

PAGE_SIZE = 100
TENANT = re.compile(r"https?://(?!www\.)[a-z0-9-]+\.kommunetv\.no(?=[/\"'\s<?#]|$)", re.I)


class KommuneTvSettings(SourceSettings):
    """Nothing but the address."""


class KommuneTv(Extractor):
    """
    vendor       Aventia; {body}.kommunetv.no
    recognise    the host; /archive/{id} and /live/{id}
    endpoints    GET /api/search?type=Archive&page={1…}&pageSize=100
    set-up       none
    paging       pages from 1; `total` counts the whole archive; a page may be shorter than asked for, so rows are counted and not pages
    windows      none: pages are turned until one holds nothing but meetings older than 30 days before the window
    limits       not known
    quirks       the order is not documented: only a page that is newest first itself is believed to be the last we need; a title is the
                 committee, a meeting's name or both. The addresses of the films (api/streams) carry tokens and are not asked for: what is
                 kept is the page where a person watches. That a body has recordings at all is what tells that its meetings can be watched:
                 the first of them is read for evidence, by its address
    yields       meetings (video only: no place, no agenda)
    licence      not stated
    facts from   ATLAS section 7.7; a client that indexes the whole archive of sametinget.kommunetv.no (2026)
    """

    platform = "kommunetv"
    yields = (Meeting,)

    Settings = KommuneTvSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _page(source, 1, 0)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        rows = answer.get("data") if isinstance(answer, dict) else None
        if trouble or not isinstance(rows, list):
            yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step="archive", field="data"))
            return
        yield from _read_archive(source, window, capture, Fields(answer), rows)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if match := TENANT.match(capture.url):
            return SourceGuess(cls.platform, f"{match[0].lower()}/", {}, "the address is a tenant of KommuneTV", 0.95)
        if capture.media_type == "text/html" and (match := TENANT.search(capture.text)):
            return SourceGuess(cls.platform, f"{match[0].lower()}/", {}, "the page links to a tenant of KommuneTV", 0.7)
        return None


def _home(source: Source) -> str:
    parts = urlsplit(source.url)
    return f"{parts.scheme}://{parts.netloc}"


def _page(source: Source, page: int, start: int) -> Request:
    address = f"{_home(source)}/api/search?type=Archive&page={page}&pageSize={PAGE_SIZE}"
    return Request(url=address, headers=(("Accept", "application/json"),), context={"step": "archive", "page": page, "start": start})


def _read_archive(source: Source, window: Window, capture: Capture, answer: Fields, rows: list[Any]) -> Iterator[Record | Request]:
    total = answer.take("total")
    if not isinstance(total, int):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="archive", field="total"))
        return
    answer.leave(("data", "page", "pageSize"))
    if rest := answer.rest():
        yield Claim(key="archive answer", about="meeting", scope="answer", leftovers=rest)
    since, until = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    days: list[date] = []
    page = capture.context["page"]
    if page == 1 and (rows or not total):
        # Of an archive with something in it an empty window is proved; an empty archive says so itself.
        yield Claim(key="archive", about="meeting", scope="probe" if total else "window", count=total)
    for index, item in enumerate(rows):
        row, locator = Fields(item), f"/data/{index}"
        key = row.text("id")
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="archive", field="id"))
            continue
        start = row.text("date")
        day = norwegian_date(start)
        days += [day] if day else []
        if day is None or since <= day <= until:
            address = f"{_home(source)}/archive/{key}"
            meeting = Meeting(key=key, locator=locator, committee=row.text("title"), start=start, video_url=address, source_url=address)
            yield replace(meeting, leftovers=row.rest())
    is_newest_first = bool(days) and days == sorted(days, reverse=True)
    # A server may give fewer a page than it was asked for: what was read is counted, not the pages.
    read = capture.context.get("start", (page - 1) * PAGE_SIZE) + len(rows)
    if not rows and read < total:
        yield Trouble(key=f"{capture.url} rows", outcome=Outcome.PARTIAL, reason=Reason("list_ends_early", counted=total, read=read))
    if rows and read < total and not (is_newest_first and days[0] < since):
        yield _page(source, page + 1, read)
