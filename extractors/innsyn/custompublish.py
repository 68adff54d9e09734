"""The journal module of CustomPublish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
    Known,
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
from extractors.innsyn import markup, parties
from extractors.innsyn.acos import norwegian_date

PAGE = re.compile(r"[./](?P<cat>\d{3,})\.(?:no|nn|nb|se|en)\.html$", re.I)
ROWS, MARKS = "table.postjournal > tbody > tr", "table.postjournal, input[name=pjdate]"
NUMBER = re.compile(r"(?:^|\s)-\s+(?P<number>[\d/]*\d-\d+|\d+/\d+)\s*$")
DETAILS = ("sak", "dok.dato", "type", "heimel", "saksbehandlar", "fil")
"""What the rows of the details are, in the order they stand in, where a row leaves its label out."""
PORTALS = re.compile(
    r"(?:^|\.)(?:pj\.360online\.com|opengov\.360online\.com|elementscloud\.no|onacos\.no|innsynsportal\.no|einnsyn\.no|digdem\.no)$", re.I
)


class CustomPublishSettings(SourceSettings):
    """`category` is the number of the journal's page, where the address does not end with it (`postjournal.343942.nn.html`)."""

    category: int | None = None


class CustomPublish(Extractor):
    """
    vendor       CustomPublish; the journal is a module within the body's website
    recognise    /{slug}.{category}.no.html or .nn.html with table.postjournal. Most bodies on CustomPublish have no such table: their page
                 only links to the real portal, which discovery follows and this does not read
    endpoints    GET /?cat={category}&pjdate=dd.MM.yyyy&pjsokdato=1
    set-up       none
    paging       none that is known: a whole day
    windows      a day at a time
    limits       not known
    quirks       an entry has no identifier but case and document number, so one that is moved to another case is another entry; date,
                 sender and recipient are pieces of text between labels; details have labels nobody has written down, then the order tells;
                 how a day without entries looks is not known: a page with the table or its search field and no rows is believed to be one
    yields       journal entries, cases (number and title only)
    licence      not stated
    facts from   ATLAS section 7.3; a harvester of the county Sogn og Fjordane, 2019, the only body seen with the module
    """

    platform = "custompublish"
    yields = (JournalEntry, CaseFile)
    whole = {"journal_entry": Whole.DAYS}

    Settings = CustomPublishSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        category = source.settings.category or _category_of(source.url)
        for age in range((window.until - window.since).days + 1):
            day = window.until - timedelta(days=age)
            address = urls.parse(f"/?cat={category or ''}&pjdate={day:%d.%m.%Y}&pjsokdato=1", source.url)
            yield Request(url=address, context={"step": "journal", "day": day.isoformat()})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        tree = markup.tree_of(capture.text)
        yield from markup.unknown_metas(capture, "journal")
        if tree.css_first(MARKS) is None:
            portal = _portal_of(tree, capture.url)
            missing = Reason("no_items", step="journal", field="table.postjournal")
            yield Trouble(key=capture.url, reason=Reason("portal_elsewhere", host=portal) if portal else missing)
            return
        if len(tree.css("div.postjournal.tittel")) > len(tree.css(f"{ROWS} div.postjournal.tittel")):
            yield Trouble(key=f"{capture.url} rows", reason=Reason("no_items", step="journal", field="table.postjournal"))
            return
        yield from _read_day(capture, date.fromisoformat(capture.context["day"]), tree.css(ROWS))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html" or LexborHTMLParser(capture.text).css_first("table.postjournal") is None:
            return None
        category = _category_of(capture.url)
        settings = {"category": category} if category and PAGE.search(urlsplit(capture.url).path) is None else {}
        return SourceGuess(cls.platform, capture.url, settings, "a table of the journal module in the page", 0.9 if category else 0.5)


def _category_of(address: str) -> int | None:
    """The number of the page: at the end of its address, or as `cat`."""
    parts = urlsplit(address)
    if match := PAGE.search(parts.path):
        return int(match["cat"])
    named = parse_qs(parts.query).get("cat", [""])[0]
    return int(named) if named.isdecimal() else None


