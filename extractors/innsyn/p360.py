"""Public 360 journal ("360online")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Claim,
    Extractor,
    JournalEntry,
    Known,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Whole,
    Window,
)
from extractors.fetch import urls
from extractors.fields import Fields
from extractors.innsyn import markup
from extractors.innsyn.acos import norwegian_date

PAGE_SIZE = 10
SEARCH_DAYS = 28
ROWS = ".document-rows, li[id^=documentrow_]"
SUMMARY = ("journaldato", "sakstittel", "avsender/mottaker")
DETAILS = ("dokumentdato", "tilgangskode", "dokumenttype", "hjemmel", "saksbehandler", "saksansvarlig")
"""What the values are, in the order they stand in, where a page leaves a label out."""
SENDER, RECIPIENT = ("avsender", "avsendar", "fra", "frå"), ("mottaker", "mottakar", "til")
EITHER = ("avsender/mottaker", "avsendar/mottakar", "mottaker/avsender", "part")
OPENED = re.compile(r"\('(.*?)'")


class P360Settings(SourceSettings):
    """Nothing but the address."""


class P360Journal(Extractor):
    """
    vendor       Tietoevry; Public 360 journal, {body}.pj.360online.com
    recognise    /Journal/ on *.pj.360online.com; .document-rows with .data-column and .journal-details, "Be om innsyn"
    endpoints    GET /Journal/Search/?querytype=and&FromDate=dd.MM.yyyy&ToDate=dd.MM.yyyy&offset={0,10,…}; SearchRelated for one case
    set-up       none
    paging       ten a page, newest first; the pager's next offset, and where there is no pager a full page means that one more is asked
    windows      FromDate and ToDate, both included; four weeks at a time (a search over more than a month is advised against), so that
                 what is journalled while we turn pages moves little
    limits       the journal answers slowly and slows down who asks in parallel; some have nothing before 2017
    quirks       an entry has no identifier but case and document number, so one that is moved to another case is another entry; labels
                 differ and may be missing, then the order tells; since 2026 some tenants write cards (li#documentrow_…) in place of rows,
                 and answer a search without hits with status 500
    yields       journal entries, cases (number and title only)
    licence      not stated
    facts from   ATLAS section 5.1; the cards from code that reads kristiansand.pj.360online.com in 2026
    """

    platform = "360-pj"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.WINDOW}

    Settings = P360Settings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        until = window.until
        while until >= window.since:
            since = max(window.since, until - timedelta(days=SEARCH_DAYS - 1))
            yield _search(source, since, until, 0, 1)
            until = since - timedelta(days=1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        tree = markup.tree_of(capture.text)
        rows = tree.css(ROWS)
        yield from markup.unknown_metas(capture, "journal")
        if capture.request.role == "probe":
            yield from _read_probe(window, capture, rows)
        elif rows:
            yield from _read_rows(source, capture, tree, rows)
        elif capture.context["page"] == 1:
            # Nothing in these weeks, or nothing we recognise: the newest entries of all tell which.
            context = {"step": "probe", "since": capture.context["since"], "until": capture.context["until"]}
            yield Request(url=urls.parse("?querytype=and&offset=0", source.url), role="probe", context=context)
        elif capture.context.get("place") is not None:
            yield Trouble(key=capture.url, reason=Reason("no_items", step="journal", field=".document-rows"))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html":
            return None
        parts = urlsplit(capture.url)
        if LexborHTMLParser(capture.text).css_first(".document-rows .journal-details, li[id^=documentrow_]") is None:
            return None
        on_vendor = (parts.hostname or "").endswith(".pj.360online.com")
        home = f"{parts.scheme}://{parts.netloc}/Journal/Search/"
        return SourceGuess(cls.platform, home, {}, "rows of a 360 journal in the page", 0.95 if on_vendor else 0.8)


def _search(source: Source, since: date, until: date, start: int, page: int, place: int | None = None) -> Request:
    """`place` is where the pager of the page before said that this one begins; None where there was no pager."""
    asked = {"querytype": "and", "FromDate": f"{since:%d.%m.%Y}", "ToDate": f"{until:%d.%m.%Y}", "offset": start}
    context = {"step": "journal", "since": since.isoformat(), "until": until.isoformat(), "start": start, "page": page, "place": place}
    return Request(url=urls.parse(f"?{urlencode(asked)}", source.url), context=context)


def _read_probe(window: Window, capture: Capture, rows: list[LexborNode]) -> Iterator[Record]:
    if not rows:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="journal", field=".document-rows"))
        return
    days = markup.days_of(_labels(row).text("journaldato", "journalført") for row in rows)
    since, until = (date.fromisoformat(capture.context.get(end) or getattr(window, end).isoformat()) for end in ("since", "until"))
    if any(since <= day <= until for day in days):
        # The weeks that came without a row have some.
        yield Trouble(key=capture.url, reason=Reason("no_items", step="journal", field=".document-rows"))
    elif any(day < window.since for day in days):
        yield Claim(key="older", about="journal_entry", scope="probe", count=1)


def _read_rows(source: Source, capture: Capture, tree: LexborHTMLParser, rows: list[LexborNode]) -> Iterator[Record | Request]:
    since, until = (date.fromisoformat(capture.context[end]) for end in ("since", "until"))
    days: list[date] = []
    for index, row in enumerate(rows):
        locator = f"/rows/{index}"
        entry = _entry_from_row(source, row, capture.url, locator)
        if entry is None:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="journal", field="h3"))
            continue
        day = norwegian_date(entry.journal_date)
        days += [day] if day else []
        if markup.is_within(day, since, until):
            yield entry
            if entry.case_key:
                yield CaseFile(
                    key=entry.case_key, locator=f"{locator}/case", case_number=entry.case_number, title=entry.case_title,
                    source_url=entry.source_url,
                )  # fmt: skip
    here = capture.context["start"]
    start, is_promised = _next_start(tree, here, len(rows))
    if start is not None and is_promised and start - here > len(rows):
        reason = Reason("list_short", step="journal", expected=start - here, read=len(rows))
        yield Trouble(key=f"{capture.url} rows", outcome=Outcome.PARTIAL, reason=reason)
    if start is not None and (not days or max(days) >= since):
        yield _search(source, since, until, start, capture.context["page"] + 1, start if is_promised else None)


def _next_start(tree: LexborHTMLParser, start: int, read: int) -> tuple[int | None, bool]:
    """Where the next page begins, and whether the pager says so: the smallest offset of the pager beyond this one."""
    pager = tree.css_first(".paging")
    if pager is None:
        return (start + read if read >= PAGE_SIZE else None), False
    queries = (parse_qs(markup.split(a.attributes.get("href")).query) for a in pager.css("a"))
    offsets = (int(q["offset"][0]) for q in queries if q.get("offset", [""])[0].isdigit())
    return min((o for o in offsets if o > start), default=None), True


def _entry_from_row(source: Source, row: LexborNode, base: str, locator: str) -> JournalEntry | None:
    """The entry of a row; None when neither its heading nor a label carries a number."""
    said = _labels(row)
    heading = markup.first(row, ".data-column h3") or markup.first(row, ".document-card-title") or ""
    number, title = said.text("dokumentnummer", "dokumentnr"), heading
    if number is None or heading.startswith(number):
        number, _, title = heading.partition(" ")
    if not number or not any(c.isdigit() for c in number):
        return None
    case_number, _, document_number = number.rpartition("-")
    said.leave(("saksnummer", "saksnr"))
    document_type = said.text("dokumenttype", "type", "dokumentkategori")
    senders, recipients = _parties(said, document_type)
    return JournalEntry(
        key=number, locator=locator, title=title.strip() or None, case_number=case_number or number,
        document_number=document_number or None, case_key=case_number or None, document_type=document_type,
        case_title=said.text("sakstittel", "sak", "tittel på sak"), journal_date=said.text("journaldato", "journalført"),
        document_date=said.text("dokumentdato", "dok.dato"),
        senders=senders, recipients=recipients, access=said.text("tilgangskode", "tilgang", "gradering"),
        legal_basis=said.text("hjemmel", "heimel", "unntatt etter"), case_worker=said.text("saksbehandler", "saksbehandlar"),
        unit=said.text("ansvarlig enhet", "ansvarleg eining", "saksansvarlig", "saksansvarleg"),
        files=tuple(markup.file_of(link, base, markup.text(link), address) for link, address in _opened(row)),
        source_url=urls.parse(f"?{urlencode({'searchString': number})}", source.url), leftovers=said.rest("label."),
    )  # fmt: skip


def _labels(row: LexborNode) -> Fields:
    """The labelled values of a row or a card."""
    pairs = [*_in_order(row.css(".data-column dl"), SUMMARY), *_in_order(row.css(".journal-details dl"), DETAILS)]
    cards = ((span, span.parent.next) for span in row.css("div > span") if not pairs and span.parent is not None)
    fields = markup.labels((span, _element(beside)) for span, beside in cards)
    return Fields({**fields.data, **dict(pairs)})


def _in_order(lists: list[LexborNode], names: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Each list's value by its label; by its place where it has none."""
    for place, each in enumerate(lists):
        parts = {part.tag: part for part in each.iter()}
        label = (markup.text(parts.get("dt")) or "").rstrip(" :").lower()
        yield label or (names[place] if place < len(names) else f"nr. {place + 1}"), markup.text(parts.get("dd"))


def _element(node: LexborNode | None) -> LexborNode | None:
    while node is not None and not node.is_element_node:
        node = node.next
    return node


def _parties(said: Fields, document_type: str | None) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """(senders, recipients); where the label says neither, the type does: outgoing goes to somebody, all else comes from somebody."""
    sender, recipient, either = said.text(*SENDER), said.text(*RECIPIENT), said.text(*EITHER)
    if either and (document_type or "").strip().lower().startswith("u"):
        recipient = recipient or either
    elif either:
        sender = sender or either
    return (sender,) if sender else None, (recipient,) if recipient else None


def _opened(row: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    """Links to the files of a row that lie open, with their addresses; a row that must be asked for has none."""
    for link in row.css(".data-permitted .journal-details > ul > li > a[onclick]"):
        if match := OPENED.search(link.attributes.get("onclick") or ""):
            yield link, match[1]
