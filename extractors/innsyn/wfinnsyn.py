"""ACOS WebSak Innsyn, the classic one (`wfinnsyn.ashx`, or `innsyn.aspx` within ACOS CMS)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from catalogue.reasons import Reason
from extractors.contract import (
    AgendaItem,
    Capture,
    CaseFile,
    Claim,
    Extractor,
    File,
    JournalEntry,
    Known,
    Meeting,
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
from extractors.innsyn.acos import norwegian_date
from extractors.innsyn.markup import is_within, text, unknown_metas
from extractors.websites.page import Hostile, tree_of

PAGE_SIZE = 10
MEETING_MARGIN = timedelta(days=30)
HANDLER, IN_CMS = "wfinnsyn.ashx", "innsyn.aspx"
DAY_LIST = "#div_sok_resultstable ul.i-jp, ul.i-jp, table.inner-max-width"
OURS = f"{DAY_LIST}, .innsyn-content, #innsyn-content, #moteplan_content, #moteliste, #div_sok_resultstable, h1.header-head, table.i-bgw"
SIGNS = (
    "#moteplan_content", "#moteliste", "table.i-bgw", "ul.i-jp", "#div_sok_resultstable", 'a[href*="wfdocument.ashx"]',
    'link[href*="/skins/innsyn"]',
)  # fmt: skip
LINKED = re.compile(rf"(?:{re.escape(HANDLER)}|{re.escape(IN_CMS)})\?(?:[^\"'<>]*&(?:amp;)?)?response=", re.I)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
CLOSED = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*?)?)\s*/>")
NUMBERED = re.compile(r"(?P<case>\S*\d/\d\S*?)-(?P<document>\d{1,5})\s+-\s+(?P<title>.+)", re.S)
CASE_NUMBER = re.compile(r"(?:[A-ZÆØÅ]{1,6}-)?\d{2,4}/\d{1,7}\b")
SERIAL = re.compile(r"\d{2,4}/\d{1,7}")
ITEM = re.compile(r"(?P<number>(?:(?P<type>[A-ZÆØÅ]{1,5})\s+)?\d{1,4}/\d{2,4})\s*[-–:]?\s+(?P<title>.+)", re.S)
WITHHELD = re.compile(r"offent(?:lighet|legheit|legdom)\w*\s+etter\s+(?P<basis>.+)", re.I | re.S)
CLOSED_TO_ALL = re.compile(r"ikk(?:e|je) offent", re.I)
SUFFIX = re.compile(r"\(([^()]{3,40})\)$")
NOTHING = re.compile(r"\b(?:ikke|ikkje|ingen)\b.{0,40}\b(?:journalf|dokument|treff|post)", re.I | re.S)
DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
LABELS = {
    "journal_date": ("journaldato", "journalført"),
    "document_date": ("dok.dato", "dok. dato", "dokumentdato", "brevdato", "dokumentets dato"),
    "document_type": ("dokumenttype", "doktype", "journalposttype"),
    "senders": ("avsender(e)", "avsender", "avsendere", "avsendar", "avsendar(ar)", "avsendar(e)", "avsendarar"),
    "recipients": ("mottaker(e)", "mottaker", "mottakere", "mottakar", "mottakar(ar)", "mottakar(e)", "mottakarar", "sendt til"),
    "unit": ("ansvarlig enhet", "ansvarleg eining", "ansvarlig eining", "ansvarleg enhet"),
    "case_worker": ("saksbehandler", "saksbehandlar", "sakshandsamar", "dokumentansvarlig", "dokumentansvarleg", "saksansvarlig",
                    "saksansvarleg"),
    "legal_basis": ("hjemmel", "heimel"),
    "access": ("tilgang", "tilgangskode", "gradering"),
    "case_title": ("tittel på saken", "sakstittel", "saktittel"),
    "title": ("tittel på dokumentet", "dokumenttittel", "tittel"),
    "case_number": ("arkivsakid", "arkivsak", "arkivsaknr", "saksnummer"),
    "serial": ("dokumentid",),
    "case_date": ("dato", "saksdato", "opprettet", "oppretta"),
    "status": ("status", "saksstatus", "møtestatus"),
    "case_type": ("sakstype", "arkivsakstype"),
    "number": ("saksnr", "møtesak", "saknr"),
    "committee": ("utvalg", "utval"),
    "place": ("møtested", "møtestad", "sted", "stad"),
    "start": ("møtedato", "tidspunkt", "møtetid"),
}  # fmt: skip
FIELD_OF = {label: name for name, labels in LABELS.items() for label in labels}


class WfInnsynSettings(SourceSettings):
    """`mid1` is the menu item (MId1) and `skin` the skin that the addresses carry within the CMS; `scripturi` what they call the page,
    where that is not its own path. `dates` is how days are asked for. `cases` asks once more for every case, for its date and status."""

    mid1: int | None = None
    skin: str | None = None
    scripturi: str | None = None
    dates: Literal["iso", "dotted"] = "iso"
    cases: bool = False


class WfInnsyn(Extractor):
    """
    vendor       ACOS; WebSak Innsyn, older installations: a handler on a host of its own or innsyn.onacos.no/{k}/, or within ACOS CMS
    recognise    wfinnsyn.ashx?response=, innsyn.aspx?response=…&MId1=; #moteplan_content, ul.i-jp, table.i-bgw, /skins/innsyn,
                 wfdocument.ashx
    endpoints    GET ?response= journalpost_postliste, journalpost_detaljer, arkivsak_detaljer, moteplan, moteplan_utvalg, mote
    set-up       none: no cookies, no view state
    paging       ten a page by startrow; the last page comes again for whoever goes on: stop when nothing new comes
    windows      journal: one day at a time; meetings: a year's grid, 30 days around the window
    limits       a request a day and one more for every further ten entries; in the old skin also one for every entry
    quirks       XHTML with closed empty elements (<div … />), which an HTML parser takes for open ones; the old skin lists nothing but
                 titles; a day that is not understood may give another day's list, so the days a list names are held against the one asked;
                 titles of the grid are in the body's language, so column and day count where they name no date
    privacy      of a party's block the name line alone: address and post code stand below it; the members of a committee are not read
    yields       journal entries, cases, meetings, agenda items
    licence      not stated
    facts from   ATLAS section 3.3; public readers of Hole, Nordland, Nord-Fron, Holmestrand, Vågan and of nynorsk tenants; the year grid
                 and a committee page of Bærum 2018
    """

    platform = "acos-wfinnsyn"
    yields = (JournalEntry, CaseFile, Meeting, AgendaItem)
    whole = {"journal_entry": Whole.WINDOW, "agenda_item": Whole.WINDOW}

    Settings = WfInnsynSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if wants(source, "meeting", "agenda_item"):
            for year in range((window.since - MEETING_MARGIN).year, (window.until + MEETING_MARGIN).year + 1):
                yield _request(source, {"step": "grid", "year": year}, "moteplan", fradato=f"{year}-01-01T00:00:00", visalle="true")
        if wants(source, "journal_entry", "case"):
            for age in range((window.until - window.since).days + 1):
                yield _day_request(source, window.until - timedelta(days=age), 1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        if not capture.is_ok:
            yield Trouble(key=capture.url, outcome=Outcome.FAILED, reason=Reason("server_answered", status=capture.status))
            return
        try:
            tree = tree_of(mended(capture.text))
        except Hostile as error:
            yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=error.reason)
            return
        if tree.css_first(OURS) is None:
            yield Trouble(key=capture.url, reason=Reason("no_content", step=step))
            return
        if capture.context.get("page", 1) == 1:
            yield from unknown_metas(capture, step)
        read = {"day": _read_day, "entry": _read_entry, "case": _read_case, "grid": _read_year, "committee": _read_committee,
                "meeting": _read_meeting}  # fmt: skip
        yield from read[step](source, window, capture, tree)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.media_type != "text/html" or not capture.is_ok:
            return None
        if urlsplit(capture.url).path.rsplit("/", 1)[-1].lower() in (HANDLER, IN_CMS):
            tree = tree_of(capture.text)
            if seen := [sign for sign in SIGNS if tree.css_first(sign) is not None]:
                return _guess(cls.platform, capture.url, f"the address and {seen[0]} in the page", 0.95)
            if "response" in _query(capture.url) or capture.url.lower().split("?")[0].endswith(HANDLER):
                return _guess(cls.platform, capture.url, "the address", 0.7)
            return None
        if LINKED.search(capture.text):
            for link in tree_of(capture.text).css("a[href]"):
                if LINKED.search(href := link.attributes.get("href") or "") and (address := _absolute(href, capture.url)):
                    return _guess(cls.platform, address, "the page links to it", 0.8)
        return None


# --- addresses


def wants(source: Source, *kinds: str) -> bool:
    """Whether the entry asks for any of these kinds; one that names none asks for all."""
    return not source.kinds or any(kind in source.kinds for kind in kinds)


def _address(source: Source, response: str, **more: str) -> str:
    """The address of an answer, its parameters in the vendor's order."""
    settings = source.settings
    stem = _stem(source.url, response, settings.mid1, settings.skin, settings.scripturi)
    return "&".join([stem, *(f"{name}={quote(value, safe='/:')}" for name, value in more.items())])


