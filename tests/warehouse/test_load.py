"""From staged batches to tables: once, whole, with history, and the same whatever happened on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from catalogue.reasons import Reason
from extractors.contract import Claim, Outcome, Trouble
from tests.warehouse.staged import (
    CANTEEN,
    DATASET,
    ENTRY,
    JOURNAL,
    REGISTER,
    ROBOTS,
    TODAY,
    WEBSITE,
    fill,
    stage,
    stage_everything,
)
from warehouse import load
from warehouse.store import Store


@pytest.fixture
def store(made: Path):
    with Store(made) as opened:
        yield opened


def rows(store: Store, sql: str) -> list[tuple]:
    return store.connection.execute(sql).fetchall()


def test_a_batch_is_loaded_with_its_run_captures_coverage_and_watermark(store: Store) -> None:
    stage_everything(store.home)
    report = fill(store)
    assert (report.batches, report.rows_in, report.rows_out, report.quarantined, report.duplicates) == (5, 7, 7, 0, 0)
    assert report.new == 9  # two distributions hang on the dataset
    assert rows(store, "SELECT sum(rows_in), sum(rows_out + quarantined + duplicates) FROM raw.batches") == [(7, 7)]
    assert rows(store, "SELECT source, outcome FROM raw.runs WHERE outcome <> 'fresh'") == [("einnsyn/lynghei", "blocked")]
    assert rows(store, "SELECT count(*), count(DISTINCT sha256) FROM raw.captures") == [(5, 5)]
    assert rows(store, "SELECT kind, claimed, held, is_complete FROM raw.coverage WHERE source = 'einnsyn/fjordvik' ORDER BY kind") == [
        ("agenda_item", None, 1, True), ("journal_entry", 3, 1, True), ("meeting", None, 1, True),
    ]  # fmt: skip
    assert rows(store, "SELECT kind, held, is_complete, reason_code FROM raw.coverage WHERE source = 'einnsyn/lynghei'") == [
        (None, 0, False, "robots_refuses")
    ]
    assert rows(store, "SELECT utfall, utfall_kode, arsak, arsak_kode, plattform FROM kjoringer WHERE kilde = 'einnsyn/lynghei'") == [
        ("stengt for oss", "blocked", ROBOTS.sentence("nb"), "robots_refuses", "eInnsyn")
    ]
    assert rows(store, "SELECT kode, kjoringer FROM arsaker WHERE kjoringer > 0") == [("robots_refuses", 1)]


def test_loading_again_changes_nothing(store: Store) -> None:
    stage_everything(store.home)
    fill(store)
    before = rows(store, "FROM core.pages ORDER BY id")
    again = fill(store)
    assert (again.batches, again.rows_in, again.new, again.changed) == (0, 0, 0, 0)
    assert rows(store, "FROM core.pages ORDER BY id") == before


def test_a_changed_page_keeps_its_old_version_with_the_days_it_held(store: Store) -> None:
    stage(store.home, WEBSITE, 1, [REGISTER, CANTEEN])
    stage(store.home, WEBSITE, 8, [replace(REGISTER, title="Gaveregisteret er nedlagt")])
    report = fill(store, is_flagged=False)
    assert (report.new, report.changed) == (2, 1)
    first, second = datetime(2026, 2, 1, 3), datetime(2026, 2, 8, 3)
    assert rows(store, "SELECT title, first_seen, changed_at FROM core.pages WHERE key LIKE '%gave%'") == [
        ("Gaveregisteret er nedlagt", first, second)
    ]
    assert rows(store, "SELECT title, valid_from, valid_to FROM core.pages_history") == [(REGISTER.title, first, second)]
    assert rows(store, "SELECT tittel, gjelder_til FROM utgaver WHERE tittel LIKE '%ave%' ORDER BY gjelder_fra") == [
        (REGISTER.title, second), ("Gaveregisteret er nedlagt", None),
    ]  # fmt: skip


def test_the_same_content_read_again_is_no_new_version(store: Store) -> None:
    stage(store.home, JOURNAL, 1, [ENTRY])
    stage(store.home, JOURNAL, 2, [replace(ENTRY, case_worker="Saksbehandler 7")])
    report = fill(store, is_flagged=False)
    assert (report.new, report.changed) == (1, 0)
    assert rows(store, "SELECT changed_at FROM core.journal_entries") == [(datetime(2026, 2, 1, 3),)]


def test_parts_of_one_record_from_two_batches_become_one_row(store: Store) -> None:
    stage(store.home, JOURNAL, 1, [ENTRY])
    detail = replace(ENTRY, title=None, senders=None, unit="Innkjøp", locator="/detail")
    stage(store.home, JOURNAL, 2, [detail])
    report = fill(store, is_flagged=False)
    assert (report.rows_in, report.rows_out, report.duplicates) == (3, 2, 1)
    assert rows(store, "SELECT title, unit FROM core.journal_entries") == [(ENTRY.title, "Innkjøp")]


def test_a_batch_that_arrives_late_gives_the_same_tables_as_one_in_time(tmp_path: Path) -> None:
    versions = {1: REGISTER, 2: replace(REGISTER, title="To"), 3: replace(REGISTER, title="Tre")}
    tables = []
    for order in ((1, 2, 3), (1, 3, 2)):
        home = tmp_path / "".join(map(str, order))
        with Store(home) as store:
            for day in order:
                stage(home, WEBSITE, day, [versions[day]])
                load.load_batches(store, home / "staging", today=TODAY)
            tables.append([rows(store, f"FROM {table} ORDER BY ALL") for table in ("core.pages", "core.pages_history", "raw.batches", "raw.coverage")])
    assert tables[0] == tables[1]
    assert tables[0][0][0][10] == "Tre"


def test_a_dataset_that_loses_a_distribution_keeps_it_in_history_only(store: Store) -> None:
    stage(store.home, "website/tindmark", 1, [DATASET])
    stage(store.home, "website/tindmark", 5, [replace(DATASET, distributions=DATASET.distributions[:1])])
    fill(store, is_flagged=False)
    assert rows(store, "SELECT position FROM core.distributions") == [(0,)]
    assert rows(store, "SELECT position, valid_to FROM core.distributions_history") == [(1, datetime(2026, 2, 5, 3))]


def test_what_could_not_be_read_stands_in_quarantine_until_it_can(store: Store) -> None:
    stage(store.home, WEBSITE, 1, [CANTEEN, Trouble(key="t", reason=Reason("error_page"), locator="/x")])
    fill(store, is_flagged=False)
    assert rows(store, "SELECT arsak, arsak_kode, slag FROM karantene") == [(Reason("error_page").sentence("nb"), "error_page", "trouble")]
    broken = replace(REGISTER, title=None, text=None, locator="/broken")
    stage(store.home, WEBSITE, 2, [broken])
    report = fill(store, is_flagged=False)
    assert (report.rows_in, report.quarantined) == (1, 1)
    stage(store.home, WEBSITE, 3, [replace(REGISTER, locator="/broken")])
    fill(store, is_flagged=False)
    assert rows(store, "SELECT arsak_kode FROM karantene") == [("error_page",)]
    assert rows(store, "SELECT rows_in = rows_out + quarantined + duplicates FROM raw.batches") == [(True,)] * 3


def test_holes_in_the_serial_numbers_say_whether_the_window_was_read_whole(store: Store) -> None:
    entries = [
        replace(ENTRY, key=f"jp-{n}", serial=f"{n}/2026", journal_date=day, document_number=f"2026/17-{n}", locator=f"/items/{n}/{letter}")
        for n, day, letter in ((1, "2026-02-02", "a"), (2, "2026-02-03", "b"), (7, "2026-02-05", "c"), (9, "2026-04-01", "d"))
    ]
    stage(store.home, JOURNAL, 6, entries)
    fill(store, is_flagged=False)
    assert rows(store, "SELECT forste_som_mangler, siste_som_mangler, mangler, lest_helt FROM dekning WHERE gjelder = 'gap' ORDER BY fra_dag") == [
        ("3/2026", "6/2026", 4, True), ("8/2026", "8/2026", 1, False),
    ]  # fmt: skip


def test_a_load_that_dies_midway_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    stage(store.home, WEBSITE, 1, [REGISTER])
    result = stage(store.home, WEBSITE, 2, [CANTEEN])
    captures = store.home / "staging" / "website__fjordvik" / f"{result.batch}.captures.parquet"
    whole = captures.read_bytes()
    captures.write_bytes(b"not parquet")
    with pytest.raises(Exception, match=r"(?i)parquet"):
        load.load_batches(store, store.home / "staging", today=TODAY)
    assert rows(store, "SELECT count(*) FROM core.pages") == [(1,)]
    assert rows(store, "SELECT count(*) FROM raw.batches") == [(1,)]
    captures.write_bytes(whole)
    load.load_batches(store, store.home / "staging", today=TODAY)
    assert rows(store, "SELECT count(*) FROM core.pages") == [(2,)]


def test_a_take_down_empties_the_row_its_history_and_what_was_concluded(store: Store) -> None:
    stage(store.home, WEBSITE, 1, [REGISTER, CANTEEN])
    stage(store.home, WEBSITE, 2, [replace(REGISTER, title="Gaveregister, ny tekst")])
    fill(store)
    assert rows(store, "SELECT count(*) FROM ogp.candidates") == [(1,)]
    load.load_batches(store, store.home / "staging", today=TODAY, takedowns={(WEBSITE, REGISTER.key)})
    assert rows(store, "SELECT title, text, withdrawn, first_seen FROM core.pages WHERE key LIKE '%gave%'") == [
        (None, None, True, datetime(2026, 2, 1, 3))
    ]
    for table in ("core.pages_history", "ogp.candidates", "ogp.evidence", "ogp.verdicts", "ogp.candidate_documents"):
        assert rows(store, f"SELECT count(*) FROM {table}") == [(0,)], table
    stage(store.home, WEBSITE, 9, [replace(REGISTER, title="Hentet igjen")])
    load.load_batches(store, store.home / "staging", today=TODAY, takedowns={(WEBSITE, REGISTER.key)})
    assert rows(store, "SELECT title, withdrawn FROM core.pages WHERE key LIKE '%gave%'") == [(None, True)]
    load.load_batches(store, store.home / "staging", today=TODAY)
    assert rows(store, "SELECT title FROM core.pages WHERE key LIKE '%gave%'") == [("Hentet igjen",)]


def test_names_go_when_an_entry_turns_a_year_also_from_history(store: Store) -> None:
    named = replace(ENTRY, title="Søknad fra Ragnhild Tangvik om skjenkebevilling", senders=("Ragnhild Tangvik",))
    stage(store.home, JOURNAL, 1, [named])
    stage(store.home, JOURNAL, 2, [replace(named, title="Ny søknad fra Ragnhild Tangvik om skjenkebevilling")])
    late = date(2027, 3, 1)
    load.load_batches(store, store.home / "staging", today=TODAY)
    load.load_batches(store, store.home / "staging", today=late)
    aged = [rows(store, f"SELECT title, sender, content_hash FROM core.{t} ORDER BY ALL") for t in ("journal_entries", "journal_entries_history")]
    with Store(store.home, "fresh.duckdb") as fresh:
        load.load_batches(fresh, store.home / "staging", today=late)
        anew = [rows(fresh, f"SELECT title, sender, content_hash FROM core.{t} ORDER BY ALL") for t in ("journal_entries", "journal_entries_history")]
    assert aged == anew
    assert "Tangvik" not in json.dumps(aged, default=str)
    assert aged[0][0][1] is None


def test_a_verified_empty_window_counts_as_read_whole(store: Store) -> None:
    stage(store.home, JOURNAL, 1, [Claim(key="probe", about="journal_entry", scope="total", count=0)], outcome=Outcome.EMPTY_VERIFIED, claimed=0)
    fill(store, is_flagged=False)
    assert rows(store, "SELECT slag, kilden_oppgir, vi_har, lest_helt FROM dekning") == [("journal_entry", 0, 0, True)]


def test_it_is_the_same_however_many_records_are_read_at_a_time(tmp_path: Path) -> None:
    held = []
    for name, records in (("whole", 1_000), ("sliced", 1)):
        with Store(tmp_path / name) as store:
            stage_everything(store.home)
            report = load.load_batches(store, store.home / "staging", today=TODAY, slice_records=records)
            kept = {t: sorted(map(repr, rows(store, f"FROM core.{t}"))) for t in ("journal_entries", "pages", "datasets", "distributions", "meetings")}
            held.append((report.as_json(), kept, rows(store, "FROM raw.batches ORDER BY ALL"), rows(store, "FROM raw.quarantine ORDER BY ALL")))
    assert held[0] == held[1] and held[0][0]["rows_in"] == 7
