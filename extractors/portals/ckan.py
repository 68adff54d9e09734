"""CKAN portals through Action API v3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

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
from extractors.fetch import urls
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.listing import Place
from extractors.portals.publisher import body_named, organisation_number

SMALLEST_PAGE = 10
# What plugins keep among the packages: showcases of use and the harvester's own sources are no datasets.
NO_DATA = ("showcase", "harvest", "application", "apps", "idea", "ideas", "related", "news")
NO_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?")
UNUSED = (
    "state", "private", "type", "creator_user_id", "owner_org", "revision_id", "version", "version_notes", "num_resources", "num_tags",
    "relationships_as_object", "relationships_as_subject", "isopen", "author", "maintainer", "metadata_created", "license_title",
    "language", "publisher_type", "publisher_email", "contact_name", "contact_uri", "has_version", "is_version_of",
    "provenance", "conforms_to", "documentation", "sample", "alternate_identifier",
    "access_url", "guid", "notes_translated", "title_translated",
)  # fmt: skip
UNUSED_RESOURCE = (
    "id", "package_id", "name", "description", "state", "hash", "position", "revision_id", "resource_type", "url_type",
    "cache_url", "cache_last_updated", "webstore_url", "webstore_last_updated", "mimetype_inner", "datastore_active",
    "metadata_modified", "datastore_contains_all_records_of_source_file", "ckan_url", "resource_group_id", "tracking_summary",
)  # fmt: skip


class CkanSettings(SourceSettings):
    """`organization` keeps one publisher's datasets (its CKAN name); `filter` is a further fq; `rows` per page, at most 1000."""

    organization: str | None = None
    filter: str | None = None
    rows: int = 100


