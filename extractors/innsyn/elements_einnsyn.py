"""The old ePhorte / Elements "eInnsyn": an ASP.NET MVC site with a form and a page for every entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

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
from extractors.fields import as_text
from extractors.websites.page import strange_metas

PROBE = timedelta(days=30)
LIST = "#itemListView"
NUMBER = re.compile(r"(?:registryentryid|journalpostid|\bid)=(\d+)|/(\d+)(?=[/?#]|$)", re.I)
SITE = re.compile(r"^https?://[^/]+/(?:[^/]+/)*?(?:eInnsyn[^/]*|[^/]+-innsyn)/", re.I)
LINKED = re.compile(
    r"https?://(?:einnsyn\.public\.cloudservices\.no/[^/\s\"'<>]+-innsyn|prod\.elementscloud\.no/eInnsyn\.[^/\s\"'<>]+|einnsyn\.[^/\s\"'<>]+/eInnsyn)(?=[/\"'?])",
    re.I,
)
LABELS = {
    "dok.nr": "document_number", "dok.nr.": "document_number", "dokumentnr": "document_number", "dokumentnummer": "document_number",
    "dok.dato": "document_date", "dokumentdato": "document_date", "brevdato": "document_date",
    "enhet": "unit", "adm.enhet": "unit", "ansvarlig enhet": "unit", "saksbehandler": "case_worker", "hjemmel": "legal_basis",
    "tilgangskode": "access", "tilgang": "access", "løpenr": "serial", "løpenr.": "serial", "løpenummer": "serial",
}  # fmt: skip
PLACES = {("leftside", 2): "document_number", ("leftside", 3): "document_date", ("leftside", 4): "unit", ("rightside", 1): "case_worker",
          ("rightside", 3): "legal_basis"}  # fmt: skip
CELLS = frozenset(("tdregistrycasenummer", "tdregistrylopenummer", "content-description", "tdjournaldato", "td-documenttype"))
ROLES = (("avsend", "senders"), ("mott", "recipients"))
NORWEGIAN_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")


class ElementsEInnsynSettings(SourceSettings):
    """`details` asks for the page of every entry; without it only case number, title and day are known."""

    details: bool = True


class ElementsEInnsyn(Extractor):
    """
    vendor       Evry / Sikri; ePhorte and Elements before Publikum, on the body's own host or einnsyn.public.cloudservices.no/{x}-innsyn/
    recognise    …/eInnsyn/; #itemListView, td.tdRegistryCasenummer; prod.elementscloud.no/eInnsyn.*
    endpoints    POST the start page (a form); GET the page of an entry, whose address stands in the list
    set-up       none that is known (cookies are kept)
    paging       none that is known: one day at a time
    windows      FromDate, ToDate (dd.MM.yyyy) with docregradio=RegistryDate; an empty day is held against the month before the window
    limits       one question for every entry (`details`); the lists of all days are read before the first of them
    quirks       rows without a number of a case are headings; where a body shows serials (NTNU), it stands in tdRegistryLopenummer;
                 the date is bare text beside its label in the cell; blocks of details are known by place where the label is not known;
                 a table of parties has three cells a row, name, something, role, and the middle one may hold an address: it is not read
    yields       journal entries
    robots       prod.elementscloud.no is reported to refuse
    licence      not stated
    facts from   ATLAS section 4.2 (two parsers and five configurations of 2019); no answer of a server has been seen
    """

    platform = "elements-einnsyn"
    yields = (JournalEntry,)
    whole = {"journal_entry": Whole.DAYS}

    Settings = ElementsEInnsynSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        for n in range((window.until - window.since).days + 1):
            day = window.since + timedelta(days=n)
            yield _form(source, day, day, {"step": "list", "day": f"{day:%d.%m.%Y}"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        if not capture.is_ok:
            yield Trouble(key=capture.url, outcome=Outcome.FAILED, reason=Reason("server_answered", status=capture.status))
            return
        tree = LexborHTMLParser(capture.text)
        if strange := strange_metas(capture.text):
            leftovers = tuple(f"meta.{name}" for name in strange)
            yield Claim(key=f"page {capture.context['step']}", about="page", scope="answer", leftovers=leftovers)
        read = {"list": _read_list, "probe": _read_probe, "entry": _read_entry}[capture.context["step"]]
        yield from read(source, window, capture, tree)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html":
            return None
        if 'id="itemListView"' not in capture.text or "tdRegistry" not in capture.text:
            link = LINKED.search(capture.text)
            return SourceGuess(cls.platform, f"{link[0]}/", {}, "the page links to an old eInnsyn", 0.5) if link else None
        address = match[0] if (match := SITE.match(capture.url)) else urls.parse(".", capture.url)
        return SourceGuess(cls.platform, address, {}, "itemListView and tdRegistry… in the page", 0.95)


def _form(source: Source, since: date, until: date, context: dict[str, str], role: str = "data") -> Request:
    """The search form: everything journalled in some days."""
    form = (("searchType", "TextSearch"), ("SearchString", ""), ("FromDate", f"{since:%d.%m.%Y}"), ("ToDate", f"{until:%d.%m.%Y}"),
            ("docregradio", "RegistryDate"), ("AdminUnit", ""), ("DocumentType", ""))  # fmt: skip
    return Request(url=source.url, method="POST", form=form, context=context, role=role)


def _rows(tree: LexborHTMLParser) -> list[LexborNode] | None:
    """The rows of the list that are entries, also such as lack a number or a link; None when there is no list."""
    if tree.css_first(LIST) is None:
        return None
    rows = tree.css(f"{LIST} > tbody > tr")
    return [r for r in rows if r.css_first("td.tdRegistryCasenummer, td.tdRegistryLopenummer, td.content-description") is not None]


def _number_of(node: LexborNode) -> str | None:
    return _text(node.css_first("td.tdRegistryCasenummer")) or _text(node.css_first("td.tdRegistryLopenummer"))


def _read_list(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    rows, day = _rows(tree), capture.context["day"]
    if rows is None:
        yield Trouble(key=f"list {day}", reason=Reason("no_items", step="list", field="itemListView"))
        return
    yield Claim(key=f"day {day}", about="journal_entry", scope="day", day="-".join(reversed(day.split("."))), count=len(rows))
    for index, row in enumerate(rows):
        link = row.css_first("td.content-description > a")
        address = _address(link.attributes.get("href") if link else None, capture.url)
        key = key_of(address)
        if not address or not key:
            locator = f"{LIST} tr {index}"
            yield Trouble(key=f"{day} {locator}", locator=locator, reason=Reason("no_identifier", step="list", field="href"))
            continue
        told = {"journal_date": day, **_row(row)}
        yield JournalEntry(key=key, locator=f"{LIST} tr {index}", source_url=address, leftovers=_strange(row), **told)
        if source.settings.details:
            yield Request(url=address, context={"step": "entry", "key": key, "rank": 1})
    if not rows:
        yield _form(source, window.since - PROBE, window.since - timedelta(days=1), {"step": "probe"}, role="probe")


def _read_probe(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record]:
    if rows := _rows(tree):
        yield Claim(key="older", about="journal_entry", scope="probe", count=len(rows))


def key_of(address: str | None) -> str | None:
    """The number of an entry in the address of its page."""
    found = NUMBER.findall(address or "")
    return (found[0][0] or found[0][1]) if found else None


def _row(node: LexborNode) -> dict[str, Any]:
    """What the cells of a row say, in the list and on the page of an entry alike."""
    on = NORWEGIAN_DATE.search(_text(node.css_first("td.tdJournalDato")) or "")
    told = {"case_number": _number_of(node), "title": _text(node.css_first("td.content-description > a")),
            "journal_date": on[0] if on else None, "document_type": _text(node.css_first("td.td-documenttype"))}  # fmt: skip
    return {name: text for name, text in told.items() if text}


def _strange(row: LexborNode) -> tuple[str, ...]:
    """Classes of cells we have never heard of."""
    classes = [c for cell in row.css("td[class]") for c in (cell.attributes.get("class") or "").split()]
    return tuple(dict.fromkeys(f"td.{c}" for c in classes if c.lower() not in CELLS))


def _read_entry(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record]:
    key, main = capture.context["key"], tree.css_first("#main")
    row = next((r for r in main.css("table > tbody > tr") if _number_of(r)), None) if main else None
    if main is None or row is None:
        yield Trouble(key=capture.url, reason=Reason("no_content", step="entry"))
        return
    details, strange = _details(main)
    parties = _parties(main)
    files = tuple(
        File(title=_text(a), url=url, is_open=True)
        for a in main.css('a[href*="ShowDocument"]') if (url := _address(a.attributes.get("href"), capture.url))
    )  # fmt: skip
    yield JournalEntry(key=key, locator="#main", source_url=capture.url, files=files or None, leftovers=(*_strange(row), *strange),
                       **_row(row), **details, **parties)  # fmt: skip


def _details(main: LexborNode) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The labelled fields: by label, else by place; and the labels that are neither known nor in a known place."""
    told: dict[str, Any] = {}
    strange: list[str] = []
    for side in ("leftside", "rightSide"):
        block = main.css_first(f"div.detailsmetadatablock.{side}")
        lines = [n for n in block.iter() if n.tag == "div"] if block else []
        for place, line in enumerate(lines, start=1):
            label, text = (_text(line.css_first(f"div.display-{part}")) for part in ("label", "field"))
            plain = (label or "").lower().rstrip(":").strip()
            field = LABELS.get(plain) or PLACES.get((side.lower(), place))
            if field and text:
                told.setdefault(field, text)
            elif not field and label:
                strange.append(f"detail.{plain}")
    return told, tuple(strange)


def _parties(main: LexborNode) -> dict[str, Any]:
    """Who sent and who received: the first of three cells is the name, the third the role; the one between is never read."""
    found: dict[str, list[str]] = {}
    for row in main.css("fieldset table > tbody > tr"):
        cells = [n for n in row.iter() if n.tag == "td"]
        name, role = (_text(cells[0]), (_text(cells[2]) or "").lower()) if len(cells) == 3 else (None, "")
        kind = next((kind for start, kind in ROLES if role.startswith(start)), None)
        if name and kind:
            found.setdefault(kind, []).append(name)
    return {kind: tuple(names) for kind, names in found.items()}


def _address(href: str | None, base: str) -> str | None:
    try:
        return urls.parse(href, base) if href else None
    except InvalidURL:
        return None


def _text(node: LexborNode | None) -> str | None:
    return as_text(node.text(separator=" ", strip=True)) if node else None
