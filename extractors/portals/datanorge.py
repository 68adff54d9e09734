"""data.norge.no, the national catalogue, through its search service and its resource service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Dataset,
    Distribution,
    Extractor,
    Known,
    Outcome,
    Record,
    RegisterFact,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fetch import urls
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.ckan import in_norwegian
from extractors.portals.publisher import organisation_number, without_mail

SEARCH, RESOURCES = "https://search.api.fellesdatakatalog.digdir.no/", "https://resource.api.fellesdatakatalog.digdir.no/"
DEEPEST = 10_000
"""The search index answers no further into a list than this; a longer one is asked for by the paths below."""

BODY_PATH = re.compile(r"/(?:KOMMUNE|FYLKE)/(\d{9})(?:/|$)")
UNUSED = (
    "metadata", "searchType", "type", "relations", "isOpenData", "isAuthoritative", "isRelatedToTransportportal", "fdkFormatPrefixed",
    "provenance", "specializedType", "additionalTitles", "harvest",
)  # fmt: skip
UNUSED_FULL = (
    "type", "accessRightsComment", "admsIdentifier", "conformsTo", "dctType", "descriptionFormatted", "eurovocThemes", "harvest",
    "hasAccuracyAnnotation", "hasAvailabilityAnnotation", "hasCompletenessAnnotation", "hasCurrentnessAnnotation", "hasRelevanceAnnotation",
    "identifier", "inSeries", "informationModel", "isAuthoritative", "isOpenData", "isRelatedToTransportportal", "language", "last",
    "legalBasisForAccess", "legalBasisForProcessing", "legalBasisForRestriction", "objective", "page", "prev", "provenance",
    "qualifiedAttributions", "references", "sample", "source", "specializedType", "subject", "themeUris", "datasetsInSeries",
    "catalog", "isReferencedBy", "relations", "mobilityTheme", "hvdCategory", "applicableLegislation", "costs",
)  # fmt: skip
UNUSED_DISTRIBUTION = (
    "accessService", "compressFormat", "conformsTo", "description", "packageFormat", "page", "title", "type", "uri", "format",
    "applicableLegislation", "mobilityDataStandard", "status", "rights", "language", "checksum", "issued", "temporalResolution",
)  # fmt: skip


class DataNorgeSettings(SourceSettings):
    """`paths` are the organisation paths that are listed, with all below them; `rows` a page, few and long within the limit of requests;
    `records` is the address of the resource service, "" when the search's own short records are enough, and `batch` full records are asked
    for at a time; `changed` lists only what came or changed in the days of the window."""

    paths: tuple[str, ...] = ("/KOMMUNE", "/FYLKE")
    rows: int = Field(default=250, ge=1, le=DEEPEST)
    batch: int = Field(default=100, ge=1)
    records: str = RESOURCES
    changed: bool = False


class DataNorge(Extractor):
    """
    vendor       Digdir, Felles datakatalog; open, no key; its owner calls the search internal and may change it
    recognise    data.norge.no, *.fellesdatakatalog.digdir.no; fdkFormatPrefixed in the answer
    endpoints    POST /search/datasets (JSON); POST /v1/datasets of the resource service for the full records of a page
    set-up       none
    paging       pagination.page from 0, size; page.size is what came, not what was asked for; no further than 10,000 into a list
    windows      none: the whole list each time; or, with `changed`, the filters lastXDays and lastXDaysModified, which count from today
    limits       search: 10 requests a minute in the documents, 10 a second in the set-up; resources: 5 a second; 429 with Retry-After
    quirks       the aggregation orgPath counts every body in one answer, children in their parents; a short record has no licence, files or
                 dates but those of the harvest; texts are objects per language; a removed record may still be found (metadata.deleted);
                 sub-units stand below their body (/KOMMUNE/number/number) and are counted as its; unknown members are ignored in silence;
                 companies of a municipality are under /ANNET and /PRIVAT and are no municipality's there
    yields       datasets with distributions; how many datasets and how many open ones each body has (register facts)
    licence      per distribution
    facts from   PORTALS 1.1, 1.2 (operator's source code of 2026)
    """

    platform = "data-norge"
    yields = (Dataset, RegisterFact)
    Settings = DataNorgeSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        if source.settings.changed:
            days = (window.until - window.since).days + 1
            for filter_name in ("lastXDays", "lastXDaysModified"):
                for path in source.settings.paths:
                    yield _listing(source, {"orgPath": {"value": path}, filter_name: {"value": days}}, 0)
            return
        yield _search(source, {}, {"page": 0, "size": 1}, {"step": "counts", "about": "datasets"})
        yield _search(source, {"openData": {"value": True}}, {"page": 0, "size": 1}, {"step": "counts", "about": "open_datasets"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context["step"]
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        if step == "records":
            yield from _read_records(source, capture, answer)
            return
        top = Fields(answer)
        read = {"counts": _read_counts, "list": _read_hits}[step]
        yield from read(source, capture, top)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        host = urls.host_of(capture.url)
        if host in ("data.norge.no", urls.host_of(SEARCH)) or '"fdkFormatPrefixed"' in capture.text[:50_000]:
            return SourceGuess(cls.platform, SEARCH, {}, "the national catalogue", 0.9)
        return None


def _search(source: Source, filters: Mapping[str, Any], page: Mapping[str, int], context: Mapping[str, Any], **more: Any) -> Request:
    question = {"query": "", "filters": dict(filters), **more, "pagination": dict(page)}
    root = source.url if source.url.endswith("/") else f"{source.url}/"
    return Request(url=urls.parse("search/datasets", root), method="POST", json=question, context=dict(context))


def _listing(source: Source, filters: Mapping[str, Any], page: int) -> Request:
    order = {"field": "FIRST_HARVESTED", "direction": "ASC"}
    context = {"step": "list", "filters": dict(filters), "page": page + 1}
    return _search(source, filters, {"page": page, "size": source.settings.rows}, context, sort=order)


def _read_counts(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    """How many each body has; and, from the count of everything, what to list."""
    about = capture.context["about"]
    buckets = top.object("aggregations").take("orgPath")
    if not isinstance(buckets, list):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="counts", field="aggregations.orgPath"))
        return
    top.leave(("hits", "page"))
    counts = {str(b.get("key")): b["count"] for b in buckets if isinstance(b, dict) and isinstance(b.get("count"), int)}
    for path, count in counts.items():
        if number := organisation_number(path) if BODY_PATH.fullmatch(path) else None:
            page = f"https://data.norge.no/datasets?orgPath={path}"
            yield RegisterFact(key=f"{number}/{about}", subject=number, property=about, value=str(count), unit="datasett", source_url=page)
    if about != "datasets":
        yield Claim(key=f"{about} answer", about="register_fact", scope="answer", leftovers=top.rest())
        return
    wanted = sum(counts.get(path, 0) for path in source.settings.paths)
    for root in dict.fromkeys(f"/{path.split('/')[1]}" for path in source.settings.paths if path.startswith("/")):
        if counts and root not in counts:  # a path that was renamed counts nothing, and nothing is not what it holds
            yield Trouble(key=f"{capture.url} {root}", reason=Reason("no_items", step="counts", field=root))
    yield Claim(key="count of all", about="dataset", scope="total", count=wanted, leftovers=top.rest())
    for path in source.settings.paths:
        for part in _parts(path, counts):
            yield _listing(source, {"orgPath": {"value": part}}, 0)


def _parts(path: str, counts: Mapping[str, int]) -> Iterator[str]:
    """A path that the index can list to its end, else those below it, and itself for what hangs on it directly."""
    if counts.get(path, 0) == 0:
        return
    below = [p for p in counts if p.startswith(f"{path}/") and "/" not in p[len(path) + 1 :]]
    if counts[path] <= DEEPEST or not below:
        yield path
        return
    for child in below:
        yield from _parts(child, counts)
    if sum(counts[p] for p in below) < counts[path]:
        yield path


def _read_hits(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    hits, page = top.take("hits"), top.object("page")
    total = page.take("totalElements")
    if not isinstance(hits, list) or not isinstance(total, int):
        field = "page.totalElements" if isinstance(hits, list) else "hits"
        yield Trouble(key=capture.url, reason=Reason("no_items", step="list", field=field))
        return
    top.leave(("aggregations",))
    page.leave(("currentPage", "size", "totalPages"))
    filters, number = capture.context["filters"], capture.context["page"] - 1
    said = (*top.rest(), *page.rest("page."))
    scope = "window" if source.settings.changed else "total"
    yield Claim(
        key=f"count {sorted(filters)} {filters['orgPath']['value']} {number}", about="dataset", scope=scope, count=total, leftovers=said
    )
    ids = []
    for index, hit in enumerate(hits):
        row = Fields(hit)
        if not _is_dataset(row) or row.object("metadata").data.get("deleted") is True:
            continue
        record = _hit(source, row, f"/hits/{index}")
        yield record
        if isinstance(record, Dataset):
            ids.append(record.key)
    for start in range(0, len(ids) if source.settings.records else 0, source.settings.batch):
        address = urls.parse("v1/datasets", source.settings.records)
        some = ids[start : start + source.settings.batch]
        yield Request(url=address, method="POST", json={"ids": some}, context={"step": "records"})
    read = (number + 1) * source.settings.rows
    if hits and read < total and read + source.settings.rows <= DEEPEST:
        yield _listing(source, filters, number + 1)


def _is_dataset(row: Fields) -> bool:
    """Whether a record is of a dataset and of no service or concept; each service calls its kinds otherwise."""
    return str(row.data.get("searchType") or row.data.get("type") or "dataset").lower().removesuffix("s") == "dataset"


def _hit(source: Source, row: Fields, locator: str) -> Record:
    """A short record; what the full one says better is left to that."""
    key = row.text("id")
    if not key:
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="list", field="id"))
    number, name = _publisher(row.take("organization"), row.object("catalog").take("publisher"))
    harvested = row.object("metadata", "harvest").text("modified")
    changed = None if source.settings.records else harvested
    record = Dataset(
        key=key, locator=locator, uri=row.text("uri"), publisher=number, publisher_name=name, title=in_norwegian(row.take("title")),
        description=as_plain(in_norwegian(row.take("description"))), keywords=_words(row.items("keyword")),
        themes=_themes(row.items("dataTheme"), row.items("losTheme")), access_rights=_address(row.take("accessRights")),
        spatial=_labels(row.items("spatial")), source_url=f"https://data.norge.no/datasets/{key}",
        modified=changed, modified_kind="harvest" if changed else None, harvested=harvested,
    )  # fmt: skip
    row.leave(UNUSED)
    return replace(record, leftovers=row.rest())


def _read_records(source: Source, capture: Capture, answer: Any) -> Iterator[Record]:
    rows = answer if isinstance(answer, list) else [answer]
    found = set()
    for index, row in enumerate(map(Fields, rows)):
        if not _is_dataset(row):
            continue
        record = _full(row, f"/{index}" if isinstance(answer, list) else "/")
        found.add(record.key)
        yield record
    asked = capture.request.json.get("ids", []) if isinstance(capture.request.json, Mapping) else []
    if missing := [identity for identity in asked if identity not in found]:
        reason = Reason("records_missing", n=len(missing), asked=len(asked))
        yield Trouble(key=f"{capture.url} {missing[0]}", outcome=Outcome.PARTIAL, reason=reason)


def _full(row: Fields, locator: str) -> Record:
    key = row.text("id")
    if not key:
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="records", field="id"))
    number, name = _publisher(row.take("publisher"), row.object("catalog").take("publisher"))
    distributions, strange = _distributions(row.items("distribution"))
    modified, harvested = row.text("modified"), row.object("harvest").text("modified")
    landing = next((t for t in map(without_mail, map(as_text, row.items("landingPage"))) if t), None)
    record = Dataset(
        key=key, locator=locator, uri=row.text("uri"), publisher=number, publisher_name=name, title=in_norwegian(row.take("title")),
        description=as_plain(in_norwegian(row.take("description"))), keywords=_words(row.items("keyword")),
        themes=_themes(row.items("theme"), row.items("losTheme")), access_rights=_address(row.take("accessRights")),
        licence=next((d.licence for d in distributions if d.licence), None), issued=row.text("issued"), modified=modified or harvested,
        modified_kind="data" if modified else "harvest" if harvested else None,
        frequency=(row.object("accrualPeriodicity").text("code") or "").lower() or None, spatial=_labels(row.items("spatial")),
        contact_present=bool(row.items("contactPoint")), temporal_present=bool(row.items("temporal")), harvested=harvested,
        landing_page=landing, distributions=distributions,
        source_url=f"https://data.norge.no/datasets/{key}",
    )  # fmt: skip
    row.leave(UNUSED_FULL)
    return replace(record, leftovers=(*row.rest(), *strange))


def _publisher(*owners: Any) -> tuple[str | None, str | None]:
    """(number, name) of the first owner that is named: a sub-unit's datasets are its municipality's or county's, as its path says."""
    for owner in map(Fields, owners):
        path, number = owner.text("orgPath") or "", organisation_number(owner.text("id")) or organisation_number(owner.text("uri"))
        body = BODY_PATH.match(path)
        name = in_norwegian(owner.take("prefLabel")) or owner.text("name")
        if body or number or name:
            return (organisation_number(body[1]) if body else None) or number, name
    return None, None


def _distributions(rows: list[Any]) -> tuple[tuple[Distribution, ...], tuple[str, ...]]:
    distributions, strange = [], set()
    for row in map(Fields, rows):
        formats = [Fields(f) for f in row.items("fdkFormat")]
        codes = [(f.text("type"), f.text("code", "name")) for f in formats]
        distributions.append(
            Distribution(
                access_url=without_mail(_address(_first(row.take("accessURL")))),
                download_url=without_mail(_address(_first(row.take("downloadURL")))),
                format="; ".join(dict.fromkeys(f.text("name", "code") or "" for f in formats)) or None,
                media_type=next((code for kind, code in codes if kind == "MEDIA_TYPE" and code), None),
                licence=_address(_first(row.take("license"))), modified=row.text("modified"), size_bytes=_whole(row.take("byteSize")),
            )
        )  # fmt: skip
        row.leave(UNUSED_DISTRIBUTION)
        strange.update(row.rest("distribution."))
    return tuple(distributions), tuple(sorted(strange))


def _first(value: Any) -> Any:
    return next(iter(value), None) if isinstance(value, list) else value


def _whole(value: Any) -> int | None:
    return int(value) if str(value).isdigit() else None


def _address(value: Any) -> str | None:
    """An address that is written plainly or as an object with `uri`; else the object's code."""
    row = Fields(value)
    return row.text("uri") or row.text("code") if isinstance(value, Mapping) else as_text(value)


def _words(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in map(in_norwegian, values) if t))


def _themes(data: list[Any], los: list[Any]) -> tuple[str, ...]:
    """Names of the themes, the EU's and LOS."""
    rows = [Fields(x if isinstance(x, Mapping) else {"code": x}) for x in (*data, *los)]
    found = (in_norwegian(row.take("title", "name", "prefLabel")) or row.text("code", "uri") for row in rows)
    return tuple(dict.fromkeys(t for t in found if t))


def _labels(values: list[Any]) -> str | None:
    """The names of areas, or their addresses."""
    rows = [Fields(v if isinstance(v, Mapping) else {"uri": v}) for v in values]
    found = (in_norwegian(row.take("prefLabel")) or row.text("uri", "code") for row in rows)
    return "; ".join(dict.fromkeys(t for t in found if t)) or None
