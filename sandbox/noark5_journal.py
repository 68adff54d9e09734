"""`offentligJournal.xml` as ATLAS sections 9.1 and 9.3 describe it: a file a month, UTF-8 with a byte order mark, on a page that links to them.

How bodies publish the file is not known; the page is made up. No type of document stands in it: the parties tell. What may not be read has
`*****` in place of words and the paragraph beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar
from xml.sax.saxutils import escape

from sandbox import shelf
from sandbox.answers import NOT_FOUND, Answer, Question
from sandbox.bodies import Body
from sandbox.days import MONTHS
from sandbox.identifiers import guid_of
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting
from sandbox.shelf import Shelf, Shelved

FOLDER = "/offentlig-journal/"
NAMESPACE = "http://www.arkivverket.no/standarder/noark5/offentligJournal"
MASK = "*****"


class Noark5Journal:
    """One body on a host of its own. `is_latest`: version 5.5 of the format; older ones lack the unit, the case worker and the case's own
    number."""

    platform: ClassVar[str] = "noark5-journal"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")
    is_latest: ClassVar[bool] = True

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.seed, self.day, self.journal = body, seed, day, journal
        self.host = f"journal.{body.domain}"
        self.home = f"https://{self.host}{FOLDER}"
        self.shelf = Shelf(body, day, journal, FOLDER, "application/xml")

    def rules(self) -> HostRules:
        return HostRules(only=(FOLDER,))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return guid_of("noark5", self.seed, self.body.slug, index)

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def says_type(self, index: int) -> bool:
        """A case presentation goes from one committee or unit of the body to another: nothing tells it from other letters."""
        return self.journal.entry(index).direction != "S"

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return shelf.counts(self.journal, since, until)

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        return self.shelf.respond(question, [self._file(*period) for period in self.shelf.periods(shelf.month_start)])

    def _file(self, since: date, until: date) -> Shelved:
        label = f"Offentlig journal {MONTHS[since.month - 1]} {since.year}"
        return Shelved(f"{since:%Y-%m}/offentligJournal.xml", label, since, until, lambda: self.write(since, until))

    def write(self, since: date, until: date) -> bytes:
        """The file of a period."""
        entries = self.journal.shown_in(since, until)
        creator = f"<arkivskaperID>{self.body.orgnr}</arkivskaperID><arkivskaperNavn>{escape(self.body.full_name)}</arkivskaperNavn>"
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<offentligJournal xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="{NAMESPACE}" '
            f'xmlns:n5mdk="http://www.arkivverket.no/standarder/noark5/metadatakatalog" xsi:schemaLocation="{NAMESPACE} offentligJournal.xsd">\n'
            f"<journalhode><journalStartDato>{since}</journalStartDato><journalSluttDato>{until}</journalSluttDato>"
            f"<seleksjon>Alle journalposter i perioden</seleksjon><antallJournalposter>{len(entries)}</antallJournalposter>"
            f"<arkivskaper>{creator}</arkivskaper></journalhode>\n{''.join(self._registration(i) for i in entries)}</offentligJournal>\n"
        )  # fmt: skip
        return b"\xef\xbb\xbf" + text.encode()

    def _registration(self, index: int) -> str:
        e = self.journal.entry(index)
        number, case = self.journal.case_number(e.case), self.journal.case(e.case)
        year, _, sequence = number.partition("/")
        unit = UNITS[self.body.language][e.unit][1]
        is_closed = not e.is_open and bool(e.legal_basis)
        screened = {"tilgangsrestriksjon": "Unntatt offentlighet", "skjermingshjemmel": e.legal_basis} if is_closed else {}
        latest = {"administrativEnhet": unit, "saksbehandler": e.worker} if self.is_latest else {}
        of_case = {"mappeID": number} if self.is_latest else {}
        of_case |= {"saksaar": year, "sakssekvensnummer": sequence, "offentligTittel": case.title if case else ""}
        of_case |= {"administrativEnhet": unit, "saksansvarlig": e.worker} if self.is_latest else {}
        post = {
            "systemID": self.entry_key(index), "journalaar": e.day.year, "journalsekvensnummer": self.journal.serial(index),
            "journalpostnummer": e.place + 1, "offentligTittel": _masked(e) if is_closed else e.title, "journaldato": e.day,
            "dokumentetsDato": e.document_day, **latest, **screened,
        }  # fmt: skip
        parties = "".join(
            f"<korrespondansepart><korrespondanseparttype>{role}</korrespondanseparttype><korrespondansepartNavn>{escape(name)}"
            "</korrespondansepartNavn></korrespondansepart>"
            for role, name in self._parties(e, unit, is_closed=is_closed)
        )  # fmt: skip
        group = f"<klasse><klasseID>{100 + e.unit}</klasseID><tittel>{escape(unit)}</tittel></klasse>" if index % 3 else ""
        return (
            f"<journalregistrering>{group}<saksmappe>{_elements(of_case)}</saksmappe><journalpost>{_elements(post)}{parties}</journalpost>"
            "</journalregistrering>\n"
        )  # fmt: skip

    def _parties(self, entry: Entry, unit: str, *, is_closed: bool) -> list[tuple[str, str]]:
        """Who it is from and to; `Intern …` within the body."""
        if entry.direction == "I":
            return [("Avsender", MASK if is_closed else entry.sender)]
        if entry.direction == "U":
            return [("Mottaker", MASK if is_closed else entry.recipient)]
        if entry.direction == "S":
            return [("Avsender", self.body.full_name), ("Mottaker", self.body.full_name)]
        return [("Intern avsender", unit), ("Intern mottaker", "Dokumentsenteret")]


def _elements(values: Mapping[str, object]) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in values.items() if value != "")


def _masked(entry: Entry) -> str:
    """The title with five asterisks for every word of a name (requirement 5.2.6)."""
    title = entry.title
    for name in entry.names:
        title = title.replace(name, " ".join(MASK for _ in name.split()))
    return title
