"""innsynsportal.no: journals (Digdem, GraphQL)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Claim,
    Extractor,
    JournalEntry,
    Known,
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
from extractors.fetch import urls
from extractors.fields import Fields, as_text
from extractors.innsyn import graphql

LIMIT = 100
AIM = 60
"""How many entries a piece of the window should hold when the window holds more than an answer may."""
DIMENSIONS = ("department", "case type", "type")
LIST_PATH = re.compile(r"/postjournal-v2/(?P<list>[0-9a-f-]{36})(?![0-9a-f-])", re.I)
HOST = re.compile(r"[a-z0-9-]+\.innsynsportal\.no")
LINKED = re.compile(r"https://[a-z0-9-]+\.innsynsportal\.no(?:/postjournal-v2/[0-9a-f-]{36})?", re.I)


class InnsynsportalSettings(SourceSettings):
    """`lists` are the lists that are read, when not the one in the address; with neither, the address must send on to that of a list.

    `heeds_case_dates` is false where the list of cases takes no notice of the dates (Asker, Drammen): then every case that an entry belongs
    to is asked for by its number, the only way to its title. Leave `case` out of the entry's kinds where that is too dear.
    """

    lists: tuple[str, ...] = ()
    heeds_case_dates: bool = True


class Innsynsportal(Extractor):
    """
    vendor       Digdem ("360 Plan & Build", "Jupiter"); the data come from 360 or Elements
    recognise    {tenant}.innsynsportal.no; /postjournal-v2/{list}, also on hosts of bodies (innsyn2020.drammen.kommune.no)
    endpoints    POST /graphql: SearchPostJournal; GET /file/{document} for what is not classified
    set-up       none. The text of a query must be the application's to the byte; it stands in queries/
    paging       limit 100 ("Too large limit" above) and no offset in this query
    windows      journalFromDate and journalToDate, days, both included. The whole window first; where that is more than an answer holds,
                 pieces of days; a day that is more is asked for by department, then type of case, then type of document, until all that
                 is counted is read or it is said not to be
    limits       100; one question a second
    quirks       another text of the query is answered 200 with an error that says to load the page anew; at Asker and Drammen the dates
                 of the list of cases are not heeded (the count is right): filtered here, and cases asked for by number; `date` of a case
                 is its last activity and no case date; property numbers are empty or doubled and not kept; lists whose numbers are known
                 hold building cases only
    yields       journal entries, cases
    licence      not stated
    facts from   ATLAS section 6.1 (SearchPostJournal as sigurdmaeland/postlister sends it to Trondheim and Tromsø, @08643101; tests of July
                 2026 in hakondalsbo/kulturvarsling)
    """

    platform = "innsynsportal"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.DAYS}

    Settings = InnsynsportalSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        lists = source.settings.lists or tuple(LIST_PATH.findall(source.url)[:1])
        if not lists:
            yield Request(url=source.url, role="shell", context={"step": "front"})
        for each in lists:
            yield _search(source, each, window.since, window.until, {"step": "days", "is_whole": True})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if capture.context["step"] == "front":
            yield _read_front(source, window, capture)
            return
        data, trouble = graphql.answer_of(capture)
        if trouble:
            yield trouble
        else:
            yield from READERS[capture.context["step"]](source, window, capture, data)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        parts = urlsplit(capture.url)
        root = f"{parts.scheme}://{parts.netloc}"
        named = LIST_PATH.match(parts.path)
        if named and capture.is_ok and capture.media_type == "text/html":
            return SourceGuess(cls.platform, f"{root}{named[0]}", {}, "the address names a list of an Innsynsportal", 0.95)
        if HOST.fullmatch(parts.hostname or "") and capture.is_ok and not parts.path.startswith("/motekalender"):
            return SourceGuess(cls.platform, f"{root}/", {}, "the host is the vendor's", 0.9)
        if capture.media_type == "text/html" and (match := LINKED.search(capture.text)):
            return SourceGuess(cls.platform, urls.parse(match[0]), {}, "the page links to an Innsynsportal", 0.7)
        return None


# --- questions


def _wants_cases(source: Source) -> bool:
    return not source.kinds or "case" in source.kinds


def _search(
    source: Source, list_id: str, since: date, until: date, context: Mapping[str, Any], chosen: Mapping[str, str] | None = None, *,
    has_cases: bool = True,
) -> Request:  # fmt: skip
    """Entries and cases of some days; `chosen` narrows them by department, type of case and type of document."""
    chosen = chosen or {}
    department, case_type, kind = ([chosen[name]] if name in chosen else None for name in DIMENSIONS)
    days = {"since": since.isoformat(), "until": until.isoformat()}
    variables = {
        "proceedingsLimit": LIMIT if has_cases and _wants_cases(source) else 1, "proceedingsOrderBy": "date_DESC",
        "proceedingsWhere": {"listId": list_id, "typeIdIn": case_type, "year": None, "fromDate": days["since"], "toDate": days["until"],
                             "departmentIdIn": department, "sequenceNumber": None},
        "journalsLimit": LIMIT, "journalsOrderBy": "journalDate_DESC",
        "journalsWhere": {"listId": list_id, "journalFromDate": days["since"], "journalToDate": days["until"], "departmentIdIn": department,
                          **({"typeIdIn": kind} if kind else {})},
        "journalDocumentsWhere": {"listId": list_id}, "journalProceedingWhere": {"typeIdIn": case_type}, "includeCount": True,
    }  # fmt: skip
    return graphql.ask(source, "SearchPostJournal", variables, {"list": list_id, **days, **context})


def _case_by_number(source: Source, list_id: str, number: str) -> Request:
    variables = {
        "proceedingsLimit": 3, "proceedingsOrderBy": "date_DESC",
        "proceedingsWhere": {"listId": list_id, "typeIdIn": None, "year": None, "fromDate": None, "toDate": None, "departmentIdIn": None,
                             "sequenceNumber": number},
        "journalsLimit": 1, "journalsOrderBy": "journalDate_DESC",
        "journalsWhere": {"listId": list_id, "journalFromDate": None, "journalToDate": None, "departmentIdIn": None},
        "journalDocumentsWhere": {"listId": list_id}, "journalProceedingWhere": {"typeIdIn": None}, "includeCount": False,
    }  # fmt: skip
    context = {"step": "case", "list": list_id, "number": number, "rank": 1}
    return graphql.ask(source, "SearchPostJournal", variables, context)


# --- answers


@dataclass(frozen=True)
class Listing:
    """Entries of an answer and how many the source counts."""

    nodes: Sequence[Any]
    total: int

    @property
    def read(self) -> int:
        """How many entries these are, one that stands there twice counted once."""
        return len({key for node in self.nodes if (key := as_text(Fields(node).data.get("id")))})


def _listing(capture: Capture, data: Fields) -> Listing | Trouble:
    journals = data.object("journals")
    nodes, total = journals.data.get("nodes"), journals.data.get("totalCount")
    is_number = isinstance(total, int) and not isinstance(total, bool)
    if not isinstance(nodes, list) or not is_number:
        field = "totalCount" if isinstance(nodes, list) else "nodes"
        return Trouble(key=capture.url, reason=Reason("no_items", step="journal", field=field))
    return Listing(nodes, total)


def _strange(data: Fields) -> Iterator[Record]:
    """What stands beside the lists and nobody knows."""
    parts = graphql.nested(data, "journals", "proceedings")
    for part in parts.values():
        part.leave(("nodes", "totalCount"))
    if left := graphql.rest(data, parts):
        yield Claim(key="journal answer", about="journal_entry", scope="answer", leftovers=left)


def _read_front(source: Source, window: Window, capture: Capture) -> Record | Request:
    """The list whose address the source's own sends on to; an entry must name one where it sends on to none."""
    named = LIST_PATH.search(capture.url)
    if not named:
        return Trouble(key=capture.url, reason=Reason("no_items", step="list", field="/postjournal-v2/"))
    return _search(source, named["list"], window.since, window.until, {"step": "days", "is_whole": True})


