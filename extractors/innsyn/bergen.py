"""Bergen's own interfaces: political meetings, and the journal of building and plan cases."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from catalogue.reasons import Reason
from extractors.contract import (
    AgendaItem,
    Capture,
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
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
from extractors.innsyn import markup, parties
from extractors.innsyn.acos import MEDIA_TYPES, MEETING_MARGIN, norwegian_date
from extractors.innsyn.einnsyn import read_json

OSLO = ZoneInfo("Europe/Oslo")
CASES, MEETINGS = "/innsynplanogbyggesak/api", "/politikere-utvalg/api"
FIRST_ROWS, GROWTH, ITEM_ROWS = 100, 4, 100
OWN = re.compile(r"^https?://[^/]+/(?:innsynplanogbyggesak|politikere-utvalg)(?:/|$)", re.I)
LINKED = re.compile(r"href=[\"']?(?P<home>https?://[^/\"'\s>]+)?/(?:[^\"'\s>]*/)?(?:innsynplanogbyggesak|politikere-utvalg)[/\"'?]", re.I)


class BergenSettings(SourceSettings):
    """`prefixes`: beginnings of case numbers that are searched for; `years` how many years before the window's a case may be from."""

    prefixes: tuple[str, ...] = ("BYGG", "HENV", "ULOV")
    years: int = 6


class Bergen(Extractor):
    """
    vendor       Bergen kommune, its own (behind it BK360, and bksak for what is older)
    recognise    /politikere-utvalg/ and /innsynplanogbyggesak/ on the body's host
    endpoints    GET /innsynplanogbyggesak/api/saker?tekst="BYGG-202"&rows=&orderBy=statusDato&asc=false; …/dokumenter?saksnr=;
                 /politikere-utvalg/api/allemoter; …/agendapunkter?tittel=&utvalgId=&year=&start=&rows=
    set-up       none
    paging       cases: none but `rows`, which grows from 100 fourfold until the oldest case is older than the window; items: start and rows
    windows      cases whose status has changed since the window began, each read whole and its documents of the window kept; all meetings
                 are in one answer, and the items of a committee are asked for by year where it meets within 30 days of the window
    limits       none seen; robots.txt is reported to close /innsynplanogbyggesak/api/fil and /saksgang: files are named and never fetched
    quirks       days are milliseconds since 1970; composite identifiers with a colon are answered 500, so only kildeId is used; a case
                 whose status date does not move hides its new documents; the same item stands in several meetings with one kildeId; the
                 answers of moter/{id} and sakskart/{id} are described nowhere and not used, so items carry no files; soker, tiltakshaver
                 and gnrBnr are never kept, parties lose e-mail addresses
    yields       journal entries and cases (building, plan, enquiries); meetings and agenda items since 2005
    licence      not stated
    facts from   ATLAS section 7.4; three public clients of 2025 and 2026
    """

    platform = "bergen-custom"
    yields = (JournalEntry, CaseFile, Meeting, AgendaItem)

    Settings = BergenSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if not source.kinds or {"journal_entry", "case"} & set(source.kinds):
            decades = dict.fromkeys(str(year)[:3] for year in range(window.until.year, window.since.year - source.settings.years - 1, -1))
            for prefix in source.settings.prefixes:
                for decade in decades:
                    yield _search(source, f'"{prefix}-{decade}"', FIRST_ROWS, 1)
        if not source.kinds or {"meeting", "agenda_item"} & set(source.kinds):
            yield _call(source, f"{MEETINGS}/allemoter", {"step": "meetings"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
        elif step == "meetings":
            yield from _read_meetings(source, window, capture, answer)
        elif not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
            yield Trouble(key=capture.url, reason=Reason("no_items", step=step, field="items"))
        else:
            told = Fields(answer)
            items, total = told.items("items"), told.take("numTotal")
            if rest := told.rest():
                yield Claim(key=f"{step} answer", about=step, scope="answer", leftovers=rest)
            read = {"cases": _read_cases, "case": _read_documents, "agenda": _read_agenda}[step]
            yield from read(source, window, capture, items, total if isinstance(total, int) else None)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        parts = urlsplit(capture.url)
        here = f"{parts.scheme}://{parts.netloc}"
        if OWN.match(capture.url):
            return SourceGuess(cls.platform, f"{here}{CASES}/saker", {}, "the address is one of Bergen's own interfaces", 0.9)
        if capture.media_type == "text/html" and (match := LINKED.search(capture.text)):
            return SourceGuess(cls.platform, f"{match['home'] or here}{CASES}/saker", {}, "the page links to Bergen's own interfaces", 0.7)
        return None


def _home(source: Source) -> str:
    parts = urlsplit(source.url)
    return f"{parts.scheme}://{parts.netloc}"


def _call(source: Source, path: str, context: Mapping[str, Any]) -> Request:
    return Request(url=f"{_home(source)}{path}", headers=(("Accept", "application/json"),), context=context)


# --- building and plan cases


def _search(source: Source, words: str, rows: int, page: int) -> Request:
    query = urlencode({"tekst": words, "rows": rows, "orderBy": "statusDato", "asc": "false"})
    return _call(source, f"{CASES}/saker?{query}", {"step": "cases", "words": words, "rows": rows, "page": page})


def _day_of(milliseconds: Any) -> date | None:
    """The day in Norway of a number of milliseconds since 1970; an ISO text is read too."""
    if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool):
        try:
            return datetime.fromtimestamp(milliseconds / 1000, OSLO).date()
        except (OverflowError, OSError, ValueError):
            return None
    return norwegian_date(milliseconds)


def _read_cases(source: Source, window: Window, capture: Capture, items: list[Any], total: int | None) -> Iterator[Record | Request]:
    context = capture.context
    if total == 0:
        yield Claim(key=context["words"], about="case", scope="window", count=0)
    days: list[date] = []
    for index, item in enumerate(items):
        row, locator = Fields(item), f"/items/{index}"
        number, day = row.text("saksnr"), _day_of(row.take("statusDato"))
        days += [day] if day else []
        if not number:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="cases", field="saksnr"))
            continue
        if day and day < window.since:
            continue
        case = CaseFile(
            key=number, locator=locator, case_number=number, title=row.text("tittel"), case_type=row.text("sakstypenavn"),
            status=row.text("status"), source_url=_case_page(source, number),
        )  # fmt: skip
        row.leave(("gnrBnr", "soker", "tiltakshaver"))
        yield replace(case, leftovers=row.rest())
        yield _call(source, f"{CASES}/dokumenter?{urlencode({'saksnr': number})}", {"step": "case", "case": number})
    if days and min(days) < window.since:
        yield Claim(key="older", about="case", scope="probe", count=1)
    rows = context["rows"]
    is_over = bool(days) and min(days) < window.since
    if total is not None and len(items) < min(rows, total) and not is_over:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_early", counted=total, read=len(items)))
    if len(items) >= rows and (total is None or total > rows) and not is_over:
        yield _search(source, context["words"], rows * GROWTH, context["page"] + 1)


