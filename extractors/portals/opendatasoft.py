"""Opendatasoft (now Huwise) portals through the Explore API v2.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

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
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.listing import Place
from extractors.portals.publisher import body_named

ROWS, LIMIT = 100, 10_000
SORTED, UNDATED, PLAIN = "sorted", "undated", "plain"
UNUSED = (
    "data_visible", "fields", "visibility", "has_records", "features", "links", "dataset_uid", "records_count", "attachments",
    "alternative_exports", "federated",
)  # fmt: skip
UNUSED_METAS = (
    "language", "metadata_languages", "timezone", "modified_updates_on_metadata_change", "modified_updates_on_data_change",
    "data_processed", "metadata_processed", "geographic_reference", "geographic_reference_auto", "territory", "geometry_types", "bbox",
    "records_count", "references", "attributions", "source_domain", "source_domain_title", "source_domain_address", "source_dataset",
    "oauth_scope", "parent_domain", "shared_catalog", "title_translated", "popularity_score", "records_size", "license_url",
    "federated", "update_frequency", "search_terms", "data_size", "uses_restrictions", "theme_id", "keyword_id", "draft", "image",
)  # fmt: skip
UNUSED_DCAT = (
    "contributor", "contact_name", "relation", "conforms_to", "granularity", "dataquality", "publisher_type", "spatial_centroid",
    "spatial_resolution", "language", "theme", "accessrights", "temporal", "temporal_coverage_start", "temporal_coverage_end", "version",
    "versionnotes", "documentation", "hasversion", "isversionof", "provenance", "landingpage", "identifier", "status", "publisher_name",
    "publisher_uri", "geo_coverage", "license", "rights", "homepage", "format", "other_identifier", "source", "mediatype",
)  # fmt: skip


class Opendatasoft(Extractor):
    """
    vendor       Opendatasoft, called Huwise since 2025
    recognise    /api/explore/v2.1/catalog/datasets answers with total_count; static.opendatasoft.com in the page
    endpoints    GET /api/explore/v2.1/catalog/datasets
    set-up       none
    paging       limit (100), offset, in the order of change; offset + limit beyond 10,000 is refused, so the list goes on by key-set
                 (where=modified >= date'…') and ends with what has no date (where=modified is null)
    windows      none: the whole catalogue each time
    limits       none stated; 10,000 by counting
    quirks       datasets without a date come last and are in no key-set; a bulk load gives thousands one date; descriptions are HTML;
                 theme, keyword and publisher may be a text or a list; older portals wrap each dataset (`datasets: [{dataset}]`); a
                 federated dataset is another portal's, published once more; a refused order is asked for without one
    yields       datasets; one distribution per export of the table, and the attachments
    licence      per dataset
    facts from   PORTALS 2.5
    """

    platform = "opendatasoft"
    yields = (Dataset,)
    Settings = SourceSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _list(source, SORTED, Place(), 1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        way, place = capture.context["way"], Place.of(capture.context)
        answer, trouble = read_json(capture)
        if trouble and capture.status in (400, 422) and way == SORTED and not place.received:
            yield _list(source, PLAIN, Place(), 1)
            return
        if trouble and capture.status in (400, 422) and way == SORTED and (again := place.anew()):
            yield _list(source, way, again, capture.context["page"] + 1)
            return
        if trouble:
            yield trouble
            return
        top = Fields(answer)
        rows, counted = top.take("results", "datasets"), top.take("total_count")
        if not isinstance(rows, list) or not isinstance(counted, int):
            yield Trouble(key=capture.url, reason=Reason("no_items", step="list", field="results"))
            return
        datasets = [_unwrapped(row) for row in rows]
        is_whole = way != UNDATED and not place.after
        remaining = counted - place.index - len(rows)
        place = place.passed(len(rows), counted=counted if is_whole else None, stamps=[_changed(row) for row in datasets])
        is_list_done = not rows or remaining <= 0
        is_last = is_list_done and (is_whole or way == UNDATED)
        top.leave(("links",))
        yield place.claim(capture, is_last=is_last, leftovers=top.rest())
        for index, row in enumerate(datasets):
            yield _dataset(source, row, f"/{'results' if 'results' in top.data else 'datasets'}/{index}")
        yield from _go_on(source, capture, place, is_list_done=is_list_done, is_last=is_last)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        home = urls.parse("/", capture.url)
        if '"total_count"' in capture.text and re.search(r'"dataset_(uid|id)"', capture.text) and '"metas"' in capture.text:
            return SourceGuess(cls.platform, home, {}, "the Explore API answers", 0.95)
        if capture.media_type == "text/html" and re.search(r"//(static|cdn)\.(opendatasoft|huwise)\.com/|\bods-front\b", capture.text):
            return SourceGuess(cls.platform, home, {}, "the page loads the parts of Opendatasoft", 0.9)
        return None


def _list(source: Source, way: str, place: Place, page: int) -> Request:
    address = f"/api/explore/v2.1/catalog/datasets?limit={ROWS}&offset={place.index}"
    if way != PLAIN:
        address += f"&order_by={'dataset_id' if way == UNDATED else 'modified%20asc'}"
    where = "modified is null" if way == UNDATED else f"modified >= date'{place.after}'" if place.after else ""
    if where:
        address += f"&where={quote(where, safe='')}"
    return Request(url=urls.parse(address, source.url), context={"step": "list", "way": way, "place": place.context(), "page": page})


def _go_on(source: Source, capture: Capture, place: Place, *, is_list_done: bool, is_last: bool) -> Iterator[Record | Request]:
    """The next page; the list anew from the last date where no more of it is shown; at the end of that, what has no date."""
    way, page = capture.context["way"], capture.context["page"] + 1
    if is_last:
        return
    if is_list_done:
        yield _list(source, UNDATED, replace(place, index=0, after=None, stamp=None, ties=0), page)
    elif place.index + ROWS <= LIMIT:
        yield _list(source, way, place, page)
    elif way == SORTED and (again := place.anew()):
        yield _list(source, way, again, page)
    elif way == SORTED and place.stamp is None:
        yield _list(source, UNDATED, replace(place, index=0, received=place.received - place.ties, after=None, ties=0), page)
    else:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_at_limit", limit=LIMIT))


def _unwrapped(row: Any) -> Fields:
    """The dataset of a row; older portals wrap it."""
    row = row.get("dataset") if isinstance(row, dict) and isinstance(row.get("dataset"), dict) else row
    return Fields(row)


def _metas(row: Fields, name: str) -> dict[str, Any]:
    metas = row.data.get("metas")
    found = metas.get(name) if isinstance(metas, dict) else None
    return found if isinstance(found, dict) else {}


def _changed(row: Fields) -> str | None:
    return as_text(_metas(row, "default").get("modified"))


def _dataset(source: Source, row: Fields, locator: str) -> Record:
    name = row.text("dataset_id", "datasetid")
    key = as_text(row.data.get("dataset_uid")) or name
    if not key:
        reason = Reason("no_identifier", step="package", field="dataset_id")
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=reason)
    metas = row.object("metas")
    said, dcat = metas.object("default"), metas.object("dcat")
    metas.leave([m for m in metas.data if m not in ("default", "dcat")])  # inspire, semantic, custom and what a portal makes up itself
    changed, described = said.text("modified"), as_text(said.data.get("metadata_processed"))
    publisher_name = _first(said.take("publisher")) or dcat.text("creator")
    landing = urls.parse(f"/explore/dataset/{quote(name or key)}/", source.url)
    record = Dataset(
        key=key, locator=locator, title=said.text("title") or name, description=as_plain(said.take("description")),
        publisher=body_named(publisher_name, source.authority), publisher_name=publisher_name, keywords=_words(said.take("keyword")),
        themes=_words(said.take("theme")), licence=as_text(said.data.get("license_url")) or said.text("license"),
        issued=dcat.text("issued", "created"), modified=changed or described,
        modified_kind="data" if changed else "metadata" if described else None, frequency=dcat.text("accrualperiodicity"),
        spatial=_first(dcat.take("spatial")), contact_present=bool(dcat.take("contact_email", "contact_point")),
        distributions=_distributions(source, row, name or key), landing_page=landing, source_url=landing,
    )  # fmt: skip
    said.leave(("license", *UNUSED_METAS))
    dcat.leave(("created", "issued", "creator", *UNUSED_DCAT))
    row.leave(UNUSED)
    return replace(record, leftovers=(*row.rest(), *said.rest("metas.default."), *dcat.rest("metas.dcat.")))


def _distributions(source: Source, row: Fields, name: str) -> tuple[Distribution, ...]:
    """The exports a table can be had as, then the files that hang on the dataset."""
    found = []
    if row.data.get("has_records"):
        features = row.data.get("features")
        for form, media_type in (("csv", "text/csv"), ("json", "application/json"), ("geojson", "application/geo+json")):
            if form != "geojson" or (isinstance(features, list) and "geo" in features):
                address = urls.parse(f"/api/explore/v2.1/catalog/datasets/{quote(name)}/exports/{form}", source.url)
                found.append(Distribution(access_url=address, download_url=address, format=form.upper(), media_type=media_type))
    for listed in ("attachments", "alternative_exports"):
        files = row.data.get(listed)
        for file in files if isinstance(files, list) else []:
            each = Fields(file)
            if address := each.text("href", "url"):
                kind = each.text("mimetype") or each.object("metas").text("mime-type")
                found.append(Distribution(access_url=address, media_type=kind))
    return tuple(found)


def _first(value: Any) -> str | None:
    return as_text(value[0]) if isinstance(value, list) and value else as_text(value)


def _words(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for v in (value if isinstance(value, list) else [value]) if (t := as_text(v))))
