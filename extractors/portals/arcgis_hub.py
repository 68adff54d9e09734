"""ArcGIS Hub sites, and organisations of ArcGIS Online without one."""

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
from extractors.portals.listing import Place, moment
from extractors.portals.publisher import body_named

ROWS, LIMIT = 100, 10_000
ONLINE = "www.arcgis.com"
NO_DATA = re.compile(
    r"Hub |Site |StoryMap|Dashboard|Web (Map|Mapping|Scene|Experience)|App(lication)?\b|Form\b|Initiative|Insights|Instant", re.I
)
ORGANISATION = re.compile(r"orgId(?:\"|%22|\\+\"|&quot;)\s*(?::|%3A)\s*(?:\"|%22|\\+\"|&quot;)([A-Za-z0-9]{6,32})")
NO_COLLECTION = re.compile(r"collection with id .{0,40}not found", re.I)
ADDRESS = re.compile(r"\S+@\S+")
UNUSED = tuple(
    """
    typeKeywords snippet owner access accessInformation numViews numComments numRatings avgRating culture extent thumbnail name guid
    properties proxyFilter spatialReference documentation scoreCompleteness largeThumbnail banner screenshots listed commentsEnabled
    appCategories industries languages groupDesignations apiToken1ExpirationDate apiToken2ExpirationDate lastViewed isOrgItem
    itemControl contentOrigin item ownerFolder protected subInfo advancedSettings tokenExpirationDate classification contentStatus
    additionalResources hubType slug boundary layers serverQueryCapability region lastModified groupIds structuredLicense metadata
    errors storageUsed
    """.split()
)


class HubSettings(SourceSettings):
    """`org` is the organisation's id in ArcGIS Online; items of others are left out. Without it the front page is asked for it."""

    org: str | None = None


class ArcgisHub(Extractor):
    """
    vendor       Esri: ArcGIS Hub, ArcGIS Online
    recognise    *.hub.arcgis.com, *.opendata.arcgis.com; hubcdn.arcgis.com in the page; /api/search/v1 answers
    endpoints    GET /api/search/v1/collections/dataset/items (OGC API Records), or /collections/all/items where the site has no such
                 collection; GET www.arcgis.com/sharing/rest/search for an organisation without a site
    set-up       none
    paging       limit (100), startindex from 1, in the order of change; from 10,000 on by key-set (filter=modified>=)
    windows      none: the whole catalogue each time
    limits       none stated; 10,000 by counting
    quirks       numberMatched is clamped at 10,000; a site with an empty scope searches all of ArcGIS: items of another orgId are left
                 out, and where they are most of it nothing is read; stories, maps, dashboards and sites are no datasets; dates are
                 milliseconds; description and terms are HTML; errors of ArcGIS Online come under a status of 200; owners are people's
                 user names and never kept
    yields       datasets with one distribution, the service
    licence      per dataset, often as a text in HTML
    facts from   PORTALS 2.4
    """

    platform = "arcgis-hub"
    yields = (Dataset,)
    Settings = HubSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        org = source.settings.org
        if org and urls.host_of(source.url) == ONLINE:
            yield _online(source, org, Place(), 1)
        elif org:
            yield _items(source, org, "dataset", Place(), 1)
        else:
            yield Request(url=source.url, context={"step": "site"}, role="shell")

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step, context = capture.context["step"], capture.context
        if step == "site":
            found = ORGANISATION.search(capture.text)
            yield _items(source, found[1] if found else None, "dataset", Place(), 1)
            return
        answer, trouble = read_json(capture)
        if capture.status in (400, 404) and step == "items" and context["collection"] == "dataset" and NO_COLLECTION.search(capture.text):
            yield _items(source, context.get("org"), "all", Place(), 1)
            return
        if trouble and capture.status == 400 and step == "items" and (again := Place.of(context).anew()):
            yield _items(source, context.get("org"), context["collection"], again, context["page"] + 1)
            return
        if trouble:
            yield trouble
            return
        top = Fields(answer)
        yield from (_read_online if step == "online" else _read_items)(source, capture, top)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        home, host = urls.parse("/", capture.url), urls.host_of(capture.url)
        org = ORGANISATION.search(capture.text)
        settings = {"org": org[1]} if org else {}
        if capture.media_type == "text/html" and re.search(r"//hubcdn\.arcgis\.com/|\bopendata-ui\b", capture.text):
            return SourceGuess(cls.platform, home, settings, "the page loads the parts of ArcGIS Hub", 0.9)
        if '"numberMatched"' in capture.text and '"orgId"' in capture.text:
            return SourceGuess(cls.platform, home, settings, "the search of ArcGIS Hub answers", 0.95)
        if host.endswith((".hub.arcgis.com", ".opendata.arcgis.com")):
            return SourceGuess(cls.platform, home, settings, "the host is one of ArcGIS Hub", 0.85)
        if host == ONLINE and '"nextStart"' in capture.text and org:
            return SourceGuess(cls.platform, home, settings, "ArcGIS Online answers for an organisation", 0.7)
        return None


