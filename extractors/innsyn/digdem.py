"""Digdem: calendars of meetings (GraphQL)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from catalogue.reasons import Reason
from extractors.contract import (
    AgendaItem,
    Capture,
    Claim,
    Extractor,
    File,
    Known,
    Meeting,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Whole,
    Window,
)
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import Fields
from extractors.innsyn import graphql

MEETING_MARGIN = timedelta(days=30)
PIECE = timedelta(days=365)
PROBED = timedelta(days=730)
CALENDAR = "/motekalender"
LINKED = re.compile(r"https://[a-z0-9-]+\.digdem\.no(?=[/\"'\s<]|$)", re.I)


class DigdemSettings(SourceSettings):
    """`dates` says what the Z at the end of a moment means: "utc" what it says, "local" where the tenant writes Norwegian time and a Z."""

    dates: Literal["utc", "local"] = "utc"


class Digdem(Extractor):
    """
    vendor       Digdem; the data come from Elements or 360
    recognise    {tenant}.digdem.no/motekalender, a page that scripts fill and that makes window.__APOLLO_CLIENT__
    endpoints    POST /graphql: GetYearMeetings, ModalMeeting; GET /api/doc/{document} for what is not classified
    set-up       none. The text of a query must be the application's to the byte; it stands in queries/. apollo-require-preflight is sent
    paging       none: all meetings between two moments in one answer, a year at a time
    windows      date_gt and date_lt, 30 days around the window, a day wider still because of the zone, then filtered here
    limits       none known; introspection is shut
    quirks       `date` ends in Z everywhere, but is UTC at Våler and Norwegian time at Stavanger: a setting; the list has the number of the
                 committee only, its name comes with the details; `published` false is a day that is set without papers and has no details;
                 decisions are published as files (saksprotokoll) and not as text
    yields       meetings, agenda items
    licence      not stated
    facts from   ATLAS section 6.2 (public code that reads Stavanger and Våler, 2026; tests of July 2026 in hakondalsbo/kulturvarsling)
    """

    platform = "digdem"
    yields = (Meeting, AgendaItem)
    whole = {"agenda_item": Whole.WINDOW}

    Settings = DigdemSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        since, until = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
        while since <= until:
            last = min(since + PIECE, until)
            yield _meetings(source, since, last, {"step": "meetings"})
            since = last + timedelta(days=1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        data, trouble = graphql.answer_of(capture)
        if trouble:
            yield trouble
        else:
            read = {"meetings": _read_meetings, "probe": _read_probe, "meeting": _read_meeting}[capture.context["step"]]
            yield from read(source, window, capture, data)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        parts = urlsplit(capture.url)
        root = f"{parts.scheme}://{parts.netloc}"
        if (parts.hostname or "").endswith(".digdem.no") and capture.is_ok:
            return SourceGuess(cls.platform, f"{root}{CALENDAR}", {}, "the host is the vendor's", 0.95)
        if capture.media_type != "text/html":
            return None
        if parts.path.startswith(CALENDAR) and "__APOLLO_CLIENT__" in capture.text:
            return SourceGuess(cls.platform, f"{root}{CALENDAR}", {}, f"{CALENDAR} with window.__APOLLO_CLIENT__", 0.8)
        if match := LINKED.search(capture.text):
            return SourceGuess(cls.platform, f"{match[0]}{CALENDAR}", {}, "the page links to a Digdem calendar", 0.7)
        return None


def _meetings(source: Source, since: date, until: date, context: dict[str, Any], role: str = "data") -> Request:
    """The meetings of some days, both included. Neither end of the question is included at the service, and the zone may move a day."""
    first, last = since - timedelta(days=1), until + timedelta(days=2)
    where = {"searchTerm": "", "date_gt": f"{first.isoformat()}T00:00:00.000Z", "date_lt": f"{last.isoformat()}T00:00:00.000Z"}
    days = {"since": since.isoformat(), "until": until.isoformat()}
    return graphql.ask(source, "GetYearMeetings", {"where": where}, {**days, **context}, role=role)


def moment(source: Source, text: str | None) -> str | None:
    """A moment with the zone it truly has: without the Z where the tenant writes Norwegian time."""
    return text.removesuffix("Z") if text and source.settings.dates == "local" else text


def _listed(capture: Capture, data: Fields) -> list[Any] | Trouble:
    found = data.take("meetings")
    return found if isinstance(found, list) else Trouble(key=capture.url, reason=Reason("no_items", step="meetings", field="meetings"))


def _read_meetings(source: Source, window: Window, capture: Capture, data: Fields) -> Iterator[Record | Request]:
    found = _listed(capture, data)
    if isinstance(found, Trouble):
        yield found
        return
    since, until = (date.fromisoformat(capture.context[end]) for end in ("since", "until"))
    for index, each in enumerate(found):
        locator = f"/data/meetings/{index}"
        row = Fields(each)
        key, start = row.text("id"), moment(source, row.text("date"))
        day = graphql.day_of(start)
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="meetings", field="id"))
        elif day is None or since <= day <= until:
            yield from _meeting(source, row, key, start, locator)
    if left := graphql.rest(data, {}):
        yield Claim(key="meetings answer", about="meeting", scope="answer", leftovers=left)
    if not found:
        yield _meetings(source, since - PROBED, since, {"step": "probe"}, role="probe")


def _meeting(source: Source, row: Fields, key: str, start: str | None, locator: str) -> Iterator[Record | Request]:
    parts = graphql.nested(row, "commission")
    parts["commission"].leave(("id",))
    meeting = Meeting(
        key=key, locator=locator, committee=row.text("meetingName"), start=start, status=row.text("status"),
        source_url=graphql.page_of(source, f"{CALENDAR}/{key}"),
    )  # fmt: skip
    is_published = row.take("published") is True
    row.leave(("endDateTime", "internalStatus"))
    yield replace(meeting, leftovers=graphql.rest(row, parts))
    if is_published:
        yield graphql.ask(source, "ModalMeeting", {"id": key}, {"step": "meeting", "meeting": key})


def _read_probe(source: Source, window: Window, capture: Capture, data: Fields) -> Iterator[Record]:
    found = _listed(capture, data)
    if isinstance(found, Trouble):
        yield found
    elif found:
        yield Claim(key="older", about="meeting", scope="probe", count=len(found))


def _read_meeting(source: Source, window: Window, capture: Capture, data: Fields) -> Iterator[Record]:
    row, key = data.object("meeting"), str(capture.context["meeting"])
    left = graphql.rest(data, {})
    if not row.data:
        yield Trouble(key=capture.url, reason=Reason("no_content", step="meeting"))
        return
    parts = graphql.nested(row, "commission", "mergedPdf")
    committee, merged = parts.values()
    files, strange = graphql.documents(source, row.items("documents"), "/api/doc/")
    streams = [Fields(each) for each in row.items("streams")]
    for each in streams:
        each.leave(("id", "title", "status", "startTime", "receivingVideo", "__typename"))
    videos = [url for each in streams if (url := _address(source, each.text("url")))]
    meeting = Meeting(
        key=key, locator="/data/meeting", committee=committee.text("name"), start=moment(source, row.text("date")),
        place=row.text("location"), video_url=next(iter(videos), None), files=(*files, *_merged(source, merged)),
        source_url=graphql.page_of(source, f"{CALENDAR}/{key}"),
    )  # fmt: skip
    committee.leave(("id",))
    if not isinstance(row.data.get("proceedings"), list):
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("no_items", step="agenda", field="proceedings"))
    items = row.items("proceedings")
    row.leave(("id", "synced"))
    strange = (*strange, *(name for each in streams for name in each.rest("streams.")))
    yield replace(meeting, leftovers=(*left, *graphql.rest(row, parts), *dict.fromkeys(strange)))
    for index, item in enumerate(items):
        yield from _item(source, key, Fields(item), f"/data/meeting/proceedings/{index}")


def _address(source: Source, text: str | None) -> str | None:
    try:
        return urls.parse(text, source.url) if text else None
    except InvalidURL:
        return None


def _merged(source: Source, merged: Fields) -> Iterator[File]:
    """All papers in one file, once it is made."""
    address = _address(source, merged.text("url"))
    is_made = not merged.take("error") and not merged.take("inProgress")
    merged.leave(("id", "archiveId", "error", "inProgress"))
    if address and is_made:
        yield File(url=address, media_type="application/pdf", is_open=True)


def _item(source: Source, meeting: str, row: Fields, locator: str) -> Iterator[Record]:
    key = row.text("id")
    if not key:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="agenda", field="id"))
        return
    is_shut = row.take("classified") is not False
    files, strange = graphql.documents(source, row.items("documents"), "/api/doc/", is_shut=is_shut)
    parts = graphql.nested(row, "decisionProposal")
    # What the administration proposes is a document without a known address; a decision is a file among the documents.
    parts["decisionProposal"].leave(("id", "HTMLDocumentId", "markStats"))
    item = AgendaItem(
        key=key, locator=locator, meeting_key=meeting, number=row.text("sequenceNumber"), title=row.text("title"),
        item_type=row.text("type"), files=files, source_url=graphql.page_of(source, f"{CALENDAR}/{meeting}"),
    )  # fmt: skip
    row.leave(("order", "agendaOrder", "agendaGroupType", "publicProposalsCount", "relatedProceedings"))
    yield replace(item, leftovers=(*graphql.rest(row, parts), *strange))