def _case_page(source: Source, number: str) -> str:
    return f"{_home(source)}/omkommunen/offentlig-innsyn/innsynplanogbyggesak/saksinnsyn/sak/{quote(number)}"


def _read_documents(source: Source, window: Window, capture: Capture, items: list[Any], total: int | None) -> Iterator[Record]:
    number = str(capture.context["case"])
    if total is not None and total > len(items):
        yield Trouble(key=capture.url, reason=Reason("fewer_than_counted", counted=total, kind="journal_entry", read=len(items)))
    for index, item in enumerate(items):
        row, locator = Fields(item), f"/items/{index}"
        key = row.text("jnr")
        if not key:
            yield Trouble(key=f"{number} {locator}", locator=locator, reason=Reason("no_identifier", step="case", field="jnr"))
            continue
        journalled = row.data.get("journaldato")
        if not markup.is_within(_day_of(journalled), window.since, window.until):
            continue
        files, strange = _files(source, row.items("filer"), key, number)
        entry = JournalEntry(
            key=key, locator=locator, case_key=number, case_number=number, document_number=row.text("doknr"), title=row.text("tittel"),
            document_type=row.text("type"), journal_date=row.text("journaldato"), document_date=row.text("dokdato"),
            senders=parties.names(row.items("avsendere")), recipients=parties.names(row.items("mottakere")), files=files,
            source_url=_case_page(source, number),
        )  # fmt: skip
        yield replace(entry, leftovers=(*row.rest(), *strange))