@lru_cache(maxsize=256)
def _stem(url: str, response: str, mid1: int | None, skin: str | None, scripturi: str | None) -> str:
    """What all addresses of a source for one kind of answer begin with."""
    parts = urlsplit(url)
    query = {"response": response} | ({"MId1": str(mid1)} if mid1 is not None else {})
    if scripturi or parts.path.lower().endswith(IN_CMS):
        query["scripturi"] = scripturi or parts.path
    query |= {"skin": skin} if skin else {}
    return urls.parse(f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(query, safe='/:')}")


def _request(source: Source, context: dict[str, object], response: str, **more: str) -> Request:
    return Request(url=_address(source, response, **more), context=context)


def _day_request(source: Source, day: date, page: int, place: int | None = None) -> Request:
    """`place` is where the page before said that this one begins; None where it said nothing."""
    asked = f"{day:%d.%m.%Y}" if source.settings.dates == "dotted" else f"{day}T00:00:00"
    more = {"showresults": "true", "fradato": asked} | ({"startrow": str((page - 1) * PAGE_SIZE)} if page > 1 else {})
    return _request(source, {"step": "day", "day": day.isoformat(), "page": page, "place": place}, "journalpost_postliste", **more)


def _query(address: str) -> dict[str, str]:
    """The parameters of an address, names in lower case: the vendor writes MId1 and Mid1."""
    return {name.lower(): value for name, value in parse_qsl(urlsplit(address).query, keep_blank_values=True)}