def _items(source: Source, org: str | None, collection: str, place: Place, page: int) -> Request:
    address = f"/api/search/v1/collections/{collection}/items?limit={ROWS}&startindex={place.index + 1}&sortBy=properties.modified"
    if place.after:
        address += f"&filter={quote(f'modified>={place.after}', safe='')}"
    context = {"step": "items", "collection": collection, "org": org, "place": place.context(), "page": page}
    return Request(url=urls.parse(address, source.url), context=context)


def _online(source: Source, org: str, place: Place, page: int) -> Request:
    wanted = quote(f"orgid:{org} AND access:public", safe="")
    address = f"/sharing/rest/search?q={wanted}&f=json&num={ROWS}&start={place.index + 1}&sortField=modified&sortOrder=asc"
    return Request(url=urls.parse(address, source.url), context={"step": "online", "org": org, "place": place.context(), "page": page})


def _read_items(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    context, org = capture.context, capture.context.get("org")
    if not isinstance(top.data.get("features"), list):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="list", field="features"))
        return
    features, counted = [Fields(f) for f in top.items("features")], top.take("numberMatched")
    counted = counted if isinstance(counted, int) else None
    items = [(f, Fields(f.take("properties"))) for f in features]
    place = Place.of(context)
    strange = sum(_is_strange(row, org) for _, row in items)
    if not place.received and (counted or 0) >= LIMIT and (org is None or 2 * strange > len(items)):
        yield Trouble(key=capture.url, reason=Reason("searches_everything"))
        return
    links = [link for link in top.items("links") if isinstance(link, dict)]
    records = [_dataset(source, f, row, f"/features/{n}") for n, (f, row) in enumerate(items) if _is_kept(row, org)]
    place = place.passed(
        len(items), counted=None if place.after else counted, left_out=len(items) - len(records),
        stamps=[str(stamp) if (stamp := row.data.get("modified")) else None for _, row in items],
    )  # fmt: skip
    is_clamped = (counted or 0) >= LIMIT
    is_full = is_clamped and place.index + ROWS > LIMIT
    has_more = is_full or any(link.get("rel") == "next" for link in links) or place.index < (counted or 0)
    is_last = not items or not has_more
    following = place.anew() if is_full else place
    top.leave(("type", "timestamp", "timeStamp", "numberReturned"))
    # A clamped count is no count: then what came is all that is known.
    known = replace(place, counted=max(place.counted, place.received)) if place.counted >= LIMIT else place
    yield known.claim(capture, is_last=is_last, leftovers=top.rest())
    yield from records
    if is_last:
        return
    if following is None:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_at_limit", limit=LIMIT))
    else:
        yield _items(source, org, context["collection"], following, context["page"] + 1)


