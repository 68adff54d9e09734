"""Journals in PDF as ATLAS section 7.11 describes them: three layouts of report, linked from a page by day, week and month.

Only the labels, their order and the form of the numbers are known; fonts, places and headings are made up. Cells wrap, entries go on over the
page, every page has a heading and a number at its foot.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from sandbox import days, pdf, shelf
from sandbox.answers import NOT_FOUND, Answer, Question
from sandbox.bodies import Body
from sandbox.days import MONTHS, dotted
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting
from sandbox.pdf import Placed
from sandbox.shelf import EVER, Shelf, Shelved

FOLDER = "/postliste/"
TOP, BOTTOM, LINE = 760, 60, 11
BY_DAY, BY_WEEK = 8, 28
"""How old a day may be to have a file of its own, and how old to stand in a week's file; older ones stand in a month's."""

Cell = tuple[int, int, str]
Row = list[Cell]


class PdfJournal:
    """One body on a host of its own, in the layout of GrapeCity ActiveReports. Subclasses have the other layouts."""

    platform: ClassVar[str] = "pdf-journal"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal = body, day, journal
        self.host = f"postliste.{body.domain}"
        self.home = f"https://{self.host}{FOLDER}"
        self.shelf = Shelf(body, day, journal, FOLDER, "application/pdf")
        self._drawn: dict[tuple[date, date, tuple[tuple[int, str], ...]], bytes] = {}

    def rules(self) -> HostRules:
        return HostRules(only=(FOLDER,))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        case, place = self.journal.case_of(index)
        return f"{self.case_number(case)}-{place + 1}"

    def case_number(self, case: int) -> str:
        return self.journal.case_number(case)

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def carries(self, index: int) -> bool:
        return True

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return shelf.counts(self.journal, since, until, self.carries)

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        return self.shelf.respond(question, self.files())

    def files(self) -> list[Shelved]:
        """The files of the page, newest first: of the last two weeks a file a day, then a file a week, then a file a month."""
        days_of = sorted({self.journal.day_of(i) for i in self.journal.shown_in(*EVER) if self.carries(i)}, reverse=True)
        files: dict[str, Shelved] = {}
        for day in days_of:
            age = (self.day - day).days
            if age < BY_DAY:
                file = self._file(f"postliste-{day}.pdf", f"Postliste {days.long(day)}", day, day)
            elif age < BY_WEEK:
                monday, (year, week, _) = shelf.week_start(day), day.isocalendar()
                file = self._file(f"postliste_uke_{week}_{year}.pdf", f"Postliste uke {week}, {year}", monday, monday + timedelta(days=6))
            else:
                first = shelf.month_start(day)
                last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
                file = self._file(f"postliste_{day:%Y_%m}.pdf", f"Postliste {MONTHS[day.month - 1]} {day.year}", first, last)
            files.setdefault(file.name, file)
        return list(files.values())

    def _file(self, name: str, label: str, since: date, until: date) -> Shelved:
        return Shelved(name, label, since, until, lambda: self.write(since, until))

    def write(self, since: date, until: date) -> bytes:
        """The report of a period; one that would come out the same is not drawn again."""
        shown = tuple((i, self.entry_key(i)) for i in self.journal.shown_in(since, until) if self.carries(i))
        if (since, until, shown) not in self._drawn:
            self._drawn[since, until, shown] = self._draw(
                since, until, [row for i, key in shown for row in self.rows(self.journal.entry(i), key)]
            )
        return self._drawn[since, until, shown]

    def _draw(self, since: date, until: date, rows: Sequence[Row]) -> bytes:
        pages: list[list[Placed]] = []
        y = 0
        for row in rows:
            drawn = [(x, textwrap.wrap(text, width) if len(text) > width else [text]) for x, width, text in row]
            height = LINE * max(len(lines) for _, lines in drawn)
            if not pages or y - height < BOTTOM:
                pages.append(self._heading(since, until))
                y = TOP
            pages[-1] += [Placed(x, y - n * LINE, line) for x, lines in drawn for n, line in enumerate(lines) if line]
            y -= height + 4
        for number, page in enumerate(pages, 1):
            page.append(Placed(500, 30, f"Side {number} av {len(pages)}", 8))
        return pdf.place(f"Postliste {self.body.full_name}", pages)

    def _heading(self, since: date, until: date) -> list[Placed]:
        return [
            Placed(40, 800, "Offentlig journal", 14),
            Placed(40, 785, self.body.full_name),
            Placed(300, 785, f"{dotted(since)} - {dotted(until)}"),
        ]

    def rows(self, entry: Entry, number: str) -> list[Row]:
        """The rows of an entry, their cells from left to right: where, how many letters wide, what."""
        case, unit = self.journal.case(entry.case), UNITS[self.body.language][entry.unit][0]
        worker = f"{unit}/{''.join(w[0] for w in entry.worker.split()).upper()}"
        access = f"UO {entry.legal_basis}" if entry.legal_basis else ""
        ends = [("Mottaker", entry.recipient)] * bool(entry.recipient) + [("Avsender", entry.sender)] * bool(entry.sender)
        return [
            [(40, 10, "Innhold:"), (120, 60, entry.title)],
            [(40, 12, "Sakstittel:"), (120, 60, case.title if case else entry.title)],
            [(40, 9, "DokType"), (100, 14, "Sak - dok nr:"), (200, 14, "Journaldato:"), (290, 14, "Dok.dato:"), (380, 20, "Saksansvarlig:")],
            [(40, 9, entry.direction), (100, 18, number), (200, 14, dotted(entry.day)), (290, 14, dotted(entry.document_day)), (380, 20, worker)],
            [(40, 20, "(enhet/initialer):"), (140, 12, "Klassering:"), (210, 12, str(100 + entry.unit)), (290, 20, "Tilg.kode Hjemmel:"), (390, 40, access)],
            [(40, 16, "Avs./mottaker:"), (300, 12, "Saksbeh.:"), (400, 14, "Avskr. dato:")],
            *([(40, 12, role), (110, 34, name), (300, 16, worker if role == "Avsender" or len(ends) == 1 else "")] for role, name in ends),
        ]  # fmt: skip


class ReportingServices(PdfJournal):
    """Microsoft Reporting Services: only letters in and out, for the layout has no other types."""

    def carries(self, index: int) -> bool:
        return self.journal.entry(index).direction in "IU"

    def rows(self, entry: Entry, number: str) -> list[Row]:
        case, unit = self.journal.case(entry.case), UNITS[self.body.language][entry.unit][1]
        role, party = ("Mottaker:", entry.recipient) if entry.direction == "U" else ("Avsender:", entry.sender)
        return [
            [(40, 8, "Dok.:"), (110, 64, f"{number} {entry.title}")],
            [(40, 8, "Sak:"), (110, 64, case.title if case else entry.title)],
            [(40, 12, role), (110, 30, party)],
            [(40, 14, "Journaldato:"), (110, 12, dotted(entry.day)), (190, 12, "Tilg. kode:"), (250, 30, entry.legal_basis),
             (380, 16, "Saksbehandler:"), (455, 24, f"{unit}/{entry.worker}")],
            [(40, 12, "Dok. dato:"), (110, 12, dotted(entry.document_day)), (190, 12, "Arkivdel:"), (250, 20, "Sakarkiv"), (380, 9, "Klasse:"),
             (455, 10, str(100 + entry.unit))],
        ]  # fmt: skip


class Kristiansand(PdfJournal):
    """Kristiansand's report: nine digits and a number, and again only letters in and out."""

    def carries(self, index: int) -> bool:
        return self.journal.entry(index).direction in "IU"

    def case_number(self, case: int) -> str:
        return f"{self.day.year}{self.journal.case_sequence(case):05d}"

    def rows(self, entry: Entry, number: str) -> list[Row]:
        case, unit = self.journal.case(entry.case), UNITS[self.body.language][entry.unit][1]
        role, party = ("Mottaker:", entry.recipient) if entry.direction == "U" else ("Avsender:", entry.sender)
        return [
            [(40, 18, number), (130, 3, entry.direction), (160, 12, "Jour.dato:"), (210, 12, dotted(entry.day)), (290, 12, "Tilg. kode:"),
             (350, 6, "UO" if entry.legal_basis else ""), (380, 8, "Par.:"), (410, 32, entry.legal_basis)],
            [(40, 12, role), (110, 50, party)],
            [(40, 12, "Dok.dato:"), (110, 12, dotted(entry.document_day))],
            [(40, 6, "Sak:"), (110, 60, case.title if case else entry.title)],
            [(40, 6, "Dok:"), (110, 60, entry.title)],
            [(40, 12, "Saksansv:"), (110, 26, unit), (300, 10, "Saksbeh:"), (360, 26, entry.worker)],
        ]  # fmt: skip
