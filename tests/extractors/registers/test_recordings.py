"""Every recording of a register that lies beside the project: how many records it gives, or why it gives none."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from extractors.contract import Capture, Claim, Extractor, Notice, RegisterFact, Request, Source, Trouble, Window
from extractors.fetch.charset import decode
from extractors.fetch.client import sniff
from extractors.registers.brreg import Brreg
from extractors.registers.doffin import Doffin
from extractors.registers.kommuneinfo import Kommuneinfo
from extractors.registers.ssb_klass import SsbKlass
from extractors.registers.ssb_kostra import SsbKostra
from tests.shared_data import SHARED, shared

WINDOW = Window(date(2026, 9, 15), date(2026, 10, 15))
UNITS, UNIT, ROLES = (
    {"step": "units", "query": {}, "page": 1},
    {"step": "unit", "unit": "112233445"},
    {"step": "roles", "unit": "810005912"},
)
# file below portals/: extractor, the question it answers, records, reasons
RECORDED: dict[str, tuple[type[Extractor], dict, int, tuple[str, ...]]] = {
    "brreg/python-brreg_enheter-details-deleted-response.json": (Brreg, UNIT, 12, ()),
    "brreg/python-brreg_enheter-details-response.json": (Brreg, UNIT, 12, ()),
    "brreg/python-brreg_enheter-roller-enhet-response.json": (Brreg, ROLES, 4, ()),
    "brreg/python-brreg_enheter-roller-person-response.json": (Brreg, ROLES, 0, ()),
    "brreg/python-brreg_enheter-search-empty-response.json": (Brreg, UNITS, 0, ()),
    "brreg/python-brreg_enheter-search-page1-response.json": (Brreg, UNITS, 24, ()),
    "brreg/python-brreg_enheter-search-page2-response.json": (Brreg, UNITS, 12, ()),
    "brreg/python-brreg_enheter-search-response.json": (Brreg, UNITS, 12, ()),
    "brreg/python-brreg_underenheter-details-deleted-response.json": (Brreg, UNIT, 12, ()),
    "brreg/python-brreg_underenheter-details-response.json": (Brreg, UNIT, 12, ()),
    "brreg/python-brreg_underenheter-search-empty-response.json": (Brreg, UNITS, 0, ()),
    "brreg/python-brreg_underenheter-search-response.json": (Brreg, UNITS, 0, ("list_short",)),  # another list: sub-units
    "brreg/tidybrreg_entity_923609016.json": (Brreg, UNIT, 12, ()),
    "brreg/tidybrreg_search_asa_5.json": (Brreg, UNITS, 60, ()),
    "kommuneinfo/fylkeskommuner.json": (Kommuneinfo, {"step": "counties"}, 1817, ()),
    "kommuneinfo/openapi.json": (Kommuneinfo, {"step": "counties"}, 0, ("no_items",)),  # the description of the service
    "ssb-klass/klass131_codesAt_2026-01-01.json": (SsbKlass, {"step": "codes", "list": "131"}, 357, ()),
    # Somebody's own files, made of what they fetched: no answers of the service.
    "ssb-kostra/2026-04-25T10-35-12-819Z.json": (SsbKostra, {"step": "figures", "table": "12134"}, 0, ("no_items",)),
    "ssb-kostra/code-history.json": (SsbKostra, {"step": "figures", "table": "12134"}, 0, ("no_items",)),
    "ssb-kostra/indikator-register.json": (SsbKostra, {"step": "figures", "table": "12134"}, 0, ("no_items",)),
    "ssb-kostra/robek.json": (SsbKostra, {"step": "figures", "table": "12134"}, 0, ("no_items",)),
}  # fmt: skip


def read(extractor: type[Extractor], body: bytes, context: dict, status: int = 200) -> list:
    url = "https://register.sandkasse.no/"
    source = Source(f"{extractor.platform}/x", "974760673", extractor.platform, url, settings=extractor.Settings())
    capture = Capture(
        "x",
        Request(url=url, context=context),
        url,
        status,
        {},
        body,
        "2026-10-15T06:00:00+00:00",
        "",
        sniff(body, None),
        decode(body, None).text,
    )
    return list(extractor().parse(source, WINDOW, capture))


def told(items: list) -> tuple[int, tuple[str, ...], set[str]]:
    assert all(isinstance(i, RegisterFact | Notice | Claim | Trouble | Request) for i in items)
    reasons = tuple(i.reason.code for i in items if isinstance(i, Trouble))
    strange = {name for i in items if not isinstance(i, Request) for name in i.leftovers}
    return sum(isinstance(i, RegisterFact | Notice) for i in items), reasons, strange


@pytest.mark.parametrize("name", RECORDED)
def test_a_recording_gives_what_is_in_it(name):
    extractor, context, records, reasons = RECORDED[name]
    assert told(read(extractor, shared(f"portals/{name}").read_bytes(), context))[:2] == (records, reasons)


def test_every_json_of_the_registers_is_in_the_table():
    shared("portals/brreg")
    there = {
        str(p.relative_to(SHARED / "portals"))
        for f in ("brreg", "kommuneinfo", "ssb-klass", "ssb-kostra")
        for p in (SHARED / "portals" / f).glob("*.json")
    }
    assert there == set(RECORDED)


def test_the_recorded_questions_to_the_statbank_are_read_or_refused_as_they_were_answered():
    log = json.loads(shared("portals/ssb-kostra/2026-04-25T10-35-12-819Z.json").read_text(encoding="utf-8"))
    figures = {"step": "figures", "table": "12134"}
    found = [i for i in read(SsbKostra, log["smoke"]["body"].encode(), figures) if isinstance(i, RegisterFact)]
    assert [(f.subject, f.value, f.unit, f.since) for f in found] == [
        ("0301", "81240", "kr", "2024-01-01"), ("4601", "66605", "kr", "2024-01-01"), ("5001", "62853", "kr", "2024-01-01"),
    ]  # fmt: skip
    contact = json.loads(log["smoke"]["body"])["extension"]["contact"][0]["name"]
    assert contact not in repr(found)
    assert told(read(SsbKlass, log["klass"]["body"].encode(), {"step": "codes", "list": "131"}))[0] == 357
    too_long = {**figures, "variable": "KOKkommuneregion0000", "regions": ["0301", "4601"], "chosen": {"Tid": ["2024"]}}
    assert len(read(SsbKostra, log["singleBatch"]["body"].encode(), too_long, status=404)) == 2
    for error in log["errors"]:
        assert told(read(SsbKostra, error["snippet"].encode(), figures, status=error["status"]))[:2] == (0, ("server_answered",))


def test_all_49_recorded_notices_are_read_whole_and_without_their_contacts():
    paths = sorted(shared("portals/doffin-eforms").glob("*.xml"))
    notices, kinds = [], Counter()
    for path in paths:
        key = path.stem.rpartition("_")[2]
        items = read(Doffin, path.read_bytes(), {"step": "notice", "notice": key})
        assert told(items) == (1, (), set()), path.name
        notices += items
        kinds[path.name.partition("_")[0]] += 1
        assert items[0].title and items[0].text and items[0].issued and items[0].cpv and items[0].publisher_name
    assert kinds == {"ContractNotice": 21, "ContractAwardNotice": 16, "PriorInformationNotice": 12}
    assert sum(bool(n.publisher) for n in notices) == 48  # one buyer has no number with a right check digit
    assert sum(bool(n.winners) for n in notices) == 14 and sum(bool(n.tenders) for n in notices) == 4
    assert sum(bool(n.awarded) for n in notices) == 12 and not any((n.awarded or "").startswith("2000") for n in notices)
    # A description may say whom to write to; the gate reads it. What stands in a contact's own fields is not taken.
    assert [n.key for n in notices if "kontakt@example.no" in repr(n) or "Kontaktperson" in repr(n)] == ["2024-102005"]


def test_the_table_of_numbers_beside_kommuneinfo_is_no_answer_of_it():
    (trouble,) = read(Kommuneinfo, shared("portals/kommuneinfo/1236.csv").read_bytes(), {"step": "counties"})
    assert trouble.reason.code == "not_json"
