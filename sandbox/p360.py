"""The Public 360 journal as ATLAS section 5.1 describes it: server-written HTML, ten rows a page, newest first, no identifiers.

A private person's name among the parties stands in a `pnavn` element. What is not open has a button that asks for it and no files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import ClassVar
from urllib.parse import urlencode

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, redirect
from sandbox.bodies import Body
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting

PAGE_SIZE = 10
PAGES_SHOWN = 10
EVER = (date(1900, 1, 1), date(2200, 1, 1))


class P360:
    """One tenant on its own host."""

    platform: ClassVar[str] = "360-pj"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry", "case")

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal = body, day, journal
        self.host = f"{body.slug}.pj.360online.com"
        self.home = f"https://{self.host}/Journal/Search/"

    def rules(self) -> HostRules:
        return HostRules()

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        case, place = self.journal.case_of(index)
        return f"{self.journal.case_number(case)}-{place + 1}"

    def item_key(self, meeting: int, item: int) -> str:
        return ""

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        shown = self.journal.shown_in(since, until)
        return {"journal_entry": len(shown), "case": len({self.journal.case_of(i)[0] for i in shown})}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path, query = question.path.rstrip("/").lower(), {k.lower(): v for k, v in question.query.items()}
        if path in ("", "/journal"):
            return redirect("/Journal/Search/")
        if path == "/journal/search":
            return self._search(query)
        if path == "/journal/searchrelated":
            return self._related(query)
        if match := re.fullmatch(r"/journal/file/(\d+)", path):
            return self._file(int(match[1]))
        return NOT_FOUND

    def _search(self, query: Mapping[str, str]) -> Answer:
        try:
            since, until = (datetime.strptime(query[end], "%d.%m.%Y").date() if query.get(end) else None for end in ("fromdate", "todate"))
            offset = int(query.get("offset") or 0)
        except ValueError:
            return html(
                "<html><head><title>Runtime Error</title></head><body><h1>Server Error in '/' Application.</h1></body></html>", status=500
            )
        found = self.journal.shown_in(since or EVER[0], until or EVER[1])[::-1]
        if words := query.get("searchstring", "").lower():
            found = [i for i in found if words in f"{self.entry_key(i)} {self.journal.entry(i).title}".lower()]
        kept = {k: v for k, v in (("querytype", query.get("querytype")), ("FromDate", query.get("fromdate")), ("ToDate", query.get("todate")),
                                  ("searchString", query.get("searchstring"))) if v}  # fmt: skip
        return self._page(found, offset, "/Journal/Search/", kept)

    def _related(self, query: Mapping[str, str]) -> Answer:
        number = f"{query.get('caseyear')}/{query.get('sequencenumber')}"
        found = [i for i in self.journal.shown_in(EVER[0], EVER[1])[::-1] if self.journal.case_number(self.journal.case_of(i)[0]) == number]
        kept = {
            "caseYear": query.get("caseyear", ""),
            "sequenceNumber": query.get("sequencenumber", ""),
            "documentNumber": query.get("documentnumber", ""),
        }
        return self._page(found, int(query.get("offset") or 0), "/Journal/SearchRelated", kept)

    def _page(self, found: Sequence[int], offset: int, path: str, kept: Mapping[str, str]) -> Answer:
        start = max(offset, 0) // PAGE_SIZE * PAGE_SIZE
        rows = "".join(self._row(i) for i in found[start : start + PAGE_SIZE])
        rows = rows or '<p class="no-result">Ingen dokumenter passer til søket</p>'
        return html(
            '<!DOCTYPE html>\n<html lang="no"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title></title>'
            '<link href="/Content/journal.css" rel="stylesheet" /></head>\n<body><header><a href="/">Offentlig journal</a></header>'
            '<form action="/Journal/Search/" method="get"><input name="searchString" /><input name="FromDate" /><input name="ToDate" />'
            f'<button>Søk</button></form>\n<section class="documents">{rows}</section>\n{self._pager(len(found), start, path, kept)}</body></html>'
        )  # fmt: skip

    @staticmethod
    def _pager(total: int, start: int, path: str, kept: Mapping[str, str]) -> str:
        """« ‹ 1 2 3 › »; the arrows lead nowhere at the ends. One page has no pager."""
        if total <= PAGE_SIZE:
            return ""
        last = (total - 1) // PAGE_SIZE

        def link(page: int, text: str) -> str:
            is_here = not 0 <= page <= last or page == start // PAGE_SIZE
            if is_here:
                return f"<span>{text}</span>"
            target = urlencode({**kept, "offset": page * PAGE_SIZE})
            return f'<a href="{escape(f"{path}?{target}")}">{text}</a>'

        page = start // PAGE_SIZE
        first_shown = page - page % PAGES_SHOWN
        numbers = "".join(link(n, str(n + 1)) for n in range(first_shown, min(first_shown + PAGES_SHOWN, last + 1)))
        around = (link(0, "«"), link(page - 1, "‹"), numbers, link(page + 1, "›"), link(last, "»"))
        return f'<div class="paging"><div>Side {page + 1}</div><div>{"".join(around)}</div></div>'

    def _row(self, index: int) -> str:
        e = self.journal.entry(index)
        case = self.journal.case(e.case)
        year, _, sequence = self.journal.case_number(e.case).partition("/")
        related = escape(
            f"/Journal/SearchRelated?{urlencode({'caseYear': year, 'sequenceNumber': sequence, 'documentNumber': e.place + 1})}"
        )
        role, party = ("Mottaker", e.recipient) if e.direction == "U" else ("Avsender", e.sender)
        access = "data-permitted" if e.is_open else "data-denied"
        details = (("Dokumentdato", days.dotted(e.document_day)), ("Tilgangskode", "" if e.is_open else "U"), ("Dokumenttype", e.direction),
                   ("Hjemmel", e.legal_basis), ("Saksbehandler", e.worker), ("Saksansvarlig", UNITS["nb"][e.unit][1]))  # fmt: skip
        return (
            f'<div class="document-rows"><div class="data-column"><div><h3><a href="{related}">{self.entry_key(index)}</a> {escape(e.title)}</h3></div>'
            f'<div>{_list("Journaldato", days.dotted(e.day))}{_list("Sakstittel", escape(case.title if case else e.title))}'
            f'{_list(role, _marked(e, party))}</div></div><div class="{access}">'
            f'<div class="journal-details">{"".join(_list(label, escape(value)) for label, value in details)}{self._access(index, e)}</div></div></div>\n'
        )  # fmt: skip

    @staticmethod
    def _access(index: int, entry: Entry) -> str:
        if not entry.is_open:
            return f"<button onclick=\"order('{index}')\">Be om innsyn</button>"
        return f"<ul><li><a href=\"#\" onclick=\"openFile('/Journal/File/{index}', 'pdf')\">{escape(entry.title)}.pdf</a></li></ul>"

    def _file(self, index: int) -> Answer:
        if not 0 <= index < len(self.journal) or not self.journal.is_shown(index) or not self.journal.entry(index).is_open:
            return NOT_FOUND
        title = self.journal.entry(index).title
        return Answer(200, pdf.write(title, title), "application/pdf", (), days.http_date(self.day))


def _list(label: str, value: str) -> str:
    return f"<dl><dt>{label}</dt><dd>{value}</dd></dl>"


def _marked(entry: Entry, party: str) -> str:
    """A party as it is written: a private person's name in an element that says so."""
    return f"<pnavn>{escape(party)}</pnavn>" if party in entry.names else escape(party)
