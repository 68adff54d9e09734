"""Journals that are files: the page that links to them, and what a file that was read says of its days.

A source's address is such a page or a file itself. Of the files only those are asked for whose days, by their link or name, lie in the
window or a week around it (a link may name the day of publication); one that names no days is always asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

from catalogue.reasons import Reason
from extractors.contract import Capture, CaseFile, Claim, JournalEntry, Outcome, Record, Request, Source, SourceSettings, Trouble, Window
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.innsyn import markup, periods
from extractors.innsyn.acos import norwegian_date
from extractors.innsyn.periods import Period

MARGIN = timedelta(days=7)
MAX_FILES = 150
WORDS = re.compile(r"post(?:liste|journal)|journal|postlist", re.I)
INTERNAL = re.compile(r"l(?:oe|ø|o)pende[ _-]?journal", re.I)


class JournalFileSettings(SourceSettings):
    """`links` is a regular expression that the text or the address of a link must hold, where the page links to other files too."""

    links: str | None = None


@dataclass(frozen=True)
class Listed:
    """A file a page links to, and the days it covers as far as its link says."""

    url: str
    period: Period | None


def first_question(source: Source) -> Request:
    return Request(url=source.url, context={"step": "source"})


def refusal(capture: Capture) -> Trouble | None:
    """Why an answer is no page and no file."""
    if capture.is_ok:
        return None
    return Trouble(key=capture.url, outcome=Outcome.FAILED, reason=Reason("server_answered", status=capture.status))


def read_index(source: Source, window: Window, capture: Capture, ending: str) -> Iterator[Record | Request]:
    """The questions for the files of a page, newest first; when none may hold entries of the window, the newest one, to prove that there
    are older entries. `ending` is that of the files' names, `.pdf`."""
    if capture.context["step"] != "source":
        yield Trouble(key=capture.url, reason=Reason("html_for_file"))
        return
    yield from markup.unknown_metas(capture, "index")
    files, is_internal = _listed(source, capture, ending, window.until)
    if is_internal:
        yield Trouble(key=f"{capture.url} internal", outcome=Outcome.PARTIAL, reason=Reason("internal_journal"))
    if not files:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="index", field=f"a[href$={ending}]"))
        return
    wanted = [f for f in files if f.period is None or (f.period[0] - MARGIN <= window.until and f.period[1] + MARGIN >= window.since)]
    if len(wanted) > MAX_FILES:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("files_unasked", n=len(wanted) - MAX_FILES))
    for file in wanted[:MAX_FILES] or files[:1]:
        days = [day.isoformat() for day in file.period or ()]
        yield Request(url=file.url, context={"step": "file", "days": days, **({} if wanted else {"is_probe": True})})


def _listed(source: Source, capture: Capture, ending: str, until: date) -> tuple[list[Listed], bool]:
    """The files of a page, those with the newest days first and those without days last; and whether the internal journal is among them."""
    found: dict[str, Listed] = {}
    is_internal = False
    for link in markup.tree_of(capture.text).css("a[href]"):
        target = link.attributes.get("href") or ""
        try:
            url = urls.parse(target, capture.url)
        except InvalidURL:
            continue
        parts = urlsplit(url)
        name, label = unquote(parts.path.rsplit("/", 1)[-1]), markup.text(link) or link.attributes.get("title") or ""
        if parts.scheme not in ("http", "https") or ending not in f"{parts.path}?{parts.query}".lower():
            continue
        if INTERNAL.search(f"{label} {name}"):
            is_internal = True
            continue
        period = periods.period_of(label, until) or periods.period_of(name, until)
        settings: JournalFileSettings = source.settings
        is_wanted = re.search(settings.links, f"{label} {url}", re.I) if settings.links else period or WORDS.search(f"{label} {name}")
        if is_wanted:
            found.setdefault(url, Listed(url, period))
    return sorted(found.values(), key=lambda f: f.period[::-1] if f.period else (date.min, date.min), reverse=True), is_internal


def is_journal_of_days(named: str) -> bool:
    """Whether the text and the address of a link name a journal and the days it covers."""
    return bool(WORDS.search(named) and periods.period_of(unquote(named), date.max))


def is_probe(capture: Capture) -> bool:
    return bool(capture.context.get("is_probe"))


def stated_period(capture: Capture) -> Period | None:
    """The days the link to this file named."""
    days = [date.fromisoformat(day) for day in capture.context.get("days") or ()]
    return (days[0], days[1]) if days else None


def day_of(entry: JournalEntry) -> date | None:
    """The journal date of an entry, `2026-10-14`, `20261014` or `14.10.2026`; None when it has none that can be read."""
    written = entry.journal_date or ""
    if re.fullmatch(r"\d{8}", written):
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    return norwegian_date(written)


def of_window(
    window: Window, capture: Capture, entries: Sequence[JournalEntry], period: Period | None, *, is_whole: bool
) -> Iterator[Record]:
    """What a file brings to the window: its entries of these days with their cases, and how many it lists for each day it covers.

    `period` is what the file covers, `is_whole` whether every entry of it was read: only then, and when no entry lies outside the period,
    are days counted.
    """
    if is_probe(capture):
        yield Claim(key="probe", about="journal_entry", scope="probe" if entries else "total", count=len(entries))
        return
    days = [day_of(entry) for entry in entries]
    kept = [e for e, day in zip(entries, days, strict=True) if markup.is_within(day, window.since, window.until)]
    yield from kept
    yield from cases_of(kept)
    if entries and not kept:
        yield Claim(key=f"probe {capture.url}", about="journal_entry", scope="probe", count=len(entries))
    if period and is_whole and all(day and period[0] <= day <= period[1] for day in days):
        counts = Counter(days)
        for day in periods.days_between(max(period[0], window.since), min(period[1], window.until)):
            yield Claim(key=f"day {day} {capture.url}", about="journal_entry", scope="day", day=day.isoformat(), count=counts[day])


def cases_of(entries: Iterable[JournalEntry]) -> Iterator[CaseFile]:
    """The cases entries name, each once: number and title only."""
    named = {e.case_key: e for e in entries if e.case_key}
    for key, entry in named.items():
        yield CaseFile(
            key=key, locator=f"{entry.locator}/case", case_number=entry.case_number, title=entry.case_title, source_url=entry.source_url
        )
