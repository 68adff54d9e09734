"""FirstAgenda Publication ("Politisk agenda")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
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
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn import markup
from extractors.innsyn.acos import MEETING_MARGIN, norwegian_date
from extractors.innsyn.einnsyn import read_json

LIST, AGENDA = "/api/agenda/udvalgsliste", "/api/agenda/dagsorden"
NOTHING = "00000000-0000-0000-0000-000000000000"
"""The identifier of what is not there."""
ZONE = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.I | re.S)
BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|tr|ul|ol|table)>|<br\s*/?>", re.I)
DECIDED = ("vedtak", "beslutning", "protokoll", "endelig vedtak", "bystyrets vedtak", "kommunestyrets vedtak", "formannskapets vedtak")
MARKS = re.compile(r"publication\.firstagenda\.com|FirstAgenda Publication", re.I)
UNUSED = ("AgendaUid", "Presentations", "Lydfiler", "Ressourcer", "ItemDecision", "Order", "Sortering")


class FirstAgendaSettings(SourceSettings):
    """Nothing but the address."""


class FirstAgenda(Extractor):
    """
    vendor       FirstAgenda (Danish); politiskagenda.{body}.kommune.no, also used by Danish municipalities
    recognise    /api/agenda/…; a page that names publication.firstagenda.com
    endpoints    GET /api/agenda/udvalgsliste (all committees and all their meetings); /api/agenda/dagsorden/{meeting}
    set-up       GET the front page first: it sets a cookie, without which every call is redirected to itself for ever
    paging       none
    windows      meetings within the window and 30 days both ways, of all periods
    limits       answers 429 and 503 have been seen by others when files are asked for in a row
    quirks       names are Danish (Udvalg, Moeder, Dagsordenpunkter, Bilag); an item's fields have two names each; the meeting within an
                 agenda has the zero identifier, and so has a document that is not there; MeetingBeginUtc may come without a zone: then it
                 is UTC; a meeting gets a new identifier when its agenda is replaced; participants are in the agenda and never kept
    yields       meetings, agenda items (with the text of the case where it is published as text)
    licence      not stated
    facts from   ATLAS section 7.6; the agenda from two public clients of Danish municipalities, 2026
    """

    platform = "firstagenda"
    yields = (Meeting, AgendaItem)
    whole = {"agenda_item": Whole.WINDOW}

    Settings = FirstAgendaSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield Request(url=f"{_home(source)}/", role="shell", context={"step": "shell"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        if step == "shell":
            yield from markup.unknown_metas(capture, step)
            yield _call(source, LIST, {"step": "meetings"})
            return
        answer, trouble = read_json(capture)
        field = {"meetings": "Udvalg", "agenda": "Dagsordenpunkter"}[step]
        if trouble or not isinstance(answer, dict) or not isinstance(answer.get(field), dict if step == "meetings" else list):
            yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step=step, field=field))
            return
        yield from {"meetings": _read_meetings, "agenda": _read_agenda}[step](source, window, capture, Fields(answer))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        parts = urlsplit(capture.url)
        home = f"{parts.scheme}://{parts.netloc}/"
        if parts.path.lower().startswith("/api/agenda/") and capture.media_type == "application/json":
            return SourceGuess(cls.platform, home, {}, "an answer of /api/agenda/", 0.95)
        if capture.media_type == "text/html" and MARKS.search(capture.text):
            return SourceGuess(cls.platform, home, {}, "the page is FirstAgenda Publication", 0.9)
        return None


def _home(source: Source) -> str:
    parts = urlsplit(source.url)
    return f"{parts.scheme}://{parts.netloc}"


def _call(source: Source, path: str, context: Mapping[str, Any]) -> Request:
    return Request(url=f"{_home(source)}{path}", headers=(("Accept", "application/json"),), context=context)


def _read_meetings(source: Source, window: Window, capture: Capture, answer: Fields) -> Iterator[Record | Request]:
    """All meetings of all committees; those around the window are kept, and their agendas asked for."""
    since, until = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    periods, older, listed, strange, is_broken = answer.take("Udvalg"), 0, 0, list(answer.rest()), False
    if not any(isinstance(committees, list) and committees for committees in periods.values()):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="meetings", field="Udvalg"))
        return
    for period, committees in periods.items():
        if not isinstance(committees, list):
            strange.append(f"Udvalg.{period}")
            continue
        for place, each in enumerate(committees):
            committee = Fields(each)
            name = committee.text("Navn")
            committee.leave(("Id", "OrganisationId", "Historisk"))
            if not isinstance(committee.data.get("Moeder"), list):
                is_broken, locator = True, f"/Udvalg/{period}/{place}"
                yield Trouble(
                    key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_items", step="meetings", field="Moeder")
                )
            for index, told in enumerate(committee.items("Moeder")):
                listed += 1
                meeting = _meeting_from(Fields(told), name, f"/Udvalg/{period}/{place}/Moeder/{index}")
                day = norwegian_date(meeting.start) if isinstance(meeting, Meeting) else None
                older += day is not None and day < since
                if not isinstance(meeting, Meeting):
                    yield meeting
                elif markup.is_within(day, since, until):
                    yield replace(meeting, source_url=f"{_home(source)}/vis?id={meeting.key}")
                    yield _call(source, f"{AGENDA}/{meeting.key}", {"step": "agenda", "meeting": meeting.key})
            strange += committee.rest("committee.")
    if older:
        yield Claim(key="older", about="meeting", scope="probe", count=older)
    elif not listed and not is_broken:
        yield Claim(key="none", about="meeting", scope="window", count=0)
    if strange:
        yield Claim(key="meetings answer", about="meeting", scope="answer", leftovers=tuple(dict.fromkeys(strange)))


def _meeting_from(row: Fields, committee: str | None, locator: str) -> Meeting | Trouble:
    key = row.text("Id")
    if not key or key == NOTHING:
        return Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="meetings", field="Id"))
    meeting = Meeting(key=key, locator=locator, committee=committee, start=_start(row), place=row.text("Sted"), status=row.text("Navn"))
    row.leave(("Afsluttet", "ReleasedDate", "IsSupplementaryAgenda"))
    return replace(meeting, leftovers=row.rest())


def _start(row: Fields) -> str | None:
    """When a meeting begins. What is called UTC and names no zone is written so that it does."""
    begin, local = row.text("MeetingBeginUtc"), row.text("Dato")
    if begin and "T" in begin and not ZONE.search(begin):
        return f"{begin}Z"
    return begin or local


def _read_agenda(source: Source, window: Window, capture: Capture, answer: Fields) -> Iterator[Record]:
    meeting = str(capture.context["meeting"])
    answer.leave(("Id", "Udvalg", "Moede", "TillaegsDagsorden", "LiveIntegrationEnabled", "Lydfiler"))
    for index, told in enumerate(answer.items("Dagsordenpunkter")):
        row, locator = Fields(told), f"/Dagsordenpunkter/{index}"
        key = row.text("Id")
        if not key or key == NOTHING:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="agenda", field="Id"))
            continue
        yield _item_from(source, row, key, meeting, locator)
    if rest := answer.rest():
        yield Claim(key="agenda answer", about="agenda_item", scope="answer", leftovers=rest)


def _item_from(source: Source, row: Fields, key: str, meeting: str, locator: str) -> AgendaItem:
    """An item; of one that is closed neither text nor files are read."""
    is_open, strange = row.take("IsOpen") is not False, []
    fields, attachments = row.items("Felter"), row.items("Bilag")
    texts: list[str] = []
    files: list[File] = []
    for told in fields if is_open else ():
        field = Fields(told)
        texts += _sections(field.take("Html")) or _sections(field.take("Tekst"))
        files += _file(source, field.text("DocumentId"), field.text("Navn"), field.text("Link"))
        field.leave(("Order",))
        strange += field.rest("Felter.")
    for told in attachments if is_open else ():
        attached = Fields(told)
        files += _file(source, attached.text("Id"), attached.text("Navn"), None)
        attached.leave(("Order", "HarPdfVersion", "Link"))
        strange += attached.rest("Bilag.")
    decided = [t for t in texts if t.partition("\n")[0].strip(" :").lower() in DECIDED]
    item = AgendaItem(
        key=key, locator=locator, meeting_key=meeting, number=row.text("Punktnummer", "Number"), title=row.text("Navn", "Caption"),
        case_number=row.text("SagsNummer", "CaseNumber"), text="\n\n".join(t for t in texts if t not in decided) or None,
        decision="\n\n".join(decided) or None, files=tuple(files) or None, source_url=f"{_home(source)}/vis?id={meeting}&punktid={key}",
    )  # fmt: skip
    row.leave(UNUSED)
    return replace(item, leftovers=(*row.rest(), *dict.fromkeys(strange)))


def _sections(html: Any) -> list[str]:
    """A field's text by its headings: each section begins with its heading on a line of its own."""
    parts = HEADING.split(html) if isinstance(html, str) else []
    sections = [(None, parts[0]), *zip(parts[1::2], parts[2::2], strict=True)] if parts else []
    found = []
    for heading, body in sections:
        lines = [line for part in BLOCK_END.split(body) if (line := as_plain(part))]
        if lines:
            found.append("\n".join((*((title,) if (title := as_plain(heading)) else ()), *lines)))
    return found


def _file(source: Source, document: str | None, title: str | None, link: str | None) -> tuple[File, ...]:
    """The PDF of a document; none for what is not there."""
    if not document or document == NOTHING:
        return ()
    try:
        url = urls.parse(link or f"/Vis/Pdf/bilag/{document}", f"{_home(source)}/")
    except InvalidURL:
        url = None
    return (File(title=as_text(title), url=url, media_type="application/pdf", is_open=url is not None),)
