"""ACOS nye-innsyn ("Innsyn Pluss", "BK-innsyn")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from bs4 import BeautifulSoup, SoupStrainer

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
from extractors.fields import Fields, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.websites.page import strange_metas

API = "/api/presentation/v2/nye-innsyn"
JOURNAL, MEETINGS = 0, 1
PAGE_SIZE = 100
MEETING_MARGIN = timedelta(days=30)
BLOCK = frozenset(
    "identifier title subtitle type b key text url properties parentIdentifier props model vedleggGruppe vedlegg filtype "
    "filstorrelseFormatted fileUrl visibilityText value filesize icon links id body dato tid sted antallVedlegg status description".split()
)
ITEM_LABELS = frozenset(("saksnr", "saksnummer", "arkivsaknr", "arkivsak", "sakstype"))
CONTEXT = re.compile(r"w(?P<web_object>\d+)\$o-?\d+\$m(?P<menu_item>\d+)\$s[lr]?\d+")
STYLE = re.compile(r"portalID=(?P<portal>\d+)(?:&(?:amp;)?sprakID=(?P<language>\d+))?", re.I)
MEDIA_TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
NORWEGIAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
UNUSED = ("status", "antallVedlegg", "icon", "links", "url", "visibility", "description", "sortDate")


class AcosInnsynSettings(SourceSettings):
    """What the shell page says is read from it; a setting wins over the page.

    `datasource` is the archive's guid, where there are several; `meetings_page` is the shell page of the meetings where they have one of
    their own; `files` asks once more for every document, to know its files ("get", or "post" where a tenant wants that).
    """

    portal_id: int | None = None
    menu_item_id: int | None = None
    language_id: int | None = None
    web_object_id: int | None = None
    overview_type: int | None = None
    datasource: str | None = None
    meetings_page: str | None = None
    files: Literal["get", "post"] | None = None


class AcosInnsyn(Extractor):
    """
    vendor       ACOS; React application in ACOS CMS, on the body's own host or innsynpluss.onacos.no/{tenant}/
    recognise    <meta name="acos-cmscontext">, <section class="ac-content-page--innsyn js-application">, <div class="innsyn-overview">
    endpoints    POST overviewInit, overview, mote/{m}, mote/saksfremlegg/{s}; GET details/{a}; GET (POST at some) dokument/{d}
    set-up       GET the shell page: cookies, and the ids the headers must carry (acos-cmscontext, StyleHandler)
    paging       page from 1, pageSize 100; the server may repeat pages: stop when nothing new comes
    windows      Dato=AllCases, newest first, walk until a whole page is older than the window (one old entry among new
                 ones proves nothing); FromDate and UtvalgID are ignored by some tenants and not used
    limits       answers may take 25 s; sessions by cookie; a tenant on the shared host is known by its Referer
    quirks       `!` in identifiers is sent as it is; a missing type gives the wrong overview; a GET on a POST endpoint is a login page;
                 document lists miss documents: details/{case} is the authority, and knows no document type; several archives need
                 Datasource; antallVedlegg is always 0
    yields       journal entries, cases, meetings, agenda items
    licence      not stated
    facts from   ATLAS section 3.2
    """

    platform = "acos-innsyn"
    yields = (JournalEntry, CaseFile, Meeting, AgendaItem)
    whole = {"journal_entry": Whole.WINDOW, "agenda_item": Whole.WINDOW}

    Settings = AcosInnsynSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        wants_meetings = not source.kinds or "meeting" in source.kinds
        if source.settings.meetings_page and wants_meetings:
            address = urls.parse(source.settings.meetings_page, source.url)
            yield Request(url=source.url, role="shell", context={"step": "shell", "only": JOURNAL})
            yield Request(url=address, role="shell", context={"step": "shell", "only": MEETINGS})
        else:
            yield Request(url=source.url, role="shell", context={"step": "shell"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        if step == "shell":
            yield from _configure(source, window, capture)
            return
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        content = Fields(answer).object("content")
        if not content.data:
            yield Trouble(key=capture.url, reason=Reason("no_content", step=step))
            return
        read = {"journal": _read_overview, "meetings": _read_overview, "details": _read_details, "meeting": _read_meeting,
                "item": _read_item, "files": _read_files}[step]  # fmt: skip
        yield from read(source, window, capture, content)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        found = read_shell(capture.text) if capture.media_type == "text/html" else {}
        if "menu_item_id" in found and "innsyn-overview" in capture.text:
            kinds = {JOURNAL: ("journal_entry", "case"), MEETINGS: ("meeting", "agenda_item")}.get(found.get("overview_type", -1), ())
            return SourceGuess(cls.platform, capture.url, found, "acos-cmscontext and innsyn-overview in the page", 0.95, kinds)
        return None


def read_shell(html: str) -> dict[str, int]:
    """The settings a shell page gives away: portal_id, menu_item_id, language_id, web_object_id, overview_type."""
    found: dict[str, int] = {}
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer(["meta", "link", "script", "div"]))
    if (meta := soup.find("meta", attrs={"name": "acos-cmscontext"})) and (match := CONTEXT.search(str(meta.get("content")))):
        found |= {"web_object_id": int(match["web_object"]), "menu_item_id": int(match["menu_item"])}
    if match := STYLE.search(html):
        found["portal_id"] = int(match["portal"])
        if match["language"]:
            found["language_id"] = int(match["language"])
    elif (notice := soup.select_one("div.cookie-notice[data-identifier]")) and str(notice["data-identifier"]).isdigit():
        found["portal_id"] = int(str(notice["data-identifier"]))
    if (overview := soup.select_one("div.innsyn-overview[data-mode]")) and str(overview["data-mode"]).isdigit():
        found["overview_type"] = int(str(overview["data-mode"]))
    return found


def _configure(source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
    found = read_shell(capture.text) | source.settings.model_dump(exclude_none=True)
    if "menu_item_id" not in found or "portal_id" not in found:
        yield Trouble(key=source.url, reason=Reason("no_application"))
        return
    if strange := strange_metas(capture.text):
        yield Claim(key=f"shell {capture.url}", about="shell", scope="answer", leftovers=tuple(f"meta.{name}" for name in strange))
    wanted = [t for t, kind in ((JOURNAL, "journal_entry"), (MEETINGS, "meeting")) if kind in source.kinds]
    only = capture.context.get("only")
    for overview_type in [t for t in wanted or [found.get("overview_type", JOURNAL)] if only in (None, t)]:
        for moment in ("AllCases",) if overview_type == JOURNAL else ("ComingMeetings", "HeldMeetings"):
            context = {"step": "journal" if overview_type == JOURNAL else "meetings", "page": 1, "moment": moment,
                       "ids": {k: v for k, v in found.items() if k.endswith("_id")}, "type": overview_type,
                       "datasource": found.get("datasource"), "referer": capture.url}  # fmt: skip
            yield _overview(source, context)


def _headers(source: Source, context: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    ids = context["ids"]
    named = {"PortalID": ids.get("portal_id"), "MenypunktID": ids.get("menu_item_id"), "SprakID": ids.get("language_id", 1),
             "WebObjektID": ids.get("web_object_id")}  # fmt: skip
    return (*((k, str(v)) for k, v in named.items() if v is not None), ("X-ANTI-CSRF", "1"),
            ("Referer", context.get("referer") or source.url))  # fmt: skip


def _overview(source: Source, context: dict[str, Any]) -> Request:
    pairs = [("Datasource", context["datasource"])] if context.get("datasource") else []
    pairs.append(("Dato", context["moment"]))
    pairs += [("FilterContent", "DocOnly"), ("SortDirection", "DatoNyest")] if context["type"] == JOURNAL else []
    pairs += [("page", str(context["page"])), ("pageSize", str(PAGE_SIZE))]
    call = "overviewInit" if context["page"] == 1 else "overview"
    return Request(
        url=urls.parse(f"{API}/{call}", source.url), method="POST", headers=_headers(source, context),
        json={"type": context["type"], "keyValues": [{"key": k, "value": v} for k, v in pairs]}, context=context,
    )  # fmt: skip


def _call(source: Source, context: dict[str, Any], path: str, method: str, step: str, **more: Any) -> Request:
    """A call on one thing; `!` stays literal."""
    return Request(
        url=urls.parse(f"{API}/{path}", source.url), method=method, headers=_headers(source, context),
        json={} if method == "POST" else None, context={"step": step, "ids": context["ids"], "referer": context.get("referer"), **more},
    )  # fmt: skip


def _read_overview(source: Source, window: Window, capture: Capture, content: Fields) -> Iterator[Record | Request]:
    context = dict(capture.context)
    is_journal = context["step"] == "journal"
    kind = "journal_entry" if is_journal else "meeting"
    if not isinstance(content.data.get("searchItems"), dict):
        yield Trouble(key=capture.url, reason=Reason("no_items", step=context["step"], field="searchItems"))
        return
    listing = content.object("searchItems")
    items = listing.items("items")
    total, last = listing.take("totalItemCount"), listing.take("isLastPage")
    listing.leave(("pageNumber", "pageCount", "pageSize", "hasNextPage", "hasPreviousPage", "isFirstPage"))
    content.leave(("filter", "searchOptions", "title", "type"))
    if not isinstance(listing.data.get("items"), list) or (total and not items and context["page"] == 1):
        yield Trouble(key=capture.url, reason=Reason("no_items", step=context["step"], field="items"))
        return
    if total == 0 and not items:
        yield Claim(key=f"{context['step']} {context['moment']}", about=kind, scope="total" if is_journal else "answer", count=0)
        return
    if rest := (*content.rest(), *listing.rest("searchItems.")):
        yield Claim(key=f"{context['step']} answer", about=kind, scope="answer", leftovers=rest)
    margin = timedelta() if is_journal else MEETING_MARGIN
    first, end = window.since - margin, window.until + margin
    days: list[date] = []
    for index, item in enumerate(items):
        row = Fields(item)
        key = row.text("identifier")
        locator = f"/content/searchItems/items/{index}"
        if not key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step=context["step"], field="item"))
            continue
        day = norwegian_date(Fields(row.data.get("properties")).data.get("dato"))
        if day:
            days.append(day)
        if day and not first <= day <= end:
            continue
        yield _entry_from_row(source, row, key, locator) if is_journal else _meeting_from_row(source, row, key, locator)
        if is_journal and row.data.get("parentIdentifier"):
            yield _call(source, context, f"details/{row.data['parentIdentifier']}", "GET", "details")
            yield from _ask_for_files(source, context, key)
        elif not is_journal:
            yield _call(source, context, f"mote/{key}", "POST", "meeting", meeting=key)
    if is_journal and days and min(days) < first:
        yield Claim(key="older", about=kind, scope="probe", count=1)
    is_newest_first = is_journal or context["moment"] == "HeldMeetings"
    goes_on = not days or not is_newest_first or max(days) >= first
    # A page that begins as the one before it is that page once more; when it lies outside the window, nobody else would notice.
    place = as_text(Fields(items[0]).data.get("identifier")) if items else None
    if not last and items and goes_on and (place is None or place != context.get("place")):
        yield _overview(source, {**context, "page": context["page"] + 1, "place": place})


def _entry_from_row(source: Source, row: Fields, key: str, locator: str) -> JournalEntry:
    properties = row.object("properties")
    case_key = row.text("parentIdentifier")
    sender, recipient = properties.text("avsender"), properties.text("mottaker")
    entry = JournalEntry(
        key=key, locator=locator, title=row.text("title"), case_key=case_key, case_number=properties.text("saksnummer"),
        document_number=properties.text("dokumentID"), journal_date=properties.text("dato"),
        document_type=_document_type(properties.text("dokumenttype", "dokumentType"), row.text("type")),
        access=properties.text("tilgang"), legal_basis=properties.text("hjemmel"),
        senders=(sender,) if sender else None, recipients=(recipient,) if recipient else None,
        case_worker=properties.text("saksbehandler"), source_url=f"{source.url}#/details/{case_key}/{key}" if case_key else None,
    )  # fmt: skip
    row.leave(UNUSED)
    return replace(entry, leftovers=(*row.rest(), *properties.rest("properties.")))


def _document_type(named: str | None, item_type: str | None) -> str | None:
    """The type a property names; else the item's own, unless it only says what sort of row this is."""
    return named or (item_type if item_type and item_type.lower() not in ("dokument", "journalpost", "sak", "0", "1") else None)


