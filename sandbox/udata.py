"""udata's API v1 as PORTALS 2.7 tells of it: pages by number, next_page with a host of its own choice, datasets that are not for everybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer
from sandbox.bodies import Body
from sandbox.datasets import MEDIA_TYPES, DatasetFacts
from sandbox.identifiers import guid_of
from sandbox.portal import Event, Portal

ROWS_MAX = 1000


@dataclass(frozen=True)
class Quirks:
    """`names_inner_host`: next_page names another host; `hidden` datasets are archived and still in the list; `harvested` every so many datasets
    is harvested from elsewhere (0: none); `trouble`: empty."""

    names_inner_host: bool = False
    hidden: int = 0
    harvested: int = 5
    trouble: str = ""


class Udata(Portal):
    """One portal."""

    platform: ClassVar[str] = "udata"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = "", events: Sequence[Event] = (), quirks: Quirks = Quirks()) -> None:
        super().__init__(body, day, () if quirks.trouble == "empty" else datasets, host, events)
        self.quirks = quirks
        self.hidden = {d.guid for d in self.datasets[: quirks.hidden]}

    def key_of(self, dataset: DatasetFacts) -> str:
        return dataset.guid.replace("-", "")[:24]

    def truth(self) -> dict[str, str]:
        return {self.key_of(d): d.title for d in self.datasets if d.guid not in self.hidden}

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return self.robots()
        if question.path == "/":
            return html('<!doctype html><html lang="nb"><head><meta name="generator" content="udata"><title>Åpne data</title></head><body></body></html>')
        if question.path == "/api/1/datasets/":
            return self._list(question)
        if match := re.fullmatch(r"/api/1/datasets/([\w-]+)/", question.path):
            found = next(((n, d) for n, d in enumerate(self.datasets) if match[1] in (self.key_of(d), d.name)), None)
            return json_answer(self._dataset(*found)) if found else json_answer({"message": "Dataset not found", "status": 404}, status=404)
        return NOT_FOUND

    def _list(self, question: Question) -> Answer:
        page, rows = self.number(question, "page", 1), self.number(question, "page_size", 20)
        if page is None or rows is None or page < 1 or not 1 <= rows <= ROWS_MAX:
            return json_answer({"errors": {"page": "invalid literal"}, "message": "Input payload validation failed"}, status=400)
        found = list(self.datasets)
        if wanted := question.query.get("organization"):
            found = [d for d in found if wanted in (guid_of("organization", d.publisher.orgnr)[:24], d.publisher.slug)]
        if question.query.get("sort", "").lstrip("-") != "created":  # the default order moves while paging
            found.sort(key=lambda d: (d.modified, d.guid), reverse=True)
        shown = found[(page - 1) * rows : page * rows]
        if not shown and page > 1:
            return json_answer({"message": "The requested URL was not found on the server.", "status": 404}, status=404)
        rows_shown = [self._dataset(self.datasets.index(d), d) for d in shown]
        self.list_given()
        host = "http://udata-web:7000" if self.quirks.names_inner_host else f"https://{self.host}"

        def address(number: int) -> str:
            return f"{host}/api/1/datasets/?page={number}&page_size={rows}&sort=created"

        return json_answer({"data": rows_shown, "next_page": address(page + 1) if page * rows < len(found) else None,
                            "page": page, "page_size": rows, "previous_page": address(page - 1) if page > 1 else None, "total": len(found)})  # fmt: skip

    def _dataset(self, n: int, d: DatasetFacts) -> dict[str, Any]:
        key, moment = self.key_of(d), f"{d.modified}T02:30:00.123000+00:00"
        is_harvested = self.quirks.harvested and n % self.quirks.harvested == 0
        home = {"backend": "DCAT", "source_id": "60a1", "domain": "kart.example", "dct_identifier": d.name, "remote_id": d.name, "remote_url": f"https://kart.example/{d.name}",
                "uri": f"https://kart.example/id/{d.name}", "created_at": f"{d.issued}T00:00:00+00:00", "modified_at": moment, "last_update": moment, "archived_at": None}  # fmt: skip
        body = {"class": "Organization", "id": guid_of("organization", d.publisher.orgnr)[:24], "name": d.publisher.full_name, "slug": d.publisher.slug, "acronym": None, "badges": [],
                "logo": None, "logo_thumbnail": None, "page": f"https://{self.host}/organizations/{d.publisher.slug}/", "uri": f"https://{self.host}/api/1/organizations/{d.publisher.slug}/"}  # fmt: skip
        files = [{"id": guid_of("resource", d.guid, p), "title": f"{d.title} ({f})", "description": None, "url": f"https://{self.host}/fil/{d.name}.{f.lower()}", "format": f.lower(),
                  "mime": MEDIA_TYPES.get(f), "filesize": 4096 + n, "filetype": "file", "type": "main", "last_modified": moment, "created_at": f"{d.issued}T08:00:00+00:00",
                  "latest": f"https://{self.host}/fr/datasets/r/{key}", "checksum": None, "extras": {"check:available": True, "check:status": 200}, "harvest": None, "internal": {},
                  "metrics": {"views": 3}, "preview_url": None, "schema": {}} for p, f in enumerate(d.formats)]  # fmt: skip
        return {
            "acronym": None, "archived": moment if d.guid in self.hidden else None, "badges": [], "community_resources": [], "contact_points": [{"id": "c1", "name": "Kartavdelingen", "email": f"kart@{self.body.domain}"}],
            "created_at": f"{d.issued}T08:00:00+00:00", "deleted": None, "description": d.description, "extras": {}, "featured": False, "frequency": d.frequency, "frequency_date": None,
            "harvest": home if is_harvested else None, "id": key, "internal": {"created_at_internal": f"{d.issued}T08:00:00+00:00", "last_modified_internal": moment},
            "last_modified": f"{d.modified}T06:00:00+00:00", "last_update": moment, "license": "notspecified" if n % 4 == 3 else {"NLOD-2.0": "nlod", "CC-BY-4.0": "cc-by", "CC0-1.0": "cc-zero"}.get(d.licence, d.licence),
            "metrics": {"views": 12}, "organization": body, "owner": None, "page": f"https://{self.host}/datasets/{d.name}/", "private": False,
            "quality": {"score": 0.66, "license": True, "resources_documentation": False, "update_frequency": True}, "resources": files, "schema": None, "slug": d.name,
            "spatial": {"geom": None, "granularity": "other", "zones": [f"no:kommune:{self.body.number}"]}, "tags": list(d.keywords), "temporal_coverage": None, "title": d.title,
            "uri": f"https://{self.host}/api/1/datasets/{d.name}/",
        }  # fmt: skip
