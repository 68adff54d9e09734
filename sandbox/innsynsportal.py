"""innsynsportal.no as ATLAS section 6.1 describes it: a journal behind GraphQL that knows only its own application's questions.

What is not known and made up: the HTTP status of its refusals (200, as clients that only look at `errors` have it), the words of types
and statuses, the page that scripts fill, and that the front page sends on to the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sandbox import days, graphql, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, plain, redirect
from sandbox.bodies import Body
from sandbox.graphql import USER, Refused
from sandbox.identifiers import guid_of
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting

LIMIT = 100
OUTDATED = "Innsyn er oppdatert, last siden på ny"
TYPES = {"I": "Inngående dokument", "U": "Utgående dokument", "X": "Internt dokument uten oppfølging", "N": "Internt dokument med oppfølging", "S": "Saksframlegg"}
CASE_TYPES = ("Byggesak", "Henvendelse", "Tilsynssak", "Generell sak")
BUILDING = 0
CALENDAR_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DOCUMENTS_OF_AN_ENTRY = 4


@dataclass(frozen=True)
class Quirks:
    """`leaks`: the list of cases does not heed the dates, its count does. Every `unit_missing`th entry has no department (0: none).
    `is_updated`: the application asks for one thing more than the text that is known."""

    leaks: bool = False
    unit_missing: int = 0
    is_updated: bool = False


class Innsynsportal:
    """One tenant on a host of its own, as Trondheim and Tromsø have it."""

    platform: ClassVar[str] = "innsynsportal"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")
    quirks: ClassVar[Quirks] = Quirks()

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.seed, self.day, self.journal = body, seed, day, journal
        self.host = f"{body.slug}.innsynsportal.no"
        self.lists = {name: guid_of("list", name, seed, body.slug) for name in ("Postliste", "Byggesaker")}
        self.home = f"https://{self.host}/postjournal-v2/{self.lists['Postliste']}"
        self._stems: dict[str, str] = {}
        self._rows: dict[tuple[date, date, bool], list[dict[str, Any]]] = {}
        self._made: dict[tuple[int, tuple[int, int]], dict[str, Any]] = {}
        self._cases: dict[tuple[date, date, bool], list[dict[str, Any]]] = {}
        text = graphql.text_of("SearchPostJournal")
        if self.quirks.is_updated:
            text = text.replace("  unpublished\n", "  unpublished\n  dispatchedDate\n")
        roots = {"searchJournals": self._journals, "proceedings": self._proceedings}
        self.service = graphql.Service({"SearchPostJournal": text}, frozenset(), OUTDATED, roots)

    def settings(self) -> Mapping[str, object]:
        return {"heeds_case_dates": False} if self.quirks.leaks else {}

    def entry_key(self, index: int) -> str:
        return self._id("journal", index)

    def item_key(self, meeting: int, item: int) -> str:
        raise LookupError("this platform has no meetings")

    def rules(self) -> HostRules:
        return HostRules(only=("/postjournal-v2", "/graphql", "/file/"), posts=("/graphql",))

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return {"journal_entry": len(self.journal.shown_in(since, until)), "case": len(self._cases_between(since, until))}

    # --- answers

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path = question.path
        if path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /api/\n", modified=days.http_date(self.day))
        if path == "/graphql":
            return graphql.serve(self.service, question)
        if match := re.fullmatch(r"/file/([0-9a-f-]{36})", path):
            return self._file(match[1])
        if path == "/":
            return redirect(self.home)
        return self._shell()

    def _shell(self) -> Answer:
        """The page of the application, whatever the path."""
        return html(
            '<!doctype html><html lang="no"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width,initial-scale=1"/>'
            '<title>Innsyn</title><script defer="defer" src="/static/js/main.5d0c1f.js"></script><link href="/static/css/main.77aa.css" rel="stylesheet"></head>'
            '<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>',
            modified=days.http_date(self.day),
        )

    def _file(self, key: str) -> Answer:
        number = self._number("document", key)
        index, place = divmod(number if number is not None else -1, DOCUMENTS_OF_AN_ENTRY)
        if not 0 <= index < len(self.journal) or not self.journal.is_shown(index) or place >= len(self._documents(entry := self.journal.entry(index))):
            return NOT_FOUND
        if not entry.is_open:
            return Answer(403, b"Forbidden", "text/plain; charset=utf-8")
        return Answer(200, pdf.write(entry.title, ""), "application/pdf", (("Content-Disposition", "inline"),), days.http_date(self.day))

    # --- the journal

    def _journals(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        where, of_case = asked.get("where") or {}, asked.get("proceedingWhere") or {}
        found = self._between(*_days("journalsWhere", where, "journalFromDate", "journalToDate"))
        case_types, types, units = (_chosen(w, name) for w, name in ((of_case, "typeIdIn"), (where, "typeIdIn"), (where, "departmentIdIn")))
        archive, words = where.get("subArchiveId"), str(where.get("search") or "").casefold()
        if self._is_building(where):
            case_types = {self._case_type(BUILDING)["id"]} & (case_types or {self._case_type(BUILDING)["id"]})
        elif where.get("listId") != self.lists["Postliste"]:
            found = []
        if units is not None:
            found = [row for row in found if (row["department"] or {}).get("id") in units]
        if case_types is not None:
            found = [row for row in found if row["proceeding"]["type"]["id"] in case_types]
        if types is not None:
            found = [row for row in found if row["type"]["id"] in types]
        if archive:
            found = [row for row in found if row["subArchive"]["id"] == archive]
        if words:
            found = [row for row in found if words in f"{row['title']} {row['proceeding']['sequenceNumber']}".casefold()]
        return self._connection(found, found[: _limit(asked)], asked, "SearchJournalsConnection")

    def _proceedings(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        where, limit = asked.get("where") or {}, _limit(asked)
        since, until = _days("proceedingsWhere", where, "fromDate", "toDate")
        units, types, number = _chosen(where, "departmentIdIn"), _chosen(where, "typeIdIn"), where.get("sequenceNumber")

        def is_wanted(row: Mapping[str, Any]) -> bool:
            return (
                (units is None or row["department"]["id"] in units) and (types is None or row["type"]["id"] in types)
                and (not number or row["sequenceNumber"] == number) and (not where.get("year") or row["date"].startswith(str(where["year"])))
            )  # fmt: skip

        if self._is_building(where):
            types = {self._case_type(BUILDING)["id"]} & (types or {self._case_type(BUILDING)["id"]})
        is_known = self._is_building(where) or where.get("listId") == self.lists["Postliste"]
        counted = [row for row in self._cases_between(since, until) if is_known and is_wanted(row)]
        shown = [row for row in self._cases_between(date.min, date.max) if is_known and is_wanted(row)] if self.quirks.leaks else counted
        return self._connection(counted, shown[:limit], asked, "ProceedingsConnection")

    @staticmethod
    def _connection(counted: Sequence[Any], nodes: list[Any], asked: Mapping[str, Any], name: str) -> dict[str, Any]:
        return {"totalCount": len(counted) if asked.get("includeCount") else None, "nodes": nodes, "__typename": name}

    def _is_building(self, where: Mapping[str, Any]) -> bool:
        return where.get("listId") == self.lists["Byggesaker"]

    def _state(self) -> bool:
        """Which of its two states a journal that lives is in."""
        return bool(getattr(self.journal, "has_moved_on", False))

    def _between(self, since: date, until: date) -> list[dict[str, Any]]:
        """The entries of some days, newest first."""
        key = (since, until, self._state())
        if key not in self._rows:
            self._rows[key] = [self._kept_row(i) for i in reversed(self.journal.shown_in(since, until))]
        return self._rows[key]

    def _kept_row(self, index: int) -> dict[str, Any]:
        """An entry as it was made before, unless it has been moved since."""
        key = (index, self.journal.case_of(index))
        if key not in self._made:
            self._made[key] = self._row(index)
        return self._made[key]

    def _cases_between(self, since: date, until: date) -> list[dict[str, Any]]:
        """The cases that were last active in some days, the latest first."""
        key = (since, until, self._state())
        if key not in self._cases:
            numbers = dict.fromkeys(self.journal.case_of(i)[0] for i in reversed(self.journal.shown_in(since, until)))
            self._cases[key] = [row for number in numbers if (row := self._case(number, until))]
        return self._cases[key]

    def _row(self, index: int) -> dict[str, Any]:
        entry = self.journal.entry(index)
        number, title = self.journal.case_number(entry.case), self._public(entry, entry.title)
        reason = None if entry.is_open else f"Unntatt offentlighet {entry.legal_basis}".strip() if entry.legal_basis else "Dokumentet er ikke publisert"
        has_unit = not self.quirks.unit_missing or index % self.quirks.unit_missing
        row = {
            "id": self.entry_key(index), "archiveId": str(self.journal.serial(index)), "journalDate": _midnight(entry.day), "classified": bool(entry.legal_basis),
            "documentDate": _midnight(entry.document_day), "title": title, "sequenceNumber": str(entry.place + 1), "caseworkers": [entry.worker],
            "senders": [self._public(entry, entry.sender)], "unpublished": False, "recipients": [self._public(entry, entry.recipient)] if entry.recipient else [],
            "mainDocumentNotPublishedReason": reason, "archiveSystem": self._named("ArchiveSystem", 0, "360"),
            "department": self._unit(entry.unit) if has_unit else None,
            "status": {**self._named("JournalStatus", 0, "J"), "description": "Journalført"}, "subArchive": self._named("SubArchive", 0, "Saksarkiv"),
            "type": {**self._named("JournalType", list(TYPES).index(entry.direction), entry.direction), "description": TYPES[entry.direction]},
            "documents": self._documents(entry),
            "proceeding": {"id": self._id("proceeding", entry.case), "sequenceNumber": number, "type": self._case_type(entry.case),
                           "subArchive": self._named("SubArchive", 0, "Saksarkiv"), "propertyIdentifications": self._properties(entry.case), "__typename": "Proceeding"},
            "__typename": "Journal",
        }  # fmt: skip
        return row

    def _documents(self, entry: Entry) -> list[dict[str, Any]]:
        """The main document, and with some an enclosure."""
        titles = [(self._public(entry, entry.title), "H"), *([("Vedlegg 1", "V")] if entry.index % 5 == 0 else [])]
        return [
            {"id": self._id("document", entry.index * DOCUMENTS_OF_AN_ENTRY + place), "classified": not entry.is_open, "title": title, "order": place,
             "type": self._named("DocumentType", "HV".index(kind), kind), "__typename": "Document"} for place, (title, kind) in enumerate(titles)
        ]  # fmt: skip

    def _case(self, number: int, until: date) -> dict[str, Any] | None:
        case = self.journal.case(number)
        last = max((self.journal.day_of(i) for i in case.members), default=None) if case else None
        if case is None or last is None or last > until:
            return None
        first = self.journal.entry(case.members[0])
        return {
            "id": self._id("proceeding", number), "archiveId": str(self.journal.case_sequence(number)), "sequenceNumber": self.journal.case_number(number),
            "title": case.title, "date": _midnight(last), "caseworkers": [first.worker], "classified": False, "archiveSystem": self._named("ArchiveSystem", 0, "360"),
            "department": self._unit(first.unit), "type": self._case_type(number), "subArchive": self._named("SubArchive", 0, "Saksarkiv"),
            "propertyIdentifications": self._properties(number), "__typename": "Proceeding",
        }  # fmt: skip

    def _public(self, entry: Entry, text: str) -> str:
        """A text as it may be read by all: what is classified hides private names word by word."""
        for name in entry.names if entry.legal_basis else ():
            text = text.replace(name, " ".join("*****" for _ in name.split()))
        return text

    def _unit(self, unit: int) -> dict[str, Any]:
        return self._named("Department", unit, UNITS[self.body.language][unit][1])

    def _case_type(self, case: int) -> dict[str, Any]:
        return self._named("ProceedingType", case % len(CASE_TYPES), CASE_TYPES[case % len(CASE_TYPES)])

    def _properties(self, case: int) -> list[dict[str, Any]]:
        """Often empty, and the same twice when it is not."""
        one = {"id": self._id("property", case), "useNr": str(case % 90 + 1), "propertyNr": str(case % 40 + 1), "__typename": "PropertyIdentification"}
        return [one, one] if case % 12 == BUILDING else []

    def _named(self, kind: str, number: int, name: str) -> dict[str, Any]:
        return {"id": self._id(kind, number), "name": name, "__typename": kind}

    def _id(self, kind: str, number: int) -> str:
        """A GUID whose last twelve digits are the number of the thing."""
        if kind not in self._stems:
            self._stems[kind] = guid_of(kind, self.seed, self.body.slug)[:24]
        return f"{self._stems[kind]}{number:012x}"

    def _number(self, kind: str, key: str) -> int | None:
        number = int(key[24:], 16)
        return number if self._id(kind, number) == key else None


class LeakingPortal(Innsynsportal):
    """As Asker and Drammen have it: the list of cases leaks."""

    quirks: ClassVar[Quirks] = Quirks(leaks=True)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _limit(asked: Mapping[str, Any]) -> int:
    limit = asked.get("limit")
    if not isinstance(limit, int):
        raise Refused(f"Int cannot represent non-integer value: {limit}", USER, 400)
    if limit > LIMIT:
        raise Refused("Too large limit")
    return max(limit, 0)


def _chosen(where: Mapping[str, Any], name: str) -> set[str] | None:
    """The values a list narrows by; an empty list narrows nothing, as clients send it."""
    return set(where.get(name) or ()) or None


def _days(variable: str, where: Mapping[str, Any], *names: str) -> tuple[date, date]:
    """The two days of a filter; no other form of a date is taken."""
    found = []
    for name, without in zip(names, (date.min, date.max), strict=True):
        value = where.get(name)
        if value is not None and not (isinstance(value, str) and CALENDAR_DAY.fullmatch(value)):
            message = f'Variable "${variable}" got invalid value "{value}" at "{variable}.{name}"; Date cannot represent an invalid date-string {value}.'
            raise Refused(message, USER, 400)
        try:
            found.append(date.fromisoformat(value) if value else without)
        except ValueError:
            raise Refused(f"Date cannot represent an invalid date-string {value}.", USER, 400) from None
    return found[0], found[1]