def _absolute(href: str, base: str) -> str | None:
    try:
        return urls.parse(href, base)
    except InvalidURL:
        return None


def _guess(platform: str, address: str, evidence: str, confidence: float) -> SourceGuess:
    parts, query = urlsplit(address), _query(address)
    settings: dict[str, object] = {"mid1": int(query["mid1"])} if query.get("mid1", "").isdigit() else {}
    settings |= {"skin": query["skin"]} if query.get("skin") else {}
    if (named := query.get("scripturi")) and named != parts.path:
        settings["scripturi"] = named
    return SourceGuess(platform, f"{parts.scheme}://{parts.netloc}{parts.path}", settings, evidence, confidence)


# --- reading the markup


def mended(html: str) -> str:
    """The page with its closed empty elements written out (`<td />` as `<td></td>`), as the serializer meant them."""
    return CLOSED.sub(lambda m: m[0] if m[1].lower() in VOID else f"<{m[1]}{m[2]}></{m[1]}>", html)


def _next(node: LexborNode) -> LexborNode | None:
    """The next sibling that is not blank text."""
    following = node.next
    while following is not None and following.tag == "-text" and not (following.text() or "").strip():
        following = following.next
    return following


def _labelled(node: LexborNode | LexborHTMLParser) -> tuple[dict[str, str], tuple[str, ...]]:
    """What stands after the labels below a node, by field (the first of each), and the labels nobody knows."""
    pairs = [(span, _next(span)) for span in node.css("span")]
    pairs += [(head, cell) for row in node.css("tr") if (head := row.css_first("th.header-cell")) and (cell := row.css_first("td"))]
    found: dict[str, str] = {}
    strange: list[str] = []
    for label, value in pairs:
        words = text(label) or ""
        name = words.rstrip(": ").lower()
        if field := FIELD_OF.get(name):
            if (said := text(value)) and not (value is not None and value.tag == "span"):
                found.setdefault(field, said)
        elif label.tag == "th" or (words.endswith(":") and len(words) <= 40 and not _is_case_link(value)):
            strange.append(f"label.{name}")
    return found, tuple(dict.fromkeys(strange))


def _is_case_link(node: LexborNode | None) -> bool:
    return node is not None and node.tag == "a" and "arkivsakid=" in (node.attributes.get("href") or "").lower()


