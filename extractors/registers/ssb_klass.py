"""SSB Klass: the official lists of municipalities, counties and KOSTRA groups, and how they changed (Statistics Norway)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

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

MUNICIPALITIES, COUNTIES, GROUPS = "131", "104", "112"
NAME_OF = {MUNICIPALITIES: "municipality_name", COUNTIES: "county_name", GROUPS: "kostra_group_name"}
NOT_STATED = ("9999", "99")  # "Uoppgitt"


class SsbKlassSettings(SourceSettings):
    """`changes_since` is the first day whose changes are read."""

    changes_since: str = "1977-01-01"


class SsbKlass(Extractor):
    """
    vendor       Statistisk sentralbyrå (SSB); open, no key
    recognise    data.ssb.no/api/klass/v1
    endpoints    GET /classifications/{131, 104, 112}/codesAt.json, /classifications/{131, 104}/changes.json,
                 /classifications/112/correspondsAt.json?targetClassificationId=131
    set-up       none
    paging       none
    windows      codes: those of the window's last day; changes: from a fixed day, each time
    limits       none stated
    quirks       XML unless .json is asked for, CSV is ISO-8859-1; code 9999 is no municipality; names hold every official language, parted
                 by " - ", and the county in brackets for namesakes; `to` of the changes is not included; a change has one row per old and
                 new code, and a code that only got another name has itself for successor
    yields       register facts: names, successors, KOSTRA groups
    licence      CC BY 4.0
    facts from   PORTALS 3.2 (vegard1104/kommunebarometer, a recorded answer)
    """

    platform = "ssb-klass"
    yields = (RegisterFact,)
    Settings = SsbKlassSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        day, after = window.until.isoformat(), (window.until + timedelta(days=1)).isoformat()
        for number in NAME_OF:
            yield _ask(source, f"{number}/codesAt.json", {"date": day, "language": "nb"}, step="codes", list=number)
        for number in (MUNICIPALITIES, COUNTIES):
            yield _ask(source, f"{number}/changes.json", {"from": source.settings.changes_since, "to": after}, step="changes", list=number)
        yield _ask(
            source, f"{GROUPS}/correspondsAt.json", {"targetClassificationId": MUNICIPALITIES, "date": day, "language": "nb"},
            step="correspondence", list=GROUPS,
        )  # fmt: skip

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        answer, trouble = read_json(capture)
        if trouble:
            yield trouble
            return
        step = capture.context["step"]
        field = {"codes": "codes", "changes": "codeChanges", "correspondence": "correspondenceItems"}[step]
        top = Fields(answer)
        rows = top.take(field)
        if not isinstance(rows, list):
            yield Trouble(key=capture.url, reason=Reason("no_items", step=step, field=field))
            return
        yield Claim(key=capture.url, about="register_fact", scope="answer" if rows else "total", leftovers=top.rest())
        read = {"codes": _read_code, "changes": _read_change, "correspondence": _read_correspondence}[step]
        for index, row in enumerate(rows):
            yield from read(capture.context["list"], Fields(row), f"/{field}/{index}")

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        if capture.url.startswith("https://data.ssb.no/api/klass/v1"):
            return SourceGuess(cls.platform, "https://data.ssb.no/api/klass/v1/", {}, "the address of the service", 0.95)
        return None


def _ask(source: Source, path: str, query: dict[str, str], **context: Any) -> Request:
    root = source.url if source.url.endswith("/") else f"{source.url}/"
    return Request(url=f"{urls.parse(f'classifications/{path}', root)}?{urlencode(query)}", context=context)


def _page_of(classification: str) -> str:
    return f"https://www.ssb.no/klass/klassifikasjoner/{classification}"


def _read_code(classification: str, row: Fields, locator: str) -> Iterator[Record]:
    code, name = row.text("code"), row.text("name")
    row.leave(("parentCode", "level", "shortName", "presentationName", "notes", "validFromInRequestedRange", "validToInRequestedRange"))
    since, until = row.text("validFrom"), row.text("validTo")
    if not code:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="codes", field="code"))
    elif code not in NOT_STATED:
        named = NAME_OF[classification]
        yield RegisterFact(
            key=f"{code}/{named}", locator=locator, subject=code, property=named, value=name, since=since, until=until,
            source_url=_page_of(classification), leftovers=row.rest(),
        )  # fmt: skip


def _read_change(classification: str, row: Fields, locator: str) -> Iterator[Record]:
    """One old and one new code: a merger has several rows with one new code, a split several with one old."""
    old, new, day = row.text("oldCode"), row.text("newCode"), row.text("changeOccurred")
    old_name, new_name = row.text("oldName"), row.text("newName")
    row.leave(("oldShortName", "newShortName"))
    subject = old or new
    if not subject or not day:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="changes", field="oldCode"))
        return
    what = "established" if not old else "discontinued" if not new else "renamed" if old == new else "successor"
    yield RegisterFact(
        key=f"{subject}/{what}/{new or ''}/{day}", locator=locator, subject=subject, property=what, value=new or old,
        label=new_name or old_name, since=day, source_url=_page_of(classification), leftovers=row.rest(),
    )  # fmt: skip
    if old:
        yield RegisterFact(
            key=f"{old}/former_name/{day}", locator=locator, subject=old, property="former_name", value=old_name, until=day,
            source_url=_page_of(classification),
        )  # fmt: skip


def _read_correspondence(classification: str, row: Fields, locator: str) -> Iterator[Record]:
    group, name, code = row.text("sourceCode"), row.text("sourceName"), row.text("targetCode")
    row.leave(("targetName", "sourceShortName", "targetShortName"))
    if not group or not code:
        yield Trouble(key=locator, locator=locator, reason=Reason("no_identifier", step="correspondence", field="targetCode"))
    elif code not in NOT_STATED:
        yield RegisterFact(
            key=f"{code}/kostra_group", locator=locator, subject=code, property="kostra_group", value=group, label=name,
            source_url=_page_of(classification), leftovers=row.rest(),
        )  # fmt: skip
