"""Bergen's own interfaces as ATLAS section 7.4 describes them: political meetings, and building and plan cases with their documents.

Days of cases and documents are milliseconds since 1970, midnight in Oslo. A composite identifier with a colon is answered 500. What no source
tells of an answer (moter/{id}, sakskart/{id}) is guessed from the fields that are known.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, json_answer, plain
from sandbox.bodies import Body
from sandbox.journal import CASES_IN_BLOCK, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Meeting

CASES, POLITICS = "/innsynplanogbyggesak/api", "/politikere-utvalg/api"
FIRST_MEETING, FIRST_ITEM, FIRST_COMMITTEE, FIRST_DOCUMENT = 10_142_000, 267_000, 375_600, 5_200_000
ITEMS_OF_A_MEETING = 100
KINDS = {8: ("HENV", "Henvendelse"), 9: ("ULOV", "Ulovlighetssak")}
DEFAULT_ROWS = 10


class Bergen:
    """The body behind both interfaces, on a host of its own."""

    platform: ClassVar[str] = "bergen-custom"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case", "meeting", "agenda_item")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal, self.meetings = body, day, journal, meetings
        self.names = COMMITTEES[(body.role, body.language)]
        self.host = f"innsyn.{body.domain}"
        self.home = f"https://{self.host}{CASES}/saker"

    def rules(self) -> HostRules:
        return HostRules(only=(CASES, POLITICS), closed=(f"{CASES}/fil", f"{CASES}/saksgang"))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return f"{self.day.year}{self.journal.serial(index):06d}"

    def item_key(self, meeting: int, item: int) -> str:
        return f"{FIRST_MEETING + meeting}-{FIRST_ITEM + meeting * ITEMS_OF_A_MEETING + item}"

    def case_number(self, case: int) -> str:
        """With the letters of its kind, `BYGG-2026/00412`."""
        return f"{KINDS.get(case % 10, ('BYGG', ''))[0]}-{self.day.year}/{self.journal.case_sequence(case):05d}"

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = self.journal.shown_in(since, until)
        within = [m for m in self.meetings if since - days.MEETING_MARGIN <= m.day <= until + days.MEETING_MARGIN]
        moved = [n for n in self._numbers() if (on := self._status_day(n)) and on >= since]
        return {"journal_entry": len(shown), "case": len(moved), "meeting": len(within), "agenda_item": sum(len(m.items) for m in within)}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path, query = question.plain_path.rstrip("/"), question.query
        if path == f"{CASES}/saker":
            return self._cases(query)
        if path == f"{CASES}/dokumenter":
            return self._documents(query.get("saksnr", ""))
        if match := re.fullmatch(rf"{CASES}/fil/(\d+)/(\d+)/[^./,]+", path):
            return self._file(int(match[2]) - FIRST_DOCUMENT, query.get("p", ""))
        if path.startswith(f"{POLITICS}/"):
            return self._politics(path.removeprefix(f"{POLITICS}/"), query)
        return NOT_FOUND

    # --- cases and their documents

    def _numbers(self) -> range:
        return range(len(self.journal) // (12 // CASES_IN_BLOCK) + CASES_IN_BLOCK)

    def _members(self, number: int) -> tuple[int, ...]:
        case = self.journal.case(number)
        return tuple(i for i in case.members if self.journal.is_shown(i)) if case else ()

    def _status_day(self, number: int) -> date | None:
        """When the status of a case last changed: with its newest document, or with one that came late."""
        return max((max(self.journal.day_of(i), self.journal.updated_on(i)) for i in self._members(number)), default=None)

    def _cases(self, query: Mapping[str, str]) -> Answer:
        words, rows = query.get("tekst", "").strip('"').lower(), _number(query.get("rows"), DEFAULT_ROWS)
        found: list[tuple[date, int]] = []
        for number in self._numbers():
            moved = self._status_day(number)
            if moved and words in f"{self.case_number(number)} {self._title(number)}".lower():
                found.append((moved, number))
        if query.get("orderBy") == "statusDato":
            found.sort(reverse=query.get("asc") != "true")
        return json_answer({"numTotal": len(found), "items": [self._case(number, moved) for moved, number in found[:rows]]})

    def _title(self, number: int) -> str:
        case = self.journal.case(number)
        return case.title if case else ""

    def _case(self, number: int, moved: date) -> dict[str, Any]:
        return {
            "saksnr": self.case_number(number), "tittel": self._title(number), "statusDato": _milliseconds(moved),
            "sakstypenavn": KINDS.get(number % 10, ("", "Byggesak"))[1], "status": "Under behandling", "gnrBnr": [f"{number % 200}/{number % 90}"],
            "soker": ["Tegnestova Fjellhavn AS"], "tiltakshaver": "Ragnhild Fjellhaugmo",
        }  # fmt: skip

    def _documents(self, number: str) -> Answer:
        match = re.fullmatch(r"[A-ZÆØÅ]+-\d{4}/(\d+)", number)
        case = next((n for n in self._numbers() if self.case_number(n) == number), None) if match else None
        if case is None:
            return json_answer({"numTotal": 0, "items": []})
        members = sorted(self._members(case), key=lambda i: (self.journal.day_of(i), i), reverse=True)
        return json_answer({"numTotal": len(members), "items": [self._document(i) for i in members]})

    def _document(self, index: int) -> dict[str, Any]:
        e: Entry = self.journal.entry(index)
        is_to = e.direction == "U"
        return {
            "jnr": self.entry_key(index), "doknr": str(e.place + 1), "tittel": e.title, "type": e.direction, "dokdato": _milliseconds(e.document_day),
            "journaldato": _milliseconds(e.day), "avsendere": None if is_to else [e.sender], "mottakere": [e.recipient] if is_to else None,
            "filer": [{"kildeid": str(FIRST_DOCUMENT + index), "filnavn": f"SOK, {e.place + 1}.pdf", "filtype": "pdf", "publisert": e.is_open}],
        }  # fmt: skip

    def _file(self, index: int, proof: str) -> Answer:
        """A file is given out only to whoever says, in base64, which case led there."""
        if not 0 <= index < len(self.journal) or not self.journal.is_shown(index) or not self.journal.entry(index).is_open:
            return NOT_FOUND
        entry = self.journal.entry(index)
        if proof != b64encode(f"/saksinnsyn/sak/{self.case_number(entry.case)}".encode()).decode():
            return plain("Forbidden", status=403)
        return Answer(200, pdf.write(entry.title, entry.title), "application/pdf", (), days.http_date(self.day))

    # --- meetings

    def _politics(self, rest: str, query: Mapping[str, str]) -> Answer:
        if ":" in rest:
            return json_answer({"timestamp": f"{self.day}T05:00:00.000+0000", "status": 500, "error": "Internal Server Error"}, status=500)
        name, _, number = rest.partition("/")
        if name == "allemoter":
            months: dict[str, list[Any]] = {}
            for index, meeting in enumerate(self.meetings):
                months.setdefault(f"{meeting.day:%Y-%m}", []).append(self._meeting(index))
            return json_answer(months)
        if name == "utvalg" and not number:
            words = query.get("q", "").lower()
            return json_answer([self._committee(n) for n, text in enumerate(self.names) if words in text.lower()])
        if name == "utvalg" and number.isdigit() and 0 <= int(number) - FIRST_COMMITTEE < len(self.names):
            return json_answer(self._committee(int(number) - FIRST_COMMITTEE))
        if name in ("moter", "sakskart") and number.isdigit() and 0 <= int(number) - FIRST_MEETING < len(self.meetings):
            index = int(number) - FIRST_MEETING
            items = [self._item(index, place) for place in range(len(self.meetings[index].items))]
            return json_answer({**self._meeting(index), "agendapunkter": items} if name == "moter" else items)
        if name == "agendapunkter":
            return self._agenda(query)
        return json_answer({"status": 404, "error": "Not Found"}, status=404)

    def _committee(self, number: int) -> dict[str, Any]:
        return {"id": f"{FIRST_COMMITTEE + number}:utvalg:bk360", "kildeId": str(FIRST_COMMITTEE + number), "navn": self.names[number],
                "kildesystem": "bk360"}  # fmt: skip

    def _meeting(self, index: int) -> dict[str, Any]:
        meeting = self.meetings[index]
        committee = FIRST_COMMITTEE + meeting.committee
        return {
            "id": f"{committee}:{FIRST_MEETING + index}:mote:bk360", "kildeId": str(FIRST_MEETING + index), "utvalgId": str(committee),
            "utvalgsNavn": meeting.committee_name, "moteDato": str(meeting.day), "kildesystem": "bk360",
            "status": "Avholdt" if meeting.is_held(self.day) else "Under forberedelse",
        }  # fmt: skip

    def _item(self, index: int, place: int) -> dict[str, Any]:
        meeting = self.meetings[index]
        return {
            "tittel": meeting.items[place].title, "beskrivelse": meeting.items[place].text or None,
            "utvalgId": str(FIRST_COMMITTEE + meeting.committee), "utvalgsNavn": meeting.committee_name, "moteId": str(FIRST_MEETING + index),
            "kildeId": str(FIRST_ITEM + index * ITEMS_OF_A_MEETING + place), "moteDato": str(meeting.day),
            "saksnr": f"{meeting.day.year}/{257_000 + index * ITEMS_OF_A_MEETING + place}", "status": "Behandlet" if meeting.is_held(self.day) else "Ny",
            "kildesystem": "bk360",
        }  # fmt: skip

    def _agenda(self, query: Mapping[str, str]) -> Answer:
        words, committee, year = query.get("tittel", "").lower(), query.get("utvalgId", ""), query.get("year", "")
        start, rows = _number(query.get("start"), 0), _number(query.get("rows"), DEFAULT_ROWS)
        found = [
            (index, place)
            for index, meeting in enumerate(self.meetings)
            if committee in ("", str(FIRST_COMMITTEE + meeting.committee)) and year in ("", str(meeting.day.year))
            for place, item in enumerate(meeting.items)
            if words in item.title.lower()
        ]
        return json_answer({"numTotal": len(found), "items": [self._item(*at) for at in found[start : start + rows]]})


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _milliseconds(day: date) -> int:
    """Midnight in Oslo, in milliseconds since 1970."""
    hours = 2 if days.is_summer_time(day) else 1
    return int((datetime.combine(day, time(), UTC) - timedelta(hours=hours)).timestamp() * 1000)
