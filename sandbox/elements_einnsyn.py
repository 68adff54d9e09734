"""The old ePhorte / Elements "eInnsyn" as ATLAS section 4.2 describes it: a form that is posted, a list, a page for every entry.

What stands around the cells that are known (headings, labels, addresses of pages) is not known and is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import ClassVar
from urllib.parse import parse_qs

from sandbox import days, pdf
from sandbox.answers import NOT_FOUND, Answer, Question, html, plain
from sandbox.bodies import Body
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import Meeting

FOLDER = "/eInnsyn/"
FIRST_ENTRY = 60_001
TYPES = {
    "I": "Inngående brev",
    "U": "Utgående brev",
    "X": "Internt notat uten oppfølging",
    "N": "Internt notat med oppfølging",
    "S": "Saksframlegg",
}


class ElementsEInnsyn:
    """One tenant on a host of its own."""

    platform: ClassVar[str] = "elements-einnsyn"
    kinds: ClassVar[tuple[str, ...]] = ("journal_entry",)

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None:
        self.body, self.day, self.journal = body, day, journal
        self.host = f"einnsyn.{body.domain}"

    @property
    def home(self) -> str:
        return f"https://{self.host}{FOLDER}"

    def settings(self) -> Mapping[str, object]:
        return {}

    def entry_key(self, index: int) -> str:
        return str(FIRST_ENTRY + index)

    def item_key(self, meeting: int, item: int) -> str:
        raise LookupError("this platform has no meetings")

    def rules(self) -> HostRules:
        return HostRules(only=(FOLDER,), closed=(f"{FOLDER}Order",), posts=(FOLDER,), cookies=("ASP.NET_SessionId",), sessions=(FOLDER,))

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        return {"journal_entry": len(self.journal.shown_in(since, until))}

    def answers(self, question: Question) -> bool:
        return question.path.startswith(FOLDER)

    @staticmethod
    def stranger(question: Question) -> Answer:
        return plain(f"User-agent: *\nDisallow: {FOLDER}Order\n") if question.path == "/robots.txt" else NOT_FOUND

    def respond(self, question: Question) -> Answer:
        call = question.path.removeprefix(FOLDER)
        if not call and question.method == "POST":
            return self._list(question)
        if not call:
            return self._page("Postjournal", self._search_form(), cookie=True)
        entry = self._shown(question.query.get("registryEntryId", ""))
        if entry is None:
            return NOT_FOUND
        if call == "RegistryEntry/Details":
            return self._details(entry)
        if call == "RegistryEntry/ShowDocument" and entry.is_open:
            return Answer(200, pdf.write(entry.title, ""), "application/pdf", (), days.http_date(entry.day))
        return NOT_FOUND

    def _shown(self, number: str) -> Entry | None:
        index = int(number) - FIRST_ENTRY if number.isdecimal() else -1
        return self.journal.entry(index) if 0 <= index < len(self.journal) and self.journal.is_shown(index) else None

    def _list(self, question: Question) -> Answer:
        """The days asked for; a form that cannot be read shows the start page, as if nothing had been asked."""
        if not question.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return self._page("Postjournal", self._search_form(), cookie=True)
        asked = {name: values[-1] for name, values in parse_qs(question.body.decode(), keep_blank_values=True).items()}
        try:
            since, until = (_day(asked[name]) for name in ("FromDate", "ToDate"))
        except (KeyError, ValueError):
            return self._page("Postjournal", self._search_form(), cookie=True)
        words = asked.get("SearchString", "").casefold()
        entries = [e for e in map(self.journal.entry, reversed(self.journal.shown_in(since, until))) if words in e.title.casefold()]
        return self._page("Treff", f'{self._search_form()}<table id="itemListView"><thead><tr><th>Saksnr</th><th>Tittel</th></tr></thead><tbody>'
                          f'<tr class="group"><td colspan="2">{escape(self.body.full_name)}</td></tr>{"".join(map(self._row, entries))}</tbody></table>')  # fmt: skip

    def _row(self, entry: Entry, more: str = "") -> str:
        return (f'<tr><td class="tdRegistryCasenummer"><a href="{FOLDER}RegistryEntry/Case?caseId={entry.case + 1}">'
                f'{self.journal.case_number(entry.case)}</a></td><td class="content-description">'
                f'<a href="{FOLDER}RegistryEntry/Details?registryEntryId={FIRST_ENTRY + entry.index}">{escape(entry.title)}</a></td>{more}</tr>')  # fmt: skip

    def _details(self, entry: Entry) -> Answer:
        unit = UNITS[self.body.language][entry.unit][1]
        date_cell = f'<td class="tdJournalDato">\n<span class="hidden-label">Journaldato</span>\n{days.dotted(entry.day)}\n</td>'
        row = self._row(entry, f'{date_cell}<td class="td-documenttype">{TYPES[entry.direction]}</td>')
        left = (("Løpenr.", f"{self.journal.serial(entry.index)}/{self.day.year}"), ("Dok.nr.", str(entry.place + 1)),
                ("Dok.dato", days.dotted(entry.document_day)), ("Adm.enhet", unit))  # fmt: skip
        right = (("Saksbehandler", entry.worker), ("Tilgangskode", "" if entry.is_open else "U"), ("Hjemmel", entry.legal_basis))
        parties = [(name, role) for name, role in ((entry.sender, "Avsender"), (entry.recipient, "Mottaker")) if name]
        files = (f'<a href="{FOLDER}RegistryEntry/ShowDocument?registryEntryId={FIRST_ENTRY + entry.index}&amp;documentId={entry.index + 1}">'
                 f"{escape(entry.title)}</a>" if entry.is_open else "Be om innsyn")  # fmt: skip
        body = (
            f"<h2>Journalpost</h2><fieldset><div><div><table><tbody>{row}</tbody></table></div></div></fieldset>"
            f'<div class="clear"></div><fieldset>{_block("leftside", left)}{_block("rightSide", right)}</fieldset>'
            "<fieldset><div><table><tbody>"
            + "".join(f"<tr><td>{escape(name)}</td><td>Postboks 7, 9999 Ingensteds</td><td>{role}</td></tr>" for name, role in parties)
            + f"</tbody></table></div></fieldset><fieldset><legend>Dokumenter</legend>{files}</fieldset>"
        )
        return self._page("Journalpost", body, modified=days.http_date(entry.day))

    def _search_form(self) -> str:
        return (f'<form action="{FOLDER}" method="post"><input name="FromDate"><input name="ToDate"><input name="SearchString">'
                '<input type="radio" name="docregradio" value="RegistryDate"><select name="AdminUnit"></select>'
                '<select name="DocumentType"></select></form>')  # fmt: skip

    def _page(self, title: str, body: str, *, cookie: bool = False, modified: str | None = None) -> Answer:
        headers = (("Set-Cookie", "ASP.NET_SessionId=q3k1; path=/; HttpOnly"),) if cookie else ()
        return html(f'<!DOCTYPE html><html lang="no"><head><meta charset="utf-8"><title>{title} - eInnsyn</title></head>'
                    f'<body><div id="page"><div id="main">{body}</div></div></body></html>', headers=headers, modified=modified)  # fmt: skip


def _block(side: str, lines: Sequence[tuple[str, str]]) -> str:
    told = "".join(f'<div><div class="display-label">{k}</div><div class="display-field">{escape(v)}</div></div>' for k, v in lines)
    return f'<div class="detailsmetadatablock {side}">{told}</div>'


def _day(text: str) -> date:
    day, month, year = (int(part) for part in text.split("."))
    return date(year, month, day)
