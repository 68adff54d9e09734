"""ArcGIS Hub as PORTALS 2.4 tells of it: OGC API Records search, its front page, and the search of ArcGIS Online behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer
from sandbox.bodies import Body
from sandbox.datajson import DataJson
from sandbox.datasets import LICENCES, DatasetFacts
from sandbox.identifiers import digest
from sandbox.portal import Event, Portal, epoch_ms

LIMIT, ROWS_MAX = 10_000, 100
ONLINE = "www.arcgis.com"
TYPES = {"CSV": "CSV", "JSON": "Feature Service", "GeoJSON": "GeoJson", "XLSX": "Microsoft Excel", "XML": "KML", "PDF": "PDF"}
NO_DATA = ("Hub Site Application", "StoryMap", "Dashboard", "Web Mapping Application", "Web Map")
STRANGER = "FremmedOrg000001"


@dataclass(frozen=True)
class Quirks:
    """`strangers` items of other organisations stand among ours; `stories` are no data; `has_all_only`: the site has no collection dataset;
    `searches_everything`: its scope is empty; `forgets_next`: the answers carry no link to the next page; `trouble`: down, html."""

    strangers: int = 0
    stories: int = 0
    has_all_only: bool = False
    searches_everything: bool = False
    forgets_next: bool = False
    trouble: str = ""


class ArcgisHub(Portal):
    """One site, and the same organisation at ArcGIS Online when `host` is www.arcgis.com."""

    platform: ClassVar[str] = "arcgis-hub"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = "", events: Sequence[Event] = (), quirks: Quirks = Quirks()) -> None:
        super().__init__(body, day, datasets, host, events)
        self.quirks = quirks
        self.org = digest("org", body.orgnr).hex()[:16]
        self._made: list[dict[str, Any]] | None = None

    @property
    def own_host(self) -> str:
        return f"kart-{self.body.slug}.hub.arcgis.com"

    def settings(self) -> dict[str, object]:
        return {"org": self.org} if self.host == ONLINE else {}

    def key_of(self, dataset: DatasetFacts) -> str:
        return dataset.guid.replace("-", "")[:32]

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return self.robots()
        if self.quirks.trouble == "down":
            return json_answer({"message": "Internal Server Error", "statusCode": 500}, status=500)
        if self.quirks.trouble == "html":
            return html("<!doctype html><html><head><title>Vedlikehold</title></head><body><h1>Vi er straks tilbake</h1></body></html>")
        if self.host == ONLINE:
            return self._online(question) if question.path == "/sharing/rest/search" else NOT_FOUND
        if question.path == "/":
            return html(self._front())
        if match := re.fullmatch(r"/api/search/v1/collections/(\w+)/items", question.path):
            return self._items(match[1], question)
        if question.path in ("/data.json", "/api/feed/dcat-us/1.1.json"):
            return DataJson(self.body, self.day, self.datasets).respond(replace(question, target="/data.json"))
        if question.path == "/api/search/v1/collections":
            names = ["all"] if self.quirks.has_all_only else ["all", "dataset", "document", "appAndMap"]
            return json_answer({"collections": [{"id": n, "itemType": "record"} for n in names], "links": []})
        return json_answer({"message": f"Cannot GET {question.path}", "error": "Not Found", "statusCode": 404}, status=404)

    def _front(self) -> str:
        site = quote(f'{{"site":{{"item":{{"title":"Kart"}},"orgId":"{self.org}","subdomain":"{self.body.slug}"}}}}')
        return (f'<!doctype html><html lang="nb"><head><title>Kart fra {self.body.full_name}</title><script id="site-injection">window.__SITE="{site}"</script>'
                '<script src="https://hubcdn.arcgis.com/opendata-ui/assets/vendor.js"></script></head><body></body></html>')  # fmt: skip

    def _rows(self) -> list[dict[str, Any]]:
        """Every item in the scope of the site, ours first. Made anew when something has happened."""
        if self._made is not None and not any(e.after == self.lists_given for e in self.events):
            return list(self._made)
        rows = [self._row(n, d) for n, d in enumerate(self.datasets)]
        rows += [self._other(n, "Feature Service", STRANGER) for n in range(self.quirks.strangers)]
        rows += [self._other(n, NO_DATA[n % len(NO_DATA)], self.org) for n in range(self.quirks.stories)]
        self._made = rows
        return list(rows)

    def _row(self, n: int, d: DatasetFacts) -> dict[str, Any]:
        form = d.formats[0] if d.formats else "CSV"
        return {
            "id": self.key_of(d), "owner": "gisadmin_kommune", "orgId": self.org, "created": epoch_ms(d.issued), "modified": epoch_ms(d.modified), "title": d.title,
            "type": TYPES.get(form, "Feature Service"), "typeKeywords": ["Data", "Service"], "description": f"<p>{d.description}</p>", "snippet": d.description[:60],
            "tags": list(d.keywords), "categories": ["/Categories/Kart"], "access": "public", "size": -1, "numViews": 12, "source": self.body.full_name,
            "license": "custom" if n % 2 else "none", "licenseInfo": f'<a href="{LICENCES.get(d.licence, "")}">{d.licence}</a>', "culture": "nb-no", "thumbnail": None,
            "extent": {"type": "Polygon", "coordinates": []}, "url": f"https://services.arcgis.com/{self.org}/arcgis/rest/services/{d.name}/FeatureServer",
        }  # fmt: skip

    def _other(self, n: int, kind: str, org: str) -> dict[str, Any]:
        return {"id": f"{n:04x}{digest(kind, org, n).hex()}"[:32], "owner": "noen_andre", "orgId": org, "created": epoch_ms(self.day), "modified": epoch_ms(date(2012, 5, 1), n) if self.quirks.searches_everything else epoch_ms(self.day, -n * 3600 - 90),
                "title": f"{kind} {n}", "type": kind, "typeKeywords": [], "description": None, "snippet": None, "tags": [], "categories": [], "access": "public", "size": -1,
                "numViews": 1, "source": "Andre", "license": "none", "licenseInfo": None, "url": None}  # fmt: skip

    def _items(self, collection: str, question: Question) -> Answer:
        if collection not in ("all", "dataset") or (collection == "dataset" and self.quirks.has_all_only):
            return json_answer({"message": f'Collection with id "{collection}" not found', "error": "Not Found", "statusCode": 404}, status=404)
        limit, start = self.number(question, "limit", 10), self.number(question, "startindex", 1)
        if limit is None or not 1 <= limit <= ROWS_MAX:
            return json_answer({"message": [f"limit must not be greater than {ROWS_MAX}"], "error": "Bad Request", "statusCode": 400}, status=400)
        if start is None or start < 1 or start - 1 + limit > LIMIT:
            return json_answer({"message": [f"startindex plus limit must not be greater than {LIMIT}"], "error": "Bad Request", "statusCode": 400}, status=400)
        rows = self._rows()
        if collection == "dataset":
            rows = [r for r in rows if r["type"] not in NO_DATA[:3]]
        if wanted := re.fullmatch(r"\s*modified\s*(>=|<=)\s*(\d+)\s*", question.query.get("filter", "")):
            rows = [r for r in rows if (r["modified"] >= int(wanted[2]) if wanted[1] == ">=" else r["modified"] <= int(wanted[2]))]
        elif question.query.get("filter"):
            return json_answer({"message": "Filter expression could not be parsed", "error": "Bad Request", "statusCode": 400}, status=400)
        sort = question.query.get("sortBy", "")
        if sort.lstrip("-+") == "properties.modified":
            rows.sort(key=lambda r: (r["modified"], r["id"]), reverse=sort.startswith("-"))
        matched = LIMIT + 490_000 if self.quirks.searches_everything else len(rows)
        page = rows[start - 1 : start - 1 + limit]
        self.list_given()
        return json_answer(self._collection(question, page, min(matched, LIMIT), start, limit), media_type="application/geo+json; charset=utf-8")

    def _collection(self, question: Question, page: list[dict[str, Any]], matched: int, start: int, limit: int) -> dict[str, Any]:
        links = [{"rel": "self", "type": "application/geo+json", "title": "This document as GeoJSON", "href": question.url}]
        if start - 1 + len(page) < matched and not self.quirks.forgets_next:
            following = re.sub(r"startindex=\d+", f"startindex={start + limit}", question.url)
            links.append({"rel": "next", "type": "application/geo+json", "title": "items (next)", "href": following})
        features = [{"id": r["id"], "type": "Feature", "geometry": None, "time": None, "links": [], "properties": r} for r in page]
        return {"type": "FeatureCollection", "features": features, "timestamp": f"{self.day}T06:00:00.000Z", "numberMatched": matched, "numberReturned": len(page), "links": links}

    def _online(self, question: Question) -> Answer:
        asked, rows = question.query, [r for r in self._rows() if f"orgid:{r['orgId']}" in question.query.get("q", "")]
        if asked.get("f") != "json":
            return html("<html><head><title>Search</title></head><body></body></html>")
        number, start = min(self.number(question, "num", 10) or 10, ROWS_MAX), self.number(question, "start", 1)
        if not asked.get("q") or start is None or start < 1:
            return json_answer({"error": {"code": 400, "messageCode": "CONT_0001", "message": "Unable to perform query.", "details": ["'q' parameter must be specified"]}})
        if asked.get("sortField") == "modified":
            rows.sort(key=lambda r: (r["modified"], r["id"]), reverse=asked.get("sortOrder") == "desc")
        page = rows[start - 1 : start - 1 + number]
        self.list_given()
        following = start + number if start - 1 + number < len(rows) else -1
        return json_answer({"query": asked["q"], "total": min(len(rows), LIMIT), "start": start, "num": len(page), "nextStart": following, "results": page})
