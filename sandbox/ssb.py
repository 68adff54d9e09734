"""SSB's services as they answer: Klass (lists of codes) and PxWebApi 2 (tables as JSON-stat), on one host (PORTALS 3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sandbox.answers import Answer, Question, html, json_answer, plain
from sandbox.bodies import Body
from sandbox.judge import HostRules

LONGEST = 4300  # characters of a request target; more is the web server's own page of 404
GROUPS = {"EKG01": "KOSTRA-gruppe 1", "EKG07": "KOSTRA-gruppe 7"}
CHANGED = "2020-01-01"
CONTENTS = {
    "12134": {"KOSAG110000": ("Frie inntekter per innbygger (kr)", "kr"), "KOSAGD230000": ("Netto driftsresultat i prosent av brutto driftsinntekter (prosent)", "prosent")},
    "07459": {"Personer1": ("Personer", "personer")},
}  # fmt: skip
YEARS = ("2021", "2022", "2023", "2024", "2025")
REGION_OF = {"12134": "KOKkommuneregion0000", "07459": "Region"}


class Ssb:
    """Both services over invented bodies. `merged` are old numbers and what became of them: two into one, one into two, one renamed."""

    platform = "ssb-klass"
    host = "data.ssb.no"
    klass = "https://data.ssb.no/api/klass/v1/"
    tables = "https://data.ssb.no/api/pxwebapi/v2/"

    def __init__(self, bodies: Sequence[Body], day: date) -> None:
        self.day = day
        self.bodies = [b for b in bodies if b.role == "kommune"]
        a, b, c = self.bodies[:3]
        self.merged: list[tuple[str, str, str, str]] = [
            ("9981", "Gammelvika", a.number, a.name), ("9982", "Ytrevika", a.number, a.name), ("9983", "Todelt", b.number, b.name),
            ("9983", "Todelt", c.number, c.name), (b.number, f"{b.name} gamle", b.number, b.name),
        ]  # fmt: skip

    def group_of(self, body: Body) -> str:
        return "EKG01" if body.population < 3000 else "EKG07"

    def figure(self, region: str, column: str, year: str) -> float | None:
        """The truth of one cell; None where SSB has none (the first body's newest result is not in yet)."""
        if region == self.bodies[0].number and column == "KOSAGD230000" and year == YEARS[-1]:
            return None
        body = next((b for b in self.bodies if b.number == region), None)
        if column == "Personer1":
            return body.population + int(year) - 2025 if body else 0
        if region.startswith("99"):
            return None
        return 60_000 + sum(map(ord, region + year)) if column == "KOSAG110000" else round(sum(map(ord, region + year)) % 70 / 10, 1)

    def rules(self) -> HostRules:
        return HostRules(only=("/api/",))

    def respond(self, question: Question) -> Answer:
        if len(question.target) > LONGEST:
            page = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html><head><title>404 - File or directory not found.</title></head><body></body></html>'
            return html(page, status=404)
        if match := re.fullmatch(r"/api/klass/v1/classifications/(\d+)/(codesAt|changes|correspondsAt)(\.json|\.csv)?", question.path):
            return self._klass(match[1], match[2], match[3] or ".xml", question.query)
        if match := re.fullmatch(r"/api/pxwebapi/v2/tables/([^/]+)/(metadata|data)", question.plain_path):
            return self._table(match[1], match[2], question.query)
        return plain("", status=404)

    def _klass(self, number: str, what: str, form: str, asked: Mapping[str, str]) -> Answer:
        if form == ".xml":
            return plain("<?xml version='1.0' encoding='UTF-8'?><codeList/>", media_type="application/xml;charset=UTF-8")
        if number not in ("131", "104", "112"):
            return json_answer({"status": 404, "error": "Not Found", "message": f"Classification not found with id {number}"}, status=404)
        if what == "changes":
            return self._changes(number, form, asked)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", asked.get("date", "")):
            return json_answer({"status": 400, "error": "Bad Request", "message": "date"}, status=400)
        if what == "correspondsAt":
            rows = [
                {"sourceCode": self.group_of(b), "sourceName": GROUPS[self.group_of(b)], "targetCode": b.number, "targetName": b.name}
                for b in self.bodies
            ]
            return json_answer({"correspondenceItems": rows}) if form == ".json" else _csv(rows)
        names = {
            "131": {**{b.number: b.name for b in self.bodies}, "9999": "Uoppgitt"},
            "104": {"91": "Havland", "99": "Uoppgitt"},
            "112": GROUPS,
        }[number]
        rows = [
            {"code": code, "parentCode": None, "level": "1", "name": name, "shortName": "", "presentationName": "", "validFrom": None,
             "validTo": None, "notes": ""}
            for code, name in names.items()
        ]  # fmt: skip
        return json_answer({"codes": rows}) if form == ".json" else _csv(rows)

    def _changes(self, number: str, form: str, asked: Mapping[str, str]) -> Answer:
        since, until = asked.get("from", ""), asked.get("to", "9999")
        rows = [
            {"oldCode": old, "oldName": old_name, "oldShortName": "", "newCode": new, "newName": new_name, "newShortName": "", "changeOccurred": CHANGED}
            for old, old_name, new, new_name in self.merged
            if number == "131" and since <= CHANGED < until
        ]  # fmt: skip
        return json_answer({"codeChanges": rows}) if form == ".json" else _csv(rows)

    @staticmethod
    def _error(title: str, status: int, said: int | None = None) -> Answer:
        return json_answer({"type": "Parameter error", "title": title, "status": said or status}, status=status)

    def _table(self, table: str, what: str, asked: Mapping[str, str]) -> Answer:
        if table not in CONTENTS:
            return self._error("Non-existent table", 400, said=404)
        old = list(dict.fromkeys(row[0] for row in self.merged if row[0].startswith("99")))
        regions = [b.number for b in self.bodies] + old + (list(GROUPS) if table == "12134" else ["0"])
        known = {REGION_OF[table]: regions, "ContentsCode": list(CONTENTS[table]), "Tid": list(YEARS)}
        if table == "07459":
            known["Kjonn"] = ["1", "2"]
        if what == "metadata":
            return json_answer(self._cube(table, known))
        chosen = {}
        for name, codes in known.items():
            given = asked.get(f"valuecodes[{name}]") or asked.get(f"valueCodes[{name}]")
            if given is None and name == "Kjonn":
                continue
            if given is None:
                return self._error("Missing selection for mandantory variable", 400)
            chosen[name] = codes if given == "*" else given.split(",")
            if any(code not in codes for code in chosen[name]):
                return self._error("Non-existent value", 400)
        cube, values, marks = self._cube(table, chosen), [], {}
        for region in chosen[REGION_OF[table]]:
            for column in chosen["ContentsCode"]:
                for year in chosen["Tid"]:
                    value = self.figure(region, column, year)
                    if value is None:
                        marks[str(len(values))] = "." if region.startswith("99") else ".."
                    values.append(value)
        return json_answer({**cube, "value": values, **({"status": marks} if marks else {})})

    def _cube(self, table: str, chosen: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        def dimension(name: str, codes: Sequence[str]) -> dict[str, Any]:
            category: dict[str, Any] = {"index": {c: n for n, c in enumerate(codes)}, "label": {c: c for c in codes}}
            if name == "ContentsCode":
                category |= {
                    "label": {c: CONTENTS[table][c][0] for c in codes},
                    "unit": {c: {"base": CONTENTS[table][c][1], "decimals": 0} for c in codes},
                }
            return {"label": name, "category": category, "extension": {"elimination": name == "Kjonn", "show": "value"}}

        region = REGION_OF[table]
        return {
            "version": "2.0", "class": "dataset", "label": f"{table}: En tabell", "source": "Statistisk sentralbyrå", "updated": "2026-03-16T07:00:00Z",
            "role": {"time": ["Tid"], "geo": [region], "metric": ["ContentsCode"]}, "id": list(chosen), "size": [len(c) for c in chosen.values()],
            "dimension": {name: dimension(name, codes) for name, codes in chosen.items()},
            "extension": {"contact": [{"name": "Tormod Lyngstrand", "phone": "99 99 00 01", "mail": "tormod@ssb.example"}]},
        }  # fmt: skip


def _csv(rows: Sequence[Mapping[str, Any]]) -> Answer:
    """As Klass writes CSV: every field quoted, in ISO-8859-1."""
    lines = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    text = "".join(",".join('"{}"'.format(str("" if v is None else v).replace('"', '""')) for v in line) + "\n" for line in lines)
    return Answer(200, text.encode("iso-8859-1", "replace"), "text/csv;charset=ISO-8859-1")