def _linked(node: LexborNode, name: str) -> tuple[str, LexborNode] | None:
    """The first link below a node whose address carries a parameter: (its value, the link)."""
    for link in node.css(f'a[href*="{name}=" i]'):
        if value := _parameter(link, name):
            return value, link
    return None


def _parameter(link: LexborNode, name: str) -> str | None:
    """One parameter of a link's address."""
    match = _pattern(name).search(link.attributes.get("href") or "")
    return unquote(match[1]) if match else None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"[?&]{name}=([^&#]+)", re.I)


def _files(source: Source, node: LexborNode | LexborHTMLParser) -> tuple[File, ...]:
    """The files that are linked to below a node, each once; the text of the link, or its title, names them."""
    files: dict[str, File] = {}
    for link in node.css('a[href*="wfdocument.ashx" i]'):
        if not (address := _absolute(link.attributes.get("href") or "", source.url)):
            continue
        titles = (text(link), as_text((link.attributes.get("title") or "").split("|")[0]))
        title = next((t for t in titles if t and t.lower() != "dokument"), titles[0])
        media_type = "application/pdf" if "pdf" in (_parameter(link, "ct") or "").lower() else None
        if address not in files or not files[address].title:
            files[address] = File(title=title, url=address, media_type=media_type, is_open=True)
    return tuple(files.values())


# --- the journal


@dataclass(frozen=True)
class Row:
    """A row of a list: the entry's key, the link that carries it, what stands after labels, and the labels nobody knows."""

    node: LexborNode
    key: str
    link: LexborNode
    said: dict[str, str]
    strange: tuple[str, ...]


def _read_day(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    day, page = date.fromisoformat(capture.context["day"]), capture.context["page"]
    listing = tree.css_first(DAY_LIST)
    if listing is None:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="day", field="ul.i-jp"))
        return
    is_old = listing.tag == "table"
    nodes = listing.css("tbody tr" if is_old else "li")
    rows = [Row(node, *found, *_labelled(node)) for node in nodes if (found := _linked(node, "journalpostid"))]
    if not rows:
        said = (listing.css_first("tbody") or listing).text().strip()
        if page > 1 and capture.context.get("place") is None:
            return  # nobody said that there was another page
        if page == 1 and (not said or NOTHING.search(said)):
            yield Claim(key=f"day {day}", about="journal_entry", scope="day", count=0, day=day.isoformat())
        else:
            yield Trouble(key=capture.url, reason=Reason("no_identifier", step="day", field="journalpostid"))
        return
    if _names_another_day(listing, rows, day, is_old=is_old):
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("another_day", asked=day.isoformat()))
        return
    others = [node for node in nodes if (is_old or _is_listed(node)) and not _linked(node, "journalpostid")]
    nameless = sum(bool((node.text() or "").strip()) for node in others)
    if nameless:
        yield Trouble(key=f"{capture.url} rows", outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="day", field="journalpostid"))
    cases: dict[str, CaseFile] = {}
    for place, row in enumerate(rows, 1):
        locator = f"{'table.inner-max-width tr' if is_old else 'ul.i-jp > li'}:nth-of-type({place})"
        if is_old:
            yield JournalEntry(
                key=row.key, locator=locator, title=text(row.link), journal_date=day.isoformat(),
                source_url=_address(source, "journalpost_detaljer", journalpostid=row.key),
            )  # fmt: skip
        else:
            entry = _entry_from_row(source, row, locator, day)
            yield entry
            if entry.case_key and (case := _case_of(source, entry, locator)):
                cases[case.key] = case
        if is_old or entry.document_type is None or entry.case_number is None:
            yield _request(source, {"step": "entry", "entry": row.key}, "journalpost_detaljer", journalpostid=row.key)
    for key, case in cases.items():
        yield case
        if source.settings.cases:
            yield _request(source, {"step": "case", "case": key}, "arkivsak_detaljer", arkivsakid=key)
    offsets = [int(start) for a in tree.css('a[href*="startrow=" i]') if (start := _parameter(a, "startrow")) and start.isdigit()]
    is_promised = max(offsets, default=0) >= page * PAGE_SIZE
    if is_promised or (not offsets and len(rows) >= PAGE_SIZE):
        yield _day_request(source, day, page + 1, page * PAGE_SIZE if is_promised else None)


