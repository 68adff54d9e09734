"""The Noark 4 journal as ATLAS sections 7.2 and 9.2 describe it: OFFJOURN in ISO-8859-1 with a document type that is named and not there, a file
a week; and Telemark county's JSON of it, by day.

The service of JSON takes every path it does not know for a search; `/journals` itself gives twenty unless `limit` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from sandbox import shelf
from sandbox.answers import NOT_FOUND, Answer, Question, json_answer
from sandbox.bodies import Body
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting
from sandbox.shelf import EVER, Shelf, Shelved

FOLDER = "/offjournal/"


class Noark4Journal:
    """One body on a host of its own."""

    platform: ClassVar[str] = "noark4-journal"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal = body, day, journal
        self.host = f"journal.{body.domain}"
        self.home = f"https://{self.host}{FOLDER}"
        self.shelf = Shelf(body, day, journal, FOLDER, "text/xml")

    def rules(self) -> HostRules:
        return HostRules(only=(FOLDER,), closed=(f"{FOLDER}filer/OFFJOURN.DTD",))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return f"{self.journal.serial(index)}/{self.journal.day_of(index).year}"

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return shelf.counts(self.journal, since, until)

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        return self.shelf.respond(question, [self._file(*period) for period in self.shelf.periods(shelf.week_start)])

    def _file(self, since: date, until: date) -> Shelved:
        name = f"{since:%Y%m%d} - {until:%Y%m%d}.xml"
        return Shelved(name, name, since, until, lambda: self.write(since, until))

    def write(self, since: date, until: date) -> bytes:
        """The file of a period. Letters that ISO-8859-1 lacks are numbers."""
        head = (("PI.ARKSKAPER", self.body.full_name), ("PI.BASEID", "SAK"), ("PI.ORGNR", self.body.orgnr), ("PI.FRADATO", f"{since:%Y%m%d}"),
                ("PI.TILDATO", f"{until:%Y%m%d}"), ("PI.PRODDATO", f"{self.day:%Y%m%d}"), ("PI.ANTFILER", 1))  # fmt: skip
        cases = "".join(_xml("NOARKSAK.OJ", self._case(i)) for i in self.journal.shown_in(since, until))
        text = (
            '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE OFFJOURNAL SYSTEM "OFFJOURN.DTD">\n<OFFJOURNAL VERSJON="1.0"><PRODINFO>'
            f"{''.join(_xml(n, v) for n, v in head)}<FIL><PI.FILNAVN>{since:%Y%m%d} - {until:%Y%m%d}.xml</PI.FILNAVN></FIL></PRODINFO>"
            f"<SELEKSJON>JP.JDATO</SELEKSJON><RAPPORT>{cases}</RAPPORT></OFFJOURNAL>\n"
        )  # fmt: skip
        return text.encode("iso-8859-1", "xmlcharrefreplace")

    def _case(self, index: int) -> list[tuple[str, Any]]:
        e = self.journal.entry(index)
        case, unit = self.journal.case(e.case), UNITS[self.body.language][e.unit]
        group = [("KL.ORDNVERDI", 100 + e.unit), ("KL.SORT", 1), ("KL.OPLTEKST", unit[1]), ("KL.OVBESK", unit[1])]
        screened = [("JP.TGKODE", "U"), ("JP.UOFF", e.legal_basis)] if e.legal_basis else []
        documents = [("DL.RNR", 1), ("DL.TYPE", "H"), ("DOKBESKRIV.OJ", [("DB.TITTEL", e.title), ("DOKVERSJON.OJ", [
            ("VE.VERSJON", 1), ("VE.VARIANT", "A"), ("VE.FILREF", f"{500_000 + index}_1_1.PDF")])])]  # fmt: skip
        post = [
            ("JP.JAAR", e.day.year), ("JP.SEKNR", self.journal.serial(index)), ("JP.POSTNR", e.place + 1), ("JP.JDATO", int(f"{e.day:%Y%m%d}")),
            ("JP.NDOKTYPE", e.direction), ("JP.DOKDATO", int(f"{e.document_day:%Y%m%d}")), ("JP.OFFINNHOLD", e.title), *screened,
            *(("AVSMOT.OJ", [(_name_of(e, name), name), ("AM.IHTYPE", role)]) for name, role in ((e.sender, 0), (e.recipient, 1)) if name),
            *([("DOKLINK.OJ", documents)] if e.is_open else []),
        ]  # fmt: skip
        return [("SA.SAAR", self.day.year), ("SA.SEKNR", self.journal.case_sequence(e.case)), ("SA.OFFTITTEL", case.title if case else e.title),
                ("SA.ADMKORT", unit[0]), ("SA.ANSVINIT", "".join(w[0] for w in e.worker.split())), ("KLASSERING.OJ", group), ("JOURNPOST.OJ", post)]  # fmt: skip


class Noark4Api(Noark4Journal):
    """The JSON service of one body."""

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        super().__init__(body, seed, day, journal, meetings)
        self.host = f"api.{body.domain}"
        self.home = f"https://{self.host}/journals"

    def rules(self) -> HostRules:
        return HostRules(only=("/journals",))

    def settings(self) -> Mapping[str, object]:
        return {"api": True}

    def case_number(self, case: int) -> str:
        return f"{self.day.year % 100}/{self.journal.case_sequence(case):05d}"

    def respond(self, question: Question) -> Answer:
        path, query = question.plain_path.rstrip("/"), question.query
        shown = self.journal.shown_in(*EVER)
        if path == "/journals":
            skip, limit = (int(v) if (v := query.get(name, "")).isdecimal() else n for name, n in (("skip", 0), ("limit", 20)))
            return self._listed(shown[skip : skip + limit])
        if path == "/journals/latest":
            return self._listed(i for i in shown if self.journal.day_of(i) == self.journal.day_of(shown[-1]))
        if path == "/journals/date/distinct":
            return json_answer(sorted({int(f"{self.journal.day_of(i):%Y%m%d}") for i in shown}))
        if path == "/journals/department/distinct":
            return json_answer([name for _, name in UNITS[self.body.language]])
        if match := re.fullmatch(r"/journals/date/(\w+)(?:/(\w+))?", path):
            since, until = match[1], match[2] or match[1]
            return self._listed(i for i in shown if since <= f"{self.journal.day_of(i):%Y%m%d}" <= until)
        if match := re.fullmatch(r"/journals/([^/]+)", path):
            return self._listed(i for i in shown if match[1].lower() in self.journal.entry(i).title.lower())
        return json_answer({"statusCode": 404, "error": "Not Found"}, status=404, media_type="application/json; charset=utf-8")

    def _listed(self, indexes: Iterable[int]) -> Answer:
        return json_answer([self._object(i) for i in indexes], media_type="application/json; charset=utf-8")

    def _object(self, index: int) -> dict[str, Any]:
        e, unit = self.journal.entry(index), UNITS[self.body.language][self.journal.entry(index).unit][1]
        number, case = self.case_number(e.case), self.journal.case(e.case)
        party, role = (e.recipient, 1) if e.direction == "U" else (e.sender, 0)
        described = {"DB_TITTEL": f"{e.title}.pdf", "DB_TGKODE": "Ugradert", "DB_TGVERDI": 0, "DOKVERSJON_OJ": {
            "VE_VERSJON": 1, "VE_VARIANT": "A", "VE_FILREF": f"{500_000 + index}_1_1.PDF",
            "VE_FILURL": f"https://{self.host}/journals/{e.day:%Y%m%d} - {e.day:%Y%m%d}/{500_000 + index}_1_1.PDF"}}  # fmt: skip
        documents = [{"DL_RNR": 1, "DL_DOKID": 500_000 + index, "DL_TYPE": "H", "DOKBESKRIV_OJ": described}] if e.is_open else []
        post = {
            "JP_SEKNR": self.journal.serial(index), "JP_DOKNR": f"{number}-{e.place + 1}", "JP_POSTNR": e.place + 1,
            "JP_JDATO": int(f"{e.day:%Y%m%d}"), "JP_NDOKTYPE": e.direction, "JP_DOKDATO": int(f"{e.document_day:%Y%m%d}"), "JP_OFFINNHOLD": e.title,
            "JP_TGKODE": "U" if e.legal_basis else "Ugradert", **({"JP_UOFF": e.legal_basis} if e.legal_basis else {}), "JP_TGVERDI": 0,
            "JP_ANSVAVD": unit, "AVSMOT_OJ": {_name_of(e, party).replace(".", "_"): party, "AM_IHTYPE": role}, "JP_DOKUMENTER": documents,
        }  # fmt: skip
        return {
            "_id": f"{index:024x}", "sakId": f"{self.day.year}_{self.journal.case_sequence(e.case)}", "SA_SAAR": self.day.year,
            "SA_SEKNR": self.journal.case_sequence(e.case), "SA_SAKNR": number, "SA_OFFTITTEL": case.title if case else e.title, "SA_ADMKORT": unit,
            "SA_ANSVINIT": "rang", "KLASSERING_OJ": [{"KL_ORDNVERDI": "---", "KL_SORT": 1, "KL_OPLTEKST": "---"}], "JOURNPOST_OJ": post,
        }  # fmt: skip


def _name_of(entry: Entry, party: str) -> str:
    """The name of the element a party stands in: a person's own has another."""
    return "PNAVN" if party in entry.names else "AM.NAVN"


def _xml(name: str, value: Any) -> str:
    inner = "".join(_xml(n, v) for n, v in value) if isinstance(value, list) else escape(str(value))
    return f"<{name}>{inner}</{name}>"
