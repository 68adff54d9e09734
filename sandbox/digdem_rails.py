"""The old Rails portals of Digdem as ATLAS section 6.3 describes them, in their four editions: which cell says what is all that is known.

Headings, addresses of cases and files, and how many rows a page has (thirty, as will_paginate has it) are made up.
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

PAGE_SIZE = 30
FIRST_ENTRY = 310_001
IMAGE = "paragraph-3972e36976f72f9935b1e7f8a4d3918b.png"
NO_IMAGE = "blank-0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f.png"


class DigdemRails:
    """The edition with /postjournal/search and eleven columns."""

    platform: ClassVar[str] = "digdem-rails"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry",)
    layout: ClassVar[str] = "search"

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal = body, day, journal
        self.host = f"innsyn.{body.domain}"
        self.home = f"https://{self.host}/"

    def rules(self) -> HostRules:
        return HostRules()

    def settings(self) -> Mapping[str, object]:
        return {} if self.layout == "search" else {"layout": self.layout}

    def entry_key(self, index: int) -> str:
        case, place = self.journal.case_of(index)
        return f"{self.journal.case_number(case)}-{place + 1}"

    def item_key(self, meeting: int, item: int) -> str:
        raise LookupError("this platform has no meetings")

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return {"journal_entry": len(self.journal.shown_in(since, until))}

    def answers(self, question: Question) -> bool:
        return True

    @staticmethod
    def stranger(question: Question) -> Answer:
        return NOT_FOUND

    def respond(self, question: Question) -> Answer:
        path, query = question.path, question.query
        if match := re.fullmatch(r"/postjournal/(\d+)/download", path):
            return self._file(int(match[1]) - FIRST_ENTRY)
        return self._list(path, query)

    def _list(self, path: str, query: Mapping[str, str]) -> Answer:
        if path == "/":
            return redirect("/postjournal/search")
        if path != "/postjournal/search":
            return NOT_FOUND
        since, until = (_iso(query.get(name, "")) for name in ("from_date", "to_date"))
        found = self.journal.shown_in(since or date.min, until or date.max)
        if query.get("direction", "desc") == "desc":
            found.reverse()
        if kind := query.get("ndoktype"):
            found = [i for i in found if self.journal.entry(i).direction == kind]
        if words := query.get("query", "").casefold():
            found = [i for i in found if words in self.journal.entry(i).title.casefold()]
        rows, pager = self._turned(found, "/postjournal/search", query)
        table = f"<table class='table'><thead><tr>{''.join(f'<th>{h}</th>' for h in self._headings())}</tr></thead><tbody>{rows}</tbody></table>"
        return _page(f'<form id="offjournal-form-postjournal" action="/postjournal/search" method="get">{table}</form>{pager}')

    def _turned(self, found: Sequence[int], path: str, query: Mapping[str, str]) -> tuple[str, str]:
        """The rows of the page that is asked for, and the pager."""
        number = query.get("page", "1")
        page = max(int(number) if number.isdecimal() else 1, 1)
        pages = max(-(-len(found) // PAGE_SIZE), 1)
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]

        def link(to: int) -> str:
            return escape(f"{path}?{urlencode({**query, 'page': to})}")

        return "".join(self._row(self.journal.entry(i)) for i in shown), self._pager(page, pages, link) if pages > 1 else ""

    @staticmethod
    def _pager(page: int, pages: int, link) -> str:
        """As will_paginate writes it: at the ends the arrows are no links."""
        back = f'<a class="previous_page" rel="prev" href="{link(page - 1)}">&#8592; Forrige</a>' if page > 1 else '<span class="previous_page disabled">&#8592; Forrige</span>'
        on = f'<a class="next_page" rel="next" href="{link(page + 1)}">Neste &#8594;</a>' if page < pages else '<span class="next_page disabled">Neste &#8594;</span>'
        near = [n for n in range(1, pages + 1) if abs(n - page) < 4]
        numbers = "".join(f'<em class="current">{n}</em>' if n == page else f'<a href="{link(n)}">{n}</a>' for n in near)
        return f'<div class="pagination">{back} {numbers} {on}</div>'

    def _headings(self) -> tuple[str, ...]:
        return ("Saksnr", "Jdato", "Dokdato", "Type", "Tittel", "Avs./mott.", "Saksbehandler", "Hjemmel", "Dokument", "", "")

    def _row(self, e: Entry) -> str:
        popup = f"<p>Enhet: {escape(UNITS[self.body.language][e.unit][1])}</p>"
        cells = (self._number(e), days.dotted(e.day), days.dotted(e.document_day), f'<label class="label">{e.direction}</label>', escape(e.title),
                 escape(_party(e)), escape(e.worker), _basis_in_title(e), self._download(e), "", _popup(popup))  # fmt: skip
        return _cells(cells)

    def _number(self, e: Entry) -> str:
        return f'<a href="/postjournal/sak/{e.case + 1}">{self.entry_key(e.index)}</a>'

    @staticmethod
    def _download(e: Entry) -> str:
        return f'<a href="/postjournal/{FIRST_ENTRY + e.index}/download">Last ned</a>' if e.is_open else ""

    def _file(self, index: int) -> Answer:
        if not 0 <= index < len(self.journal) or not self.journal.is_shown(index) or not self.journal.entry(index).is_open:
            return NOT_FOUND
        return Answer(200, pdf.write(self.journal.entry(index).title, ""), "application/pdf", (), days.http_date(self.day))


class NarrowRails(DigdemRails):
    """The edition with nine columns: what the others have in cells stands in a popup."""

    layout: ClassVar[str] = "narrow"

    def _headings(self) -> tuple[str, ...]:
        return ("Saksnr", "Jdato", "", "Tittel", "Avs./mott.", "Hjemmel", "Dokument", "", "")

    def _row(self, e: Entry) -> str:
        unit = escape(UNITS[self.body.language][e.unit][1])
        popup = f"<p>Datert: {days.dotted(e.document_day)}<br/>Type: {e.direction}</p><p>Saksbehandler: {escape(e.worker)}<br/>Enhet: {unit}</p>"
        return _cells((self._number(e), days.dotted(e.day), "", escape(e.title), escape(_party(e)), _basis_in_title(e), self._download(e), "", _popup(popup)))


class DailyRails(DigdemRails):
    """The edition with /postjournal?date=: a day, with pages; the journal date is the day that was asked for."""

    layout: ClassVar[str] = "day"
    path: ClassVar[str] = "/postjournal"

    def _list(self, path: str, query: Mapping[str, str]) -> Answer:
        if path != self.path:
            return redirect(self.path) if path == "/" else NOT_FOUND
        try:
            day = datetime.strptime(query["date"], "%d.%m.%Y").date() if query.get("date") else self.day
        except ValueError:
            return html("<html><head><title>We're sorry, but something went wrong (500)</title></head><body></body></html>", status=500)
        rows, pager = self._turned(self.journal.shown_in(day, day), self.path, query)
        return _page(self._framed(rows) + pager)

    def _framed(self, rows: str) -> str:
        return f'<div id="journals_wrapper"><table><thead><tr><th>Saksnr</th><th></th><th>Dokdato</th></tr></thead><tbody>{rows}</tbody></table></div>'

    @staticmethod
    def _pager(page: int, pages: int, link) -> str:
        """A list whose last item leads nowhere on the last page."""
        numbers = "".join(f'<li{" class=active" if n == page else ""}><a href="{link(n)}">{n}</a></li>' for n in range(1, pages + 1) if abs(n - page) < 4)
        on = f'<li class="next"><a href="{link(page + 1)}">Neste</a></li>' if page < pages else '<li class="next disabled"><a href="#">Neste</a></li>'
        return f'<ul class="pagination">{numbers}{on}</ul>'

    def _row(self, e: Entry) -> str:
        cells = (self._number(e), "", days.dotted(e.document_day), e.direction, escape(e.title), escape(_party(e)), escape(e.worker), _basis_in_link(e))
        return _cells(cells)


class FrontRails(DailyRails):
    """The edition whose list is its front page: a second table without a head, with the titles of cases."""

    layout: ClassVar[str] = "front"
    path: ClassVar[str] = "/"

    def _framed(self, rows: str) -> str:
        heads = "".join(f"<td><b>{h}</b></td>" for h in ("Saksnr", "Dokdato", "Type", "Sakstittel", "Avs./mott.", "Saksbehandler", "Hjemmel"))
        return (
            '<link href="/assets/innsyn_engine/application.css" rel="stylesheet"><table><tbody><tr><td>Dato</td><td><input name="date"></td></tr></tbody></table>'
            f"<table><tbody><tr>{heads}</tr>{rows}</tbody></table>"
        )

    _pager = staticmethod(DigdemRails._pager)

    def _row(self, e: Entry) -> str:
        case = self.journal.case(e.case)
        basis = f'<a href="#"><img src="/assets/innsyn_engine/{IMAGE.replace("3972e36976f72f9935b1e7f8a4d3918b", "ea026965a0cfc4e0046e99bd583064a9")}">{escape(e.legal_basis)}</a>'
        cells = (self.entry_key(e.index), days.dotted(e.document_day), f"<div>{e.direction}</div>", escape(case.title if case else ""), escape(_party(e)),
                 escape(e.worker), basis if e.legal_basis else "")  # fmt: skip
        return _cells(cells)


def _page(body: str) -> Answer:
    return html(
        '<!DOCTYPE html>\n<html lang="no"><head><meta charset="utf-8" /><title>Innsyn</title><meta name="viewport" content="width=device-width" />'
        f'<link href="/assets/application.css" rel="stylesheet"></head>\n<body><header><a href="/">Innsyn</a></header>{body}</body></html>'
    )


def _cells(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _party(e: Entry) -> str:
    return e.recipient if e.direction == "U" else e.sender


def _popup(inner: str) -> str:
    return f'<a href="#" class="popup" data-content="{escape(inner)}">Vis</a>'


def _basis(e: Entry) -> str:
    return escape(f"<div><span>{escape(e.legal_basis)}</span><span>Unntatt offentlighet</span></div>")


def _basis_in_title(e: Entry) -> str:
    return f'<img src="/assets/{IMAGE}" title="{_basis(e)}">' if e.legal_basis else f'<img src="/assets/{NO_IMAGE}">'


def _basis_in_link(e: Entry) -> str:
    return f'<a href="#" data-content="{_basis(e)}"><img src="/assets/{IMAGE}"></a>' if e.legal_basis else ""


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