def _is_listed(item: LexborNode) -> bool:
    """Whether an item stands in the list itself, and not in a list within one of its rows."""
    return item.parent is not None and "i-jp" in (item.parent.attributes.get("class") or "").split()


def _names_another_day(listing: LexborNode, rows: list[Row], day: date, *, is_old: bool) -> bool:
    """Whether the list is that of another day than the one asked for: what its caption says, or every one of its rows."""
    if is_old:
        named = [norwegian_date(text(listing.css_first("caption")))]
    else:
        named = [norwegian_date(row.said.get("journal_date")) for row in rows]
    return all(on is not None and on != day for on in named)


def _entry_from_row(source: Source, row: Row, locator: str, day: date | None) -> JournalEntry:
    node, key, said = row.node, row.key, row.said
    heading = text(node.css_first("h3 a.content-link") or node.css_first("h3 a"))
    numbered = NUMBERED.fullmatch(heading or "")
    case = _linked(node, "arkivsakid")
    basis = next((m["basis"].strip() for d in node.css("div.det div") if (m := WITHHELD.search(d.text()))), None) or said.get("legal_basis")
    files = _files(source, node)
    return JournalEntry(
        key=key, locator=locator, title=numbered["title"] if numbered else heading,
        case_number=numbered["case"] if numbered else said.get("case_number"), document_number=numbered["document"] if numbered else None,
        case_key=case[0] if case else None, case_title=text(case[1]) if case else said.get("case_title"),
        journal_date=said.get("journal_date") or (day.isoformat() if day else None), document_date=said.get("document_date"),
        document_type=said.get("document_type"), senders=_one(said.get("senders")), recipients=_one(said.get("recipients")),
        access=said.get("access"), legal_basis=basis, case_worker=said.get("case_worker"), unit=said.get("unit"),
        files=files or ((File(is_open=False),) if basis else None),
        source_url=_address(source, "journalpost_detaljer", journalpostid=key), leftovers=row.strange,
    )  # fmt: skip


def _one(name: str | None) -> tuple[str, ...] | None:
    return (name,) if name else None


def _case_of(source: Source, entry: JournalEntry, locator: str) -> CaseFile | None:
    """What an entry in a list says of its case."""
    if not entry.case_key:
        return None
    return CaseFile(
        key=entry.case_key, locator=f"{locator} case", case_number=entry.case_number, title=entry.case_title,
        source_url=_address(source, "arkivsak_detaljer", arkivsakid=entry.case_key),
    )  # fmt: skip


def _read_entry(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    key, heading = capture.context["entry"], text(tree.css_first("h1.header-head") or tree.css_first("h1"))
    said, strange = _labelled(tree.css_first(".innsyn-content") or tree)
    if not said:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("no_content", step="entry"))
        return
    files = tuple(f for listing in tree.css("ul.innsyn_dok") for f in _files(source, listing))
    is_closed = any(CLOSED_TO_ALL.search(text(node) or "") for node in tree.css("div.content-text"))
    suffix = SUFFIX.search(heading or "")
    case = _linked(tree.root, "arkivsakid") if tree.root is not None else None
    number = said.get("serial")
    is_serial = bool(number and SERIAL.fullmatch(number))
    entry = JournalEntry(
        key=key, locator="table.two", title=said.get("title"), case_number=said.get("case_number"), case_title=said.get("case_title"),
        case_key=case[0] if case else None, serial=number if is_serial else None, document_number=None if is_serial else number,
        journal_date=said.get("journal_date"), document_date=said.get("document_date"), document_type=heading,
        senders=tuple(_name_lines(tree, "senders")) or None, recipients=tuple(_name_lines(tree, "recipients")) or None,
        access=said.get("access") or (suffix[1] if suffix else None), legal_basis=said.get("legal_basis"),
        case_worker=said.get("case_worker"), unit=said.get("unit"), files=files or ((File(is_open=False),) if is_closed else None),
        source_url=_address(source, "journalpost_detaljer", journalpostid=key), leftovers=strange,
    )  # fmt: skip
    yield entry
    if found := _case_of(source, entry, "table.two"):
        yield found
        if source.settings.cases:
            yield _request(source, {"step": "case", "case": found.key}, "arkivsak_detaljer", arkivsakid=found.key)