def _read_online(source: Source, capture: Capture, top: Fields) -> Iterator[Record | Request]:
    error = top.object("error")
    if error.data:
        yield Trouble(key=capture.url, outcome=Outcome.FAILED, reason=Reason("call_failed", call="sharing/rest/search"))
        return
    context, org = capture.context, capture.context["org"]
    if not isinstance(top.data.get("results"), list):
        yield Trouble(key=capture.url, reason=Reason("no_items", step="list", field="results"))
        return
    rows, place = [Fields(row) for row in top.items("results")], Place.of(capture.context)
    records = [_dataset(source, Fields({}), row, f"/results/{n}") for n, row in enumerate(rows) if _is_kept(row, org)]
    place = place.passed(len(rows), counted=top.take("total"), left_out=len(rows) - len(records))
    has_more = bool(rows) and isinstance(after := top.take("nextStart"), int) and after > 0
    top.leave(("query", "start", "num", "nextStart"))
    yield place.claim(capture, is_last=not has_more, leftovers=top.rest())
    yield from records
    if has_more and place.index + ROWS > LIMIT:
        yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_at_limit", limit=LIMIT))
    elif has_more:
        yield _online(source, org, place, context["page"] + 1)


def _is_strange(row: Fields, org: str | None) -> bool:
    """Is the item another organisation's?"""
    return org is not None and row.data.get("orgId") not in (None, org)


def _is_kept(row: Fields, org: str | None) -> bool:
    return not _is_strange(row, org) and row.data.get("access") in (None, "public") and not NO_DATA.search(str(row.data.get("type") or ""))


def _dataset(source: Source, feature: Fields, row: Fields, locator: str) -> Record:
    feature.leave(("id", "type", "geometry", "links", "time", "bbox", "linkTemplates", "conformsTo"))
    key = row.text("id") or as_text(feature.data.get("id"))
    if not key:
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="package", field="id"))
    kind, address, size = row.text("type"), row.text("url"), row.take("size")
    changed, publisher_name = moment(row.take("modified")), row.text("source")
    record = Dataset(
        key=key, locator=locator, title=row.text("title") or as_text(row.data.get("name")),
        description=as_plain(row.take("description")) or as_plain(row.data.get("snippet")),
        publisher=body_named(publisher_name, source.authority), publisher_name=publisher_name,
        keywords=_words(row.items("tags")), themes=_words([str(c).rsplit("/", 1)[-1] for c in row.items("categories")]),
        access_rights=as_text(row.data.get("access")), licence=_licence(row), issued=moment(row.take("created")), modified=changed,
        modified_kind="metadata" if changed else None, distributions=_distribution(address, kind, size),
        landing_page=_landing(source, key), source_url=_landing(source, key),
    )  # fmt: skip
    row.leave(("orgId", *UNUSED))
    return replace(record, leftovers=(*feature.rest("features."), *row.rest("properties.")))


def _distribution(address: str | None, kind: str | None, size: Any) -> tuple[Distribution, ...]:
    """The service or the file; -1 is no size."""
    if not address:
        return ()
    return (Distribution(access_url=address, format=kind, size_bytes=size if isinstance(size, int) and size > 0 else None),)


def _licence(row: Fields) -> str | None:
    """The licence's name, else the address in the terms, else their first words without addresses of people."""
    name, terms = row.text("license"), as_text(row.take("licenseInfo"))
    if name and name.lower() not in ("none", "custom", "no license", "no-license"):
        return name
    if not terms:
        return None
    link = re.search(r"href=[\"'](https?://[^\"']+)", terms)
    return link[1] if link else as_text(ADDRESS.sub("", as_plain(terms) or "")[:200])


def _landing(source: Source, key: str) -> str:
    if urls.host_of(source.url) == ONLINE:
        return urls.parse(f"/home/item.html?id={quote(key)}", source.url)
    return urls.parse(f"/datasets/{quote(key)}", source.url)


def _words(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for v in values if (t := as_text(v)) and t != "Categories"))
