"""DCAT-US: data.json of Project Open Data 1.1, and the drafts of 3.0, with the dirt of PORTALS 2.3."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from sandbox import days
from sandbox.answers import NOT_FOUND, Answer, Question, json_answer
from sandbox.bodies import Body
from sandbox.datasets import LICENCES, MEDIA_TYPES, DatasetFacts
from sandbox.portal import Portal

SHARED = "samling-1"
"""The identifier that two datasets bear: they are two all the same."""


class DataJson(Portal):
    """One catalogue of a body in one file. `version` is 1 (Project Open Data 1.1) or 3 (catalogues in catalogues, series, services)."""

    platform: ClassVar[str] = "dcat-us"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], version: int = 1) -> None:
        super().__init__(body, day, datasets)
        self.version = version

    @property
    def home(self) -> str:
        return f"https://{self.host}/data.json"

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return self.robots()
        if question.path != "/data.json":
            return NOT_FOUND
        return json_answer(self._first() if self.version == 1 else self._third(), modified=days.http_date(self.day, 3))

    def _first(self) -> dict[str, Any]:
        return {"@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", "@id": self.home, "@type": "dcat:Catalog",
                "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
                "dataset": [self._dataset(d, n) for n, d in enumerate(self.datasets)]}  # fmt: skip

    def _third(self) -> dict[str, Any]:
        """A third at the top, a third two catalogues down, a third in a series; the series' first and last stand there twice, and one member
        stands at the top as well."""
        rows = [{**self._dataset(d, n), "@type": "Dataset"} for n, d in enumerate(self.datasets)]
        third = len(rows) // 3
        series = rows[2 * third :]
        inner = {"@type": "Catalog", "title": "Innerst", "dataset": rows[third : 2 * third]}
        return {
            "@type": "Catalog", "@id": self.home, "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"}, "title": f"Data fra {self.body.full_name}",
            "description": "", "publisher": {"@type": "Organization", "name": self.body.full_name}, "dataset": [*rows[:third], series[0]],
            "catalog": [{"@type": "Catalog", "title": "Under", "dataset": [], "catalog": [inner]}],
            "datasetSeries": [{"@type": "DatasetSeries", "@id": f"{self.home}#serie", "title": "Serie", "seriesMember": series, "first": series[0], "last": series[-1]}],
            "service": [{"@type": "DataService", "title": "Tjeneste", "identifier": f"{self.home}#tjeneste", "endpointURL": [f"https://{self.host}/api"]}],
            "record": [{"@type": "CatalogRecord", "title": "Post", "modified": self.day.isoformat(), "primaryTopic": rows[0]["identifier"]}],
        }  # fmt: skip

    def _dataset(self, d: DatasetFacts, position: int) -> dict[str, Any]:
        files: list[dict[str, Any]] = [
            {"@type": "dcat:Distribution", "title": f"{d.title} ({name})", "downloadURL": f"https://{self.host}/fil/{d.name}.{name.lower()}", "mediaType": MEDIA_TYPES.get(name),
             "format": name} for name in d.formats
        ]  # fmt: skip
        is_series = self.version == 1 and position in (0, 1)
        row: dict[str, Any] = {
            "@type": "dcat:Dataset", "identifier": SHARED if is_series else f"https://{self.host}/dataset/{d.guid}",
            # Titles of series by year are written as numbers.
            "title": 2024 + position if is_series else d.title, "description": f"<p>{d.description.replace('&', '&amp;')}</p>", "keyword": list(d.keywords),
            "modified": (d.modified.isoformat(), None, "R/P1D", f"{d.modified}T03:00:00.000Z")[position % 4], "issued": d.issued.isoformat(), "accessLevel": "public",
            "publisher": {"@type": "org:Organization", "name": "Etaten", "subOrganizationOf": {"@type": "org:Organization", "name": d.publisher.full_name,
                          "identifier": f"https://data.brreg.no/enhetsregisteret/api/enheter/{d.publisher.orgnr}"}},
            "contactPoint": {"@type": "vcard:Contact", "fn": d.publisher.full_name, "hasEmail": f"mailto:data@{d.publisher.domain}"},
            "landingPage": f"https://{self.host}/datasett/{d.name}", "theme": ["Forvaltning"], "isPartOf": None,
            # One distribution is not always a list of one.
            "distribution": files[0] if len(files) == 1 and position % 2 else files,
        }  # fmt: skip
        if d.licence:
            row["license"] = LICENCES[d.licence] if position % 2 else f"<a href='{LICENCES[d.licence]}'>{d.licence}</a>"
        return row
