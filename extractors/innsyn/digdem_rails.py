"""The old portals of Digdem (Ruby on Rails): journals."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    File,
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
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import Fields
from extractors.innsyn import markup
from extractors.innsyn.acos import norwegian_date

SEARCH_DAYS = 7
SEARCHED, DAILY, SECOND = "#offjournal-form-postjournal", "#journals_wrapper", "table:nth-of-type(2)"
LIST = {"search": SEARCHED, "narrow": SEARCHED, "day": DAILY, "front": SECOND}
ENGINE = "/assets/innsyn_engine/"
PARAGRAPH = "paragraph-"
DOCUMENT = re.compile(r"-\s*\d+$")
DOWNLOAD = "last ned"
NARROW = 9
LINE = re.compile(r"<br\s*/?>|</p>|</div>|</li>", re.I)


@dataclass(frozen=True)
class Columns:
    """Which cell says what, counted from 1. None where no cell does: then the popup or the question does."""

    number: int
    title: int
    party: int
    basis: int
    journal_date: int | None = None
    document_date: int | None = None
    type: int | None = None
    worker: int | None = None
    popup: int | None = None


LAYOUTS = {
    "search": Columns(1, 5, 6, 8, journal_date=2, document_date=3, type=4, worker=7, popup=11),
    "narrow": Columns(1, 4, 5, 6, journal_date=2, popup=9),
    "day": Columns(1, 5, 6, 8, document_date=3, type=4, worker=7),
    "front": Columns(1, 4, 5, 7, document_date=2, type=3, worker=6),
}


class DigdemRailsSettings(SourceSettings):
    """`layout` is the portal's edition: "search" (/postjournal/search, eleven columns), "narrow" (the same with nine, the rest in a popup),
    "day" (/postjournal?date=) or "front" (/?date=, titles of cases only)."""

    layout: Literal["search", "narrow", "day", "front"] = "search"


class DigdemRails(Extractor):
    """
    vendor       Digdem, about 2015 to 2020; replaced by innsynsportal.no
    recognise    #offjournal-form-postjournal; #journals_wrapper; /assets/innsyn_engine/ and /assets/paragraph-{md5}.png
    endpoints    GET /postjournal/search?from_date=YYYY-MM-DD&to_date=…&page=N; GET /postjournal?date=dd.MM.yyyy; GET /?date=dd.MM.yyyy
    set-up       none
    paging       the pager's link to the next page (.next_page, li.next)
    windows      search: a week at a time, newest first; the others: a day at a time, and that day is the journal date
    limits       none known
    quirks       an entry has no identifier but its number; a number without a document's is told apart by date, type, title and party; the
                 legal basis is HTML in the title of an image, or in data-content; the "front" edition has titles of cases only; the portals
                 that are known have been replaced or closed since 2019
    yields       journal entries
    licence      not stated
    facts from   ATLAS section 6.3 (innsyn/api: hedmark, trondheim-kommune, more-og-romsdal, troms, 2019)
    """

    platform = "digdem-rails"
    yields = (JournalEntry,)
    whole = {"journal_entry": Whole.WINDOW}

    Settings = DigdemRailsSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        is_search = source.settings.layout in ("search", "narrow")
        length = SEARCH_DAYS if is_search else 1
        until = window.until
        while until >= window.since:
            since = max(window.since, until - timedelta(days=length - 1))
            yield _search(source, since, until) if is_search else _day(source, until)
            until = since - timedelta(days=1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        tree = markup.tree_of(capture.text)
        frame = tree.css_first(LIST[source.settings.layout])
        yield from markup.unknown_metas(capture, "journal")
        if frame is None:
            yield Trouble(key=capture.url, reason=Reason("no_items", step="journal", field=LIST[source.settings.layout]))
            return
        rows = _rows(frame)
        context = capture.context
        since, until = (date.fromisoformat(context[end]) for end in ("since", "until"))
        for index, row in enumerate(rows):
            yield from _entry(source, row, capture, f"/rows/{index}", since, until)
        if not rows and context["page"] == 1:
            # The list is there and has no row: what the source says of these days. It proves nothing when another week had some.
            yield Claim(key=f"window {context['since']}", about="journal_entry", scope="window", count=0)
        if not rows and context["page"] > 1:
            yield Trouble(key=capture.url, reason=Reason("no_items", step="journal", field="tr"))
        if rows and (target := _next(tree)):
            try:
                yield Request(url=urls.parse(target, capture.url), context={**context, "page": context["page"] + 1})
            except InvalidURL:
                yield Trouble(key=f"{capture.url} next", outcome=Outcome.PARTIAL, reason=Reason("next_page_unreadable"))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html" or not capture.is_ok:
            return None
        tree, parts = LexborHTMLParser(capture.text), urlsplit(capture.url)
        home = f"{parts.scheme}://{parts.netloc}/"
        if (frame := tree.css_first(SEARCHED)) is not None:
            widest = max((len(_cells(row)) for row in _rows(frame)), default=0)
            return SourceGuess(cls.platform, home, {"layout": "narrow" if 0 < widest <= NARROW else "search"}, SEARCHED, 0.95)
        if tree.css_first(f"{DAILY} table") is not None and parts.path.startswith("/postjournal"):
            return SourceGuess(cls.platform, home, {"layout": "day"}, DAILY, 0.9)
        if ENGINE in capture.text and tree.css_first(SECOND) is not None and "date" in parse_qs(parts.query):
            return SourceGuess(cls.platform, home, {"layout": "front"}, f"{ENGINE} and ?date=", 0.8)
        return None


def _search(source: Source, since: date, until: date) -> Request:
    asked = {"enhet": "", "from_date": since.isoformat(), "to_date": until.isoformat(), "sort": "jdato", "direction": "desc",
             "ndoktype": "", "page": 1, "query": ""}  # fmt: skip
    context = {"step": "journal", "since": since.isoformat(), "until": until.isoformat(), "page": 1}
    return Request(url=urls.parse(f"/postjournal/search?{urlencode(asked)}", source.url), context=context)


def _day(source: Source, day: date) -> Request:
    path = "/postjournal" if source.settings.layout == "day" else "/"
    context = {"step": "journal", "since": day.isoformat(), "until": day.isoformat(), "page": 1}
    return Request(url=urls.parse(f"{path}?date={day:%d.%m.%Y}", source.url), context=context)


def _rows(frame: LexborNode) -> list[LexborNode]:
    """The rows of the list: those with cells, so that headings are none; of a bare table the first row is one when it has no number."""
    if frame.tag == "table":
        rows = [row for row in frame.css("tr") if _cells(row)]
        return rows[1:] if rows and not re.search(r"\d", markup.text(_cells(rows[0])[0]) or "") else rows
    table = frame.css_first("table")
    return [row for row in table.css("tr") if _cells(row)] if table is not None else []


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag == "td"]


def _next(tree: LexborHTMLParser) -> str | None:
    """Where the pager leads on; None on the last page, whose link is no link."""
    for link in tree.css(".pagination a.next_page, .pagination li.next a, .pagination a[rel=next]"):
        classes = f"{link.attributes.get('class') or ''} {(link.parent.attributes.get('class') if link.parent else '') or ''}".split()
        if (href := link.attributes.get("href")) and href != "#" and "disabled" not in classes:
            return href
    return None


def _entry(source: Source, row: LexborNode, capture: Capture, locator: str, since: date, until: date) -> Iterator[Record]:
    columns, cells = LAYOUTS[source.settings.layout], _cells(row)
    said = _texts(columns, cells)
    number = said["number"]
    short = (f"cells.{len(cells)}",) if len(cells) < max(p for p in astuple(columns) if p) else ()
    if not number or not any(c.isdigit() for c in number):
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="journal", field="td:nth-child(1)"))
        return
    popup = _popup(cells, columns)
    kind = said["type"] or popup.text("type")
    # "day" and "front" have no journal date of their own: the day that was asked for is it.
    journal_date = said["journal_date"] or (since.isoformat() if columns.journal_date is None else None)
    if not markup.is_within(norwegian_date(journal_date), since, until):
        return
    case_number, document_number = _parted(number)
    document_date, title, party = said["document_date"] or popup.text("datert"), said["title"], said["party"]
    is_outgoing, is_of_case = (kind or "").lower().startswith("u"), source.settings.layout == "front"
    parties = (party,) if party else None
    yield JournalEntry(
        key=number if document_number else _key(number, document_date, kind, title, party), locator=locator, case_number=case_number,
        document_number=document_number, journal_date=journal_date, document_date=document_date, document_type=kind,
        title=None if is_of_case else title, case_title=title if is_of_case else None, senders=None if is_outgoing else parties,
        recipients=parties if is_outgoing else None, legal_basis=_legal_basis(cells, columns),
        case_worker=said["worker"] or popup.text("saksbehandler"), unit=popup.text("enhet"), files=_files(row, capture.url),
        source_url=capture.url, leftovers=(*popup.rest("popup."), *short),
    )  # fmt: skip


def _texts(columns: Columns, cells: Sequence[LexborNode]) -> Mapping[str, str | None]:
    """What the cells say, by the name of the column; the number and the type stand in an element of their own within theirs."""
    places = {"number": columns.number, "title": columns.title, "party": columns.party, "journal_date": columns.journal_date,
              "document_date": columns.document_date, "type": columns.type, "worker": columns.worker}  # fmt: skip
    return {name: markup.text(cells[place - 1]) if place and place <= len(cells) else None for name, place in places.items()}


def _parted(number: str) -> tuple[str, str | None]:
    """A number into the case's and the document's; only the case's where no document's stands."""
    match = DOCUMENT.search(number)
    return (number[: match.start()].strip(), match[0].lstrip("- ")) if match else (number, None)


def _key(number: str, *told: str | None) -> str:
    """A key for an entry that has only its case's number."""
    digest = hashlib.sha256("\x1f".join(t or "" for t in told).encode()).hexdigest()
    return f"{number}#{digest[:12]}"


