"""Catalogues of geodata through OGC CSW 2.0.2: GeoNetwork, pycsw, Geonorge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Dataset,
    Distribution,
    Extractor,
    Known,
    Outcome,
    Record,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fetch import urls
from extractors.fields import as_plain, as_text
from extractors.portals import iso19139
from extractors.portals.listing import Place
from extractors.portals.publisher import body_named
from extractors.portals.safe_xml import UnsafeXml, local, read_xml

CSW, GMD = "http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd"
DC, DCT = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
LADDER = (100, 25, 5, 1)
SKIPS_IN_A_ROW = 3
# The ways to ask, best first: sorted, in whatever order, and in Dublin Core.
WAYS = ("sorted", "plain", "brief")
CODE = re.compile(r"[A-Za-z]{3,40}")
ABOUT_THE_QUESTION = ("InvalidParameterValue", "MissingParameterValue", "OptionNotSupported", "InvalidSortBy", "OperationNotSupported")
KNOWN_BRIEF = frozenset(
    "identifier title type subject format relation modified abstract description date language source rights creator publisher "
    "contributor coverage spatial references URI BoundingBox WGS84BoundingBox AnyText accessRights license created issued alternative "
    "isPartOf hasPart".split()
)


class CswSettings(SourceSettings):
    """`organisation` keeps one publisher's records (its name as the catalogue writes it); `rows` per page, at most 100."""

    organisation: str | None = None
    rows: int = 25


