"""The Discovery API of Socrata as PORTALS 2.6 and the recorded lines tell of it: one host for every portal, pages by identifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer
from sandbox.bodies import Body
from sandbox.datasets import LICENCES, DatasetFacts
from sandbox.identifiers import digest
from sandbox.portal import Event, Portal

LIMIT, ROWS_MAX = 10_000, 10_000
HOST = "api.eu.socrata.com"
LETTERS = "23456789abcdefghijkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Quirks:
    """`views` are filtered views of our datasets; `federated` are another domain's; `refuses_scroll`: a scroll is an error."""

    views: int = 0
    federated: int = 0
    refuses_scroll: bool = False


def four_by_four(*what: object) -> str:
    """An identifier as Socrata gives them, `4x4`."""
    text = "".join(LETTERS[b % 32] for b in digest("4x4", *what)[:8])
    return f"{text[:4]}-{text[4:]}"


class Socrata(Portal):
    """One portal and the API that knows it; the API knows no other."""

    platform: ClassVar[str] = "socrata"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = HOST, events: Sequence[Event] = (), quirks: Quirks = Quirks()) -> None:
        super().__init__(body, day, datasets, host, events)
        self.quirks = quirks

    @property
    def domain(self) -> str:
        return f"data.{self.body.domain}"

    def settings(self) -> dict[str, object]:
        return {"domain": self.domain}

    def key_of(self, dataset: DatasetFacts) -> str:
        return four_by_four(dataset.guid)

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return NOT_FOUND
        if question.path == "/":
            return html("<!doctype html><html><head><title>Åpne data</title><script>window.socrata = {siteChrome: {}};</script></head><body></body></html>")
        return self._catalogue(question) if question.path == "/api/catalog/v1" else json_answer({"error": "Not found"}, status=404)

    def _catalogue(self, question: Question) -> Answer:
        asked = question.query
        domains = [v for k, v in parse_qsl(urlsplit(question.target).query) if k in ("domains", "domains[]")]
        if not any(self.domain in d.split(",") for d in domains):
            return json_answer({"error": "Domain not found"})
        limit, offset = self.number(question, "limit", 100), self.number(question, "offset", 0)
        if limit is None or not 0 < limit <= ROWS_MAX or offset is None or offset < 0:
            return json_answer({"error": "Invalid value for parameter 'limit'"}, status=400)
        if offset + limit > LIMIT:
            return json_answer({"error": f"The sum of offset and limit cannot exceed {LIMIT}; use scroll_id"}, status=400)
        rows = sorted(self._rows(), key=lambda r: r["resource"]["id"])
        found = len(rows)
        if "scroll_id" in asked:
            if self.quirks.refuses_scroll:
                return json_answer({"error": "Unknown parameter 'scroll_id'"}, status=400)
            rows = [r for r in rows if r["resource"]["id"] > asked["scroll_id"]][:limit]
        else:
            if asked.get("order") != "dataset_id":  # relevance
                rows.sort(key=lambda r: digest("relevance", r["resource"]["id"]))
            rows = rows[offset : offset + limit]
        self.list_given()
        return json_answer({"results": rows, "resultSetSize": found, "timings": {"serviceMillis": 41, "searchMillis": [3, 7]}, "warnings": []})

    def _rows(self) -> list[dict[str, Any]]:
        rows = [self._row(d, self.key_of(d), self.domain) for d in self.datasets]
        rows += [self._row(d, four_by_four("view", d.guid), self.domain, parents=[self.key_of(d)]) for d in self.datasets[: self.quirks.views]]
        return rows + [self._row(d, four_by_four("other", d.guid), "data.annetsted.example") for d in self.datasets[: self.quirks.federated]]

    def _row(self, d: DatasetFacts, key: str, domain: str, parents: Sequence[str] = ()) -> dict[str, Any]:
        changed = f"{d.modified}T16:09:08.000Z"
        metadata = {"domain": domain} if d.licence == "CC0-1.0" else {"domain": domain, "license": LICENCES.get(d.licence, d.licence)}
        staff = {"id": "7krv-k7t3", "user_type": "interactive", "display_name": "Portalredaksjonen"}
        return {
            "resource": {
                "name": d.title, "id": key, "parent_fxf": list(parents), "description": d.description, "attribution": d.publisher.full_name, "attribution_link": None,
                "contact_email": None, "type": "calendar" if parents else "dataset", "updatedAt": changed, "createdAt": f"{d.issued}T21:06:50.000Z",
                "metadata_updated_at": changed, "data_updated_at": changed, "columns_name": ["navn", "sted"], "columns_field_name": ["navn", "sted"],
                "columns_datatype": ["Text", "Point"], "columns_description": ["", ""], "columns_format": [{}, {}], "provenance": "official", "lens_view_type": "tabular",
                "lens_display_type": "table", "blob_mime_type": None, "hide_from_data_json": False, "publication_date": f"{d.issued}T21:10:00.000Z",
            },
            "classification": {"categories": ["environment"], "tags": [], "domain_category": "Kart", "domain_tags": list(d.keywords), "domain_metadata": [{"key": "Oppdatering_Update-Frequency", "value": d.frequency}]},
            "metadata": metadata, "permalink": f"https://{domain}/d/{key}", "link": f"https://{domain}/Kart/{d.name}/{key}", "owner": staff, "creator": staff,
        }  # fmt: skip
