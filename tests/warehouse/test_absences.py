"""What a source no longer shows: missed once, withdrawn after two looks, back when it is shown again; an outage is none of it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from catalogue import plans, rubric
from catalogue.sources import SourceEntry
from extractors import staging
from extractors.contract import AgendaItem, CaseFile, JournalEntry, Known, Meeting, Outcome, Window
from extractors.fetch.client import Client
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from sandbox.month import DAYS, OVER_AGE
from sandbox.tenants import TENANTS
from tests.extractors.innsyn.months import BODY, Watched, watching
from tests.warehouse.staged import BODIES, FJORDVIK, JOURNAL, SOURCES, fill, stage
from warehouse import absences, load
from warehouse.rebuild import RebuildReport, rebuild
from warehouse.store import Store

WHOLE = {"journal_entry": "window"}


def rows(store: Store, sql: str, *values: object) -> list[tuple]:
    return store.connection.execute(sql, list(values)).fetchall()


# --- a month on two platforms, looked at four times


def look(watched: Watched, home: Path, night: int) -> staging.RunResult:
    """Harvest the month into one staging folder, as the night's run does, and load what it brought."""
    tenant, day = watched.tenant, watched.month.day
    entry = SourceEntry(
        slug=BODY.slug, platform=tenant.platform, authority=BODY.orgnr, url=tenant.home, kinds=tenant.kinds, cadence="daily",
        settings=dict(tenant.settings()), fact="sandbox", confidence="tested", state="enabled", hosts=(tenant.host,),
    )  # fmt: skip
    source = source_from_entry(entry)
    client = Client(home, contact="post@dagslys.example", gateway=watched.gateway, pace=Pace(time.monotonic, time.sleep, floor_s=0, address_floor_s=0))
    at = datetime(day.year, day.month, day.day, night, tzinfo=UTC)
    window = Window(day - timedelta(days=DAYS - 1), day)
    try:
        result = harvest_source(
            source, window, Known(), client, home / "staging", run_id=f"night {night}", extractor=EXTRACTORS[source.platform](), budget=20_000, now=lambda: at,
        )  # fmt: skip
    finally:
        client.close()
    with Store(home) as store:
        load.load_batches(store, home / "staging", today=day)
    return result


def anew(home: Path, watched: Watched) -> RebuildReport:
    return rebuild(home, today=watched.month.day, authorities=(), sources=(), rubric=rubric.load(), plans=plans.load())


@pytest.mark.parametrize("platform", ["einnsyn", "postliste-json-api"])
def test_a_withdrawn_entry_is_missed_then_withdrawn_then_back(platform: str, made: Path) -> None:
    with watching(TENANTS[platform], made, big=60) as watched:
        month, tenant = watched.month, watched.tenant
        key, moved, late = (tenant.entry_key(i) for i in (month.withdrawn, month.moved, month.late))
        title, over = month.entry(month.withdrawn).title, month.day - timedelta(days=OVER_AGE)
        state = "SELECT key, tilstand FROM forsvunnet WHERE slag = 'journal_entry' ORDER BY ALL"
        ledger = "SELECT kilden_oppgir, vi_har, savnet, trukket, sist_lest_helt IS NOT NULL FROM dekning_per_dag WHERE slag = 'journal_entry' AND dag = ?"

        result = look(watched, made, 1)
        assert (str(result.outcome), result.whole["journal_entry"]) == ("fresh", str(EXTRACTORS[platform].whole["journal_entry"]))
        month.move_on()
        look(watched, made, 2)
        with Store(made) as store:
            assert rows(store, state.replace("key", "nokkel")) == [(key, "savnet")]
            assert rows(store, "SELECT title IS NULL, withdrawn FROM core.journal_entries WHERE key = ?", key) == [(False, False)]
            assert len(rows(store, "SELECT 1 FROM core.journal_entries WHERE key = ?", late)) == 1
            counted = rows(store, ledger, over)[0]
            assert counted == ((None if platform == "einnsyn" else 129), 130, 1, 0, True)

        look(watched, made, 3)
        with Store(made) as store:
            assert rows(store, state.replace("key", "nokkel")) == [(key, "trukket")]
            said = rows(store, "SELECT title, case_title, sender, recipient, withdrawn, journal_date, serial IS NULL FROM core.journal_entries WHERE key = ?", key)
            assert said == [(None, None, None, None, True, datetime(over.year, over.month, over.day).date(), False)]
            assert rows(store, "SELECT count(*) FROM core.journal_entries_history WHERE key = ?", key) == [(0,)]
            assert rows(store, ledger, over)[0][1:] == (129, 0, 1, True)
            # The entry with a key of its own that was moved to another case was seen, so it is an update.
            assert rows(store, "SELECT withdrawn, first_seen < changed_at FROM core.journal_entries WHERE key = ?", moved) == [(False, True)]
            assert rows(store, "SELECT arsak_kode FROM forsvunnet WHERE nokkel = ?", key) == [("missed_twice",)]
        assert not any(title in row for row in staged_payloads(made, key))

        month.has_moved_on = False
        look(watched, made, 4)
        with Store(made) as store:
            assert (key, "tilbake") in rows(store, state.replace("key", "nokkel"))
            assert (late, "savnet") in rows(store, state.replace("key", "nokkel"))
            assert rows(store, "SELECT title IS NULL, withdrawn FROM core.journal_entries WHERE key = ?", key) == [(False, False)]
        report = anew(made, watched)
        assert report.compared and report.differences == {}
        assert watched.judge.violations == []


