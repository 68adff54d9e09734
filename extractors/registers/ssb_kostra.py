"""SSB's StatBank: KOSTRA figures and population, table by table as JSON-stat (Statistics Norway)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
    Outcome,
    Record,
    RegisterFact,
    Request,
    Source,
    SourceGuess,
    SourceSettings,
    Trouble,
    Window,
)
from extractors.fetch import urls
from extractors.fields import Fields, as_text
from extractors.innsyn.einnsyn import read_json

REGION = re.compile(r"\d{4}|EKG\d+|EAK|EAKUO")  # municipalities, KOSTRA groups, the country with and without Oslo
LONGEST_QUERY = 1500  # characters; 4,365 are known to fail
MISSING = (".", "..", ":")


class SsbKostraSettings(SourceSettings):
    """`tables` are numbers of StatBank tables; `contents` keeps these columns (all when empty); `years` is how many of the newest are read;
    `regions` is how many are asked for in one question."""

    tables: tuple[str, ...] = ("12134", "07459")
    contents: tuple[str, ...] = ()
    years: int = 3
    regions: int = 50


class SsbKostra(Extractor):
    """
    vendor       Statistisk sentralbyrå (SSB), PxWebApi 2; open, no key
    recognise    data.ssb.no/api/pxwebapi/v2
    endpoints    GET /tables/{table}/metadata, then /tables/{table}/data with valuecodes[…]; both as json-stat2
    set-up       none
    paging       none: at most 800,000 cells an answer; regions are asked for 50 at a time
    windows      none: the newest years of a table, each time
    limits       30 questions a minute and address
    quirks       an address that is too long is answered by a page of 404: the batch is halved; one unknown code fails the whole question
                 (400); the body of an error may name another status than the answer has; missing values are null, with their mark in
                 `status`; a variable that may be left out is summed over; old municipalities stand beside those of today
    privacy      contact persons of tables stand in the answers and are never taken
    yields       register facts: one figure per region, column and year
    licence      CC BY 4.0
    facts from   PORTALS 3.2 (vegard1104/kommunebarometer, recorded questions and answers); 07459 is not seen
    """

    platform = "ssb-kostra"
    yields = (RegisterFact,)
    Settings = SsbKostraSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        for table in source.settings.tables:
            query = {"lang": "no", "outputformat": "json-stat2"}
            yield Request(url=f"{_address(source, table, 'metadata')}?{urlencode(query)}", context={"step": "table", "table": table})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        step, table = capture.context["step"], capture.context["table"]
        regions = capture.context.get("regions", ())
        if step == "figures" and capture.status in (404, 414) and len(regions) > 1:
            yield from _halved(source, capture)
            return
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        cube = Cube(answer)
        missing = cube.missing()
        if missing:
            yield Trouble(key=capture.url, reason=Reason("no_items", step=step, field=missing))
        else:
            yield from _questions(source, table, cube) if step == "table" else _figures(table, cube)
            cube.top.leave(("value", "status"))
            yield Claim(key=capture.url, about="register_fact", scope="answer", leftovers=cube.top.rest())

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.url.startswith("https://data.ssb.no/api/pxwebapi/v2"):
            return SourceGuess(cls.platform, "https://data.ssb.no/api/pxwebapi/v2/", {}, "the address of the service", 0.95)
        return None


class Cube:
    """A JSON-stat 2 dataset: which variable is what, and the codes of each in the order of the values."""

    def __init__(self, answer: Any) -> None:
        self.top = Fields(answer)
        self.dimensions: Mapping[str, Any] = self.top.object("dimension").data
        role = self.top.object("role")
        self.region, self.metric, self.time = (as_text(next(iter(role.items(name)), None)) or "" for name in ("geo", "metric", "time"))
        self.order: Sequence[str] = self.top.items("id")
        self.top.leave(("version", "class", "label", "source", "updated", "note", "size", "extension", "link", "href"))

    def missing(self) -> str:
        """The name of what makes it no dataset of ours; "" when nothing does."""
        for role, name in (("geo", self.region), ("metric", self.metric), ("time", self.time)):
            if name not in self.dimensions or name not in self.order:
                return f"role.{role}"
        return next((f"dimension.{name}" for name in self.order if not self.codes(name)), "")

    def codes(self, name: str) -> list[str]:
        """The codes of a variable, in order."""
        index = self._category(name).data.get("index")
        if isinstance(index, Mapping) and all(isinstance(place, int) for place in index.values()):
            return sorted(index, key=lambda code: index[code])
        return index if isinstance(index, list) and all(isinstance(code, str) for code in index) else []

    def label(self, name: str, code: str) -> str | None:
        """What a code is called."""
        return self._category(name).object("label").text(code)

    def unit(self, code: str) -> str:
        """The unit of a column; "tall" where the table names none."""
        return self._category(self.metric).object("unit").object(code).text("base") or "tall"

    def may_be_left_out(self, name: str) -> bool:
        """Whether the answer sums over a variable that is not asked for."""
        return Fields(self.dimensions.get(name)).object("extension").take("elimination") is True

    def _category(self, name: str) -> Fields:
        return Fields(self.dimensions.get(name)).object("category")


def _address(source: Source, table: str, what: str) -> str:
    return urls.parse(f"tables/{table}/{what}", source.url if source.url.endswith("/") else f"{source.url}/")


def _questions(source: Source, table: str, cube: Cube) -> Iterator[Record | Request]:
    """The figures of a table whose variables are known, so many regions at a time that the address stays short."""
    others = [name for name in cube.order if name not in (cube.region, cube.metric, cube.time) and not cube.may_be_left_out(name)]
    if others:
        yield Trouble(key=f"table {table}", reason=Reason("table_variable", table=table, variable=others[0]))
        return
    wanted = [code for code in cube.codes(cube.metric) if not source.settings.contents or code in source.settings.contents]
    years = cube.codes(cube.time)[-source.settings.years :]
    chosen = {cube.metric: wanted, cube.time: years}
    regions = [code for code in cube.codes(cube.region) if REGION.fullmatch(code)]
    room = LONGEST_QUERY - sum(len(code) + 1 for codes in chosen.values() for code in codes)
    step = max(1, min(source.settings.regions, room // 6))
    for start in range(0, len(regions), step):
        yield _figures_of(source, table, cube.region, regions[start : start + step], chosen)


def _figures_of(source: Source, table: str, variable: str, regions: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> Request:
    codes = {variable: regions, **chosen}
    query = "".join(f"&valuecodes[{name}]={','.join(values)}" for name, values in codes.items())
    context = {"step": "figures", "table": table, "variable": variable, "regions": list(regions), "chosen": dict(chosen)}
    return Request(url=f"{_address(source, table, 'data')}?lang=no&outputformat=json-stat2{query}", context=context)


def _halved(source: Source, capture: Capture) -> Iterator[Request]:
    asked = capture.context
    middle = len(asked["regions"]) // 2
    for part in (asked["regions"][:middle], asked["regions"][middle:]):
        yield _figures_of(source, asked["table"], asked["variable"], part, asked["chosen"])


def _figures(table: str, cube: Cube) -> Iterator[Record]:
    """One fact per cell; a cell that cannot be is passed over, one that is missing keeps its mark."""
    values, marks = cube.top.take("value"), cube.top.take("status")
    regions, columns, years = cube.codes(cube.region), cube.codes(cube.metric), cube.codes(cube.time)
    sizes = [len(cube.codes(name)) for name in cube.order]
    total = len(regions) * len(columns) * len(years)
    cells = values if isinstance(values, dict) else dict(enumerate(values if isinstance(values, list) else ()))
    if total != _product(sizes) or not isinstance(values, dict | list) or (isinstance(values, list) and len(values) != total):
        yield Trouble(
            key=f"table {table}", outcome=Outcome.DRIFTED, reason=Reason("list_short", step="figures", expected=total, read=len(cells))
        )
        return
    for r, region in enumerate(regions):
        for c, column in enumerate(columns):
            for y, year in enumerate(years):
                place = {cube.region: r, cube.metric: c, cube.time: y}
                index = 0
                for name, size in zip(cube.order, sizes, strict=True):
                    index = index * size + place.get(name, 0)
                value, mark = cells.get(index, cells.get(str(index))), _mark(marks, index)
                if REGION.fullmatch(region) and (value is not None or mark in MISSING[1:]):
                    yield RegisterFact(
                        key=f"{region}/{table}/{column}/{year}", locator=f"/value/{index}", subject=region, property=f"{table}/{column}",
                        value=as_text(value), label=cube.label(cube.metric, column), unit=cube.unit(column), status=mark,
                        since=f"{year[:4]}-01-01", until=f"{year[:4]}-12-31", source_url=f"https://www.ssb.no/statbank/table/{table}/",
                    )  # fmt: skip


def _product(sizes: Iterable[int]) -> int:
    product = 1
    for size in sizes:
        product *= size
    return product


def _mark(marks: Any, index: int) -> str | None:
    """The mark of a cell: `status` is one text for all, a list, or an object by place."""
    if isinstance(marks, str):
        return marks
    if isinstance(marks, list):
        return as_text(marks[index]) if index < len(marks) else None
    return as_text(marks.get(str(index))) if isinstance(marks, Mapping) else None
