"""ACOS nye-innsyn and eInnsyn over a journal that lives: entries come late, are withdrawn and are moved to another case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from sandbox import acos, days, einnsyn
from sandbox.answers import NOT_FOUND, Answer, Question
from sandbox.bodies import Body
from sandbox.einnsyn import Deliverer
from sandbox.identifiers import read_einnsyn_id
from sandbox.journal import Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting


def _meeting_counts(meetings: Sequence[Meeting], since: date, until: date) -> dict[str, int]:
    within = [m for m in meetings if since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN]
    return {"meeting": len(within), "agenda_item": sum(len(m.items) for m in within)}


class AcosInnsyn(acos.AcosInnsyn):
    """One tenant of nye-innsyn on a host of its own. Its list and its cases carry no document date, and a case no types."""

    platform: ClassVar[str] = "acos-innsyn"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case", "meeting", "agenda_item")
    lacks: ClassVar[tuple[str, ...]] = ("document_date",)

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        super().__init__(body, seed, day, journal, meetings, acos.Quirks(), f"innsyn.{body.domain}", "/innsyn/")

    def answers(self, question: Question) -> bool:
        return question.host == self.host

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def settings(self) -> Mapping[str, object]:
        return {}

    def says_type(self, index: int) -> bool:
        """Those that stand in their case only have no type there."""
        return self.journal.is_listed(index)

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = self.journal.shown_in(since, until)
        listed = {self.journal.case_of(i)[0] for i in shown if self.journal.is_listed(i)}
        found = sum(self.journal.case_of(i)[0] in listed for i in shown)
        return {"journal_entry": found, "case": len(listed), **_meeting_counts(self.meetings, since, until)}

    def _case_rows(self, values: Mapping[str, str]) -> Sequence[int]:
        rows = super()._case_rows(values)
        return rows if values.get("FilterContent") == "CaseOnly" else [i for i in rows if self.journal.is_shown(i)]

    def _files(self, rest: str) -> Answer:
        index = self._number(rest, "d")
        return self._error(404, "Not Found") if index is None or not self.journal.is_shown(index - 1) else super()._files(rest)


class _Interface(einnsyn.EInnsyn):
    """The interface: what is not shown is found by no search and by no identifier; what was published again stands where that puts it."""

    def is_dropped(self, deliverer: Deliverer, index: int) -> bool:
        return not deliverer.journal.is_shown(index)

    def _journal_hits(self, d: Deliverer, unit: int, query: Mapping[str, str], is_rising: bool) -> Iterator[tuple[int, str]]:
        published = sorted((d.journal.updated_on(i), i) for i in range(len(d.journal)) if d.journal.is_shown(i))
        for name in ("oppdatertDato", "publisertDato"):
            start, end = self._moment(query, f"{name}From"), self._moment(query, f"{name}To", is_end=True)
            published = [(on, i) for on, i in published if (not start or on >= start.date()) and (not end or on <= end.date())]
        known = read_einnsyn_id(query.get("startingAfter", "").rpartition(",")[2], self.seed)
        if known and known[0] == "jp" and known[1] == d.number:
            edge = (d.journal.updated_on(known[2]), known[2])
            published = [p for p in published if (p > edge if is_rising else p < edge)]
        others = [k for k in query if k in einnsyn.FILTERS and not k.startswith(("oppdatertDato", "publisertDato"))]
        for on, index in published if is_rising else reversed(published):
            identifier = self._id("jp", d.number, index)
            if not (others or unit) or self._matches(self._object(identifier), d, unit, query):
                yield einnsyn.milliseconds(on), identifier


class EInnsyn:
    """One body that delivers to eInnsyn, alone there."""

    platform: ClassVar[str] = "einnsyn"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case", "meeting", "agenda_item")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.journal, self.meetings = journal, meetings
        self.interface = _Interface(seed, day)
        self.deliverer = self.interface.add(body, journal, meetings)
        self.host, self.home = einnsyn.HOST, f"https://{einnsyn.HOST}/"

    def answers(self, question: Question) -> bool:
        return question.host == self.host

    def respond(self, question: Question) -> Answer:
        return self.interface.respond(question)

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def rules(self) -> HostRules:
        return self.interface.rules()

    def settings(self) -> Mapping[str, Any]:
        return {"unit": self.interface.unit(self.deliverer)}

    def entry_key(self, index: int) -> str:
        return self.interface.entry_key(self.deliverer, index)

    def item_key(self, meeting: int, item: int) -> str:
        return self.interface.item_key(self.deliverer, meeting, item)

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = [i for i in range(len(self.journal)) if self.journal.is_shown(i) and since <= self.journal.updated_on(i) <= until]
        return {"journal_entry": len(shown), "case": len({self.journal.case_of(i)[0] for i in shown}), **_meeting_counts(self.meetings, since, until)}
