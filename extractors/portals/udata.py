"""udata portals (data.gouv.fr and those made of it) through API v1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

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
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import Fields, as_plain, as_text
from extractors.innsyn.einnsyn import read_json
from extractors.portals.listing import Place
from extractors.portals.publisher import body_named

ROWS = 100
UNUSED = (
    "acronym", "archived", "authorizations", "badges", "community_resources", "contact_points", "created_at", "deleted", "extras",
    "featured", "frequency_date", "internal", "last_modified", "metrics", "owner", "page", "permissions", "private", "quality", "schema",
    "slug", "temporal_coverage", "uri", "resources", "tags", "access_type", "access_audiences", "access_type_reason",
    "access_type_reason_category", "description_short", "dataservices",
)  # fmt: skip
UNUSED_RESOURCE = (
    "id", "title", "description", "filetype", "type", "checksum", "created_at", "extras", "harvest", "internal", "latest", "metrics",
    "preview_url", "schema", "published", "last_update_status",
)  # fmt: skip


class UdataSettings(SourceSettings):
    """`organization` keeps one publisher's datasets (its identifier on the portal)."""

    organization: str | None = None


class Udata(Extractor):
    """
    vendor       Etalab and others (open source)
    recognise    /api/1/datasets/ answers with data, next_page and page_size
    endpoints    GET /api/1/datasets/
    set-up       none
    paging       page, page_size (100), sort=created, because the default order moves while paging; next_page null ends
    windows      none: the whole catalogue each time
    limits       none stated
    quirks       next_page may name the machine's inner host; deleted, private and archived datasets are in the list of those who may see
                 them; last_modified moves with the description, last_update with the data; harvested datasets keep the address they have
                 at home under harvest; a page beyond the end is 404; the numbers of French bodies have nine digits too and are never
                 read as ours
    yields       datasets with distributions
    licence      per dataset, an identifier of the portal (`notspecified` is none)
    facts from   PORTALS 2.7
    """

    platform = "udata"
    yields = (Dataset,)
    Settings = UdataSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _list(source, 1, Place())

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        page, place = capture.context["page"], Place.of(capture.context)
        answer, trouble = read_json(capture)
        if trouble and capture.status == 404 and page > 1:
            yield place.claim(capture, is_last=True)
            return
        if trouble:
            yield trouble
            return
        top = Fields(answer)
        if not isinstance(top.data.get("data"), list):
            yield Trouble(key=capture.url, reason=Reason("no_items", step="list", field="data"))
            return
        rows = [Fields(row) for row in top.items("data")]
        records = [_dataset(source, row, f"/data/{n}") for n, row in enumerate(rows) if _is_public(row)]
        place = place.passed(len(rows), counted=top.take("total"), left_out=len(rows) - len(records))
        following = top.text("next_page")
        is_last = following is None or not rows
        top.leave(("page", "page_size", "previous_page", "facets"))
        yield place.claim(capture, is_last=is_last, leftovers=top.rest())
        yield from records
        if not is_last:
            yield _list(source, _page_in(following) or page + 1, place)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        home = urls.parse("/", capture.url)
        if all(f'"{name}"' in capture.text for name in ("next_page", "previous_page", "page_size", "total")):
            return SourceGuess(cls.platform, home, {}, "the interface of udata answers", 0.9)
        made_by = re.search(r"<meta[^>]+generator[^>]+udata|\budata-front\b|/_themes/udata", capture.text, re.I)
        if capture.media_type == "text/html" and made_by:
            return SourceGuess(cls.platform, home, {}, "the page says that udata made it", 0.85)
        return None


def _list(source: Source, page: int, place: Place) -> Request:
    address = f"/api/1/datasets/?page={page}&page_size={ROWS}&sort=created"
    if source.settings.organization:
        address += f"&organization={quote(source.settings.organization)}"
    return Request(url=urls.parse(address, source.url), context={"step": "list", "place": place.context(), "page": page})


def _page_in(address: str | None) -> int | None:
    """The number of the next page. Only the number is taken from the address: it may name another host."""
    try:
        match = re.search(r"(?:^|&)page=(\d{1,6})(?:&|$)", urlsplit(urls.parse(address or "", "https://x.example/")).query)
    except InvalidURL:
        return None
    return int(match[1]) if match else None


def _is_public(row: Fields) -> bool:
    return not any(row.data.get(name) for name in ("deleted", "private", "archived"))


def _dataset(source: Source, row: Fields, locator: str) -> Record:
    key = row.text("id")
    if not key:
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=Reason("no_identifier", step="package", field="id"))
    home, body = row.object("harvest"), row.object("organization")
    changed, described = row.text("last_update"), as_text(row.data.get("last_modified"))
    licence, publisher_name = row.text("license"), body.text("name")
    files = row.data.get("resources")
    tags = row.data.get("tags")
    distributions, strange = _distributions(files if isinstance(files, list) else [])
    landing = as_text(row.data.get("page")) or urls.parse(f"/datasets/{quote(as_text(row.data.get('slug')) or key)}/", source.url)
    record = Dataset(
        key=key, locator=locator, uri=home.text("uri", "dct_identifier"), title=row.text("title"),
        description=as_plain(row.take("description")), publisher=body_named(publisher_name, source.authority),
        publisher_name=publisher_name,
        keywords=tuple(t for tag in (tags if isinstance(tags, list) else []) if (t := as_text(tag))),
        licence=None if licence == "notspecified" else licence,
        issued=home.text("issued_at", "created_at") or as_text(row.data.get("created_at")),
        modified=changed or described, modified_kind="data" if changed else "metadata", frequency=row.text("frequency"),
        spatial=_spatial(row.object("spatial")), contact_present=bool(row.data.get("contact_points")),
        landing_page=home.text("remote_url") or landing, distributions=distributions, source_url=landing,
    )  # fmt: skip
    row.leave(UNUSED)
    return replace(record, leftovers=(*row.rest(), *strange))


def _spatial(spatial: Fields) -> str | None:
    zones = spatial.items("zones")
    return as_text(zones[0]) if zones and not isinstance(zones[0], dict) else None


def _distributions(resources: list[Any]) -> tuple[tuple[Distribution, ...], tuple[str, ...]]:
    distributions, strange = [], set()
    for resource in resources:
        row = Fields(resource)
        size = row.take("filesize")
        address = row.text("url")
        distributions.append(
            Distribution(
                access_url=address, download_url=address if row.data.get("filetype") == "file" else None, format=row.text("format"),
                media_type=row.text("mime"), size_bytes=size if isinstance(size, int) and size > 0 else None,
                modified=row.text("last_modified"),
            )
        )  # fmt: skip
        row.leave(UNUSED_RESOURCE)
        strange.update(row.rest("resources."))
    return tuple(distributions), tuple(sorted(strange))
