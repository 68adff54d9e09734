"""The read copy: whole, sorted, explained, and never in anybody's way."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import PUBLISHED_AT as NOW
from tests.warehouse.staged import REGISTER, TODAY, WEBSITE, fill, stage
from warehouse import load
from warehouse.exceptions import NotPublished
from warehouse.publish import KEPT, publish
from warehouse.store import TABLES, Store, connect_published


@pytest.fixture
def home(published: Path) -> Path:
    return published


def test_the_copy_holds_every_table_and_view_with_its_words(home: Path) -> None:
    with Store(home) as store, connect_published(home) as copy:
        for table in (*(f"core.{t}" for t in TABLES), "core.authorities", "ogp.candidates", "ogp.evidence", "raw.runs", "raw.captures"):
            count = f"SELECT count(*) FROM {table}"
            assert copy.execute(count).fetchall() == store.connection.execute(count).fetchall(), table
        views = copy.execute("SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal").fetchall()
        assert len(views) >= 16 and all(comment for _, comment in views)
        for view, _ in views:
            copy.execute(f"SELECT * FROM {view} LIMIT 1").fetchall()
        unsaid = copy.execute("SELECT count(*) FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal AND comment IS NULL").fetchall()
        assert unsaid == [(0,)]


def test_any_duckdb_from_1_0_on_can_read_its_storage(home: Path) -> None:
    with duckdb.connect() as reader:
        reader.execute(f"ATTACH '{home / 'published' / 'dagslys.duckdb'}' AS kopi (READ_ONLY)")
        tags = reader.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'kopi'").fetchall()[0][0]
        assert tags["storage_version"].startswith("v1.0.0")
        assert reader.execute("SELECT count(*) FROM kopi.kommuner").fetchall() == [(3,)]


def test_rows_stand_by_body_and_date(home: Path) -> None:
    with connect_published(home) as copy:
        rows = copy.execute("SELECT authority, modified, id FROM core.pages").fetchall()
    assert rows == sorted(rows, key=lambda r: (r[0], r[1] is None, r[1], r[2]))


ANALYST = """
import sys
from pathlib import Path
from warehouse.store import connect_published
copy = connect_published(Path(sys.argv[1]))
print(copy.execute("SELECT count(*) FROM sider").fetchall()[0][0], flush=True)
sys.stdin.readline()
print(copy.execute("SELECT count(*) FROM sider").fetchall()[0][0], flush=True)
print(connect_published(Path(sys.argv[1])).execute("SELECT count(*) FROM sider").fetchall()[0][0], flush=True)
"""


def test_an_analyst_reads_in_another_process_while_we_write_and_publish(home: Path) -> None:
    with Store(home) as store:
        analyst = subprocess.Popen([sys.executable, "-c", ANALYST, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert analyst.stdin and analyst.stdout
        assert analyst.stdout.readline() == "3\n"
        stage(home, WEBSITE, 9, [replace(REGISTER, key="https://www.fjordvik.kommune.no/ny", title="En ny side")])
        fill(store)
        publish(store, now=NOW + timedelta(hours=1))
        told, _ = analyst.communicate("go on\n")
    assert told == "3\n4\n"
    assert analyst.returncode == 0


def test_a_few_dated_copies_are_kept_and_none_for_long(home: Path) -> None:
    with Store(home) as store:
        for day in range(1, KEPT + 1):
            publish(store, now=NOW + timedelta(days=day))
        dated = sorted(path.name for path in (home / "published").glob("dagslys-*.duckdb"))
        assert len(dated) == KEPT and dated[-1] == "dagslys-20260308T060000.duckdb"
        publish(store, now=NOW + timedelta(days=60))
    assert [path.name for path in (home / "published").glob("dagslys-*.duckdb")] == ["dagslys-20260430T060000.duckdb"]


def test_what_a_killed_publication_left_is_swept_away(home: Path) -> None:
    part = home / "published" / "dagslys.part"
    part.write_bytes(b"half a file")
    with Store(home) as store:
        publish(store, now=NOW)
    assert not part.exists()
    with connect_published(home) as copy:
        assert copy.execute("SELECT count(*) FROM sider").fetchall() == [(3,)]


def test_a_take_down_reaches_the_copies(home: Path) -> None:
    with Store(home) as store:
        load.load_batches(store, home / "staging", today=TODAY, takedowns={(WEBSITE, REGISTER.key)})
        assert list((home / "published").glob("dagslys-*.duckdb")) == []
        publish(store, now=NOW)
    with connect_published(home) as copy:
        assert copy.execute("SELECT tittel, tekst, tatt_ned FROM sider WHERE adresse = ?", [REGISTER.key]).fetchall() == [(None, None, True)]
        assert copy.execute("SELECT count(*) FROM search.tokens WHERE token = 'oppstarten'").fetchall() == [(1,)]  # at Lynghei, not taken down
        documents = copy.execute("SELECT count(*) FROM search.documents WHERE url = ?", [REGISTER.key]).fetchall()
        assert documents == [(0,)]


def test_without_a_copy_the_reader_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="run a harvest"):
        connect_published(tmp_path)


def test_a_locked_reader_reaches_no_other_file(home: Path) -> None:
    with connect_published(home, is_locked=True) as copy:
        assert copy.execute("SELECT count(*) FROM sider").fetchall() == [(3,)]
        with pytest.raises(duckdb.Error):
            copy.execute("FROM read_csv('/etc/hostname')")
        with pytest.raises(duckdb.Error):
            copy.execute("SET enable_external_access = true")