def staged_payloads(home: Path, key: str) -> list[str]:
    return [
        row["payload"] for _, path in staging.complete_batches(home / "staging") for row in parquet.read_table(path).to_pylist() if row["key"] == key
    ]  # fmt: skip


# --- batches


def entries(count: int, *, without: tuple[int, ...] = (), case: str = "2026/17") -> list[JournalEntry]:
    return [
        JournalEntry(key=f"jp-{n}", case_number=case if n else "2026/99", serial=f"{100 + n}/2026", journal_date=f"2026-02-{n % 20 + 1:02d}",
                     document_type="inngaaende_dokument", title=f"Høring nummer {n}", senders=("Fjordvik Bygg AS",), locator=f"/items/{n}")
        for n in range(count) if n not in without
    ]  # fmt: skip


def states(store: Store) -> dict[str, str]:
    return dict(rows(store, "SELECT nokkel, tilstand FROM forsvunnet"))


def test_nearly_everything_gone_at_once_is_an_outage_however_often(made: Path) -> None:
    stage(made, JOURNAL, 21, entries(60), whole=WHOLE)
    for day in (22, 23, 24):
        stage(made, JOURNAL, day, entries(8), whole=WHOLE)
    with Store(made) as store:
        fill(store, is_flagged=False)
        assert states(store) == {} and rows(store, "SELECT count(*) FROM core.journal_entries WHERE withdrawn") == [(0,)]
        assert rows(store, "SELECT outcome, reason_code FROM raw.runs ORDER BY batch") == [("fresh", None), *[("partial", "many_gone_at_once")] * 3]
        words = rows(store, "SELECT DISTINCT arsak FROM kjoringer WHERE arsak_kode = 'many_gone_at_once'")
        assert words == [("52 av 60 er borte på én gang (journalposter); det er en feil hos kilden og ingen tilbaketrekking",)]
        assert rows(store, "SELECT DISTINCT is_complete FROM raw.coverage WHERE batch LIKE '20260224%' AND scope = 'window'") == [(False,)]
        # Back again, and a few less: that is believed.
        stage(made, JOURNAL, 25, entries(60, without=(3, 4)), whole=WHOLE)
        stage(made, JOURNAL, 26, entries(60, without=(3, 4)), whole=WHOLE)
        fill(store, is_flagged=False)
        assert states(store) == {"jp-3": "trukket", "jp-4": "trukket"}
        assert rows(store, "SELECT aar, vi_har, trukket, mangler FROM lopenumre") == [(2026, 60, 2, 0)]


@pytest.mark.parametrize(("gone", "held", "expected"), [(20, 60, False), (21, 60, True), (21, 200, False), (5, 9, True), (4, 4, False)])
def test_where_an_outage_begins(gone: int, held: int, expected: bool) -> None:
    assert absences.is_outage(gone, held) is expected


def test_only_a_window_read_whole_proves_and_a_sighting_begins_anew(made: Path) -> None:
    stage(made, JOURNAL, 21, entries(30), whole=WHOLE)
    stage(made, JOURNAL, 22, entries(30, without=(5,)), whole=WHOLE)
    stage(made, JOURNAL, 23, entries(30, without=(5, 6)), outcome=Outcome.PARTIAL)
    stage(made, JOURNAL, 24, entries(1, without=(0,)) + entries(6)[5:], outcome=Outcome.PARTIAL)
    stage(made, JOURNAL, 25, entries(30, without=(5,)), whole=WHOLE)
    # A day of which the source counts more than it showed is not sure, and where only counted days are whole, the others are not.
    stage(made, JOURNAL, 26, entries(30, without=(5, 7, 8)), whole={"journal_entry": "days"}, days=[("journal_entry", "2026-02-08", 2), ("journal_entry", "2026-02-09", 1)])
    with Store(made) as store:
        fill(store, is_flagged=False)
        assert states(store) == {"jp-5": "savnet", "jp-8": "savnet"}
        assert rows(store, "SELECT kilden_oppgir, vi_har, savnet FROM dekning_per_dag WHERE dag = DATE '2026-02-08'") == [(2, 2, 0)]