def _portal_of(tree: LexborHTMLParser, base: str) -> str | None:
    """The host of the first known portal the page links to."""
    hosts = (markup.split(a.attributes.get("href")).hostname or "" for a in tree.css("a[href^=http]"))
    return next((host for host in hosts if PORTALS.search(host) and host != urlsplit(base).hostname), None)


def _read_day(capture: Capture, day: date, rows: list[LexborNode]) -> Iterator[Record]:
    entries = [_entry_from_row(row, capture.url, f"{ROWS}:nth-of-type({place})") for place, row in enumerate(rows, 1)]
    dated = [norwegian_date(entry.journal_date) for entry in entries if isinstance(entry, JournalEntry)]
    if any(dated) and day not in dated:
        yield Trouble(key=capture.url, reason=Reason("other_days", since=day.isoformat(), until=day.isoformat()))
        return
    for entry in entries:
        yield entry
        if isinstance(entry, JournalEntry) and entry.case_key:
            yield CaseFile(
                key=entry.case_key, locator=f"{entry.locator}/case", case_number=entry.case_number, title=entry.case_title,
                source_url=capture.url,
            )  # fmt: skip
    yield Claim(key=f"day {day}", about="journal_entry", scope="day", day=day.isoformat(), count=len(rows))


def _entry_from_row(row: LexborNode, base: str, locator: str) -> JournalEntry | Trouble:
    heading = row.css_first("div.postjournal.tittel")
    match = NUMBER.search((markup.first(heading, "span") if heading is not None else None) or "")
    if heading is None or match is None:
        reason = Reason("no_identifier", step="journal", field="div.postjournal.tittel")
        return Trouble(key=f"{base} {locator}", locator=locator, reason=reason)
    number = match["number"]
    case_number, _, document_number = number.rpartition("-")
    said, files = _details(row, base)
    pieces = _pieces(row.css_first("div.postjournal.fratil"))
    entry = JournalEntry(
        key=number, locator=locator, title=markup.first(heading, "a"), case_number=case_number or number, case_key=case_number or None,
        document_number=document_number if case_number else None, case_title=said.text("sak", "sakstittel", "tittel på sak"),
        journal_date=pieces.text("", "dato", "journaldato", "journalført"), document_date=said.text("dok.dato", "dokumentdato", "brevdato"),
        document_type=said.text("type", "dokumenttype"), senders=_names(pieces.text("avsendar", "avsender", "frå", "fra")),
        recipients=_names(pieces.text("mottakar", "mottaker", "til")), legal_basis=said.text("heimel", "hjemmel"),
        case_worker=said.text("saksbehandlar", "saksbehandler"), files=files, source_url=base,
    )  # fmt: skip
    said.leave(("fil", "filer"))
    return replace(entry, leftovers=(*said.rest("label."), *pieces.rest("label.")))


def _names(party: str | None) -> tuple[str, ...] | None:
    return parties.names((party,)) if party else None


def _pieces(line: LexborNode | None) -> Fields:
    """The texts of a line by the label before each; a date that stands before any label has none (`""`)."""
    found: dict[str, str | None] = {}
    label = ""
    for piece in line.iter(include_text=True) if line is not None else ():
        said = markup.text(piece)
        if piece.is_element_node and piece.tag != "br" and said:
            label = said.rstrip(" :").lower()
        elif said:
            found[label] = f"{found[label]} {said}" if label in found else said
    return Fields(found)


def _details(row: LexborNode, base: str) -> tuple[Fields, tuple[File, ...] | None]:
    """The details of a row by label, by their place where they have none, and the open file."""
    found: dict[str, str | None] = {}
    files: list[File] = []
    for place, each in enumerate(row.css("table.postjournaldetaljer > tbody > tr")):
        cells = [cell for cell in each.iter() if cell.tag in ("td", "th")]
        label = (markup.text(cells[0]) or "").rstrip(" :").lower() if len(cells) > 1 else ""
        found[label or (DETAILS[place] if place < len(DETAILS) else f"nr. {place + 1}")] = markup.text(cells[-1]) if cells else None
        for link in each.css("a[href]"):
            if (link.attributes.get("href") or "#") != "#":
                files.append(markup.file_of(link, base, markup.text(link)))
    return Fields(found), tuple(files) or None
