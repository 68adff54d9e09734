"""Socrata portals (Tyler Data & Insights) through the Discovery API."""

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

LOWEST = "0000-0000"
LIMIT = 10_000
AMERICAN, EUROPEAN = "https://api.us.socrata.com/", "https://api.eu.socrata.com/"
UNUSED = (
    "attribution_link", "columns_field_name", "columns_datatype", "columns_description", "columns_format", "columns_name", "download_count",
    "provenance", "lens_display_type", "hide_from_data_json", "hide_from_catalog", "page_views", "updatedAt", "createdAt", "obe_fxf",
    "blob_mime_type", "locked", "type", "lens_view_type", "parent_fxf", "metadata_updated_at", "nbe_fxf", "rows_updated_at",
)  # fmt: skip


class SocrataSettings(SourceSettings):
    """`domain` is the portal's host name; the entry's address is the Discovery API that knows it. `rows` per page."""

    domain: str
    rows: int = 200


class Socrata(Extractor):
    """
    vendor       Socrata, now Tyler Technologies Data & Insights
    recognise    the page loads /api/views or names Socrata; api.us.socrata.com and api.eu.socrata.com count its domain
    endpoints    GET /api/catalog/v1?domains=…&only=dataset at api.us.socrata.com or api.eu.socrata.com
    set-up       none
    paging       limit, scroll_id (the last identifier; sorted by identifier, so nothing moves while paging); offset where that is refused
    windows      none: the whole catalogue each time
    limits       none stated
    quirks       an unknown domain is {"error"} under a status of 200; without scroll_id the first page is in order of relevance and spoils
                 the next; only=dataset still holds filtered views and calendars, which name a parent; other domains' data are federated in;
                 offset ends at 10,000; the licence is often missing
    yields       datasets; tables as CSV and JSON
    licence      per dataset
    facts from   PORTALS 2.6
    """

    platform = "socrata"
    yields = (Dataset,)
    Settings = SocrataSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield _list(source, LOWEST, Place(), 1)

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        context = capture.context
        scroll, place = context["start"], Place.of(context)
        answer, trouble = read_json(capture)
        if trouble and 400 <= capture.status < 500 and scroll == LOWEST:
            yield _list(source, None, Place(), 1)
            return
        top = Fields(answer)
        if said := top.text("error"):
            reason = Reason("unknown_domain", domain=source.settings.domain) if "domain not found" in said.lower() else None
            yield Trouble(key=capture.url, reason=reason or Reason("call_failed", call="catalog/v1"))
            return
        if trouble or not isinstance(top.data.get("results"), list):
            yield trouble or Trouble(key=capture.url, reason=Reason("no_items", step="list", field="results"))
            return
        rows = [Fields(row) for row in top.items("results")]
        records = [_dataset(source, row, f"/results/{n}") for n, row in enumerate(rows) if _is_kept(source, row)]
        place = place.passed(len(rows), counted=top.take("resultSetSize"), left_out=len(rows) - len(records))
        # Without a count the list ends where nothing comes.
        is_last = not rows or place.received >= place.counted > 0
        top.leave(("timings", "warnings"))
        yield place.claim(capture, is_last=is_last, leftovers=top.rest())
        yield from records
        if is_last:
            return
        if scroll is None and place.index + source.settings.rows > LIMIT:
            yield Trouble(key=capture.url, outcome=Outcome.PARTIAL, reason=Reason("list_ends_at_limit", limit=LIMIT))
        else:
            yield _list(source, scroll and _identifier(rows[-1]), place, context["page"] + 1)

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        host = urls.host_of(capture.url)
        if '"resultSetSize"' in capture.text and (found := re.search(r'"metadata":\s*\{[^{}]*"domain":\s*"([^"]+)"', capture.text)):
            home = urls.parse("/", capture.url) if host.startswith("api.") else AMERICAN
            return SourceGuess(cls.platform, home, {"domain": found[1]}, "the Discovery API answers", 0.95)
        made_by = re.search(r"window\.socrata\b|/socrata-visualizations/|\bsocrata-?(page|config)\b", capture.text)
        if capture.media_type == "text/html" and made_by:
            # Nothing in the page says whether its data lie in America or in Europe.
            return SourceGuess(cls.platform, EUROPEAN, {"domain": host}, "the page is made by Socrata", 0.7)
        return None


