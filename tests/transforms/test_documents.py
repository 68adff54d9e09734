"""The texts evidence is looked for in."""

from __future__ import annotations

import hashlib

import pandas as pd

from catalogue import rubric
from extractors.contract import AgendaItem, Dataset, JournalEntry, Meeting, Page
from tests.transforms.staged_records import TODAY, staged, together
from transforms import evidence
from transforms.documents import COLUMNS, documents
from transforms.normalise import normalise

PAGE = Page(key="https://www.fjordvik.kommune.no/gaver", title="Åpent gaveregister", text="Registeret er åpent.\n\nAlle kan søke.", published="2.10.2026", language="nb",
            breadcrumb=("Forside", "Politikk"))  # fmt: skip
MEETING = Meeting(key="m-1", committee="Kommunestyret", start="2026-10-15T16:00:00Z")
ITEM = AgendaItem(key="s-1", meeting_key="m-1", title="Gaveregister", text="Saken gjelder et register.", decision="Vedtatt.", case_number="2026/88")
ENTRY = JournalEntry(key="jp-1", title="Høring", case_title="Gaveregister", journal_date="2026-10-01", document_date="2026-09-28", case_number="2026/88")
DATASET = Dataset(key="d-1", title="Lekeplasser", description="Alle lekeplasser.", keywords=("lek", "kart"), modified="2026-08-01", issued="2020-01-01")


def texts(**more):
    rows = together([staged(PAGE, source="website/fjordvik"), staged(MEETING, ITEM, ENTRY), staged(DATASET, source="ckan/fjordvik")])
    return documents(normalise(rows, today=TODAY, **more).tables)


def test_each_searchable_row_is_one_document_with_its_type_text_and_best_date():
    found = texts().set_index("document_table")
    assert found["source_type"].to_dict() == {"pages": "own_page", "agenda_items": "council_case", "journal_entries": "mail_journal", "datasets": "portal"}
    assert found["text"].to_dict() == {"pages": "Registeret er åpent.\n\nAlle kan søke.", "agenda_items": "Saken gjelder et register.\n\nVedtatt.", "journal_entries": "Gaveregister",
                                       "datasets": "Alle lekeplasser.\n\nlek; kart"}  # fmt: skip
    assert found["date"].dt.date.astype(str).to_dict() == {"pages": "2026-10-02", "agenda_items": "2026-10-15", "journal_entries": "2026-09-28", "datasets": "2026-08-01"}
    assert list(texts().columns) == list(COLUMNS)


def test_the_hash_is_over_title_and_text():
    page = texts().iloc[0]
    assert page["text_hash"] == hashlib.sha256(b"\xc3\x85pent gaveregister\n\nRegisteret er \xc3\xa5pent.\n\nAlle kan s\xc3\xb8ke.").hexdigest()
    assert page["first_seen"] == page["captured_at"] == pd.Timestamp("2026-11-01 06:00")


def test_a_withdrawn_row_is_no_document():
    assert "jp-1" not in texts(takedowns=frozenset({("einnsyn/fjordvik", "jp-1")}))["locator"].tolist()
    assert len(texts(takedowns=frozenset({("einnsyn/fjordvik", "jp-1")}))) == 3


def test_sources_that_are_no_body_s_own_say_so():
    rows = together([staged(PAGE, source="by-hand/fjordvik"), staged(PAGE, source="press/fjordvik")])
    assert list(documents(normalise(rows, today=TODAY).tables)["source_type"]) == ["by_hand", "press"]


def film(number, day):
    return Meeting(key=f"{number}", committee="Kommunestyret", start=day, video_url=f"https://fjordvik.kommunetv.no/archive/{number}")


def test_the_first_film_of_a_portal_tells_that_meetings_can_be_watched():
    later, first, agenda = film(812, "2026-10-15"), film(640, "2026-09-10"), MEETING
    rows = normalise(together([staged(later, first, agenda, source="kommunetv/fjordvik"), staged(MEETING)]), today=TODAY).tables
    (found,) = documents(rows).to_dict("records")
    assert (found["source_type"], found["title"], found["text"]) == ("recording", "Kommunestyret", "https://fjordvik.kommunetv.no/archive/640")
    assert str(found["date"].date()) == "2026-09-10"
    seen = rows["meetings"].assign(first_seen=pd.to_datetime(["2026-11-02"] * 4)).assign(first_seen=lambda f: f["first_seen"].where(f["key"] != "812", pd.Timestamp("2026-11-01")))
    assert documents({"meetings": seen})["text"].tolist() == ["https://fjordvik.kommunetv.no/archive/812"]
    judged = evidence.find(documents(rows), rubric.load())
    assert judged.verdicts["practice"].tolist() == ["kommune_tv"]
    assert "https://fjordvik.kommunetv.no/archive/640" in judged.evidence["quote"].tolist()


def test_no_tables_no_documents():
    assert list(documents({}).columns) == list(COLUMNS) and documents({}).empty