def _read_days(source: Source, window: Window, capture: Capture, data: Fields) -> Iterator[Record | Request]:
    """The whole window or a piece of it: all of it in one answer, else smaller pieces, a day at the least."""
    found = _listing(capture, data)
    if isinstance(found, Trouble):
        yield found
        return
    yield from _strange(data)
    context, total, (cases, cases_in_all) = capture.context, found.total, _counted_cases(source, data)
    list_id, since, until = context["list"], *(date.fromisoformat(context[end]) for end in ("since", "until"))
    if context.get("is_whole"):
        yield Claim(key=f"window {list_id}", about="journal_entry", scope="window", count=total)
    if context.get("is_whole") and cases_in_all:
        yield Claim(key=f"cases {list_id}", about="case", scope="window", count=cases_in_all)
    if (found.read < total or cases < cases_in_all) and since < until:
        for first, last in pieces(since, until, ceil(max(total, cases_in_all) / AIM)):
            yield _search(source, list_id, first, last, {"step": "days"})
        return
    yield from _entries(source, list_id, found.nodes)
    yield from _cases(source, capture, data, since, until)
    if found.read >= total:
        days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        counts = dict.fromkeys(days, 0)
        for node in found.nodes:
            day = graphql.day_of(as_text(Fields(node).data.get("journalDate")))
            if day in counts and day:
                counts[day] += 1
        yield from (_day_claim(list_id, day.isoformat(), count) for day, count in counts.items())
        return
    state: dict[str, Any] = {name: context[name] for name in ("list", "since", "until")}
    state |= {"total": total, "counted": found.read, "known": [[], [], []]}
    _learn(state, found.nodes, data)
    yield from _by_parts(source, state)


