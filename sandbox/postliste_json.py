"""`api/postliste` as ATLAS section 7.1 describes it: JSON with a byte order mark, days by type, no addresses of files.

Parties of nobody are `[null]`; a private person who got an answer by e-mail stands there by that address; some entries have no Dokumenter at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from sandbox import days
from sandbox.answers import NOT_FOUND, Answer, Question, json_answer
from sandbox.bodies import Body
from sandbox.identifiers import guid_of
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting

PATH = re.compile(r"/api/postliste/(?P<since>[^/]+)/(?P<until>[^/]+)(?:/(?P<unit>[^/]*))?/?", re.I)
ORDER = "UIXNS"


class PostlisteJson:
    """One body on a host of its own."""

    platform: ClassVar[str] = "postliste-json-api"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.seed, self.day, self.journal = body, seed, day, journal
        self.host = f"postliste.{body.domain}"
        self.home = f"https://{self.host}/api/postliste/"

    def rules(self) -> HostRules:
        return HostRules(only=("/api/postliste/",))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return guid_of("api/postliste", self.seed, self.body.slug, index)

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def case_number(self, case: int) -> str:
        """Two digits of the year and five of the sequence, `18/00766`."""
        return f"{self.day.year % 100}/{self.journal.case_sequence(case):05d}"

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = self.journal.shown_in(since, until)
        return {"journal_entry": len(shown), "case": len({self.journal.case_of(i)[0] for i in shown})}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        match = PATH.fullmatch(question.plain_path)
        if match is None:
            return NOT_FOUND
        try:
            since, until = date.fromisoformat(match["since"]), date.fromisoformat(match["until"])
        except ValueError:
            return json_answer({"Message": "The request is invalid."}, status=400, media_type="application/json; charset=utf-8")
        unit = match["unit"] or "_"
        answer = {"uri": f"/api/postliste/{since}/{until}/{unit}/", "response": self._days(since, until, unit)}
        body = b"\xef\xbb\xbf" + json.dumps(answer, ensure_ascii=False).encode()
        return Answer(200, body, "application/json; charset=utf-8", (), days.http_date(self.day))

    def _days(self, since: date, until: date, unit: str) -> dict[str, dict[str, list[Any]]]:
        found: dict[str, dict[str, list[Any]]] = {}
        for index in self.journal.shown_in(since, until):
            entry = self.journal.entry(index)
            if unit in ("_", UNITS[self.body.language][entry.unit][1]):
                of_day = found.setdefault(f"{entry.day}T00:00:00", {})
                of_day.setdefault(entry.direction, []).append(self._entry(index, entry))
        return {day: {kind: of_day[kind] for kind in ORDER if kind in of_day} for day, of_day in found.items()}

    def _entry(self, index: int, entry: Entry) -> dict[str, Any]:
        case, number = self.journal.case(entry.case), self.case_number(entry.case)
        is_to = entry.direction == "U"
        party = self._party(index, entry, entry.recipient if is_to else entry.sender)
        files = {"Dokumenter": [{"Id": str(700_000 + index), "Tittel": entry.title, "Filendelse": "PDF", "Offentlig": entry.is_open,
                                 "Tilgjengelig": entry.is_open and index % 2 == 0, "Extensions": None}]}  # fmt: skip
        return {
            "Id": self.entry_key(index), "Avdeling": UNITS[self.body.language][entry.unit][1], "SakTittel": case.title if case else entry.title,
            "SakNr": number, "SakId": number, "Tittel": entry.title, "DokumentNr": f"{number}-{entry.place + 1}", "DokumentType": entry.direction,
            "LopeNr": f"{self.journal.serial(index)}/{entry.day.year}", "Avsendere": [None] if is_to else [party],
            "Mottakere": [party] if is_to else [None], "DokumentDato": f"{entry.document_day}T00:00:00", "JournalDato": f"{entry.day}T00:00:00",
            "PubliseringsDato": f"{self.journal.updated_on(index)}T00:00:00", "Offentlig": entry.is_open, "Hjemmel": entry.legal_basis or None,
            "Arkivkode": None, "SakKontaktNavn": entry.worker, "SakKontaktEpost": None, **({} if index % 7 == 3 else files), "Extensions": None,
        }  # fmt: skip

    @staticmethod
    def _party(index: int, entry: Entry, party: str) -> str:
        """A party as it is written: of some private persons the address their answer was sent to."""
        if party in entry.names and entry.direction == "U" and index % 3 == 0:
            return f"{re.sub(r'[^a-z]+', '.', party.lower()).strip('.')}@epost.example"
        return party
