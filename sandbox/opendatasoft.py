"""Opendatasoft Explore v2.1 as PORTALS 2.5 tells of it: 100 a page, nothing beyond 10,000, dates that may be missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sandbox.answers import NOT_FOUND, Answer, Question, html, json_answer
from sandbox.bodies import Body
from sandbox.datasets import LICENCES, DatasetFacts
from sandbox.portal import Event, Portal

LIMIT, ROWS_MAX = 10_000, 100


@dataclass(frozen=True)
class Quirks:
    """`undated` datasets have no date; `wraps`: answers of the older form; `refuses_order`: an order is an error; `has_lists`: theme, keyword
    and publisher are lists on every second dataset; `limit`: where lists end; `trouble`: busy (429), html."""

    undated: int = 0
    wraps: bool = False
    refuses_order: bool = False
    has_lists: bool = True
    limit: int = LIMIT
    trouble: str = ""


class Opendatasoft(Portal):
    """One domain."""

    platform: ClassVar[str] = "opendatasoft"

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = "", events: Sequence[Event] = (), quirks: Quirks = Quirks()) -> None:
        super().__init__(body, day, datasets, host, events)
        self.quirks = quirks
        self.undated = {d.guid for d in self.datasets[: quirks.undated]}

    def key_of(self, dataset: DatasetFacts) -> str:
        return f"da_{dataset.guid}"

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return self.robots()
        if self.quirks.trouble == "html":
            return html("<!doctype html><html><head><title>Portail</title></head><body><h1>Oops</h1></body></html>")
        if self.quirks.trouble == "busy":
            error = {"errorcode": 10002, "reset_time": f"{self.day}T23:59:59Z", "limit_time_unit": "day", "call_limit": 10000, "error": "Too many requests on the domain. Please contact the domain administrator."}
            return json_answer(error, status=429)
        if question.path == "/":
            return html('<!doctype html><html lang="nb"><head><title>Åpne data</title><link rel="stylesheet" href="https://static.opendatasoft.com/ods-front/4.2/main.css"></head><body></body></html>')
        if question.path == "/api/explore/v2.1/catalog/datasets":
            return self._list(question)
        if question.path == "/api/explore/v2.1/catalog/exports/json":
            return json_answer([self._dataset(n, d) for n, d in enumerate(self.datasets)], media_type="application/json; charset=utf-8")
        if match := re.fullmatch(r"/api/explore/v2\.1/catalog/datasets/([\w-]+)", question.path):
            found = next((d for d in self.datasets if d.name == match[1]), None)
            message = f"The requested dataset {match[1]} does not exist."
            return json_answer(self._dataset(0, found)) if found else json_answer({"error_code": "DatasetNotFound", "message": message}, status=404)
        return NOT_FOUND

    @staticmethod
    def _error(code: str, message: str) -> Answer:
        return json_answer({"error_code": code, "message": message}, status=400, media_type="application/json; charset=utf-8")

    def _changed(self, d: DatasetFacts) -> str | None:
        return None if d.guid in self.undated else f"{d.modified}T04:12:52+00:00"

    def _list(self, question: Question) -> Answer:
        limit, offset = self.number(question, "limit", 10), self.number(question, "offset", 0)
        if limit is None or not -1 <= limit <= ROWS_MAX:
            return self._error("InvalidRESTParameterError", f"Invalid value for limit API parameter: {question.query.get('limit')} was found but -1 <= limit <= {ROWS_MAX} is expected.")
        if offset is None or offset < 0 or offset + limit > self.quirks.limit:
            return self._error("InvalidRESTParameterError", f"Invalid value for offset API parameter: {question.query.get('offset')} was found but 0 <= offset <= {self.quirks.limit - limit} is expected.")
        found = self._where(question.query.get("where", ""))
        if found is None:
            return self._error("ODSQLError", "ODSQL query is malformed: invalid where clause. Check the help at https://help.opendatasoft.com/apis/ods-explore-v2/")
        order = question.query.get("order_by", "")
        if order and self.quirks.refuses_order:
            return self._error("ODSQLError", "ODSQL query is malformed: invalid order_by clause")
        if match := re.fullmatch(r"(modified|dataset_id)( asc| desc)?", order):
            is_down = match[2] == " desc"
            if match[1] == "dataset_id":
                found.sort(key=lambda d: d.name, reverse=is_down)
            else:  # what has no date comes last, whatever the direction
                dated = sorted((d for d in found if self._changed(d)), key=lambda d: (self._changed(d) or "", d.guid), reverse=is_down)
                found = dated + [d for d in found if not self._changed(d)]
        elif order:
            return self._error("ODSQLError", f"ODSQL query is malformed: Unknown field: {order}")
        page = found[offset : offset + limit]
        self.list_given()
        rows = [self._dataset(n, d) for n, d in enumerate(page)]
        links = [{"rel": "self", "href": question.url}, {"rel": "first", "href": question.url}]
        answer: dict[str, Any] = {"total_count": len(found), "results": rows}
        if self.quirks.wraps:
            answer = {"total_count": len(found), "links": links, "datasets": [{"links": [], "dataset": r} for r in rows]}
        answer_headers = (("X-RateLimit-Limit", "10000"), ("X-RateLimit-Remaining", str(10000 - self.lists_given)), ("X-RateLimit-Reset", f"{self.day} 23:59:59+00:00"))
        made = json_answer(answer, media_type="application/json; charset=utf-8")
        return Answer(made.status, made.body, made.media_type, answer_headers)

    def _where(self, where: str) -> list[DatasetFacts] | None:
        """The datasets a clause asks for; None when it is not understood."""
        if not where:
            return list(self.datasets)
        if where == "modified is null":
            return [d for d in self.datasets if d.guid in self.undated]
        if match := re.fullmatch(r"modified\s*(>=|<=|>|<)\s*date'([^']+)'", where):
            tests = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, "<": lambda a, b: a < b}
            return [d for d in self.datasets if (changed := self._changed(d)) and tests[match[1]](changed, match[2])]
        return None

    def _dataset(self, n: int, d: DatasetFacts) -> dict[str, Any]:
        is_listed = self.quirks.has_lists and n % 2
        default = {
            "title": d.title, "description": f"<p>{d.description}</p>", "theme": ["Kart og plan"] if is_listed else "Kart og plan",
            "keyword": list(d.keywords) if is_listed else (d.keywords[0] if d.keywords else None), "license": d.licence, "license_url": LICENCES.get(d.licence),
            "language": "no", "metadata_languages": ["no"], "timezone": None, "modified": self._changed(d), "modified_updates_on_metadata_change": False,
            "modified_updates_on_data_change": True, "data_processed": f"{d.modified}T04:15:00+00:00", "metadata_processed": f"{d.modified}T05:00:00+00:00",
            "geographic_reference": None, "geographic_reference_auto": True, "territory": ["Norway"], "geometry_types": None, "bbox": None,
            "publisher": [d.publisher.full_name] if is_listed else d.publisher.full_name, "references": None, "records_count": 120, "attributions": None, "federated": False,
        }  # fmt: skip
        return {
            "dataset_id": d.name, "dataset_uid": self.key_of(d), "attachments": [{"id": "lesmeg", "title": "Les meg", "mimetype": "application/pdf", "url": f"https://{self.host}/api/explore/v2.1/catalog/datasets/{d.name}/attachments/lesmeg"}],
            "has_records": True, "data_visible": True, "features": ["analyze", "geo"] if "GeoJSON" in d.formats else ["analyze"],
            "fields": [{"name": "navn", "type": "text", "label": "navn", "description": None, "annotations": {}}],
            "metas": {"default": default, "dcat": {"created": d.issued.isoformat(), "issued": d.issued.isoformat(), "creator": d.publisher.full_name, "contributor": None,
                                                   "contact_name": "Kartavdelingen", "contact_email": f"kart@{self.body.domain}", "accrualperiodicity": d.frequency, "spatial": self.body.name, "temporal": None}},
        }  # fmt: skip