def pieces(since: date, until: date, wanted: int) -> Iterator[tuple[date, date]]:
    """The days from `since` to `until` in about `wanted` pieces of the same length, two at the least, none less than a day."""
    days = (until - since).days + 1
    length = max(1, days // max(2, wanted))
    for first in range(0, days, length):
        yield since + timedelta(days=first), min(since + timedelta(days=first + length - 1), until)


def _day_claim(list_id: str, day: str, count: int) -> Claim:
    return Claim(key=f"day {list_id} {day}", about="journal_entry", scope="day", day=day, count=count)


# --- a day that is more than an answer holds


def _learn(state: dict[str, Any], nodes: Sequence[Any], data: Fields) -> None:
    """Note the departments, types of cases and types that a day has: it can be divided by them, and no question gives a list of them.

    One that is new divides also what was divided before it was known.
    """
    known = state["known"] = [list(values) for values in state["known"]]
    entries, cases = [Fields(node).data for node in nodes], [Fields(node).data for node in data.object("proceedings").items("nodes")]
    found = [(e.get("department"), Fields(e.get("proceeding")).data.get("type"), e.get("type")) for e in entries]
    for values in (*found, *((c.get("department"), c.get("type"), None) for c in cases)):
        for dimension, value in enumerate(values):
            key = as_text(Fields(value).data.get("id"))
            if not key or key in known[dimension]:
                continue
            known[dimension].append(key)
            if "todo" in state:
                level = dimension - state["round"]
                state["todo"] = [*state["todo"], *([*cell, len(known[dimension]) - 1] for cell in state["divided"] if len(cell) == level)]


def _by_parts(source: Source, state: dict[str, Any], round_number: int = 0) -> Iterator[Record | Request]:
    """Begin to ask for a day by parts. The first round divides by department; an entry that has none is found by the next, which divides by
    type of case, and so on. A cell is the path of values that were chosen, by their place among the known ones."""
    state |= {"step": "part", "round": round_number, "counted": 0, "divided": [], "todo": [], "cell": None}
    _divide(state, [], state["total"])
    yield from _go_on(source, state)


def _divide(state: dict[str, Any], cell: list[int], total: float) -> None:
    """Put the parts of a cell of so many entries on the list. Parts that will hold too much themselves are divided without being asked."""
    dimension = state["round"] + len(cell)
    parts = [[*cell, place] for place in range(len(state["known"][dimension]))]
    state["divided"] = [*state["divided"], cell]
    if parts and dimension + 1 < len(DIMENSIONS) and total / len(parts) > LIMIT:
        for part in parts:
            _divide(state, part, total / len(parts))
    else:
        state["todo"] = [*state["todo"], *parts]


def _go_on(source: Source, state: dict[str, Any]) -> Iterator[Record | Request]:
    """The next part of a day, unless it is whole; when nothing is left to try, the day is said to be incomplete."""
    list_id, day, total = state["list"], state["since"], state["total"]
    state["best"] = max(state.get("best", 0), state["counted"])
    if state["counted"] >= total:
        yield _day_claim(list_id, day, total)
    elif state["todo"]:
        state["cell"], *state["todo"] = state["todo"]
        dimensions = range(state["round"], len(DIMENSIONS))
        chosen = {DIMENSIONS[d]: state["known"][d][place] for d, place in zip(dimensions, state["cell"], strict=False)}
        # Cases have no type of document: they come along with the first.
        has_cases = state["cell"][len(dimensions) - 1 :] in ([], [0])
        yield _search(source, list_id, date.fromisoformat(day), date.fromisoformat(day), state, chosen, has_cases=has_cases)
    elif state["round"] + 1 < len(DIMENSIONS):
        yield from _by_parts(source, state, state["round"] + 1)
    else:
        yield _day_claim(list_id, day, total)
        reason = Reason("day_incomplete", day=day, counted=total, read=state["best"])
        yield Trouble(key=f"day {list_id} {day}", outcome=Outcome.PARTIAL, reason=reason)


def _read_part(source: Source, window: Window, capture: Capture, data: Fields) -> Iterator[Record | Request]:
    """A part of a day: whole, or divided further, or as much of it as there is."""
    found = _listing(capture, data)
    if isinstance(found, Trouble):
        yield found
        return
    state, day = dict(capture.context), date.fromisoformat(capture.context["since"])
    yield from _entries(source, state["list"], found.nodes)
    yield from _cases(source, capture, data, day, day)
    yield from _strange(data)
    _learn(state, found.nodes, data)
    cell, dimension = state["cell"], state["round"] + len(state["cell"])
    if found.read < found.total and dimension < len(DIMENSIONS):
        _divide(state, cell, found.total)
    else:
        state["counted"] += found.read
    yield from _go_on(source, state)


# --- records


def _entries(source: Source, list_id: str, nodes: Sequence[Any]) -> Iterator[Record | Request]:
    for index, node in enumerate(nodes):
        locator = f"/data/journals/nodes/{index}"
        row = Fields(node)
        key = row.text("id")
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="journal", field="id"))
            continue
        entry = _entry(source, list_id, row, key, locator)
        yield entry
        if entry.case_number and not source.settings.heeds_case_dates and _wants_cases(source):
            yield _case_by_number(source, list_id, entry.case_number)


