"""360 OpenGov: political meetings, and building cases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

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
from extractors.fields import Fields
from extractors.innsyn import markup
from extractors.innsyn.acos import MEETING_MARGIN, norwegian_date

HOME = re.compile(r"/(Meetings|Cases)/[^/?#]+")
NUMBERED = re.compile(r"(?P<number>(?:[A-ZÆØÅ]{1,8}[ -]?)?\d+/\d+(?:-\d+)?)\s+-\s+(?P<title>.+)", re.S)
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
DATED = re.compile(r"\s*\(?\d{1,2}\.\d{1,2}\.\d{4}.*$", re.S)
COUNTED = re.compile(r"(\d+)\s")
CASE_YEAR = re.compile(r"(?P<year>\d{2,4})/\d+")
OWNERS = (
    "eier", "eiere", "eigar", "hjemmelshaver", "heimelshavar", "tiltakshaver", "tiltakshavar", "søker", "søkjar", "ansvarlig søker",
    "adresse", "adresser", "eiendom", "eiendommer", "eigedom", "gnr/bnr", "matrikkel", "telefon", "e-post",
)  # fmt: skip
"""Labels of who owns or applies, where they live and what they own: known, and never kept (ATLAS 11.3)."""


class OpenGovMeetingsSettings(SourceSettings):
    """Nothing but the address."""


class OpenGovCasesSettings(SourceSettings):
    """`queries` are beginnings of case numbers that are searched for; `years` is how many years before the window's a case may be from:
    the search knows no dates, and every case is a question of its own."""

    queries: tuple[str, ...] = ("BYGG-",)
    years: int = 1


class OpenGovMeetings(Extractor):
    """
    vendor       Tietoevry; 360 OpenGov, opengov.360online.com/Meetings/{SLUG} (opengov.cloudapp.net before)
    recognise    /Meetings/{SLUG} on the vendor's host; li.boardLink, .meetingName, agendaItem_{id}
    endpoints    GET /Boards; /Boards/Details/{board}?Year=; /Meetings/Details/{meeting}; /Meetings/LoadAgendaItemDetail/{item} (a fragment)
    set-up       none
    paging       none: all boards on one page, all meetings of a board's year on one
    windows      every board, every year the window touches, 30 days further both ways; the month and year of /Meetings and of the front
                 page are ignored at some tenants and not used
    limits       one host for all: sources wait for one another
    quirks       an unknown slug is status 500, not 404; 00:00 is no time; a meeting that is not yet published has no link and no
                 identifier, so its key is board and day until it has one; an item that is not public has no identifier either; the
                 period of a board is wrong where it still meets, so every board is asked; texts are files only
    yields       meetings, agenda items
    licence      not stated
    facts from   ATLAS section 5.2; pages recorded in 2018
    """

    platform = "opengov-meetings"
    yields = (Meeting, AgendaItem)
    whole = {"agenda_item": Whole.WINDOW}

    Settings = OpenGovMeetingsSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield Request(url=f"{_home(source)}/Boards", context={"step": "boards"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        yield from markup.unknown_metas(capture, step)
        yield from READERS[step](source, window, capture, markup.tree_of(capture.text))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        return _detect(cls.platform, capture, "Meetings", "li.boardLink .boardName, li.boardLink .meetingName, [id^=agendaItem_]")


class OpenGovCases(Extractor):
    """
    vendor       Tietoevry; 360 OpenGov, opengov.360online.com/Cases/{SLUG}
    recognise    /Cases/{SLUG} on the vendor's host; li._casefilter, caseDocument_{id}
    endpoints    GET ?q=BYGG- (every case, all years); /Case/Details/{case}
    set-up       none
    paging       none: the search gives everything on one page
    windows      none: neither cases nor documents carry a date. Cases of the window's years and `years` before are read whole every time
    limits       one host for all; a question for each case
    quirks       an unknown slug is status 500, not 404; ?casetypeid= silently gives the last two months only and is not used; parties of
                 building cases are mostly private, and what names owners, applicants and addresses is never kept
    yields       cases, journal entries (without dates)
    licence      not stated
    facts from   ATLAS section 5.3
    """

    platform = "opengov-cases"
    yields = (CaseFile, JournalEntry)

    Settings = OpenGovCasesSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        for query in source.settings.queries:
            yield Request(url=f"{_home(source)}?q={quote(query)}", context={"step": "cases"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        yield from markup.unknown_metas(capture, step)
        yield from READERS[step](source, window, capture, markup.tree_of(capture.text))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        return _detect(cls.platform, capture, "Cases", "li._casefilter, [id^=caseDocument_]")


def _detect(platform: str, capture: Capture, part: str, marks: str) -> SourceGuess | None:
    parts = urlsplit(capture.url)
    home = HOME.match(parts.path)
    if capture.media_type != "text/html" or home is None or home[1] != part or LexborHTMLParser(capture.text).css_first(marks) is None:
        return None
    return SourceGuess(platform, f"{parts.scheme}://{parts.netloc}{home[0]}", {}, f"{home[0]} with the marks of OpenGov", 0.95)


def _home(source: Source) -> str:
    """The address of the tenant, without a slash."""
    parts = urlsplit(source.url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _missing(capture: Capture, step: str, field: str) -> Trouble:
    return Trouble(key=capture.url, reason=Reason("no_items", step=step, field=field))


def _number_and_title(heading: str | None) -> tuple[str | None, str | None]:
    """`1/18 - Tittel` and `BYGG-26/00412-3 - tittel` parted; a heading without a number is a title."""
    match = NUMBERED.fullmatch(heading or "")
    return (match["number"], match["title"]) if match else (None, heading)


def _last(link: LexborNode | None) -> str | None:
    """The identifier a link ends with."""
    path = markup.split(link.attributes.get("href") if link is not None else None).path
    return path.rstrip("/").rpartition("/")[2] or None


def _details(node: LexborNode | LexborHTMLParser, header: str, content: str) -> Fields:
    return markup.labels((each.css_first(header), each.css_first(content)) for each in node.css(".detailsList"))


def _files(node: LexborNode | LexborHTMLParser, base: str) -> tuple[File, ...]:
    links = node.css(".filesList li a[href*='/File/Details/']")
    return tuple(markup.file_of(a, base, markup.first(a, ".fileNameDetail, .xfileName") or _title_of(a)) for a in links)


def _title_of(link: LexborNode) -> str | None:
    return (link.parent.attributes.get("title") if link.parent is not None else None) or markup.text(link)


# --- meetings


def _read_boards(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    boards = tree.css(".boardList li.boardLink a[href*='/Boards/Details/']")
    if not boards:
        yield _missing(capture, "boards", "li.boardLink")
    years = range((window.since - MEETING_MARGIN).year, (window.until + MEETING_MARGIN).year + 1)
    for link in boards:
        for year in reversed(years):
            context = {"step": "board", "board": _last(link), "name": markup.first(link, ".boardName"), "year": year}
            yield Request(url=f"{_home(source)}/Boards/Details/{_last(link)}?Year={year}", context=context)


def _read_board(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    context = capture.context
    shown = markup.first(tree, "#boardsYearSelection option[selected]")
    offered = {markup.text(option) for option in tree.css("#boardsYearSelection option")}
    if str(context["year"]) in offered and shown != str(context["year"]):
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("other_year", asked=context["year"]))
    rows = tree.css(".meetingList li.boardLink")
    counted = COUNTED.match(markup.first(tree, "#instructionLabel") or "")
    if counted and int(counted[1]) > len(rows):
        reason = Reason("fewer_than_counted", counted=int(counted[1]), kind="meeting", read=len(rows))
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=reason)
    if tree.css_first("#boardsYearSelection, .meetingTitleHeader") is None:
        yield _missing(capture, "board", ".meetingList")
    committee = context.get("name") or markup.first(tree, ".meetingTitleHeader h2")
    found = list(listed_meetings(source, rows, str(context["board"]), committee))
    if len(found) < len(rows):
        yield Trouble(
            key=f"{capture.url} rows", outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="board", field=".meetingDate")
        )
    for meeting in found:
        day = norwegian_date(meeting.start)
        if day and day < window.since - MEETING_MARGIN:
            yield Claim(key="older", about="meeting", scope="probe", count=1)
        elif markup.is_within(day, window.since - MEETING_MARGIN, window.until + MEETING_MARGIN):
            yield meeting
            if meeting.source_url:
                yield Request(url=meeting.source_url, context={"step": "meeting", "meeting": meeting.key, "start": meeting.start})


def listed_meetings(source: Source, rows: Iterable[LexborNode], board: str, committee: str | None = None) -> Iterator[Meeting]:
    """The meetings of a list, as a board's page and the front page write it; one without a link is not yet published."""
    for index, row in enumerate(rows):
        link = row.css_first("a[href*='/Meetings/Details/']")
        moment = [markup.text(span) for span in row.css(".meetingDate span")]
        day, beside = (*moment, None, None)[:2]
        hour = beside if beside and CLOCK.fullmatch(beside) and beside not in ("00:00", "00.00") else None
        named = DATED.sub("", markup.first(row, ".meetingName") or "") or None
        read = norwegian_date(day)
        if (key := _last(link) or (f"{board}/{read.isoformat()}" if read else None)) is None:
            continue
        yield Meeting(
            key=key, locator=f"/meetings/{index}", committee=committee or named, start=f"{day} {hour}" if hour else day,
            status=beside if beside and not CLOCK.fullmatch(beside) else None,
            source_url=f"{_home(source)}/Meetings/Details/{key}" if link is not None else None,
        )  # fmt: skip


