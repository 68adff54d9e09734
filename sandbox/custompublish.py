"""The journal module of CustomPublish as ATLAS section 7.3 describes it: a day on a page, in Nynorsk, no identifiers but the document's number.

What no source tells is guessed as the module's other pages are made: a day without entries has the table without rows, and a question that
leaves out pjsokdato or names no day gives the newest day that has entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import ClassVar

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html
from sandbox.bodies import Body
from sandbox.identifiers import digest
from sandbox.journal import Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting

TYPES = {"I": "Inngåande brev", "U": "Utgåande brev", "X": "Notat utan oppfølging", "N": "Notat med oppfølging", "S": "Saksframlegg"}


class CustomPublish:
    """One website whose journal page is the module. The host is not the one of the body's website in the sandbox, so that both can stand."""

    platform: ClassVar[str] = "custompublish"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal = body, day, journal
        self.category = 300_000 + int.from_bytes(digest("custompublish", seed, body.slug)[:2], "big")
        self.host = f"innsyn.{body.domain}"
        self.home = f"https://{self.host}/postjournal.{self.category}.nn.html"

    def rules(self) -> HostRules:
        return HostRules(closed=("/getfile.php/",))

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        case, place = self.journal.case_of(index)
        return f"{self.case_number(case)}-{place + 1}"

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def case_number(self, case: int) -> str:
        return self.journal.case_number(case)[2:]

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = self.journal.shown_in(since, until)
        return {"journal_entry": len(shown), "case": len({self.journal.case_of(i)[0] for i in shown})}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        query = question.query
        if match := re.fullmatch(r"/getfile\.php/(\d+)\.\d+\.[0-9a-f]+/dokument\.pdf", question.path):
            return self._file(int(match[1]) - 4_000_000)
        if question.path == f"/postjournal.{self.category}.nn.html" or (question.path == "/" and query.get("cat") == str(self.category)):
            return self._day(self._asked(query))
        if question.path == "/":
            return html(f'<html lang="nn"><head><title>{escape(self.body.full_name)}</title></head><body><div id="content"></div></body></html>')
        return NOT_FOUND

    def _asked(self, query: Mapping[str, str]) -> date:
        try:
            if query.get("pjsokdato") == "1":
                return datetime.strptime(query.get("pjdate", ""), "%d.%m.%Y").date()
        except ValueError:
            pass
        return self.journal.day_of(max(i for i in range(len(self.journal)) if self.journal.is_shown(i)))

    def _day(self, day: date) -> Answer:
        rows = "".join(self._row(i) for i in self.journal.shown_in(day, day))
        return html(
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
            f'<html xmlns="http://www.w3.org/1999/xhtml" lang="nn"><head><title>Postjournal | {escape(self.body.full_name)}</title></head><body>'
            f'<div id="content"><h1>Postjournal</h1><form action="/" method="get"><input type="hidden" name="cat" value="{self.category}" />'
            f'<input name="pjdate" value="{days.dotted(day)}" /><input type="hidden" name="pjsokdato" value="1" /></form>\n'
            f'<table class="postjournal"><tbody>{rows}</tbody></table></div></body></html>',
            modified=days.http_date(self.day),
        )  # fmt: skip

    def _row(self, index: int) -> str:
        e = self.journal.entry(index)
        case = self.journal.case(e.case)
        role, party = ("Mottakar", e.recipient) if e.direction == "U" else ("Avsendar", e.sender)
        details = (("Sak", escape(case.title if case else e.title)), ("Dok.dato", days.dotted(e.document_day)), ("Type", TYPES[e.direction]),
                   ("Heimel", escape(e.legal_basis)), ("Saksbehandlar", e.worker), ("Fil", self._link(index, e)))  # fmt: skip
        return (
            f'<tr><td><div class="postjournal tittel"><span>{self.journal.serial(index)} - {self.entry_key(index)}</span><a href="#">{escape(e.title)}</a></div>'
            f'<div class="postjournal fratil">\n<b>Dato:</b> {days.dotted(e.day)} <b>{role}:</b> {escape(party)}</div><table class="postjournaldetaljer"><tbody>'
            f"{''.join(f'<tr><td>{label}</td><td>{value}</td></tr>' for label, value in details)}</tbody></table></td></tr>\n"
        )

    @staticmethod
    def _link(index: int, entry: Entry) -> str:
        return f'<a href="/getfile.php/{4_000_000 + index}.2344.b7f1/dokument.pdf">Dokument</a>' if entry.is_open else '<a href="#">Be om innsyn</a>'

    def _file(self, index: int) -> Answer:
        if not 0 <= index < len(self.journal) or not self.journal.is_shown(index) or not self.journal.entry(index).is_open:
            return NOT_FOUND
        title = self.journal.entry(index).title
        return Answer(200, pdf.write(title, title), "application/pdf", (), days.http_date(self.day))