def test_a_case_goes_with_its_last_entry_and_an_item_with_its_day(made: Path) -> None:
    cases = [CaseFile(key="c-99", case_number="2026/99", title="Sak om hørende", locator="/c/0"), CaseFile(key="c-17", case_number="2026/17", title="Sak", locator="/c/1")]
    meeting = Meeting(key="m-1", committee="Kommunestyret", start="2026-02-12T18:00:00+01:00", locator="/m/0")
    items = [AgendaItem(key=f"s-{n}", meeting_key="m-1", number=f"PS {n}/26", title=f"Reglement {n}", text="Saksframlegg.", locator=f"/s/{n}") for n in range(6)]
    whole = {"journal_entry": "window", "agenda_item": "window"}
    stage(made, JOURNAL, 21, [*entries(30), *cases, meeting, *items], whole=whole)
    for day in (22, 23):
        stage(made, JOURNAL, day, [*entries(30, without=(0, 1)), cases[1], meeting, *items[1:]], whole=whole)
    with Store(made) as store:
        fill(store)
        assert states(store) == {"jp-0": "trukket", "jp-1": "trukket", "c-99": "trukket", "s-0": "trukket"}
        assert rows(store, "SELECT key, title, withdrawn FROM core.cases ORDER BY key") == [("c-17", "Sak", False), ("c-99", None, True)]
        assert rows(store, "SELECT title, text, number, meeting_key FROM core.agenda_items WHERE withdrawn") == [(None, None, "PS 0/26", "m-1")]
        assert rows(store, "SELECT count(*) FROM ogp.verdicts WHERE document_id IN (SELECT id FROM forsvunnet)") == [(0,)]


def test_a_killed_run_and_load_and_a_lost_index_change_nothing(made: Path) -> None:
    """Night by night, with staging emptied on the way, or all from nothing a year later: the same tables."""
    folder, copy = made / "staging" / "einnsyn__fjordvik", made / "published" / "dagslys-20260221T000000.duckdb"
    copy.parent.mkdir()
    copy.write_bytes(b"")
    renamed = [replace(e, title="Ny tittel") if e.key == "jp-9" else e for e in entries(30, without=(2,))]
    gone = entries(30, without=(2, 9))
    for day, shown in enumerate((entries(30), gone, gone, renamed, gone, gone, entries(30)), 20):
        stage(made, JOURNAL, day, shown, whole=WHOLE)
        (folder / "orphan.seen.parquet").write_bytes(b"of a killed run")
        before = {path: path.read_bytes() for path in folder.glob("2026*.parquet")}
        with Store(made) as store:
            fill(store, is_flagged=day == 26)
        if day == 22:  # killed after the load was committed and before staging was emptied
            for path, content in before.items():
                path.write_bytes(content)
        if day == 23:
            assert all(staging.is_emptied(payload) for payload in staged_payloads(made, "jp-2"))
            assert not copy.exists()
    (folder / "fingerprints.index").unlink()
    with Store(made) as store:
        assert states(store) == {"jp-2": "tilbake", "jp-9": "tilbake"}
        assert rows(store, "SELECT title FROM core.journal_entries WHERE key IN ('jp-2', 'jp-9') ORDER BY key") == [("Høring nummer 2",), ("Høring nummer 9",)]
        assert rows(store, "SELECT count(*) FROM core.journal_entries_history WHERE title = 'Ny tittel'") == [(0,)]
    # The names of entries that are a year old are read anew; withdrawals and returns stay where they were.
    report = rebuild(made, today=date(2027, 2, 25), authorities=BODIES, sources=SOURCES, rubric=rubric.load(), plans=plans.load())
    assert report.compared and report.differences == {} and report.tables["raw.absences"] == 2


def test_what_was_seen_but_not_staged_waits_and_then_comes_back(made: Path) -> None:
    """A harvest that began before the withdrawal was believed takes the entry for known; the next one stages it."""
    for day, shown in enumerate((entries(30), entries(30, without=(2,)), entries(30, without=(2,)), entries(30)), 20):
        stage(made, JOURNAL, day, shown, whole=WHOLE)
    with Store(made) as store:
        fill(store, is_flagged=False)
        assert states(store) == {"jp-2": "trukket"}
        stage(made, JOURNAL, 24, entries(30), whole=WHOLE)
        fill(store, is_flagged=False)
        assert states(store) == {"jp-2": "tilbake"}
        assert rows(store, "SELECT title, authority FROM core.journal_entries WHERE key = 'jp-2'") == [("Høring nummer 2", FJORDVIK)]
