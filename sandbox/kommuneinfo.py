"""Kartverket's kommuneinfo v1 (PORTALS 3.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sandbox.answers import Answer, Question, json_answer
from sandbox.bodies import Body
from sandbox.judge import HostRules


class Kommuneinfo:
    """Counties and municipalities; names that are not there are rows of null."""

    platform = "kommuneinfo"
    host = "ws.geonorge.no"
    home = "https://ws.geonorge.no/kommuneinfo/v1/"

    def __init__(self, bodies: Sequence[Body], day: date) -> None:
        self.bodies = [b for b in bodies if b.role == "kommune"]

    def rules(self) -> HostRules:
        return HostRules(only=("/kommuneinfo/v1/",))

    def respond(self, question: Question) -> Answer:
        path = question.path.removeprefix("/kommuneinfo/v1/")
        if path == "fylkerkommuner":
            return json_answer(
                [
                    {
                        "avgrensningsboks": _box(),
                        "fylkesnavn": "Havland",
                        "fylkesnummer": "91",
                        "kommuner": [self._whole(b) for b in self.bodies],
                    }
                ]
            )
        if path == "fylker":
            return json_answer([{"fylkesnavn": "Havland", "fylkesnummer": "91"}])
        if path == "kommuner":
            return json_answer([{"kommunenavn": b.name, "kommunenavnNorsk": b.name, "kommunenummer": b.number} for b in self.bodies])
        if match := re.fullmatch(r"kommuner/(\w+)", path):
            found = next((b for b in self.bodies if b.number == match[1]), None)
            return json_answer(self._whole(found)) if found else json_answer({"message": "Kommunen finnes ikke"}, status=404)
        return json_answer({"message": "Ukjent ressurs"}, status=404)

    @staticmethod
    def _whole(body: Body) -> dict[str, Any]:
        names = [{"navn": body.name, "prioritet": 1, "sprak": "Norwegian"}]
        names += [{"navn": body.name_se, "prioritet": 2, "sprak": "Northern Sami"}] if body.name_se else []
        names += [{"navn": None, "prioritet": n, "sprak": None} for n in range(len(names) + 1, 4)]
        return {
            "avgrensningsboks": _box(), "fylkesnavn": "Havland", "fylkesnummer": "91", "gyldigeNavn": names, "kommunenavn": body.name,
            "kommunenavnNorsk": body.name, "kommunenummer": body.number, "samiskForvaltningsomrade": bool(body.name_se),
            "punktIOmrade": {"coordinates": [10.5, 60.25], "crs": {"properties": {"name": "EPSG:4258"}, "type": "name"}, "type": "Point"},
        }  # fmt: skip


def _box() -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[10.0, 60.0], [11.0, 60.0], [11.0, 61.0], [10.0, 60.0]]]}
