"""DCAT-US catalogues: data.json of Project Open Data, versions 1.0 to 3.0."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

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
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.publisher import body_named, organisation_number, without_mail

DEPTH = 8
ENVELOPE = (
    "@context", "@id", "@type", "conformsTo", "describedBy", "title", "description", "publisher", "service", "record", "language",
    "license", "rights", "homepage", "issued", "modified", "themeTaxonomy", "name", "identifier", "contactPoint",
)  # fmt: skip
UNUSED = (
    "@type", "@id", "isPartOf", "bureauCode", "programCode", "primaryITInvestmentUII", "dataQuality", "describedBy", "describedByType",
    "language", "references", "rights", "systemOfRecords", "conformsTo", "category", "characterEncoding", "mbox",
    "landingPage", "inSeries", "seriesMember", "first", "last", "prev", "next", "provenance", "creator", "contributor", "source",
    "version", "otherIdentifier", "sample", "wasGeneratedBy", "relation", "qualifiedRelation", "page", "status", "subject", "hasVersion",
    "isReferencedBy", "purpose", "scopeNote", "liabilityStatement", "geographicBoundingBox", "spatialResolutionInMeters",
    "temporalResolution", "qualifiedAttribution", "rightsHolder", "metadataDistribution", "hasCurrentVersion", "previousVersion",
    "versionNotes", "hasPart", "temporalCoverage", "image", "catalogRecord", "hasQualityMeasurement", "data-quality", "webService",
    "feed", "cuiRestriction", "useRestriction", "accessRestriction",
)  # fmt: skip
UNUSED_FILE = (
    "@type", "@id", "title", "description", "conformsTo", "describedBy", "describedByType", "identifier", "accessService", "issued",
    "rights", "language", "availability", "checksum", "compressFormat", "packageFormat", "page", "status", "characterEncoding",
    "temporalResolution", "spatialResolutionInMeters", "representationTechnique", "hasQualityMeasurement", "image", "cuiRestriction",
    "useRestriction", "accessRestriction", "otherIdentifier", "webService",
)  # fmt: skip


class DcatUs(Extractor):
    """
    vendor       any server of DCAT-US (Project Open Data): DataPress, DKAN, ArcGIS Hub, Socrata, ckanext-datajson
    recognise    /data.json; project-open-data.cio.gov or DCAT-US in conformsTo
    endpoints    GET the catalogue's address
    set-up       none
    paging       none: one document
    windows      none
    limits       none stated
    quirks       identifiers and titles are used twice; titles may be numbers; modified may be none, a date, or an interval (R/P1D), which
                 is a frequency and no date; identifiers may be missing: title and publisher are the key; one distribution may be no list;
                 licences are addresses, names or whole pages; version 3 has catalogues in catalogues and datasets in series, the same
                 dataset in several places, and services that are no datasets
    yields       datasets with distributions
    licence      per dataset
    facts from   PORTALS 2.3
    """

    platform = "dcat-us"
    yields = (Dataset,)
    Settings = SourceSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield Request(url=source.url, context={"step": "catalogue"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        catalogue = {"dataset": answer} if isinstance(answer, list) else answer
        if not isinstance(catalogue, Mapping) or not any(
            isinstance(catalogue.get(n), list) for n in ("dataset", "datasetSeries", "catalog")
        ):
            is_of_services = isinstance(catalogue, Mapping) and isinstance(catalogue.get("service"), list)
            if is_of_services:
                yield Claim(key="count", about="dataset", scope="total", count=0)
            else:
                yield Trouble(key=capture.url, reason=Reason("no_items", step="catalogue", field="dataset"))
            return
        strange: set[str] = set()
        found = list(_collected(catalogue, "", strange))
        used = Counter(as_text(row.get("identifier") or row.get("@id")) for row, _ in found if isinstance(row, Mapping))
        keys: dict[str, str] = {}
        for row, locator in found:
            record = _dataset(source, Fields(row), locator, used)
            if keys.setdefault(record.key, locator) == locator or not isinstance(record, Dataset):
                yield record
        yield Claim(key="count", about="dataset", scope="total", count=len(keys) if found else 0, leftovers=tuple(sorted(strange)))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        head = capture.text[:5_000]
        if head.lstrip().startswith("{") and re.search(r"project-open-data\.cio\.gov|DCAT-US", head):
            return SourceGuess(cls.platform, capture.url, {}, "the catalogue says that it is DCAT-US", 0.9)
        return None


def _collected(catalogue: Mapping[str, Any], locator: str, strange: set[str], depth: int = 0) -> Iterator[tuple[Any, str]]:
    """Every dataset of a catalogue, of its series and of the catalogues in it, and where it stands."""
    top = Fields(catalogue)
    for index, row in enumerate(top.items("dataset")):
        yield row, f"{locator}/dataset/{index}"
    for name in ("datasetSeries", "catalog"):
        for index, part in enumerate(top.items(name)):
            if not isinstance(part, Mapping) or depth >= DEPTH:
                continue
            place = f"{locator}/{name}/{index}"
            if name == "catalog":
                yield from _collected(part, place, strange, depth + 1)
            else:
                members = part.get("seriesMember")
                for number, member in enumerate(members if isinstance(members, list) else []):
                    if isinstance(member, Mapping):
                        yield member, f"{place}/seriesMember/{number}"
    top.leave(ENVELOPE)
    strange.update(top.rest())


def _dataset(source: Source, row: Fields, locator: str, used: Counter[str | None]) -> Record:
    identifier, title = row.text("identifier", "@id"), row.text("title")
    publisher = row.take("publisher")
    chain = _publishers(publisher)
    number = next((n for p in chain for n in [_number(p)] if n), None)
    names = [n for p in chain if (n := as_text(p.get("name") or p.get("prefLabel")))] or [n for n in [as_text(publisher)] if n]
    name, named = next(iter(names), None), next((n for of in names if (n := body_named(of, source.authority))), None)
    if not identifier and not title:
        return Trouble(
            key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="dataset", field="identifier")
        )
    words = hashlib.sha256(f"{title}|{number or name}".encode()).hexdigest()[:16]
    # An identifier that stands on several datasets tells none of them apart; the same dataset in two places has the same words.
    key = words if not identifier else f"{identifier}#{words}" if used[identifier] > 1 else identifier
    files, strange = _files(row.take("distribution"))
    modified, interval = row.text("modified"), None
    if modified and re.match(r"R(\d*)/P", modified):
        modified, interval = None, modified
    licence = _licence(row.take("license")) or next((f.licence for f in files if f.licence), None)
    areas, landing = row.take("spatial"), without_mail(as_text(row.data.get("landingPage")))
    record = Dataset(
        key=key, locator=locator, uri=identifier if identifier and re.match(r"https?://", identifier) else None, publisher=number or named,
        publisher_name=name, title=title, description=as_plain(row.take("description")),
        keywords=_texts(row.take("keyword")), themes=_texts(row.take("theme")),
        access_rights=_named(row.take("accessLevel", "accessRights")),
        licence=licence, issued=row.text("issued"), modified=modified, modified_kind="data" if modified else None,
        frequency=row.text("accrualPeriodicity") or interval, spatial="; ".join(_texts(areas)) or None,
        contact_present=bool(row.take("contactPoint")), temporal_present=bool(row.take("temporal")),
        landing_page=landing, distributions=files, source_url=landing or source.url,
    )  # fmt: skip
    row.leave(UNUSED)
    return replace(record, leftovers=(*row.rest(), *strange))


def _publishers(value: Any) -> list[Mapping[str, Any]]:
    """The publisher and those it is a part of, nearest first."""
    chain: list[Mapping[str, Any]] = []
    while isinstance(value, Mapping) and len(chain) < DEPTH:
        chain.append(value)
        value = value.get("subOrganizationOf")
    return chain


def _number(publisher: Mapping[str, Any]) -> str | None:
    return next((n for field in ("identifier", "@id", "id", "uri") if (n := organisation_number(publisher.get(field)))), None)


def _files(value: Any) -> tuple[tuple[Distribution, ...], tuple[str, ...]]:
    files, strange = [], set()
    for row in map(Fields, value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []):
        size = row.take("byteSize")
        files.append(
            Distribution(
                access_url=without_mail(_named(row.take("accessURL"))), download_url=without_mail(_named(row.take("downloadURL"))),
                format=_named(row.take("format")),
                media_type=_named(row.take("mediaType")), size_bytes=int(size) if str(size).isdigit() else None,
                licence=_licence(row.take("license")), modified=row.text("modified"),
                issued_present=bool(row.take("issued")), rights_present=bool(row.take("rights")),
            )
        )  # fmt: skip
        row.leave(UNUSED_FILE)
        strange.update(row.rest("distribution."))
    return tuple(files), tuple(sorted(strange))


def _licence(value: Any) -> str | None:
    """As it is written, HTML and all: what it links to is the licence."""
    return without_mail(_named(value) if isinstance(value, Mapping) else as_text(value))


def _named(value: Any) -> str | None:
    """A text, or what an object is known by."""
    if isinstance(value, Mapping):
        return next((t for name in ("@id", "uri", "prefLabel", "title", "name", "label") if (t := as_text(value.get(name)))), None)
    return as_plain(value)


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(t for t in map(_named, values) if t))
