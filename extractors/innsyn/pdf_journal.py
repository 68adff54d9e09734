"""Journals in PDF, linked from a page or sent by e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Extractor,
    JournalEntry,
    Known,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    Trouble,
    Whole,
    Window,
)
from extractors.innsyn import journal_files, markup, pdf_layouts
from extractors.innsyn.journal_files import JournalFileSettings
from extractors.websites import pdf

MAX_PAGES = 2_000
MAX_PARTS = 50
MAIL = re.compile(rb"(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|From|Date|Subject|To): ", re.I)
FEWEST_LINKS = 3


class PdfJournalSettings(JournalFileSettings):
    """`links` is for a page that links to other PDFs too."""


class PdfJournal(Extractor):
    """
    vendor       reports of three kinds: Microsoft Reporting Services (red heading), GrapeCity ActiveReports as ePhorte makes them (blue
                 heading), and Kristiansand's
    recognise    a page with links to PDFs named after days, weeks or months; the labels in their text tell the layout
    endpoints    the page, its PDFs; or one PDF; or an e-mail (message/rfc822) with PDFs, or with the journal as text
    set-up       none
    paging       none: whole files, of long ones 200 pages at a time
    windows      files whose link or name says other days (with a week to either side) are not asked for
    limits       50 MB and 2,000 pages a file; each 200 pages are read in a process of their own with limits of time and memory
    quirks       cells wrap over lines and pages; headings and page numbers stand between; labels and values may stand apart; entries have
                 no identifier but case and document number, so one that is moved to another case is another entry. Reporting Services does
                 not say the type: Mottaker means out and Avsender in (a harvester had it the other way round). What is opened like an
                 entry and cannot be read is counted; a text in no known layout, or without letters (scanned), is quarantined
    yields       journal entries, cases (number and title only)
    licence      not stated
    facts from   ATLAS 7.11 (three parsers of a harvester of 2019); their PDFs are not known, so what stands around the labels is not either
    """

    platform = "pdf-journal"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.DAYS}

    Settings = PdfJournalSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield journal_files.first_question(source)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if trouble := journal_files.refusal(capture):
            yield trouble
        elif capture.media_type == "text/html":
            yield from journal_files.read_index(source, window, capture, ".pdf")
        elif MAIL.match(capture.body):
            yield from _read_mail(window, capture)
        else:
            yield from _read_pages(window, capture, *_pages(capture.body), capture.url)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html" or not journal_files.WORDS.search(capture.text):
            return None
        links = [(markup.text(a) or "", a.attributes.get("href") or "") for a in markup.tree_of(capture.text).css("a[href]")]
        found = [label for label, target in links if ".pdf" in target.lower() and journal_files.is_journal_of_days(f"{label} {target}")]
        if len(found) < FEWEST_LINKS:
            return None
        return SourceGuess(cls.platform, capture.url, {}, f"{len(found)} links to PDFs that are journals of days, weeks or months", 0.6)


def _pages(body: bytes) -> tuple[list[str], int, Reason | None]:
    """The text of the pages of a PDF, how many pages were left unread, and why none could be read."""
    pages: list[str] = []
    total = 1
    try:
        while len(pages) < min(total, MAX_PAGES):
            read = pdf.read_lines(body, len(pages))
            total = read.total
            if not read.pages:
                break
            pages += read.pages
    except pdf.Unreadable as error:
        return pages, total - len(pages), Reason("pdf_unread", first=error.reason)
    return pages, total - len(pages), None


def _read_pages(window: Window, capture: Capture, pages: list[str], unread: int, why: Reason | None, key: str) -> Iterator[Record]:
    if unread and (pages or why is None):
        yield Trouble(key=f"{key} pages", outcome=Outcome.PARTIAL, reason=Reason("pages_unread", n=unread))
    if why is not None:
        yield Trouble(key=key, reason=why)
    if not pages:
        return
    try:
        journal = pdf_layouts.read(pages)
    except pdf_layouts.NoLayout as error:
        yield Trouble(key=key, reason=error.reason)
        return
    if journal.unread:
        reason = Reason("pieces_unread", n=journal.unread, layout=journal.layout)
        yield Trouble(key=f"{key} pieces", outcome=Outcome.PARTIAL, reason=reason)
    prefix = key.removeprefix(capture.url)
    entries = [replace(entry, locator=f"{prefix}{entry.locator}", source_url=capture.url) for entry in journal.entries]
    is_whole = not unread and not journal.unread and why is None
    yield from journal_files.of_window(window, capture, entries, journal_files.stated_period(capture), is_whole=is_whole)


def _read_mail(window: Window, capture: Capture) -> Iterator[Record]:
    """The PDFs of an e-mail, or its text when it has none; who sent it to whom is not looked at."""
    message = message_from_bytes(capture.body, policy=policy.default)
    parts = [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()][:MAX_PARTS]
    bodies = [(place, _content(part)) for place, part in enumerate(parts)]
    files = [(place, body) for place, body in bodies if isinstance(body, bytes) and body.startswith(b"%PDF-")]
    for place, body in files:
        yield from _read_pages(window, capture, *_pages(body), f"{capture.url}/parts/{place}")
    if not files:
        texts = [(place, text) for (place, text), part in zip(bodies, parts, strict=True) if part.get_content_type() == "text/plain"]
        for place, text in texts:
            yield from _read_pages(window, capture, str(text).replace("\r\n", "\n").split("\f"), 0, None, f"{capture.url}/parts/{place}")
        if not texts:
            yield Trouble(key=capture.url, reason=Reason("no_items", step="journal", field="application/pdf"))


def _content(part: EmailMessage) -> bytes | str:
    """The content of a part, decoded; empty when it says of itself what is not so."""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError):
        return b""
    return content if isinstance(content, bytes | str) else b""