def _ask_for_files(source: Source, context: dict[str, Any], key: str) -> Iterator[Request]:
    if how := source.settings.files:
        method = how.upper()
        path = f"dokument/{key}" + ("?fromMeeting=false" if method == "GET" else "")
        yield _call(source, context, path, method, "files", document=key)


def _meeting_from_row(source: Source, row: Fields, key: str, locator: str) -> Meeting:
    properties = row.object("properties")
    day, hour = properties.text("dato"), properties.text("tid")
    meeting = Meeting(
        key=key, locator=locator, committee=row.text("title"), start=f"{day} {hour}" if day and hour else day,
        place=properties.text("sted"), source_url=f"{source.url}#/details/{key}",
    )  # fmt: skip
    row.leave(("parentIdentifier", "type", *UNUSED))
    return replace(meeting, leftovers=(*row.rest(), *properties.rest("properties.")))


def _read_details(source: Source, window: Window, capture: Capture, content: Fields) -> Iterator[Record | Request]:
    case = content.object("sak")
    key = case.text("identifikator")
    if not key:
        yield Trouble(key=capture.url, locator="/content/sak", reason=Reason("no_identifier", step="details", field="sak"))
        return
    number, title = case.text("saksnummer"), case.text("tittel")
    if not isinstance(case.data.get("dokumenter"), list):
        yield Trouble(key=capture.url, locator="/content/sak", reason=Reason("no_items", step="details", field="dokumenter"))
    documents = case.items("dokumenter")
    record = CaseFile(
        key=key, locator="/content/sak", case_number=number, title=title, case_date=case.text("dato"), case_type=case.text("sakstype"),
        status=case.text("status"), source_url=f"{source.url}#/details/{key}",
    )  # fmt: skip
    case.leave(("undertittel", "saksbehandler"))
    yield replace(record, leftovers=(*case.rest(), *content.rest("content.")))
    for index, document in enumerate(documents):
        row = Fields(document)
        locator = f"/content/sak/dokumenter/{index}"
        document_key, day = row.text("identifikator"), norwegian_date(row.data.get("dato"))
        if not document_key:
            yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="details", field="dokument"))
            continue
        if day and not window.since <= day <= window.until:
            continue
        entry = JournalEntry(
            key=document_key, locator=locator, title=row.text("tittel"), case_key=key, case_number=number, case_title=title,
            journal_date=row.text("dato"), document_number=row.text("friendlyId"), senders=_names(row.take("fra")),
            recipients=_names(row.take("til")), source_url=f"{source.url}#/details/{key}/{document_key}",
        )  # fmt: skip
        yield replace(entry, leftovers=row.rest())
        yield from _ask_for_files(source, dict(capture.context), document_key)


