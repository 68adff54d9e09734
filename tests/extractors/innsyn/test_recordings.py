"""Every file that was recorded of journals and meetings: what is read in it, or why it is not, counted by file.

`READ` and `QUARANTINED` name each file of shared/data/postlists once, `NO_RECORDING` those that are descriptions of a form and nobody's answer;
a new file fails the first test until somebody has looked at it.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pandas import DataFrame

from catalogue.reasons import entries
from extractors.contract import Capture, Claim, Extractor, JournalEntry, Record, Request, Source, Trouble, Window
from extractors.fetch.charset import decode
from extractors.fetch.client import sniff
from extractors.innsyn.acos import AcosInnsyn
from extractors.innsyn.einnsyn import EInnsyn
from extractors.innsyn.elements import Elements
from extractors.innsyn.noark4_journal import Noark4Journal
from extractors.innsyn.noark5_journal import Noark5Journal
from extractors.innsyn.opengov import OpenGovMeetings
from extractors.innsyn.wfinnsyn import WfInnsyn
from extractors.platforms import EXTRACTORS
from extractors.staging import envelope
from tests.shared_data import SHARED, shared
from transforms.normalise import normalise

POSTLISTS = SHARED / "postlists"
EVER = Window(date(2000, 1, 1), date(2027, 12, 31))
BOARD = {"step": "board", "board": "216162", "name": None, "year": 2018}
HITS, FILE, SHELL = {"step": "hits"}, {"step": "source"}, {"step": "shell"}

# file → platform, context of the question, window, records of each kind
READ: dict[str, tuple[type[Extractor], dict[str, Any], Window, dict[str, int]]] = {
    "noark5-offentlig-journal/arkade_Noark5Archive_offentligJournal.xml": (Noark5Journal, FILE, EVER, {"journal_entry": 4, "case": 2}),
    "noark5-offentlig-journal/arkade_SharpSeparation_offentligJournal.xml": (Noark5Journal, FILE, EVER, {"journal_entry": 4, "case": 2}),
    "noark5-offentlig-journal/arkade_UnEqualJournals_offentligJournal.xml": (Noark5Journal, FILE, EVER, {"journal_entry": 4, "case": 2}),
    "noark4-oj-json/tfk_journals.json": (Noark4Journal, FILE, EVER, {"journal_entry": 1, "case": 1}),
    "einnsyn-jsonld/einnsyn_difi_fulltekst_-minimal.xml": (Noark4Journal, FILE, EVER, {"journal_entry": 2, "case": 2}),
    "einnsyn-jsonld/resultatjournalfil_1.jsonld": (EInnsyn, HITS, EVER, {"journal_entry": 1, "case": 1}),
    "einnsyn-jsonld/konvertert_mote_1.jsonld": (EInnsyn, HITS, EVER, {"journal_entry": 1, "case": 1}),
    "einnsyn-jsonld/konvertert_mote_2.jsonld": (EInnsyn, HITS, EVER, {"journal_entry": 1, "case": 1}),
    "einnsyn-legacy/witness_snapshot_2026-08-11.json": (EInnsyn, HITS, EVER, {"journal_entry": 40, "case": 10}),
    "einnsyn-legacy/witness_snapshot_2026-08-22.json": (EInnsyn, HITS, EVER, {"journal_entry": 41, "case": 9}),
    "acos-mote-html/sauda_sample.html": (AcosInnsyn, SHELL, EVER, {"request": 2}),
    "acos-mote-html/strand_sample.html": (AcosInnsyn, SHELL, EVER, {"request": 2}),
    "acos-wfinnsyn/baerum2018_utvalg-page.html": (
        WfInnsyn, {"step": "grid", "year": 2018}, Window(date(2018, 1, 1), date(2018, 12, 31)), {"meeting": 159, "request": 14 + 159}),
    "opengov360/tfk_get-boards-page.html": (OpenGovMeetings, {"step": "boards"}, Window(date(2018, 3, 1), date(2018, 10, 31)), {"request": 48}),
    "opengov360/tfk_get-meetings-page.html": (OpenGovMeetings, BOARD, EVER, {"meeting": 5, "request": 3}),
    "opengov360/tfk_get-agenda-page.html": (
        OpenGovMeetings, {"step": "meeting", "meeting": "644324", "start": None}, EVER, {"meeting": 1, "agenda_item": 9, "request": 9}),
    "opengov360/tfk_get-details-page.html": (OpenGovMeetings, {"step": "item", "meeting": "644324", "item": "211236"}, EVER, {"agenda_item": 1}),
}  # fmt: skip

# A part of a record that other answers complete: alone it says too little for a table.
PARTS = {"opengov360/tfk_get-details-page.html"}
ADDRESSES = {
    "opengov-meetings": "https://opengov.360online.com/Meetings/tfk", "elements-publikum": "https://prod02.elementscloud.no/publikum/999999999_PROD-999999999"}  # fmt: skip

# file → platform, context, the reason's code
QUARANTINED: dict[str, tuple[type[Extractor], dict[str, Any], str]] = {
    "noark5-offentlig-journal/arkade_Noark5Archive_loependeJournal.xml": (Noark5Journal, FILE, "internal_journal"),
    # An archive's meetings as they were delivered to eInnsyn, and no journal.
    "einnsyn-jsonld/mote_1042259.xml": (Noark5Journal, FILE, "root_unknown"),
    # Its first line is missing.
    "einnsyn-jsonld/resultatjournalfil_2.jsonld": (EInnsyn, HITS, "not_json"),
    "einnsyn-legacy/witness_state.json": (EInnsyn, HITS, "no_items"),
    # Copied together by hand from several answers of the API.
    "einnsyn-api-derived/einnsyn-meetings-2026-05.excerpt.json": (EInnsyn, {"step": "meetings", "page": 1, "unit": "enh_1"}, "no_items"),
    # Pages made by hand, without what tells the application of a page.
    "acos-mote-html/acos_sample.html": (AcosInnsyn, SHELL, "no_application"),
    "acos-mote-html/custom_sample.html": (AcosInnsyn, SHELL, "no_application"),
    "acos-mote-html/eigersund_detail.html": (AcosInnsyn, SHELL, "no_application"),
    "acos-mote-html/eigersund_table.html": (AcosInnsyn, SHELL, "no_application"),
    "acos-mote-html/hjelmeland_sample.html": (AcosInnsyn, SHELL, "no_application"),
    "acos-mote-html/onacos_sample.html": (AcosInnsyn, SHELL, "no_application"),
    "acos-mote-html/elements_sample.html": (Elements, {"step": "meetings", "year": 2025}, "shell_for_json"),
    "acos-mote-html/klepp_sample.html": (OpenGovMeetings, BOARD, "no_items"),
    # Lists cut out of their page; the two meetings of each are read in test_360.
    "acos-mote-html/randaberg_sample.html": (OpenGovMeetings, BOARD, "no_items"),
    "acos-mote-html/sandnes_sample.html": (OpenGovMeetings, BOARD, "no_items"),
}  # fmt: skip

TITLES = "acos-nye-innsyn/strand_titles_2025.csv"
# What others read in a page; the pages are held against it in test_360 and test_wfinnsyn.
EXPECTED = ("acos-wfinnsyn/baerum2018_utvalg-data.json", *(
    f"opengov360/tfk_get-{page}.json" for page in ("agenda-data", "agenda-data-full", "boards-data", "details-data", "details-data-full",
                                                   "meetings-data", "meetings-data-full")))  # fmt: skip
NO_RECORDING = {".md", ".xsd", ".DTD", ".ttl", ".xlsx", ".tsp", ".yml"}
EXAMPLES = ("einnsyn-api-spec/innsynskrav_order-v1.xml", "einnsyn-api-spec/innsynskrav_order-v2.xml")
"""Orders for access as the API sends them to archives: nobody publishes them."""


def test_every_file_is_read_quarantined_or_no_recording():
    shared("postlists")
    files = {str(p.relative_to(POSTLISTS)) for p in POSTLISTS.rglob("*") if p.is_file() and p.suffix not in NO_RECORDING and p.name != "LICENSE"}
    assert files == {*READ, *QUARANTINED, *EXPECTED, *EXAMPLES, TITLES}


def read(name: str, extractor: type[Extractor], context: dict[str, Any], window: Window) -> tuple[Source, list[Record | Request]]:
    body = shared(f"postlists/{name}").read_bytes()
    url = ADDRESSES.get(extractor.platform, "https://innsyn.eksempel.kommune.no/")
    source = Source(f"{extractor.platform}/opptak", "999999999", extractor.platform, url, settings=extractor.Settings())
    media_type = "text/html" if name.endswith(".html") else sniff(body, None)
    capture = Capture(
        id="urn:opptak", request=Request(url=url, context=context), url=url, status=200, headers={}, body=body,
        fetched_at="2026-10-15T06:00:00+00:00", sha256="", media_type=media_type, text=decode(body, None).text,
    )  # fmt: skip
    return source, list(extractor().parse(source, window, capture))


@pytest.mark.parametrize("name", READ)
def test_a_recording_gives_the_records_that_were_counted(name):
    extractor, context, window, expected = READ[name]
    source, items = read(name, extractor, context, window)
    kinds = Counter("request" if isinstance(i, Request) else i.kind for i in items if not isinstance(i, Claim))
    assert dict(kinds) == expected
    assert [i.leftovers for i in items if not isinstance(i, Request) and i.leftovers] == []
    records = [i for i in items if not isinstance(i, Request | Claim)]
    if records:
        tables = normalised(source, records)
        assert tables.rows_in == sum(expected.values()) - expected.get("request", 0)
        assert (tables.rows_out, len(tables.quarantine)) == ((0, 1) if name in PARTS else (tables.rows_in, 0))


@pytest.mark.parametrize("name", QUARANTINED)
def test_a_recording_that_cannot_be_read_says_why(name):
    extractor, context, code = QUARANTINED[name]
    _, items = read(name, extractor, context, EVER)
    assert [i.reason.code for i in items if isinstance(i, Trouble)] == [code] and code in entries()
    assert [i for i in items if not isinstance(i, Trouble)] == []


def test_the_form_nobody_reads_is_no_platforms_own():
    for name in QUARANTINED:
        body = shared(f"postlists/{name}").read_bytes()
        for extractor in (Noark5Journal, Noark4Journal):
            capture = Capture(id="x", request=Request(url="https://x.no/"), url="https://x.no/", status=200, headers={}, body=body, fetched_at="",
                              sha256="", media_type=sniff(body, None), text=decode(body, None).text)  # fmt: skip
            assert extractor.detect(capture) is None, name
    assert {"noark5-journal", "noark4-journal", "pdf-journal"} <= EXTRACTORS.keys()


def normalised(source: Source, records: list[Record]):
    rows = [envelope(replace(r, capture="c"), source=source.id, authority=source.authority, platform=source.platform, batch="b",
                     captured_at="2026-10-15T06:00:00+00:00", url=source.url) for r in records]  # fmt: skip
    return normalise(DataFrame(rows), today=date(2026, 10, 15))


def test_titles_of_a_council_keep_their_type_and_day():
    with shared(f"postlists/{TITLES}").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    source = Source("acos-innsyn/opptak", "999999999", "acos-innsyn", "https://innsyn.eksempel.kommune.no/")
    entries_read = [JournalEntry(key=f"{n} {r['dokumentID']}", locator=f"/{n}", serial=r["dokumentID"], journal_date=r["dato"], document_type=r["dokumenttype"], title=r["tittel"])
                    for n, r in enumerate(rows)]  # fmt: skip
    tables = normalised(source, entries_read)
    table = tables.tables["journal_entries"]
    assert len(table) == len(rows) == tables.rows_out and tables.quarantine.empty
    assert dict(Counter(table["direction"])) == dict(Counter("saksframlegg" if r["dokumenttype"] == "Saksframlegg" else "annet" for r in rows))
    assert table["journal_date"].notna().all() and json.dumps(table["title"].tolist())