def _name_lines(tree: LexborHTMLParser, role: str) -> Iterator[str]:
    """The first line of every party's block under the heading of a role. Address and post code below it are not read (ATLAS 11.3)."""
    for heading in tree.css("h2"):
        if FIELD_OF.get((text(heading) or "").rstrip(": ").lower()) != role:
            continue
        following = _next(heading)
        while following is not None and following.tag != "h2":
            blocks = following.css("div.dokmottakere") if following.tag != "-text" else []
            for block in blocks:
                lines = (line for line in block.iter(include_text=True) if (line.text() or "").strip())
                if name := text(next(lines, None)):
                    yield name
            following = following.next


def _read_case(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    key = capture.context["case"]
    tables = [t for t in tree.css("table") if t.css_first("th.header-cell") is not None and t.css_first("li") is None]
    said, strange = _labelled(tables[0]) if tables else ({}, ())
    if not said:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("no_content", step="case"))
        return
    yield CaseFile(
        key=key, locator="table.two", case_number=said.get("case_number"), title=said.get("title") or said.get("case_title"),
        case_date=said.get("case_date"), status=said.get("status"), case_type=said.get("case_type"), unit=said.get("unit"),
        source_url=_address(source, "arkivsak_detaljer", arkivsakid=key), leftovers=strange,
    )  # fmt: skip
    for place, row in enumerate(tree.css("ul.i-jp > li"), 1):
        if (found := _linked(row, "journalpostid")) is None:
            continue
        entry = _entry_from_row(source, Row(row, *found, *_labelled(row)), f"case ul.i-jp > li:nth-of-type({place})", None)
        if is_within(norwegian_date(entry.journal_date), window.since, window.until):
            numbered = {"case_number": entry.case_number or said.get("case_number"), "case_key": key, "case_title": said.get("title")}
            yield replace(entry, **numbered)


# --- meetings


@dataclass(frozen=True)
class Planned:
    """A meeting as the year grid names it. `day` is None when neither its title nor its column tells."""

    key: str
    day: date | None
    committee: str | None
    committee_key: str | None


def read_grid(tree: LexborHTMLParser, year: int) -> tuple[list[tuple[str, str]], list[Planned]]:
    """The committees (key, name) of a year grid and the meetings in it. `year` counts where the caption names none."""
    table = next((t for t in tree.css("#moteplan_content table, table.i-bgw") if t.css_first("td.mtm") is not None), None)
    committees: list[tuple[str, str]] = []
    meetings: list[Planned] = []
    if table is None:
        return committees, meetings
    if match := re.search(r"\b(?:19|20)\d{2}\b", text(table.css_first("caption")) or ""):
        year = int(match[0])
    for row in table.css("tbody tr"):
        head = row.css_first("th")
        linked = _linked(head, "utvalg") if head is not None else None
        name, key = text(head), linked[0] if linked else None
        if name and key:
            committees.append((key, name))
        for month, cell in enumerate(row.css("td.mtm"), 1):
            for link in cell.css('a[href*="moteid=" i]'):
                if meeting := _parameter(link, "moteid"):
                    meetings.append(Planned(meeting, _day_of(link, year, month), name, key))
    return committees, meetings


def _day_of(link: LexborNode, year: int, month: int) -> date | None:
    """The day of a meeting: as the link's title writes it, else its column and the day in the cell."""
    if found := DOTTED.search(link.attributes.get("title") or ""):
        return norwegian_date(found[0])
    day = re.search(r"\d{1,2}", text(link) or "")
    return norwegian_date(f"{day[0]}.{month}.{year}") if day else None


def _read_year(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    year = capture.context["year"]
    if tree.css_first("#moteplan_content, table.i-bgw") is None:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="grid", field="table.i-bgw"))
        return
    _, meetings = read_grid(tree, year)
    first, last = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    if tree.css_first("td.mtm") is None and year <= window.until.year:
        yield Trouble(key=f"{capture.url} days", outcome=Outcome.PARTIAL, reason=Reason("no_items", step="grid", field="td.mtm"))
    if any(not _parameter(link, "moteid") for link in tree.css("td.mtm a")):
        yield Trouble(key=f"{capture.url} links", outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="grid", field="moteid"))
    within = [m for m in meetings if is_within(m.day, first, last)]
    for meeting in within:
        yield Meeting(
            key=meeting.key, locator="#moteplan_content td.mtm", committee=meeting.committee,
            start=f"{meeting.day:%d.%m.%Y}" if meeting.day else None,
            source_url=_address(source, "mote", moteid=meeting.key),
        )  # fmt: skip
    if len(within) < len(meetings):
        yield Claim(key=f"grid {year}", about="meeting", scope="probe", count=len(meetings) - len(within))
    for key in dict.fromkeys(m.committee_key for m in within if m.committee_key):
        yield _request(source, {"step": "committee", "committee": key}, "moteplan_utvalg", fradato=f"{year}-01-01T00:00:00", utvalg=key)
    if wants(source, "agenda_item"):
        for meeting in within:
            yield _request(source, {"step": "meeting", "meeting": meeting.key}, "mote", moteid=meeting.key)