def _names(value: Any) -> tuple[str, ...] | None:
    found = [as_text(v.get("navn") if isinstance(v, dict) else v) for v in value] if isinstance(value, list) else [as_text(value)]
    return tuple(n for n in found if n) or None


def _blocks(tree: Any, path: str = "/content") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a block tree with its JSON pointer."""
    if isinstance(tree, dict):
        yield path, tree
        for name, value in tree.items():
            yield from _blocks(value, f"{path}/{name}")
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _blocks(value, f"{path}/{index}")


def _read_meeting(source: Source, window: Window, capture: Capture, content: Fields) -> Iterator[Record | Request]:
    context = dict(capture.context)
    files: list[File] = []
    strange: set[str] = set()
    if not isinstance(content.data.get("b"), list) and not any(path.count("/") > 1 for path, _ in _blocks(content.data)):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="meeting", field="b"))
    for path, block in _blocks(content.data):
        if block.get("key") == "MEETING_CASES":
            yield from _nameless(block, path, capture.url)
        identifier = as_text(block.get("identifier")) or ""
        if identifier.startswith("s-"):
            texts = _properties(block)
            yield AgendaItem(
                key=identifier, locator=path, meeting_key=context["meeting"], title=as_text(block.get("title")),
                number=texts.get("saksnr") or texts.get("saksnummer"), case_number=texts.get("arkivsaknr") or texts.get("arkivsak"),
                item_type=texts.get("sakstype"), source_url=f"{source.url}#/details/{context['meeting']}/{identifier}",
                leftovers=(*_strange(block), *(f"b.{label}" for label in texts if label not in ITEM_LABELS)),
            )  # fmt: skip
            yield _call(source, context, f"mote/saksfremlegg/{identifier}", "POST", "item", meeting=context["meeting"], item=identifier)
        else:
            strange.update(_strange(block))
            if identifier.startswith("v-"):
                files.append(_file(source, block))
    yield Meeting(key=context["meeting"], locator="/content/files", files=tuple(files) or None, leftovers=tuple(sorted(strange)))


def _nameless(block: dict[str, Any], path: str, address: str) -> Iterator[Trouble]:
    """What stands on the agenda and cannot be taken for an item."""
    cases = block.get("b")
    if not isinstance(cases, list):
        yield Trouble(key=f"{address} {path}", locator=path, reason=Reason("no_items", step="meeting", field="MEETING_CASES"))
        return
    for place, case in enumerate(cases):
        if not (as_text(Fields(case).data.get("identifier")) or "").startswith("s-"):
            locator, reason = f"{path}/b/{place}", Reason("no_identifier", step="meeting", field="identifier")
            yield Trouble(key=f"{address} {locator}", locator=locator, outcome=Outcome.PARTIAL, reason=reason)


def _read_item(source: Source, window: Window, capture: Capture, content: Fields) -> Iterator[Record | Request]:
    blocks = [b for _, b in _blocks(content.data)]
    files = tuple(_file(source, b) for b in blocks if (as_text(b.get("identifier")) or "").startswith("v-"))
    texts = [t for b in blocks if b.get("type") in ("Text", "Html", "RichText") and (t := _plain(b.get("text")))]
    yield AgendaItem(
        key=capture.context["item"], locator="/content/saksfremlegg", meeting_key=capture.context["meeting"], files=files or None,
        text="\n\n".join(texts) or None, leftovers=tuple(sorted({name for b in blocks for name in _strange(b)})),
    )  # fmt: skip


def _read_files(source: Source, window: Window, capture: Capture, content: Fields) -> Iterator[Record | Request]:
    """The files of one document: groups of `vedlegg`, or a block tree with a FileList."""
    blocks = [b for _, b in _blocks(content.data)]
    found = [b for b in blocks if "fileUrl" in b or (as_text(b.get("identifier")) or "").startswith("v-")]
    access = next((t for b in found if (t := as_text(b.get("visibilityText")))), None)
    yield JournalEntry(
        key=capture.context["document"], locator="/content/files", files=tuple(_file(source, b) for b in found) or None, access=access,
        leftovers=tuple(sorted({name for b in blocks for name in _strange(b)})),
    )  # fmt: skip


def _plain(value: Any) -> str | None:
    return BeautifulSoup(value, "lxml").get_text(" ", strip=True) if isinstance(value, str) and value.strip() else None


def _properties(block: dict[str, Any]) -> dict[str, str]:
    """The labelled texts of a block: its Property and Metadata children and its `properties`, labels in lower case."""
    texts = {str(k).lower(): t for k, v in Fields(block.get("properties")).data.items() if (t := as_text(v))}
    for _, child in _blocks(block.get("b") or []):
        label = as_text(child.get("title")) if child.get("type") == "Property" else as_text(child.get("key"))
        if label and (text := as_text(child.get("text"))):
            texts[label.lower()] = text
    return texts


def _strange(block: dict[str, Any]) -> tuple[str, ...]:
    return tuple(n for n in block if n not in BLOCK)


def _file(source: Source, block: dict[str, Any]) -> File:
    address = as_text(block.get("url") or block.get("fileUrl"))
    try:
        full = urls.parse(address, source.url) if address else None
    except InvalidURL:
        full = None
    kind = (as_text(block.get("filtype")) or "").lower().lstrip(".")
    return File(title=as_text(block.get("title")), url=full, media_type=MEDIA_TYPES.get(kind, kind or None), is_open=bool(full))


def norwegian_date(text: Any) -> date | None:
    """The first dd.mm.yyyy or ISO date in a text; None when there is none or it is no day."""
    if not isinstance(text, str):
        return None
    try:
        if match := NORWEGIAN_DATE.search(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