def _files(source: Source, listed: list[Any], journal_number: str, case: str) -> tuple[tuple[File, ...] | None, tuple[str, ...]]:
    """The files of a document; only one that is published has an address."""
    proof = b64encode(f"/saksinnsyn/sak/{case}".encode()).decode()
    files, strange = [], []
    for told in map(Fields, listed):
        name, number = told.text("filnavn"), told.text("kildeid")
        is_open = told.take("publisert") is True and bool(name and number)
        written = quote(re.sub(r"[.,/]", "_", name or ""))
        url = f"{_home(source)}{CASES}/fil/{journal_number}/{number}/{written}?p={quote(proof)}" if is_open else None
        kind = (told.text("filtype") or PurePosixPath(name or "").suffix).lower().lstrip(".")
        files.append(File(title=name, url=url, media_type=MEDIA_TYPES.get(kind, kind or None), is_open=is_open))
        strange += told.rest("filer.")
    return tuple(files) or None, tuple(dict.fromkeys(strange))


# --- meetings


def _meetings_in(answer: Any, locator: str = "") -> Iterator[tuple[Mapping[str, Any], str]]:
    """The meetings of an answer that groups them by year and month, whichever way it does."""
    if isinstance(answer, dict) and ("kildeId" in answer or "utvalgId" in answer):
        yield answer, locator or "/"
        return
    inner = answer.items() if isinstance(answer, dict) else enumerate(answer) if isinstance(answer, list) else ()
    for name, each in inner:
        yield from _meetings_in(each, f"{locator}/{name}")


def _read_meetings(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record | Request]:
    since, until = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    asked: dict[tuple[str, int], None] = {}
    is_any = is_older = False
    for told, locator in _meetings_in(answer):
        row, is_any = Fields(told), True
        key, committee = row.text("kildeId"), row.text("utvalgId")
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="meetings", field="kildeId"))
            continue
        start = row.text("moteDato", "dato")
        day = norwegian_date(start)
        is_older = is_older or (day is not None and day < since)
        if not markup.is_within(day, since, until):
            continue
        meeting = Meeting(
            key=key, locator=locator, committee=row.text("utvalgsNavn"), start=start, place=row.text("sted"), status=row.text("status"),
            source_url=f"{_home(source)}/politikk/politiskeutvalg/{committee}/mote/{key}" if committee else None,
        )  # fmt: skip
        row.leave(("id", "moteId", "tittel", "kildesystem"))
        yield replace(meeting, leftovers=row.rest())
        if committee:
            asked[committee, (day or window.until).year] = None
    if not is_any:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="meetings", field="kildeId"))
    if is_older:
        yield Claim(key="older", about="meeting", scope="probe", count=1)
    for committee, year in asked:
        yield _agenda(source, committee, year, 0, 1)


def _agenda(source: Source, committee: str, year: int, start: int, page: int) -> Request:
    query = urlencode({"tittel": "", "utvalgId": committee, "year": year, "start": start, "rows": ITEM_ROWS})
    context = {"step": "agenda", "committee": committee, "year": year, "start": start, "page": page}
    return _call(source, f"{MEETINGS}/agendapunkter?{query}", context)


def _read_agenda(source: Source, window: Window, capture: Capture, items: list[Any], total: int | None) -> Iterator[Record | Request]:
    since, until = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    context = capture.context
    for index, item in enumerate(items):
        row, locator = Fields(item), f"/items/{index}"
        meeting, number = row.text("moteId"), row.text("kildeId")
        if not meeting or not number:
            yield Trouble(key=f"{capture.url} {locator}", locator=locator, reason=Reason("no_identifier", step="agenda", field="kildeId"))
            continue
        if not markup.is_within(norwegian_date(row.text("moteDato")), since, until):
            continue
        found = AgendaItem(
            key=f"{meeting}-{number}", locator=locator, meeting_key=meeting, title=row.text("tittel"), case_number=row.text("saksnr"),
            text=row.text("beskrivelse"),
            source_url=f"{_home(source)}/politikk/politiskeutvalg/{context['committee']}/mote/{meeting}/sak/{number}",
        )  # fmt: skip
        row.leave(("id", "utvalgId", "utvalgsNavn", "status", "kildesystem"))
        yield replace(found, leftovers=row.rest())
    start = context["start"] + len(items)
    if not items and total is not None and start < total:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_early", counted=total, read=start))
    if items and (start < total if total is not None else len(items) >= ITEM_ROWS):
        yield _agenda(source, context["committee"], context["year"], start, context["page"] + 1)
