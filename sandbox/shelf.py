"""A page with links to the files of a journal: how bodies publish one that is made by a report and not by a portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from urllib.parse import quote

from sandbox import days
from sandbox.answers import NOT_FOUND, Answer, Question, html
from sandbox.bodies import Body
from sandbox.journal import Journal

FILES = "filer/"
EVER = (date(1900, 1, 1), date(2200, 1, 1))


@dataclass(frozen=True)
class Shelved:
    """One file: `name` as in its address, `label` as the page calls it, the days it covers, and its bytes when they are asked for."""

    name: str
    label: str
    since: date
    until: date
    write: Callable[[], bytes]


class Shelf:
    """The page of a body and its files, under `folder`. Files without entries are not written, as the reports behind them are not run."""

    def __init__(self, body: Body, day: date, journal: Journal, folder: str, media_type: str) -> None:
        self.body, self.day, self.journal, self.folder, self.media_type = body, day, journal, folder, media_type

    def respond(self, question: Question, files: Sequence[Shelved]) -> Answer:
        path = question.plain_path
        if path == self.folder:
            return self._page(files)
        by_name = {f"{self.folder}{FILES}{file.name}": file for file in files}
        if path not in by_name:
            return NOT_FOUND
        return Answer(200, by_name[path].write(), self.media_type, (), days.http_date(self.day))

    def _page(self, files: Sequence[Shelved]) -> Answer:
        links = "".join(f'<li><a href="{FILES}{quote(file.name)}">{escape(file.label)}</a></li>' for file in files)
        return html(
            f'<!DOCTYPE html>\n<html lang="{self.body.language}"><head><meta charset="utf-8"><title>Postliste - {escape(self.body.full_name)}</title></head>'
            f'<body><header><a href="{self.body.home}">{escape(self.body.full_name)}</a></header><main><h1>Postliste</h1>'
            "<p>Postlista legges ut når den er kontrollert. Dokumentene kan du be om innsyn i.</p>"
            f'<ul>{links}</ul><p><a href="/reglement.pdf">Reglement for innsyn</a></p></main></body></html>',
            modified=days.http_date(self.day),
        )  # fmt: skip

    def periods(self, start: Callable[[date], date]) -> list[tuple[date, date]]:
        """The periods that have entries, newest first; `start` gives the first day of a day's period."""
        starts = sorted({start(self.journal.day_of(i)) for i in self.journal.shown_in(*EVER)}, reverse=True)
        return [(first, min(_last(first, start), self.day)) for first in starts]


def month_start(day: date) -> date:
    return day.replace(day=1)


def week_start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _last(first: date, start: Callable[[date], date]) -> date:
    """The last day of the period that begins with `first`."""
    return next(day for n in range(32) if start((day := first + timedelta(days=n)) + timedelta(days=1)) != first)


def counts(journal: Journal, since: date, until: date, carries: Callable[[int], bool] = lambda index: True) -> Mapping[str, int]:
    """Entries of the window and the cases they name."""
    shown = [i for i in journal.shown_in(since, until) if carries(i)]
    return {"journal_entry": len(shown), "case": len({journal.case_of(i)[0] for i in shown})}