def _list(source: Source, scroll: str | None, place: Place, page: int) -> Request:
    rows = source.settings.rows
    turn = f"scroll_id={quote(scroll)}" if scroll else f"offset={place.index}&order=dataset_id"
    address = f"/api/catalog/v1?domains={quote(source.settings.domain)}&only=dataset&limit={rows}&{turn}"
    context = {"step": "list", "start": scroll, "place": place.context(), "page": page}
    return Request(url=urls.parse(address, source.url), context=context)


def _identifier(row: Fields) -> str | None:
    return as_text(Fields(row.data.get("resource")).data.get("id"))


def _is_kept(source: Source, row: Fields) -> bool:
    """The portal's own tables and files; not what is derived from another, nor another domain's."""
    parents = Fields(row.data.get("resource")).data.get("parent_fxf")
    domain = as_text(Fields(row.data.get("metadata")).data.get("domain"))
    return not parents and (domain is None or domain.lower() == source.settings.domain.lower())


def _dataset(source: Source, row: Fields, locator: str) -> Record:
    resource, sorts, metadata = row.object("resource"), row.object("classification"), row.object("metadata")
    key = resource.text("id")
    if not key:
        reason = Reason("no_identifier", step="package", field="resource.id")
        return Trouble(key=locator, locator=locator, outcome=Outcome.PARTIAL, reason=reason)
    changed, described = resource.text("data_updated_at"), as_text(resource.data.get("metadata_updated_at"))
    permanent, publisher_name = row.text("permalink"), resource.text("attribution")
    themes = [*sorts.items("categories"), sorts.take("domain_category")]
    own = {str(m.get("key")).lower(): m.get("value") for m in sorts.items("domain_metadata") if isinstance(m, dict)}
    record = Dataset(
        key=key, locator=locator, uri=permanent, title=resource.text("name"), description=as_plain(resource.take("description")),
        publisher=body_named(publisher_name, source.authority), publisher_name=publisher_name, themes=_words(themes),
        keywords=_words([*sorts.items("domain_tags"), *sorts.items("tags")]),
        licence=metadata.text("license"), issued=resource.text("publication_date") or as_text(resource.data.get("createdAt")),
        modified=changed or described or as_text(resource.data.get("updatedAt")), modified_kind="data" if changed else "metadata",
        frequency=next((as_text(v) for k, v in own.items() if "frequency" in k), None),
        contact_present=bool(resource.take("contact_email")), landing_page=row.text("link") or permanent,
        distributions=_distributions(source, resource, key, permanent), source_url=permanent,
    )  # fmt: skip
    resource.leave(UNUSED)
    sorts.leave(("domain_metadata",))
    metadata.leave(("domain", "has_data_dictionary"))
    row.leave(("owner", "creator", "preview_image_url", "published_copy", "fts_score", "internal", "link"))
    return replace(
        record, leftovers=(*row.rest(), *resource.rest("resource."), *sorts.rest("classification."), *metadata.rest("metadata."))
    )  # fmt: skip


def _distributions(source: Source, resource: Fields, key: str, permanent: str | None) -> tuple[Distribution, ...]:
    """A table as CSV and JSON; a file by its page."""
    if kind := as_text(resource.data.get("blob_mime_type")):
        return (Distribution(access_url=permanent, media_type=kind),)
    if resource.data.get("lens_view_type") != "tabular":
        return ()
    root = f"https://{source.settings.domain}/resource/{quote(key)}"
    return tuple(
        Distribution(access_url=f"{root}.{form}", download_url=f"{root}.{form}", format=form.upper(), media_type=media_type)
        for form, media_type in (("csv", "text/csv"), ("json", "application/json"))
    )


def _words(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for v in values if (t := as_text(v))))
