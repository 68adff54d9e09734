"""The interface of Geonorge's map catalogue as PORTALS 2.8 and its recorded answers tell of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer
from sandbox.bodies import Body
from sandbox.datasets import LICENCES, DatasetFacts
from sandbox.portal import Event, Portal

HOST = "kartkatalog.sandkasse.no"
ROWS_MAX = 1000
NO_LIMITS = "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations"


@dataclass(frozen=True)
class Quirks:
    """`services` of the body and `others` of other bodies are in the catalogue too; `shared` are other bodies' in which this one has a part:
    the facet finds them by Organizations."""

    services: int = 0
    others: int = 0
    shared: int = 0


class Geonorge(Portal):
    """The catalogue with the datasets of one body in it, and of others."""

    platform: ClassVar[str] = "geonorge"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = HOST, events: Sequence[Event] = (), quirks: Quirks = Quirks()) -> None:
        super().__init__(body, day, datasets, host, events)
        self.quirks = quirks

    def settings(self) -> dict[str, object]:
        return {"organization": self.body.full_name, "details": True}

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return NOT_FOUND
        if question.path == "/api/search":
            return self._search(question)
        if match := re.fullmatch(r"/api/getdata/([\w-]+)", question.path):
            found = next((d for d in self.datasets if d.guid == match[1]), None)
            return json_answer(self._details(found)) if found else json_answer({"Message": "An error has occurred."}, status=404)
        return html('<!doctype html><html lang="nb"><head><title>Kartkatalogen</title></head><body><div id="root"></div></body></html>')

    def _search(self, question: Question) -> Answer:
        limit, offset = self.number(question, "limit", 10), self.number(question, "offset", 1)
        if limit is None or offset is None:
            return json_answer({"Message": "The request is invalid."}, status=400)
        limit, offset = min(max(limit, 1), ROWS_MAX), max(offset, 1)
        rows = [self._row(d, d.guid, "dataset", self.body.full_name) for d in self.datasets]
        rows += [self._row(d, f"{d.guid[:-4]}5e51", "service", self.body.full_name) for d in self.datasets[: self.quirks.services]]
        rows += [self._row(d, f"{d.guid[:-4]}a11e", "dataset", "Kartetaten") for d in self.datasets[: self.quirks.others]]
        rows += [self._row(d, f"{d.guid[:-4]}de1e", "dataset", "Kartetaten", self.body.full_name) for d in self.datasets[: self.quirks.shared]]
        asked = question.query
        for n in range(5):
            name, value = asked.get(f"facets[{n}]name"), asked.get(f"facets[{n}]value")
            field = {"organization": "Organizations", "type": "Type", "theme": "Theme"}.get(name or "")
            rows = [r for r in rows if field is None or (value in r[field] if field == "Organizations" else r[field] == value)]
        if asked.get("orderby") == "title":
            rows.sort(key=lambda r: (r["Title"], r["Uuid"]))
        else:
            rows.sort(key=lambda r: (r["Date"], r["Uuid"]), reverse=True)
        page = rows[offset - 1 : offset - 1 + limit]
        self.list_given()
        return json_answer({"NumFound": len(rows), "Limit": limit, "Offset": offset, "Results": page, "Type": None})

    def _row(self, d: DatasetFacts, key: str, kind: str, organisation: str, *partners: str) -> dict[str, Any]:
        return {
            "Uuid": key, "Title": d.title, "Abstract": d.description, "Type": kind, "TypeTranslated": {"dataset": "Datasett"}.get(kind, "Tjeneste"), "Theme": "Plan",
            "Organization": organisation, "Organizations": [organisation, *partners], "OrganizationLogo": "", "ThumbnailUrl": "", "DistributionUrl": f"https://{self.host}/fil/{d.name}",
            "DistributionProtocol": "WWW:DOWNLOAD-1.0-http--download", "ShowDetailsUrl": f"https://{self.host}/metadata/uuid/{key}", "OrganizationUrl": "", "IsOpenData": True,
            "AccessIsOpendata": True, "AccessIsRestricted": False, "AccessIsProtected": False, "IsDokData": False, "DatasetServicesWithShowMapLink": [], "AccessConstraint": "no restrictions",
            "OtherConstraintsAccess": NO_LIMITS, "DataAccess": "Åpne data", "ServiceWfsDistributionUrlForDataset": "", "GetCapabilitiesUrl": "", "ShowMapLink": False,
            "Date": f"{d.modified - timedelta(days=1)}T22:00:00Z", "SpatialScope": "Lokal",
            "Distributions": [f"{organisation}|WWW:DOWNLOAD-1.0-http--download|https://{self.host}/fil/{d.name}.{f.lower()}|{f}|||kommunevis|" for f in d.formats],
        }  # fmt: skip

    def _details(self, d: DatasetFacts) -> dict[str, Any]:
        contact = {"Email": f"kart@{self.body.domain}", "Name": "Solfrid Kartnes", "Organization": d.publisher.full_name, "Role": "owner"}
        return {
            "Uuid": d.guid, "Title": d.title, "Abstract": d.description, "Type": "dataset", "ContactMetadata": contact, "ContactOwner": contact, "ContactOwners": [contact], "ContactPublisher": contact,
            "Constraints": {"AccessConstraints": "Åpne data", "OtherConstraintsLink": LICENCES.get(d.licence), "OtherConstraintsLinkText": d.licence, "OtherConstraintsAccess": NO_LIMITS},
            "DatePublished": f"{d.issued}T00:00:00", "DateUpdated": f"{d.modified}T00:00:00", "DateMetadataUpdated": f"{d.modified}T00:00:00", "MaintenanceFrequency": "Månedlig",
            "KeywordsTheme": [{"KeywordValue": k, "Type": "theme"} for k in d.keywords], "KeywordsPlace": [{"KeywordValue": self.body.name, "Type": "place"}], "KeywordsOther": [],
            "KeywordsNationalTheme": [{"KeywordValue": "Plan"}], "TopicCategories": ["Planlegging"],
            "DistributionsFormats": [{"FormatName": f, "URL": f"https://{self.host}/fil/{d.name}.{f.lower()}", "Protocol": "WWW:DOWNLOAD-1.0-http--download", "Organization": d.publisher.full_name} for f in d.formats],
            "Organization": d.publisher.full_name, "DataAccess": "Åpne data", "MetadataXmlUrl": f"https://{self.host}/geonetwork/srv/nor/csw?id={d.guid}",
        }  # fmt: skip