def _entry(source: Source, list_id: str, row: Fields, key: str, locator: str) -> JournalEntry:
    parts = graphql.nested(row, "department", "subArchive", "type", "proceeding")
    department, archive, kind, case = parts.values()
    number, case_type = case.text("sequenceNumber"), as_text(Fields(case.data.get("type")).data.get("id"))
    is_classified, is_unpublished = row.take("classified"), row.take("unpublished")
    is_shut = is_classified is not False or is_unpublished is True
    files, left = graphql.documents(source, row.items("documents"), "/file/", is_shut=is_shut)
    reason = row.text("mainDocumentNotPublishedReason")
    entry = JournalEntry(
        key=key, locator=locator, case_key=case.text("id"), case_number=number, document_number=row.text("sequenceNumber"),
        serial=row.text("archiveId"), journal_date=row.text("journalDate"), document_date=row.text("documentDate"), title=row.text("title"),
        document_type=_type(kind.text("name"), kind.text("description")), senders=graphql.names(row.items("senders")),
        recipients=graphql.names(row.items("recipients")), case_worker=next(iter(graphql.names(row.items("caseworkers")) or ()), None),
        access=reason or (_flag(row) if is_shut else None), legal_basis=reason if reason and "§" in reason else None,
        unit=department.text("name"), class_code=archive.text("name"), files=files,
        source_url=_case_page(source, list_id, number, case_type),
    )  # fmt: skip
    for part in (department, archive, kind):
        part.leave(("id",))
    # Of the case only the number is wanted here; what it is about stands in the list of cases. Property numbers lead to owners.
    case.leave(("type", "subArchive", "propertyIdentifications"))
    row.leave(("status", "archiveSystem"))
    return replace(entry, leftovers=(*graphql.rest(row, parts), *left))