def _popup(cells: Sequence[LexborNode], columns: Columns) -> Fields:
    """The labelled lines of the popup of a row."""
    cell = cells[columns.popup - 1] if columns.popup and columns.popup <= len(cells) else None
    link = cell.css_first("a[data-content]") if cell is not None else None
    html = (link.attributes.get("data-content") if link is not None else None) or ""
    lines = (markup.text(LexborHTMLParser(line).body) or "" for line in LINE.split(html))
    pairs = (line.partition(":") for line in lines if ":" in line)
    return Fields({label.strip().lower(): value.strip() or None for label, _, value in pairs})


def _legal_basis(cells: Sequence[LexborNode], columns: Columns) -> str | None:
    """The legal basis of a row with the picture of a paragraph: HTML in the picture's title or the link's data, else the text beside it."""
    cell = cells[columns.basis - 1] if columns.basis <= len(cells) else None
    image = cell.css_first(f"img[src*='{PARAGRAPH}']") if cell is not None else None
    if cell is None or image is None:
        return None
    link = cell.css_first("a[data-content]")
    html = image.attributes.get("title") or (link.attributes.get("data-content") if link is not None else None)
    if not html:
        return markup.text(cell)
    told = LexborHTMLParser(html)
    return markup.text(told.css_first("div > span")) or markup.text(told.body)


def _files(row: LexborNode, base: str) -> tuple[File, ...]:
    """The file of an entry that lies open."""
    found = []
    for link in row.css("a[href]"):
        if (markup.text(link) or "").lower() == DOWNLOAD:
            try:
                found.append(File(url=urls.parse(link.attributes["href"] or "", base), is_open=True))
            except InvalidURL:
                continue
    return tuple(found)
