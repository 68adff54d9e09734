"""The public journal of Noark 4 (OFFJOURN), as XML and as the JSON a county made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
    Known,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    Trouble,
    Whole,
    Window,
)
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import Fields, as_text
from extractors.innsyn import journal_files, noark, parties, periods
from extractors.innsyn.acos import MEDIA_TYPES, norwegian_date
from extractors.innsyn.einnsyn import read_json
from extractors.innsyn.journal_files import JournalFileSettings, day_of
from extractors.innsyn.markup import MARKED_NAME
from extractors.innsyn.periods import Period

ROOT = "OFFJOURNAL"
NO_CODE = {"---", "-"}
UNUSED_OF_ENTRY = ("JP_TGVERDI", "JP_OVDATO", "JP_DOKNR", "JP_ANSVAVD")
UNUSED_OF_PARTY = ("AM_ADMKORT", "AM_SBHINIT", "AM_AVSKM", "AM_AVSKDATO", "AM_AVSAVDOK", "AM_BESVARDOK")
UNUSED_OF_HEAD = ("PI_ARKSKAPER", "PI_BASEID", "PI_ORGNR", "PI_KOMMUNE", "PI_MERKNAD", "PI_PRODDATO", "PI_ANTFILER", "FIL")


class Noark4JournalSettings(JournalFileSettings):
    """`api`: the address is the JSON service (`…/journals`) and not a file or a page with files."""

    api: bool = False


class Noark4Journal(Extractor):
    """
    vendor       archive systems of the time of Noark 4 (1999 to 2008 and long after); the JSON is Telemark county's, 2015 to 2018
    recognise    root element OFFJOURNAL; in JSON objects with JOURNPOST_OJ
    endpoints    the file, or a page that links to such files; JSON: GET /journals/date/distinct and /journals/date/{yyyymmdd}
    set-up       none
    paging       none: whole files, whole days (other lists of the JSON give 20 unless limit says more)
    windows      a file states its first and last day, as does its name (20160109 - 20160111.xml); JSON: a day at a time
    limits       50 MB a file
    quirks       ISO-8859-1, in fact often windows-1252; OFFJOURN.DTD is named and not fetched; days are whole numbers; nothing has an
                 identifier, the number of the entry in the year's journal is one (it stays when the entry is moved to another case);
                 PNAVN in place of AM.NAVN marks a person's name, and then only the mark is kept; a file is mostly named without saying
                 where it is; the JSON service takes any other path for a search
    yields       journal entries, cases (number and title only)
    licence      not stated
    facts from   ATLAS 7.2 and 9.2 (arkivverket/schemas N4/latest, difi/einnsyn-klient); the service's own code and a stored answer of 2015
    """

    platform = "noark4-journal"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.DAYS}

    Settings = Noark4JournalSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if source.settings.api:
            yield Request(url=f"{source.url.rstrip('/')}/date/distinct", context={"step": "days"})
        else:
            yield journal_files.first_question(source)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        if step in ("days", "day"):
            yield from _read_answer(source, window, capture)
        elif trouble := journal_files.refusal(capture):
            yield trouble
        elif capture.media_type == "text/html":
            yield from journal_files.read_index(source, window, capture, ".xml")
        else:
            yield from _read_file(window, capture)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html" and noark.root_of(capture.text) == ROOT:
            return SourceGuess(cls.platform, capture.url, {}, f"the root element is {ROOT}", 0.95)
        home, is_service, _ = capture.url.partition("/journals/")
        if is_service and '"JOURNPOST_OJ"' in capture.text[:5000]:
            return SourceGuess(cls.platform, f"{home}/journals", {"api": True}, "objects with JOURNPOST_OJ under /journals/", 0.95)
        return None


def _read_answer(source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
    answer, trouble = read_json(capture)
    if trouble or not isinstance(answer, list):
        yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step=capture.context["step"], field="[]"))
    elif capture.context["step"] == "days":
        yield from _days_to_ask(source, window, answer)
    else:
        yield from _read_day(capture, answer)


def _days_to_ask(source: Source, window: Window, answer: list[Any]) -> Iterator[Record | Request]:
    """Which days of the window have entries; of the others the service itself says that they have none."""
    written = {as_text(day) or "" for day in answer}
    days = {day: day.strftime("%Y%m%d") in written for day in periods.days_between(window.since, window.until)}
    for day, has_entries in sorted(days.items(), reverse=True):
        if has_entries:
            yield Request(url=f"{source.url.rstrip('/')}/date/{day:%Y%m%d}", context={"step": "day", "day": day.isoformat()})
        else:
            yield Claim(key=f"day {day}", about="journal_entry", scope="day", day=day.isoformat(), count=0)
    if not any(days.values()):
        yield Claim(key="probe", about="journal_entry", scope="probe" if written else "total", count=len(written))


def _read_day(capture: Capture, answer: list[Any]) -> Iterator[Record]:
    day = date.fromisoformat(capture.context["day"])
    items = [item for index, object_ in enumerate(answer) for item in read_case(Fields(object_), f"/{index}", capture)]
    entries = [item for item in items if isinstance(item, JournalEntry)]
    if not answer:
        # The service named this day among those that have entries.
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("no_items", step="day", field="JOURNPOST_OJ"))
        return
    if entries and all(day_of(entry) != day for entry in entries):
        yield Trouble(key=capture.url, reason=Reason("other_days", since=day.isoformat(), until=day.isoformat()))
        return
    yield from items
    yield from journal_files.cases_of(entries)
    yield Claim(
        key=f"day {day}", about="journal_entry", scope="day", day=day.isoformat(), count=sum(not isinstance(i, Claim) for i in items)
    )


def _read_file(window: Window, capture: Capture) -> Iterator[Record]:
    """A file of XML, or stored JSON of the service."""
    items: list[JournalEntry | Trouble | Claim] = []
    period: Period | None = None
    if capture.media_type == "application/json":
        answer, trouble = read_json(capture)
        objects = answer if isinstance(answer, list) else [answer]
        for index, object_ in enumerate([] if trouble else objects):
            items += read_case(Fields(object_), f"/{index}", capture)
    else:
        trouble = None
        try:
            for number, element in enumerate(noark.records(capture.text, ROOT, ("PRODINFO", "NOARKSAK.OJ"), doctype=ROOT)):
                said = Fields(noark.tree(element))
                if noark.local(element) == "PRODINFO":
                    period = _period(said)
                    items += _head_rest(said, capture)
                else:
                    items += read_case(said, f"/NOARKSAK.OJ/{number}", capture)
        except noark.Unread as error:
            trouble = Trouble(key=capture.url, reason=error.reason)
    if trouble:
        yield trouble
    if trouble and not items:
        return
    yield from (item for item in items if not isinstance(item, JournalEntry))
    entries = [item for item in items if isinstance(item, JournalEntry)]
    is_whole = not trouble and not any(isinstance(item, Trouble) for item in items)
    yield from journal_files.of_window(window, capture, entries, period, is_whole=is_whole)


def _period(head: Fields) -> Period | None:
    since, until = (_iso(head.text(end)) for end in ("PI_FRADATO", "PI_TILDATO"))
    first, last = norwegian_date(since), norwegian_date(until)
    return (first, last) if first and last and first <= last else None


def _head_rest(head: Fields, capture: Capture) -> Iterator[Claim]:
    head.leave(UNUSED_OF_HEAD)
    if rest := head.rest("PRODINFO."):
        yield Claim(key=f"head {capture.url}", about="journal_entry", scope="answer", leftovers=rest)


def read_case(said: Fields, locator: str, capture: Capture) -> list[JournalEntry | Trouble | Claim]:
    """The entries of one NOARKSAK.OJ (mostly one), whether it was XML or JSON; a Trouble when it has none."""
    year, sequence = said.text("SA_SAAR"), said.text("SA_SEKNR")
    key = f"{year}/{sequence}" if year and sequence else None
    codes = [code for c in noark.each(said, "KLASSERING_OJ") if (code := c.text("KL_ORDNVERDI")) not in (None, *NO_CODE)]
    case = JournalEntry(
        key="", case_number=said.text("SA_SAKNR") or key, case_key=key, case_title=said.text("SA_OFFTITTEL"),
        class_code=codes[0] if codes else None, unit=said.text("SA_ADMKORT"), case_worker=said.text("SA_ANSVINIT"), source_url=capture.url,
    )  # fmt: skip
    posts = noark.each(said, "JOURNPOST_OJ")
    if not posts:
        reason = Reason("no_items", step="journal", field="JOURNPOST.OJ")
        return [Trouble(key=f"{capture.url}{locator}", locator=locator, outcome=Outcome.PARTIAL, reason=reason)]
    said.leave(("SA_SAAR", "SA_SEKNR", "SA_SAKNR", "_id", "sakId"))
    return [_entry(post, case, said.rest(), locator if place == 0 else f"{locator}/{place}") for place, post in enumerate(posts)]


def _entry(post: Fields, case: JournalEntry, rest: Sequence[str], locator: str) -> JournalEntry | Trouble:
    day, serial, place = post.text("JP_JDATO"), post.text("JP_SEKNR"), post.text("JP_POSTNR")
    year = post.text("JP_JAAR") or (day or "")[:4]
    if not serial or not year:
        reason = Reason("no_identifier", step="journal", field="JP.SEKNR")
        return Trouble(key=f"{case.source_url}{locator}", locator=locator, outcome=Outcome.PARTIAL, reason=reason)
    people = noark.each(post, "AVSMOT_OJ")
    named = [(p.text("AM_IHTYPE"), MARKED_NAME if p.text("PNAVN") else p.text("AM_NAVN"), p) for p in people]
    files, strange = _files(noark.each(post, "JP_DOKUMENTER", "DOKLINK_OJ"), case.source_url or "")
    entry = replace(
        case, key=f"{serial}/{year}", locator=locator, serial=f"{serial}/{year}", document_number=place, journal_date=_iso(day),
        document_date=_iso(post.text("JP_DOKDATO")), document_type=post.text("JP_NDOKTYPE"), title=post.text("JP_OFFINNHOLD"),
        access=post.text("JP_TGKODE"), legal_basis=post.text("JP_UOFF"), unit=post.text("JP_ANSVAVD") or case.unit,
        case_worker=next((w for p in people if (w := p.text("AM_SBHINIT"))), case.case_worker),
        senders=parties.names(name for role, name, _ in named if role == "0"),
        recipients=parties.names(name for role, name, _ in named if role != "0"), files=files,
    )  # fmt: skip
    post.leave(UNUSED_OF_ENTRY)
    for party in people:
        party.leave((*UNUSED_OF_PARTY, "PNAVN", "AM_NAVN"))
    other = dict.fromkeys(name for party in people for name in party.rest("AVSMOT."))
    return replace(entry, leftovers=(*rest, *post.rest(), *other, *strange))


def _iso(written: str | None) -> str | None:
    """`20261014` as 2026-10-14; anything else as it stands."""
    return f"{written[:4]}-{written[4:6]}-{written[6:]}" if written and written.isdecimal() and len(written) == 8 else written


def _files(links: list[Fields], base: str) -> tuple[tuple[File, ...] | None, tuple[str, ...]]:
    """The documents of an entry and the fields nobody knows. The first version that has an address is the file; most have a name only."""
    files, strange = [], []
    for link in links:
        described = noark.first(link, "DOKBESKRIV_OJ")
        versions = noark.each(described, "DOKVERSJON_OJ")
        addresses = [v.text("VE_FILURL") or v.text("VE_FILREF") for v in versions]
        url = next((full for a in addresses if a and (full := _address(a, base))), None)
        ending = PurePosixPath(url or next((a for a in addresses if a), "")).suffix.lower().lstrip(".")
        files.append(File(title=described.text("DB_TITTEL"), url=url, media_type=MEDIA_TYPES.get(ending), is_open=True if url else None))
        link.leave(("DL_RNR", "DL_TYPE", "DL_DOKID"))
        described.leave(("DB_TGKODE", "DB_TGVERDI"))
        for version in versions:
            version.leave(("VE_VERSJON", "VE_VARIANT", "VE_FILREF", "VE_FILURL"))
        strange += [*link.rest("DOKLINK."), *described.rest("DOKBESKRIV."), *(n for v in versions for n in v.rest("DOKVERSJON."))]
    return tuple(files) or None, tuple(dict.fromkeys(strange))


def _address(written: str, base: str) -> str | None:
    """The address of a file, when what is written is one and no mere name."""
    if not written.startswith(("http://", "https://", "/")):
        return None
    try:
        return urls.parse(written, base)
    except InvalidURL:
        return None