def _read_meeting(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    key = str(capture.context["meeting"])
    if tree.css_first(".meetingTitleHeaderText") is None:
        yield _missing(capture, "meeting", ".meetingTitleHeaderText")
        return
    said = _details(tree, ".detailHeader", ".detailContent")
    meeting = Meeting(
        key=key, locator="/meeting", committee=said.text("utvalg", "utval"), place=said.text("sted", "stad"), status=said.text("status"),
        start=capture.context.get("start") or said.text("dato"), files=_files(tree, capture.url),
    )  # fmt: skip
    said.leave(("dato", "tid", "tidspunkt"))
    yield replace(meeting, leftovers=said.rest("label."))
    rows = tree.css(".meetingAgendaList li")
    shown = len(tree.css("[id^=agendaItem_]"))
    if shown > sum(row.css_first("[id^=agendaItem_]") is not None for row in rows):
        yield Trouble(
            key=f"{capture.url} agenda", outcome=Outcome.PARTIAL, reason=Reason("no_items", step="meeting", field=".meetingAgendaList")
        )
    for index, row in enumerate(rows):
        accordion = row.css_first("[id^=agendaItem_]")
        number, title = _number_and_title(markup.first(row, ".accordionTitle"))
        item = accordion.id.removeprefix("agendaItem_") if accordion is not None and accordion.id else None
        own = item or f"{key}/{number or _digest(title) or index}"
        yield AgendaItem(
            key=own, locator=f"/agenda/{index}", meeting_key=key, number=number, title=title,
            item_type=_group_of(row), source_url=f"{_home(source)}/Meetings/Details/{key}?agendaItemId={item}" if item else None,
        )  # fmt: skip
        if item:
            context = {"step": "item", "item": item, "meeting": key}
            yield Request(url=f"{_home(source)}/Meetings/LoadAgendaItemDetail/{item}", context=context)


def _digest(title: str | None) -> str | None:
    """What tells an item from others when it has neither identifier nor number: its place moves as the agenda grows."""
    return hashlib.sha256(title.encode()).hexdigest()[:12] if title else None


def _group_of(row: LexborNode) -> str | None:
    """The heading the list of an item stands under: Møteinnkalling, Saker til behandling, …"""
    node = row
    while node is not None and "meetingAgendaList" not in (node.attributes.get("class") or ""):
        node = node.parent
    while node is not None and "agendaItemHeader" not in ((node.attributes.get("class") or "") if node.is_element_node else ""):
        node = node.prev
    return markup.text(node)


def _read_item(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    if tree.css_first(".meetingsDetails, .filesList, .detailsList") is None:
        yield _missing(capture, "item", ".meetingsDetails")
        return
    said = _details(tree, ".detailHeader", ".detailContent")
    item = AgendaItem(
        key=capture.context["item"], locator="/item", meeting_key=capture.context["meeting"], files=_files(tree, capture.url),
        case_number=said.text("saksnr.", "saksnr", "saksnummer", "arkivsak"),
    )  # fmt: skip
    said.leave(("saksansvarlig", "saksansvarleg", "saksbehandler", "saksbehandlar"))
    yield replace(item, leftovers=said.rest("label."))


# --- cases


def _read_cases(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    every = tree.css("li._casefilter")
    rows = [row for row in every if _last(row.css_first("a[href*='/Case/Details/']"))]
    if not rows:
        yield _missing(capture, "cases", "li._casefilter")
    elif len(rows) < len(every):
        yield Trouble(key=f"{capture.url} rows", outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="cases", field="a[href]"))
    earliest = window.since.year - source.settings.years
    for index, row in enumerate(rows):
        key = _last(row.css_first("a[href*='/Case/Details/']")) or ""
        number, kind = (*(markup.text(span) for span in row.css(".caseDate span")), None, None)[:2]
        year = CASE_YEAR.search(number or markup.text(row) or "")
        if year and int(year["year"]) % 100 + 2000 < earliest:
            continue
        address = f"{_home(source)}/Case/Details/{key}"
        yield CaseFile(
            key=key, locator=f"/cases/{index}", case_number=number, title=markup.first(row, ".caseName"), case_type=kind, source_url=address
        )  # fmt: skip
        yield Request(url=address, context={"step": "case", "case": key})


def _read_case(source: Source, window: Window, capture: Capture, tree: LexborHTMLParser) -> Iterator[Record | Request]:
    key, address = str(capture.context["case"]), f"{_home(source)}/Case/Details/{capture.context['case']}"
    number, title = _number_and_title(markup.first(tree, ".pageTitleHeader h2"))
    if not title:
        yield _missing(capture, "case", ".pageTitleHeader")
        return
    aside = tree.css_first(".caseDetailsAside")
    said = _details(aside, ".detailHeader", ".detailContent") if aside is not None else Fields({})
    case = CaseFile(
        key=key, locator="/case", case_number=number, title=title, case_date=said.text("saksdato", "opprettet", "oppretta"),
        status=said.text("status", "saksstatus"), case_type=said.text("sakstype", "type"), unit=said.text("ansvarlig enhet", "enhet"),
        source_url=address,
    )  # fmt: skip
    said.leave(("saksbehandler", "saksbehandlar", "saksansvarlig", "saksnummer", "saksnr.", *OWNERS))
    yield replace(case, leftovers=said.rest("label."))
    heads = tree.css("[id^=caseDocument_]")
    if len(tree.css(".accordionTitle")) > sum(head.css_first(".accordionTitle") is not None for head in heads):
        yield Trouble(
            key=f"{capture.url} documents", outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="case", field="caseDocument_")
        )
    for index, head in enumerate(heads):
        yield replace(
            _entry_from_document(head, capture.url, f"/documents/{index}"), case_key=key, case_number=number, case_title=title,
            source_url=f"{address}?documentID={(head.id or '').removeprefix('caseDocument_')}",
        )  # fmt: skip


def _entry_from_document(head: LexborNode, base: str, locator: str) -> JournalEntry:
    panel = head.next
    while panel is not None and not panel.is_element_node:
        panel = panel.next
    said = Fields({})
    if panel is not None:
        said = markup.labels(zip(panel.css(".documentDetailHeader"), panel.css(".documentDetailContent"), strict=False))
    number, title = _number_and_title(markup.first(head, ".accordionTitle"))
    sender, recipient = said.text("avsender", "avsendar"), said.text("mottaker", "mottakar")
    entry = JournalEntry(
        key=(head.id or "").removeprefix("caseDocument_"), locator=locator, title=title,
        document_number=number.rpartition("-")[2] if number else None, document_type=said.text("dokumenttype"),
        access=said.text("tilgangskode", "tilgang"), legal_basis=said.text("hjemmel", "heimel"), journal_date=said.text("journaldato"),
        document_date=said.text("dokumentdato"), senders=(sender,) if sender else None, recipients=(recipient,) if recipient else None,
        files=_files(panel, base) if panel is not None else (),
    )  # fmt: skip
    said.leave(("saksbehandler", "saksbehandlar", *OWNERS))
    return replace(entry, leftovers=said.rest("label."))


Reader = Callable[[Source, Window, Capture, LexborHTMLParser], Iterator[Record | Request]]
READERS: dict[str, Reader] = {
    "boards": _read_boards, "board": _read_board, "meeting": _read_meeting, "item": _read_item, "cases": _read_cases, "case": _read_case,
}  # fmt: skip