class Ckan(Extractor):
    """
    vendor       CKAN (open source)
    recognise    /api/3/action/status_show; <meta name="generator" content="ckan …">
    endpoints    GET /api/3/action/package_search; where that is refused, without sort, then package_list and package_show
    set-up       none
    paging       start, rows (capped in silence at 1000: go on from what came), sort=id asc because the default order moves while paging
    windows      none: the whole catalogue each time
    limits       none stated; rows are capped at 1,000 or less
    quirks       answers may be cut off: the page is halved down to 10; errors are 200 HTML, a bare JSON string or success=false; titles may
                 be objects per language; metadata_modified moves with every re-harvest, resources carry the date of the data; its own
                 times are UTC without saying so; showcases and harvest sources are packages too and counted with them
    yields       datasets with distributions
    licence      per dataset
    facts from   PORTALS 2.1
    """

    platform = "ckan"
    yields = (Dataset,)
    Settings = CkanSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _search(source, Place(), source.settings.rows)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step = capture.context.get("step", "search")
        answer, trouble = read_json(capture)
        if trouble and 400 <= capture.status < 500 and (rung := _rung_below(source, capture, step)):
            yield rung
            return
        if step in ("list", "show"):
            yield from ([trouble] if trouble else {"list": _read_names, "show": _read_package}[step](source, capture, Fields(answer)))
            return
        start, rows, place = capture.context["start"], capture.context["rows"], Place.of(capture.context)
        if trouble and trouble.reason.code == "not_json" and rows > SMALLEST_PAGE:
            yield _search(source, place, max(rows // 2, SMALLEST_PAGE), step)
            return
        if trouble:
            yield trouble
            return
        top = Fields(answer)
        result = top.object("result")
        packages, count = result.take("results"), result.take("count")
        top.leave(("help", "success"))
        result.leave(("sort", "facets", "search_facets"))
        if top.data.get("success") is not True or not isinstance(count, int) or not isinstance(packages, list):
            yield Trouble(key=capture.url, reason=Reason("call_failed", call="package_search"))
            return
        kept = [(n, package) for n, package in enumerate(map(Fields, packages)) if package.text("type") not in NO_DATA]
        place = place.passed(len(packages), counted=count, left_out=len(packages) - len(kept))
        is_last = not packages or place.index >= count
        leftovers = (*top.rest(), *result.rest("result."))
        yield replace(place.claim(capture, is_last=is_last, leftovers=leftovers), key=f"count {start}")
        for index, package in kept:
            yield _dataset(source, package, f"/result/results/{index}")
        if not is_last:
            yield _search(source, place, rows, step)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if 'name="generator" content="ckan' in capture.text.lower():
            return SourceGuess(cls.platform, urls.parse("/", capture.url), {}, "the page says that CKAN made it", 0.9)
        if capture.url.endswith("/api/3/action/status_show") and '"ckan_version"' in capture.text:
            return SourceGuess(cls.platform, urls.parse("/", capture.url), {}, "status_show answers", 0.95)
        return None


def _search(source: Source, place: Place, rows: int, step: str = "search") -> Request:
    settings, start = source.settings, place.index
    filters = [f"organization:{settings.organization}" if settings.organization else "", settings.filter or ""]
    wanted = quote(" ".join(f for f in filters if f), safe=":")
    sort = "&sort=id%20asc" if step == "search" else ""
    address = f"package_search?q=&fq={wanted}&start={start}&rows={rows}{sort}"
    return _call(source, address, step, start=start, rows=rows, page=start // rows + 1, place=place.context())


def _call(source: Source, call: str, step: str, **more: Any) -> Request:
    root = source.url if source.url.endswith("/") else f"{source.url}/"
    return Request(url=urls.parse(f"api/3/action/{call}", root), context={"step": step, **more})


def _rung_below(source: Source, capture: Capture, step: str) -> Request | None:
    """What to ask when the portal does not take this question: old portals know no such sort, broken ones no search at all."""
    if step == "search" and capture.context["start"] == 0:
        return _search(source, Place(), capture.context["rows"], "plain")
    if step == "plain" and capture.context["start"] == 0 and not source.settings.organization and not source.settings.filter:
        return _call(source, "package_list", "list")
    return None


def _read_names(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    names = [n for n in (as_text(n) for n in top.items("result")) if n]
    if top.data.get("success") is not True or not isinstance(top.data.get("result"), list):
        yield Trouble(key=capture.url, reason=Reason("call_failed", call="package_list"))
        return
    top.leave(("help", "success"))
    yield Claim(key="count of names", about="dataset", scope="total", count=len(names), leftovers=top.rest())
    for name in names:
        yield _call(source, f"package_show?id={quote(name)}", "show")


def _read_package(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    package = top.object("result")
    top.leave(("help", "success"))
    if top.data.get("success") is not True:
        yield Trouble(key=capture.url, reason=Reason("call_failed", call="package_show"))
        return
    if package.text("type") not in NO_DATA:
        yield _dataset(source, package, "/result")


def _dataset(source: Source, package: Fields, locator: str) -> Record:
    key = package.text("id", "name")
    if not key:
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="package", field="id"))
    extras = {str(e.get("key")): e.get("value") for e in package.items("extras") if isinstance(e, dict)}
    organization = package.object("organization")
    publisher_address = package.text("publisher_uri") or as_text(extras.get("publisher_uri"))
    # The publisher a harvested dataset has at home, else the organisation that publishes it here.
    publisher_name = (
        package.text("publisher_name") or as_text(extras.get("publisher_name")) or in_norwegian(organization.take("title"))
        or organization.text("name") or publisher_address
    )  # fmt: skip
    distributions, strange = _distributions(package.items("resources"))
    data_dates = [d.modified for d in distributions if d.modified]
    name = package.text("name")
    licence_url, licence_id = package.text("license_url"), package.text("license_id")
    tags = [t.get("display_name") or t.get("name") if isinstance(t, dict) else t for t in package.items("tags")]
    groups = [g.get("title") or g.get("name") for g in package.items("groups") if isinstance(g, dict)]
    theme = package.take("theme")
    contact = package.text("contact_email", "maintainer_email", "author_email") or as_text(extras.get("contact_email"))
    period = [package.take(name) or extras.get(name) for name in ("temporal", "temporal_start", "temporal_end")]
    record = Dataset(
        key=key, locator=locator, uri=package.text("uri") or as_text(extras.get("uri")), title=in_norwegian(package.take("title")) or name,
        description=as_plain(in_norwegian(package.take("notes"))),
        publisher=organisation_number(publisher_address) or organisation_number(extras.get("publisher_identifier"))
        or body_named(publisher_name, source.authority),
        publisher_name=publisher_name,
        keywords=tuple(t for t in (as_text(t) for t in tags) if t), licence=licence_url or licence_id,
        themes=tuple(t for t in (as_text(t) for t in [*groups, *(theme if isinstance(theme, list) else [theme])]) if t),
        access_rights=package.text("access_rights") or as_text(extras.get("access_rights")),
        issued=package.text("issued") or as_text(extras.get("issued")),
        modified=package.text("modified") or as_text(extras.get("modified")) or max(data_dates, default=None)
        or _in_utc(as_text(package.data.get("metadata_modified"))),
        modified_kind="data" if data_dates or package.data.get("modified") or extras.get("modified") else "metadata",
        frequency=package.text("frequency") or as_text(extras.get("frequency")),
        spatial=as_text(package.take("spatial")) or as_text(extras.get("spatial")), contact_present=bool(contact),
        temporal_present=any(map(bool, period)), landing_page=package.text("url"), distributions=distributions,
        source_url=urls.parse(f"/dataset/{quote(name)}", source.url) if name else source.url,
    )  # fmt: skip
    package.leave(("metadata_modified", *UNUSED))
    return replace(record, leftovers=(*package.rest(), *strange))


def _distributions(resources: list[Any]) -> tuple[tuple[Distribution, ...], tuple[str, ...]]:
    distributions, strange = [], set()
    for resource in resources:
        row = Fields(resource)
        size = row.take("size")
        distributions.append(
            Distribution(
                access_url=row.text("url"), download_url=row.text("download_url"), format=row.text("format"),
                media_type=row.text("mimetype"), size_bytes=int(size) if str(size).isdigit() else None, licence=row.text("license"),
                modified=_in_utc(row.text("last_modified")), issued_present=bool(row.text("issued", "created")),
                rights_present=bool(row.text("rights")),
            )
        )  # fmt: skip
        row.leave(UNUSED_RESOURCE)
        strange.update(row.rest("resources."))
    return tuple(distributions), tuple(sorted(strange))


def _in_utc(moment: str | None) -> str | None:
    """A time of CKAN's own, which is in UTC and does not say so."""
    return f"{moment}Z" if moment and NO_ZONE.fullmatch(moment) else moment


def in_norwegian(value: Any) -> str | None:
    """A text, or the best one of a text per language."""
    if isinstance(value, dict):
        return next((t for language in ("nb", "no", "nn", "en", *value) if (t := as_text(value.get(language)))), None)
    return as_text(value)
