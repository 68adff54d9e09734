"""Sikri Elements Publikum (elementscloud.no)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

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
    Whole,
    Window,
)
from extractors.fields import Fields, as_text
from extractors.innsyn.acos import norwegian_date
from extractors.innsyn.einnsyn import read_json
from extractors.innsyn.markup import is_within

CAP = 5000
"""The highest number TotalCount ever says."""
MEETING_MARGIN = timedelta(days=30)
SHOWN = timedelta(days=365)
"""How far back a tenant shows its journal where the body has not chosen otherwise: nothing on an older day proves nothing."""
TENANT = re.compile(r"^(?P<root>https?://[^/\s\"'<>]+/publikum)/(?P<tenant>\d{9}(?:_[a-z]+-\d{9}[^/?#\s\"'<>]*)?)(?=[/?#\"'<>\s]|$)", re.I)
LINKED = re.compile(r"https?://[^/\s\"'<>]*elementscloud\.no/publikum/\d{9}[^/?#\s\"'<>]*", re.I)
TYPES = ("I", "U", "X", "N", "S")
TERMS = (
    "søknad", "svar", "melding", "vedtak", "klage", "avtale", "kontrakt", "rapport", "møte", "referat", "tilbud", "faktura", "tilsyn",
    "høring", "uttalelse", "plan", "sak", "brev", "vedlegg", "kommune", "gnr", "til", "fra", "om", "av", "og", "for", "på",
)  # fmt: skip
"""What a day is divided by when nothing else will: words that titles of a journal have, the long ones first."""


class ElementsSettings(SourceSettings):
    """The tenant stands in the address and nowhere else.

    `files` asks once more for every entry and every item, to know its files and case; `type_parameter` is how the journal is asked for
    one document type only (see quirks).
    """

    files: bool = False
    type_parameter: str = "RegistryEntryTypeId"


class Elements(Extractor):
    """
    vendor       Sikri (formerly Evry ePhorte); React application, all tenants on prod01 and prod02.elementscloud.no
    recognise    /publikum/{tenant}, in any case of letters: orgnr, orgnr_PROD-orgnr, orgnr_PROD-orgnr-NAME, orgnr_HIST-orgnr-… (closed)
    endpoints    GET …/publikum/api/PredefinedQuery/CasesAndRegistryEntries, PredefinedQuery/DmbMeetings?year=, Meetings/{id},
                 DmbHandlings/GetByMeetingId/{id}; with `files` also DmbHandlings/{id} and RegistryEntries/{id}
    set-up       none; every call carries the header Tenant. Files lie under /publikum/Documents/…, without api
    paging       none that is known: Skips is always []. TotalCount against the number of Items tells whether an answer is whole
    windows      DateFrom, DateTo (days). First the whole window; when that is not whole, day by day; a day that is not whole is asked
                 from the other end, by document type, then by words of the title, until it is, or it is said to be incomplete
    limits       TotalCount never says more than 5,000; 365 days back where the body has not chosen otherwise, and of an older day nothing
                 is believed to be empty; one question a second
    quirks       a wrong or missing Tenant, a missing parameter and an unknown path are answered 200 with the application's page;
                 JP_AVSMOT_G is one string whose role follows the type; times are local and carry no zone; an item that is screened has
                 no title; how to ask for one type is not known for sure: an answer with other types in it says the filter was ignored
    yields       journal entries, meetings, agenda items; cases where `files` is set. Members of committees (telephones) are never asked for
    robots       robots.txt of elementscloud.no is reported to refuse: then the source is blocked until somebody has given a permission
    licence      not stated
    facts from   ATLAS section 4.1, 4.3; documentation of a portal that reads Steinkjer (2026), and two older clients in C#
    """

    platform = "elements-publikum"
    yields = (JournalEntry, CaseFile, Meeting, AgendaItem)
    whole = {"journal_entry": Whole.DAYS, "agenda_item": Whole.WINDOW}

    Settings = ElementsSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if not source.kinds or {"journal_entry", "case"} & set(source.kinds):
            yield _journal(source, window.since, window.until, {"step": "journal"})
        if not source.kinds or {"meeting", "agenda_item"} & set(source.kinds):
            for year in range((window.since - MEETING_MARGIN).year, (window.until + MEETING_MARGIN).year + 1):
                yield _call(source, f"PredefinedQuery/DmbMeetings?year={year}", {"step": "meetings", "year": year})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        answer, trouble = read_json(capture)
        if trouble and step == "part" and capture.is_ok:
            yield from _go_on_with_day(source, capture.context, is_heeded=False)
        elif trouble and trouble.reason.code == "html_for_json":
            yield replace(trouble, reason=Reason("shell_for_json", tenant=tenant_of(source)[1]))
        elif trouble:
            yield trouble
        else:
            read = {"journal": _read_window, "day": _read_day, "part": _read_part, "meetings": _read_meetings, "meeting": _read_meeting,
                    "agenda": _read_agenda, "entry": _read_entry, "item": _read_item}[step]  # fmt: skip
            yield from read(source, window, capture, answer)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if match := TENANT.match(capture.url):
            return SourceGuess(cls.platform, match[0], {}, "the address is a tenant of Elements Publikum", 0.95)
        if capture.media_type == "text/html" and (match := LINKED.search(capture.text)):
            return SourceGuess(cls.platform, match[0], {}, "the page links to a tenant of Elements Publikum", 0.7)
        return None


def tenant_of(source: Source) -> tuple[str, str]:
    """The root of the service (`https://…/publikum`) and the tenant, from the address. Raises ValueError where it names none."""
    if match := TENANT.match(source.url):
        return match["root"], match["tenant"]
    raise ValueError("the address of an Elements source has no tenant")


def _call(source: Source, path: str, context: Mapping[str, Any]) -> Request:
    root, tenant = tenant_of(source)
    return Request(url=f"{root}/api/{path}", headers=(("Tenant", tenant), ("Accept", "application/json")), context=context)


def _page(source: Source, path: str) -> str:
    return f"{'/'.join(tenant_of(source))}/{path}"


# --- the journal


def _journal(source: Source, since: date, until: date, context: Mapping[str, Any], *, part: tuple[str, str] | None = None) -> Request:
    """The entries of some days; with `part` only those of a type or with a word, or in the other order (`end`)."""
    how, what = part or ("", "")
    query = {"Query": what if how == "word" else "", "OrderBy": "DATE", "SortOrder": "0" if how == "end" else "1",
             "DateFrom": since.isoformat(), "DateTo": until.isoformat(), "IncludeCases": "false", "IncludeCaseWorker": "false",
             "IncludeSenderRecipient": "false", "Skips": "[]"}  # fmt: skip
    if how == "type":
        query[source.settings.type_parameter] = what
    return _call(source, f"PredefinedQuery/CasesAndRegistryEntries?{urlencode(query)}", context)


def _listing(capture: Capture, answer: Any) -> tuple[list[Any], int] | Trouble:
    """The items of an answer of the journal and what it says their number is."""
    items, total = (answer.get("Items"), answer.get("TotalCount")) if isinstance(answer, dict) else (None, None)
    if not isinstance(items, list) or isinstance(total, bool) or not isinstance(total, int):
        missing = "TotalCount" if isinstance(items, list) else "Items"
        return Trouble(key=capture.url, reason=Reason("no_items", step="journal", field=missing))
    return items, total


def _strange(answer: Any) -> Iterator[Record]:
    """What stands beside the items and nobody knows."""
    if rest := tuple(name for name in answer if name not in ("Items", "TotalCount")):
        yield Claim(key="journal answer", about="journal_entry", scope="answer", leftovers=rest)


def _keys(items: list[Any]) -> set[str]:
    return {key for i in items if isinstance(i, dict) and (key := as_text(i.get("JP_ID")))}


def _read_window(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record | Request]:
    """The whole window in one answer; when it is not whole, every day on its own."""
    found = _listing(capture, answer)
    if isinstance(found, Trouble):
        yield found
        return
    items, total = found
    yield from _strange(answer)
    if not total and _is_past(capture, window.until):
        since, until = window.since.isoformat(), window.until.isoformat()
        yield Trouble(key=f"{since}/{until}", outcome=Outcome.PARTIAL, reason=Reason("days_not_shown", since=since, until=until))
        return
    yield Claim(key="window", about="journal_entry", scope="window", count=total)
    days = [window.since + timedelta(days=n) for n in range((window.until - window.since).days + 1)]
    if len(days) == 1:
        yield from _day(source, days[0].isoformat(), items, total)
        return
    if len(_keys(items)) < total or total >= CAP:
        for day in days:
            yield _journal(source, day, day, {"step": "day", "day": day.isoformat()})
        return
    yield from _entries(source, items)
    dated = Counter(str(item.get("JP_JDATO"))[:10] for item in items if isinstance(item, dict))
    wanted = [d.isoformat() for d in days]
    # An entry of another day would say that the days were asked for by another date than the journal's: then nothing is known of any.
    if set(dated) <= set(wanted):
        yield from (_day_claim(day, dated[day]) for day in wanted if dated[day] or not _is_past(capture, date.fromisoformat(day)))


def _is_past(capture: Capture, day: date) -> bool:
    """Whether a day was, when it was asked for, so old that most tenants show nothing of it."""
    return day < date.fromisoformat(capture.fetched_at[:10]) - SHOWN


def _day_claim(day: str, count: int) -> Claim:
    return Claim(key=f"day {day}", about="journal_entry", scope="day", day=day, count=count)


def _read_day(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record | Request]:
    found = _listing(capture, answer)
    if isinstance(found, Trouble):
        yield found
        return
    if found[1] or not _is_past(capture, date.fromisoformat(capture.context["day"])):
        yield from _day(source, capture.context["day"], *found)


def _day(source: Source, day: str, items: list[Any], total: int) -> Iterator[Record | Request]:
    """The entries of one day; when they are not all there, the first of its parts is asked for."""
    keys = _keys(items)
    yield from _entries(source, items)
    if len(keys) >= total and total < CAP:
        yield _day_claim(day, total)
        return
    other_end, types = [("end", "")], [("type", letter) for letter in TYPES]
    # A count that is capped proves nothing; those of the types, each below the cap, do. Where it is exact, the other end may be enough.
    parts = [*types, *other_end] if total >= CAP else [*other_end, *types]
    state = {"step": "part", "day": day, "total": total, "seen": pack(keys), "counted": 0, "parts": [*parts, *(("word", t) for t in TERMS)]}
    yield _ask_part(source, state)


def _ask_part(source: Source, state: Mapping[str, Any]) -> Request:
    day, (part, *left) = date.fromisoformat(state["day"]), state["parts"]
    return _journal(source, day, day, {**state, "part": part, "parts": left}, part=tuple(part))


def _read_part(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record | Request]:
    """A part of a day that does not come whole. `counted` is what the types sum up to as long as each came whole; -1 when one did not."""
    found = _listing(capture, answer)
    if isinstance(found, Trouble):
        yield found
        return
    items, total = found
    context = capture.context
    how, what = context["part"]
    keys, seen, counted, is_heeded = _keys(items), unpack(context["seen"]), context["counted"], True
    yield from _entries(source, items, seen)
    if how == "type":
        is_heeded = all(i.get("JP_NDOKTYPE_ND") == what for i in items if isinstance(i, dict))
        counted = counted + total if counted >= 0 and is_heeded and len(keys) >= total and total < CAP else -1
    yield from _go_on_with_day(source, {**context, "seen": pack(seen | keys), "counted": counted}, is_heeded=is_heeded)


def _go_on_with_day(source: Source, state: Mapping[str, Any], *, is_heeded: bool) -> Iterator[Record | Request]:
    """The next part of a day, unless it is whole; when nothing is left to try, the day is said to be incomplete."""
    day, total, read = state["day"], state["total"], len(unpack(state["seen"]))
    left = [p for p in state["parts"] if is_heeded or p[0] != "type"]
    counted = state["counted"] if is_heeded else -1
    are_types_through = not any(how == "type" for how, _ in left)
    if read >= total and total < CAP:
        yield _day_claim(day, total)
    elif are_types_through and counted >= total:
        yield _day_claim(day, counted)
    elif left:
        yield _ask_part(source, {**state, "step": "part", "parts": left, "counted": counted})
    else:
        yield _day_claim(day, max(total, read))
        yield Trouble(key=f"day {day}", outcome=Outcome.PARTIAL, reason=Reason("day_incomplete", day=day, counted=total, read=read))


def pack(keys: Iterable[str]) -> list[list[int]]:
    """Numbers as ranges, first and last: those of one day follow on one another, so that thousands make a few."""
    ranges: list[list[int]] = []
    for number in sorted(int(k) for k in keys if k.isdecimal()):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def unpack(ranges: Iterable[Iterable[int]]) -> set[str]:
    """The numbers that `pack` packed."""
    return {str(n) for first, last in ranges for n in range(first, last + 1)}


def _entries(source: Source, items: list[Any], seen: Container[str] = ()) -> Iterator[Record | Request]:
    """The entries of an answer but for those seen before."""
    for index, item in enumerate(items):
        locator = f"/Items/{index}"
        row = Fields(item)
        key = row.text("JP_ID")
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="journal", field="JP_ID"))
            continue
        if key in seen:
            continue
        kind, named = row.text("JP_NDOKTYPE_ND"), row.text("ND_BETEGN")
        entry = JournalEntry(
            key=key, locator=locator, title=row.text("JP_INNHOLD_G"), case_number=row.text("SA_SAKSNR_XX"),
            journal_date=row.text("JP_JDATO"), document_date=row.text("JP_DOKDATO"), document_type=kind or named,
            source_url=_page(source, f"RegistryEntry/{key}"),
            **_parties(kind or named, row.text("JP_AVSMOT_G")),
        )  # fmt: skip
        yield replace(entry, leftovers=row.rest())
        if source.settings.files:
            yield _call(source, f"RegistryEntries/{key}", {"step": "entry", "entry": key})


def _parties(kind: str | None, party: str | None) -> dict[str, Any]:
    """One string for sender and recipient: who is meant follows from the type."""
    if not party:
        return {}
    return {"recipients" if (kind or "").upper().startswith("U") else "senders": (party,)}


def _read_entry(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record]:
    row = Fields(answer)
    key = row.text("Id")
    if not key:
        yield Trouble(key=capture.url, reason=Reason("no_identifier", step="entry", field="Id"))
        return
    case, kind = row.object("Case"), row.text("RegistryEntryTypeId")
    yield from _case(source, case, "/Case")
    entry = JournalEntry(
        key=key, locator="/", title=row.text("Title"), document_type=kind, journal_date=row.text("RegistryDate"),
        document_number=row.text("DocumentNumber"), case_key=as_text(case.data.get("Id")), case_number=as_text(case.data.get("CaseNumber")),
        case_title=as_text(case.data.get("Title")), access=row.text("AccessCodeId"), files=_documents(source, row, key),
        **_parties(kind, row.text("SenderRecipient")),
    )  # fmt: skip
    row.leave(("IsPublished", "IsRestricted", "IsPublicVariantAvailable"))
    yield replace(entry, leftovers=row.rest())


def _case(source: Source, case: Fields, locator: str) -> Iterator[Record]:
    key, number, title = case.text("Id"), case.text("CaseNumber"), case.text("Title")
    if key and (number or title):
        record = CaseFile(key=key, locator=locator, case_number=number, title=title, source_url=_page(source, f"Case/{key}"))
        yield replace(record, leftovers=case.rest())


def _documents(source: Source, entry: Fields, key: str | None) -> tuple[File, ...] | None:
    """The files of an entry; one that is not published has no address."""
    database = entry.text("Database")
    files = []
    for document in entry.items("Documents"):
        told = Fields(Fields(document).data.get("DocumentDescription"))
        number = told.text("Id")
        is_open = told.data.get("IsPublished") is True and bool(database and key and number)
        url = f"{tenant_of(source)[0]}/Documents/ShowDocument/{database}/{key}/{number}" if is_open else None
        files.append(File(title=told.text("DocumentTitle"), url=url, is_open=bool(url)))
    return tuple(files) or None


# --- meetings


def _read_meetings(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record | Request]:
    """The meetings of a year; those around the window are asked for."""
    if not isinstance(answer, list):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="meetings", field="[]"))
        return
    first, last = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    if answer and source.kinds and "journal_entry" not in source.kinds:
        yield Claim(key=f"meetings {capture.context['year']}", about="meeting", scope="probe", count=len(answer))
    for index, item in enumerate(answer):
        locator, row = f"/{index}", Fields(item)
        key, start = row.text("MO_ID"), row.text("MO_START")
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="meetings", field="MO_ID"))
            continue
        if not is_within(norwegian_date(start), first, last):
            continue
        place = ", ".join(t for t in (row.text("MO_STED"), row.text("MO_ROM")) if t)
        meeting = Meeting(key=key, locator=locator, committee=row.text("UT_NAVN"), start=start, place=place or None,
                          source_url=_page(source, f"DmbMeeting/{key}"))  # fmt: skip
        context = {"meeting": key, "database": row.text("Database")}
        row.leave(("MO_SLUTT", "UT_ID"))
        yield replace(meeting, leftovers=row.rest())
        yield _call(source, f"Meetings/{key}", {"step": "meeting", **context})
        yield _call(source, f"DmbHandlings/GetByMeetingId/{key}", {"step": "agenda", **context})


def _read_meeting(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record]:
    row, context = Fields(answer), capture.context
    database = row.text("Database") or context["database"]
    committee = row.object("DMB").text("Name")
    files = []
    for document in row.items("MeetingDocuments"):
        told = Fields(document)
        number, kind = told.text("Id"), told.text("DmbDocumentTypeId")
        is_open = told.take("IsRestricted") is False and bool(database and number and kind)
        url = f"{tenant_of(source)[0]}/Documents/ShowMeetingDocument/{database}/{context['meeting']}/{kind}/{number}" if is_open else None
        files.append(File(title=told.text("Title") or kind, url=url, is_open=bool(url)))
    row.leave(("Id", "MeetingNumber", "StartDate", "EndDate"))
    yield Meeting(key=context["meeting"], locator="/", committee=committee, files=tuple(files) or None, leftovers=row.rest())


def _read_agenda(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record | Request]:
    if not isinstance(answer, list):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="agenda", field="[]"))
        return
    context = capture.context
    for index, item in enumerate(answer):
        locator, row = f"/{index}", Fields(item)
        key = row.text("Id")
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="agenda", field="Id"))
            continue
        yield _agenda_item(source, row, key, locator, context)
        if source.settings.files and row.text("Title"):
            yield _call(source, f"DmbHandlings/{key}", {**context, "step": "item"})


def _read_item(source: Source, window: Window, capture: Capture, answer: Any) -> Iterator[Record]:
    row = Fields(answer)
    key = row.text("Id")
    if not key:
        yield Trouble(key=capture.url, reason=Reason("no_identifier", step="item", field="Id"))
        return
    case, entry = row.object("Case"), row.object("RegistryEntry")
    yield from _case(source, case, "/Case")
    item = _agenda_item(source, row, key, "/", capture.context)
    files = (*(_documents(source, entry, entry.text("Id")) or ()), *(item.files or ()))
    yield replace(item, case_number=as_text(case.data.get("CaseNumber")), files=files or None)


def _agenda_item(source: Source, row: Fields, key: str, locator: str, context: Mapping[str, Any]) -> AgendaItem:
    """An item: its decision is a file once it is published. A screened one has no title."""
    kind, number, year = row.text("MeetingCaseTypeId"), row.text("SequenceNumber"), row.text("Year")
    database = row.text("Database") or context["database"]
    is_decided = row.take("ProtocolPublished") is True
    is_open = is_decided and row.take("ProtocolRestricted") is not True and bool(database)
    url = f"{tenant_of(source)[0]}/Documents/ShowDmbHandlingDocument/{database}/{key}/Protokoll" if is_open else None
    item = AgendaItem(
        key=key, locator=locator, meeting_key=context["meeting"], number=f"{kind} {number}/{year}" if kind and number and year else number,
        title=row.text("Title"), item_type=kind, files=(File(title="Protokoll", url=url, is_open=is_open),) if is_decided else None,
        source_url=_page(source, f"DmbMeeting/{context['meeting']}#{key}"),
    )  # fmt: skip
    row.leave(("ProtocolRestricted", "RegistryEntry", "Case", "Dmb", "Meeting", "AdditionalDmbHandlings", "AccessCodeId",
               "IsPublicVariantAvailable"))  # fmt: skip
    return replace(item, leftovers=row.rest())