def _read_committee(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    """The hours, the status and the papers of a committee's meetings. The table of its members is not touched."""
    table = tree.css_first("table#moteliste")
    if table is None:
        yield Trouble(key=capture.url, reason=Reason("no_items", step="committee", field="moteliste"))
        return
    name = text(tree.css_first("h2.h2"))
    columns = [(text(th) or "").lower() for th in table.css("thead th")]
    first, last = window.since - MEETING_MARGIN, window.until + MEETING_MARGIN
    known = ("uke", "veke", "dato", "status", "sakskart", "saksliste", "innkalling", "protokoll", "møtebok", "")
    strange = tuple(f"column.{c}" for c in columns if c not in known)
    for place, row in enumerate(table.css("tbody tr"), 1):
        found = _linked(row, "moteid")
        start = text(found[1]) if found else None
        day = norwegian_date(start)
        if found is None or not is_within(day, first, last):
            continue
        cells = [text(td) for td in row.css("td")]
        status = cells[columns.index("status")] if "status" in columns and columns.index("status") < len(cells) else None
        yield Meeting(
            key=found[0], locator=f"#moteliste tr:nth-of-type({place})", committee=name, start=start, status=status,
            files=_files(source, row) or None, source_url=_address(source, "mote", moteid=found[0]), leftovers=strange,
        )  # fmt: skip


def _read_meeting(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    meeting = capture.context["meeting"]
    tables = [t for t in tree.css("table") if t.css_first("th.header-cell") is not None]
    said, strange = _labelled(tables[0]) if tables else ({}, ())
    if said or strange:
        # The hour of the meeting stands on the committee's page, and would be lost to a date without one.
        start = said.get("start") if ":" in said.get("start", "") else None
        yield Meeting(
            key=meeting, locator="mote table", committee=said.get("committee"), place=said.get("place"), status=said.get("status"),
            start=start, source_url=_address(source, "mote", moteid=meeting), leftovers=strange,
        )  # fmt: skip
    rows = tree.css("#div_sok_resultstable > ul > li")
    if len(tree.css("div.det")) > sum(len(row.css("div.det")) for row in rows):
        yield Trouble(
            key=f"{capture.url} agenda", outcome=Outcome.PARTIAL, reason=Reason("no_items", step="meeting", field="div_sok_resultstable")
        )
    for place, row in enumerate(rows, 1):
        anchor = row.css_first("div.det h3 a[id]")
        heading = text(row.css_first("div.det h3 a.content-link") or row.css_first("div.det h3"))
        if anchor is None and heading is None and not (row.text() or "").strip():
            continue
        locator = f"#div_sok_resultstable li:nth-of-type({place})"
        if anchor is None:
            yield Trouble(key=f"{capture.url} {locator}", locator=locator, reason=Reason("no_identifier", step="meeting", field="a[id]"))
            continue
        yield _item_from_row(source, row, meeting, str(anchor.attributes["id"]), heading, locator)


def _item_from_row(source: Source, row: LexborNode, meeting: str, anchor: str, heading: str | None, locator: str) -> AgendaItem:
    said, strange = _labelled(row)
    told = ITEM.fullmatch(heading or "")
    case = _linked(row, "arkivsakid")
    numbered = CASE_NUMBER.match(text(case[1]) or "") if case else None
    return AgendaItem(
        key=f"{meeting}#{anchor}", locator=locator, meeting_key=meeting, number=told["number"] if told else said.get("number"),
        title=told["title"] if told else heading, item_type=told["type"] if told else said.get("case_type"),
        case_number=said.get("case_number") or (numbered[0] if numbered else None), files=_files(source, row) or None,
        source_url=f"{_address(source, 'mote', moteid=meeting)}#{anchor}", leftovers=strange,
    )  # fmt: skip
