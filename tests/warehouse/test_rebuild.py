"""Delete the database and every table comes back equal; a table somebody changed is told of."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from catalogue import plans, rubric
from catalogue.reasons import Reason
from extractors.contract import Trouble
from tests.warehouse.staged import (
    BODIES,
    CANTEEN,
    DATASET,
    ENTRY,
    JOURNAL,
    REGISTER,
    SOURCES,
    TODAY,
    WEBSITE,
    fill,
    stage,
)
from warehouse import search
from warehouse.decisions import DecisionLog
from warehouse.rebuild import RebuildReport, rebuild
from warehouse.store import Store


def anew(home: Path, today: date = TODAY) -> RebuildReport:
    return rebuild(home, today=today, authorities=BODIES, sources=SOURCES, rubric=rubric.load(), plans=plans.load())


@pytest.fixture(scope="module")
def three_nights(once_filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights of harvests, loaded night by night, with decisions between."""
    folder = Path(shutil.copytree(once_filled, tmp_path_factory.mktemp("nights") / "home"))
    log = DecisionLog(folder / "decisions")
    with Store(folder) as store:
        candidate, text_hash = store.connection.execute("SELECT id, text_hash FROM ogp.candidates ORDER BY id").fetchall()[0]
        log.append("review", {"candidate": candidate, "text_hash": text_hash, "decision": "accept", "reviewer": "en"}, now=datetime(2026, 2, 2, tzinfo=UTC))
        stage(folder, WEBSITE, 8, [replace(REGISTER, text=REGISTER.text + "\n\nRegisteret ble utvidet i 2026."), Trouble(key="t", reason=Reason("error_page"))])
        stage(folder, "website/tindmark", 8, [replace(DATASET, distributions=DATASET.distributions[:1])])
        fill(store)
        stage(folder, JOURNAL, 15, [replace(ENTRY, serial="109/2026", key="jp-9", document_number="2026/17-9", locator="/items/1")])
        log.append("takedown", {"source": WEBSITE, "key": CANTEEN.key, "reason": "ba om det"}, now=datetime(2026, 2, 15, tzinfo=UTC))
        fill(store, takedowns=log.takedowns())
        search.build(store)
    return folder


@pytest.fixture
def home(three_nights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(three_nights, tmp_path, dirs_exist_ok=True))


def test_every_table_is_equal(home: Path) -> None:
    report = anew(home)
    assert report.differences == {} and report.is_equal and report.compared
    assert report.tables["core.pages_history"] == 1 and report.tables["core.distributions_history"] == 1
    assert report.tables["raw.batches"] == 8 and report.tables["ogp.reviews"] == 1 and report.tables["raw.quarantine"] == 1
    assert report.tables["ogp.candidates"] >= 3 and report.tables["search.postings"] > 50


def test_it_is_equal_from_nothing_and_a_year_later(home: Path) -> None:
    with Store(home) as store:
        before = store.connection.execute("SELECT id, content_hash, first_seen, changed_at FROM core.pages ORDER BY id").fetchall()
    (home / "warehouse.duckdb").unlink()
    report = anew(home)
    assert not report.compared and report.tables["core.pages"] == 3
    with Store(home) as store:
        assert store.connection.execute("SELECT id, content_hash, first_seen, changed_at FROM core.pages ORDER BY id").fetchall() == before
    assert anew(home, date(2027, 3, 1)).differences == {}


def test_a_changed_row_is_told_and_put_right(home: Path) -> None:
    with Store(home) as store:
        store.connection.execute("UPDATE core.pages SET title = 'Noe annet' WHERE title IS NOT NULL AND authority = '800000009'")
        store.connection.execute("DELETE FROM ogp.evidence")
    report = anew(home)
    assert str(report.differences["core.pages"]) == "1 rows stood only in the old table, 1 only in the new one"
    assert set(report.differences) == {"core.pages", "ogp.evidence", "search.documents", "search.postings", "search.tokens"} - {
        name for name in ("search.documents", "search.postings", "search.tokens") if name not in report.differences
    }
    assert anew(home).is_equal


def test_a_database_of_an_older_schema_is_replaced_without_comparison(home: Path) -> None:
    with Store(home) as store:
        store.connection.execute("UPDATE raw.migrations SET sha256 = 'older' WHERE name = '0001_raw'")
    assert not anew(home).compared
    with Store(home) as store:
        assert store.connection.execute("SELECT count(*) FROM core.pages").fetchall() == [(3,)]