def _type(name: str | None, description: str | None) -> str | None:
    """The type as it is named; its description where the name is only a number."""
    return description or name if name is None or name.isdecimal() else name


def _flag(row: Fields) -> str | None:
    """Which of the two marks of the source an entry carries."""
    return next((name for name in ("classified", "unpublished") if row.data.get(name) is True), None)


def _case_page(source: Source, list_id: str, number: str | None, case_type: str | None) -> str | None:
    """The page a person sees the case on."""
    if not number:
        return None
    params = {"proceeding": {"sequenceNumber": number, **({"typeIdIn": [case_type]} if case_type else {})}}
    said = quote(json.dumps(params, ensure_ascii=False, separators=(",", ":")), safe="")
    return graphql.page_of(source, f"/postjournal-v2/{list_id}?params={said}")


def _counted_cases(source: Source, data: Fields) -> tuple[int, int]:
    """How many cases are in an answer, and how many the source counts; 0 where they are not wanted or it gives others than it counts."""
    proceedings = data.object("proceedings").data
    total, nodes = proceedings.get("totalCount"), proceedings.get("nodes")
    is_told = isinstance(total, int) and isinstance(nodes, list) and source.settings.heeds_case_dates and _wants_cases(source)
    return (len(nodes), total) if is_told else (0, 0)


def _cases(source: Source, capture: Capture, data: Fields, since: date, until: date) -> Iterator[Record]:
    """The cases of an answer that were last active in these days: some tenants give those of other days too."""
    if not _wants_cases(source):
        return
    proceedings = data.object("proceedings").data
    if proceedings.get("totalCount") and not isinstance(proceedings.get("nodes"), list):
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("no_items", step="case", field="nodes"))
    for index, node in enumerate(data.object("proceedings").items("nodes")):
        row = Fields(node)
        day = graphql.day_of(as_text(row.data.get("date")))
        if day is None or since <= day <= until:
            yield from _case(source, capture.context["list"], row, f"/data/proceedings/nodes/{index}")


def _case(source: Source, list_id: str, row: Fields, locator: str) -> Iterator[Record]:
    key = row.text("id")
    if not key:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="case", field="id"))
        return
    parts = graphql.nested(row, "department", "type")
    number = row.text("sequenceNumber")
    case = CaseFile(
        key=key, locator=locator, case_number=number, title=row.text("title"), case_type=parts["type"].text("name"),
        unit=parts["department"].text("name"), source_url=_case_page(source, list_id, number, parts["type"].text("id")),
    )  # fmt: skip
    parts["department"].leave(("id",))
    row.leave(("archiveId", "date", "caseworkers", "classified", "archiveSystem", "subArchive", "propertyIdentifications"))
    yield replace(case, leftovers=graphql.rest(row, parts))


def _read_case(source: Source, window: Window, capture: Capture, data: Fields) -> Iterator[Record]:
    """The case with a number; the one entry that comes with it is any entry and not meant."""
    for index, node in enumerate(data.object("proceedings").items("nodes")):
        row = Fields(node)
        if as_text(row.data.get("sequenceNumber")) == capture.context["number"]:
            yield from _case(source, capture.context["list"], row, f"/data/proceedings/nodes/{index}")
    yield from _strange(data)


READERS = {"days": _read_days, "part": _read_part, "case": _read_case}