class Csw(Extractor):
    """
    vendor       any server of OGC CSW 2.0.2: GeoNetwork, pycsw, deegree, Geonorge
    recognise    Capabilities or GetRecordsResponse of http://www.opengis.net/cat/csw/2.0.2; /geonetwork/srv/ in a page
    endpoints    GET …?service=CSW&request=GetRecords, in ISO 19139 or, where that is refused, in Dublin Core (csw:Record)
    set-up       none
    paging       startPosition from 1, maxRecords (25 to 100), nextRecord; 0 or more than numberOfRecordsMatched ends; sorted by identifier
    windows      none: the whole catalogue each time
    limits       none stated
    quirks       errors are an ExceptionReport under a status of 200; one broken record breaks its whole page: the page shrinks to 25, 5
                 and 1, the record is skipped, and three in a row end the reading; numberOfRecordsReturned may lie: records are counted;
                 services and applications are in the list too; texts are CharacterString, Anchor or PT_FreeText; the licence is an
                 anchor among the other restrictions; contacts are people and never kept; bodies are there by name, without a number
    yields       datasets with distributions
    licence      per dataset
    facts from   PORTALS 2.8
    """

    platform = "csw"
    yields = (Dataset,)
    Settings = CswSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _ask(source, WAYS[0], Place(), source.settings.rows, 1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        try:
            root = read_xml(capture.body)
        except UnsafeXml as error:
            html = capture.media_type == "text/html" and error.reason.code == "xml_broken"
            if error.reason.code == "document_type_refused" or html:
                yield Trouble(key=capture.url, reason=Reason("html_for_xml") if capture.media_type == "text/html" else error.reason)
            else:
                yield from _shrunk(source, capture, error.reason)
            return
        if local(root) == "ExceptionReport":
            yield from _refused(source, capture, root)
            return
        if local(root) == "GetRecordByIdResponse":
            yield from (r for n, each in enumerate(root, start=1) if (r := _record(source, each, f"/*[{n}]")) is not None)
            return
        results = root.find(f"{{{CSW}}}SearchResults")
        if not capture.is_ok or results is None:
            name = local(root)
            if capture.is_ok:
                yield Trouble(key=capture.url, reason=Reason("root_unknown", name=name[:40] if name.isalnum() else "?"))
            else:
                yield Trouble(key=capture.url, outcome=Outcome.FAILED, reason=Reason("server_answered", status=capture.status))
            return
        yield from _read(source, capture, results)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        head = capture.text[:20_000]
        address = capture.url.split("?")[0]
        if "<" in head[:5] and CSW in head and re.search(r"<(\w+:)?(Capabilities|GetRecords(ById)?Response|GetRecordByIdResponse)\b", head):
            return SourceGuess(cls.platform, address, {}, "a catalogue service answers", 0.95)
        if capture.media_type == "text/html" and (found := re.search(r"[\"'](/[\w/-]*?geonetwork/)?srv/(nor|nob|eng)/", head)):
            path = f"{found[1] or '/geonetwork/'}srv/{found[2]}/csw"
            return SourceGuess(cls.platform, urls.parse(path, capture.url), {}, "the page is made by GeoNetwork", 0.6)
        return None


def _ask(source: Source, way: str, place: Place, rows: int, page: int, until: int = 0, skips: int = 0) -> Request:
    """One window of the list. `until` is where a window that failed ended: to there it is asked in small pieces; `skips` in a row."""
    schema, names = (CSW, "csw:Record") if way == "brief" else (GMD, "gmd:MD_Metadata")
    asked: dict[str, Any] = {
        "service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": names, "outputSchema": schema, "elementSetName": "full",
        "resultType": "results", "startPosition": place.index + 1, "maxRecords": rows,
    }  # fmt: skip
    if way == "sorted":
        asked["sortBy"] = "Identifier:A"
    if source.settings.organisation:
        name = source.settings.organisation.replace("'", "''")
        asked |= {"constraintLanguage": "CQL_TEXT", "constraint_language_version": "1.1.0", "constraint": f"OrganisationName='{name}'"}
    query = "&".join(f"{name}={quote(str(value), safe=':/')}" for name, value in asked.items())
    joint = "&" if urlsplit(source.url).query else "?"
    context = {"step": "list", "way": way, "place": place.context(), "rows": rows, "start": [until, skips], "page": page}
    return Request(url=urls.parse(f"{source.url}{joint}{query}"), context=context)


def _refused(source: Source, capture: Capture, root: etree._Element) -> Iterator[Record | Request]:
    """An ExceptionReport: another way to ask when it is about the question, smaller windows when it is about the records."""
    code = next((c for e in root.iter() if local(e) == "Exception" and (c := e.get("exceptionCode"))), "")
    way, place = capture.context["way"], Place.of(capture.context)
    if code in ABOUT_THE_QUESTION and not place.received and way != WAYS[-1]:
        yield _ask(source, WAYS[WAYS.index(way) + 1], Place(), source.settings.rows, 1)
    elif code in ABOUT_THE_QUESTION and not place.received:
        yield Trouble(key=capture.url, reason=Reason("exception_report", error=code))
    else:
        yield from _shrunk(source, capture, Reason("exception_report", error=code if CODE.fullmatch(code) else "?"))


def _shrunk(source: Source, capture: Capture, reason: Reason) -> Iterator[Record | Request]:
    """A window that failed is asked in smaller ones; a record that fails alone is skipped, three in a row end it."""
    context, place = capture.context, Place.of(capture.context)
    rows, page, way = context["rows"], context["page"] + 1, context["way"]
    until, skips = context["start"]
    if smaller := next((n for n in LADDER if n < rows), None):
        yield _ask(source, way, place, smaller, page, max(until, place.index + rows), skips)
        return
    skipped = Reason("record_skipped", position=place.index + 1, first=reason)
    yield Trouble(key=f"{source.url} {place.index + 1}", outcome=Outcome.PARTIAL, reason=skipped)
    known_end = place.counted or until
    if skips + 1 < SKIPS_IN_A_ROW and place.index + 1 < known_end:
        following = place.passed(1, left_out=1)
        yield _ask(source, way, following, 1 if following.index < until else source.settings.rows, page, until, skips + 1)


def _read(source: Source, capture: Capture, results: etree._Element) -> Iterator[Record | Request]:
    context = capture.context
    records = [r for r in results if local(r) in ("MD_Metadata", "MI_Metadata", "Record", "SummaryRecord", "BriefRecord")]
    found = [_record(source, r, f"/csw:SearchResults/*[{n}]") for n, r in enumerate(records, start=1)]
    kept = [record for record in found if record is not None]
    counted, following = _whole(results.get("numberOfRecordsMatched")), _whole(results.get("nextRecord"))
    before = Place.of(context)
    place = before.passed(len(records), counted=counted, left_out=len(records) - len(kept))
    # Where neither a count nor a next record is given, a full page leads on.
    is_unsaid = following is None and not place.counted and len(records) >= context["rows"]
    is_over = following == 0 or (following is None and place.index >= place.counted) or (following or 0) > place.counted > 0
    is_last = not records or (is_over and not is_unsaid)
    yield place.claim(capture, is_last=is_last)
    yield from kept
    if is_last:
        return
    # A next record that does not lead on is a server's mistake; one that leads further than what came would lose records.
    until = context["start"][0]
    rows = context["rows"] if place.index < until else source.settings.rows
    yield _ask(source, context["way"], place, rows, context["page"] + 1, until if place.index < until else 0)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _record(source: Source, record: etree._Element, locator: str) -> Record | None:
    """The dataset of a record; None for services and what else is no data, and for another's when one publisher's are wanted: a search by
    organisation finds its name in any contact."""
    if local(record) in ("MD_Metadata", "MI_Metadata"):
        if iso19139.level(record) not in iso19139.DATA:
            return None
        made = iso19139.dataset_of(record, locator)
    else:
        kind = as_text(record.findtext(f"{{{DC}}}type")) or ""
        if kind not in iso19139.DATA:
            return None
        made = _brief(record, locator)
    if isinstance(made, Trouble):
        return made
    wanted, name = source.settings.organisation, made.publisher_name
    is_own = bool(wanted and name) and str(name).casefold() == str(wanted).casefold()
    if wanted and name and not is_own:
        return None
    joint = "&" if urlsplit(source.url).query else "?"
    address = f"{source.url}{joint}service=CSW&version=2.0.2&request=GetRecordById&id={quote(made.key)}"
    number = source.authority if is_own else body_named(name, source.authority)
    return replace(made, publisher=number, source_url=urls.parse(address))


def _brief(record: etree._Element, locator: str) -> Dataset | Trouble:
    """A csw:Record of Dublin Core."""

    def texts(*names: str) -> list[str]:
        return [t for name in names for space in (DC, DCT) for e in record.iterfind(f"{{{space}}}{name}") if (t := as_text(e.text))]

    def first(*names: str) -> str | None:
        return next(iter(texts(*names)), None)

    key = first("identifier")
    if not key:
        reason = Reason("no_identifier", step="package", field="dc:identifier")
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=reason)
    links = [e for e in record if local(e) in ("references", "URI")]
    changed = first("modified", "date")
    return Dataset(
        key=key, locator=locator, title=first("title"), description=as_plain(first("abstract", "description")),
        publisher_name=first("publisher", "creator"), keywords=tuple(dict.fromkeys(texts("subject"))), licence=first("license", "rights"),
        access_rights=first("accessRights"), issued=first("issued", "created"), modified=changed,
        modified_kind="metadata" if changed else None, spatial=first("spatial", "coverage"),
        distributions=tuple(
            Distribution(access_url=t, format=as_text(e.get("protocol") or e.get("scheme")) or first("format"))
            for e in links if (t := as_text(e.text)) and t.startswith("http")
        ),
        leftovers=tuple(sorted({n for n in map(local, record) if n not in KNOWN_BRIEF})),
    )  # fmt: skip
