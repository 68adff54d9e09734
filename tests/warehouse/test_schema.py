"""The database a newcomer opens: numbered migrations, tables as the contract says, and words on everything."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from catalogue.reasons import Reason, dump
from transforms import contracts
from warehouse import dictionary
from warehouse.exceptions import SchemaDrifted
from warehouse.store import FOLDER, TABLES, Store, migrate


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path) as opened:
        yield opened


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_of_its_contract_and_when_it_was_seen(store: Store, table: str) -> None:
    stored = columns(store.connection, f"core.{table}")
    assert stored == {**contracts.COLUMNS[table], "first_seen": "TIMESTAMP", "changed_at": "TIMESTAMP"}
    assert columns(store.connection, f"core.{table}_history") == {**stored, "valid_from": "TIMESTAMP", "valid_to": "TIMESTAMP"}


def test_quarantine_is_as_the_transforms_write_it(store: Store) -> None:
    assert columns(store.connection, "raw.quarantine") == contracts.QUARANTINE


def test_migrations_are_numbered_and_run_once(tmp_path: Path) -> None:
    names = [path.stem for path in sorted((FOLDER / "schema").glob("*.sql"))]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    with Store(tmp_path) as store:
        store.connection.execute("INSERT INTO raw.settled VALUES (DATE '2026-01-01', '[]')")
    with Store(tmp_path) as store:
        assert store.connection.execute("SELECT count(*) FROM raw.settled").fetchone() == (1,)
        assert [row[0] for row in store.connection.execute("SELECT name FROM raw.migrations ORDER BY name").fetchall()] == [*names, "views"]


def test_a_reason_of_before_is_kept_as_the_words_it_was(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.connection.execute("DELETE FROM raw.migrations WHERE name = '0006_reasons'")
        store.connection.execute("DROP TABLE core.labels; DROP TABLE core.reason_codes; DROP TABLE raw.reasons")
        for table in ("runs", "coverage", "quarantine"):
            store.connection.execute(f"ALTER TABLE raw.{table} DROP COLUMN reason_code")
        store.connection.execute("INSERT INTO raw.runs (source, batch, reason) VALUES ('website/x', 'b1', 'robots.txt says \"no\" – på'), ('website/x', 'b2', '')")
    with Store(tmp_path) as store:
        runs = store.connection.execute("SELECT reason, reason_code FROM raw.runs ORDER BY batch").fetchall()
    assert runs == [(dump([Reason("older_words", words='robots.txt says "no" – på')]), "older_words"), ("", None)]


def test_a_database_of_other_migrations_is_refused(store: Store) -> None:
    store.connection.execute("UPDATE raw.migrations SET sha256 = 'other' WHERE name = '0002_core'")
    with pytest.raises(SchemaDrifted, match=r"0002_core.*rebuild"):
        migrate(store.connection)


def test_views_are_made_anew_when_they_changed(store: Store) -> None:
    store.connection.execute("DROP VIEW main.kommuner")
    store.connection.execute("UPDATE raw.migrations SET sha256 = 'older' WHERE name = 'views'")
    migrate(store.connection)
    assert "organisasjonsnummer" in columns(store.connection, "main.kommuner")


def test_every_view_column_and_table_is_explained_in_words(store: Store) -> None:
    silent = store.connection.execute(
        """SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal AND coalesce(comment, '') = ''
           UNION ALL SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal AND coalesce(comment, '') = ''
           UNION ALL SELECT schema_name || '.' || table_name FROM duckdb_tables()
           WHERE schema_name IN ('raw', 'core', 'ogp', 'search') AND coalesce(comment, '') = '' AND table_name <> 'migrations'"""
    ).fetchall()
    assert silent == []
    views = {row[0] for row in store.connection.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal").fetchall()}
    assert views >= {
        "kommuner", "kilder", "journalposter", "saker", "moter", "motesaker", "datasett", "distribusjoner", "sider", "kandidater", "bevis",
        "kjoringer", "dekning", "karantene", "vurderinger", "kortlister",
    }  # fmt: skip


def test_the_dictionary_names_every_column(store: Store) -> None:
    text = dictionary.markdown(store.connection)
    assert "## journalposter" in text and "| `organisasjonsnummer` | VARCHAR | Organet som står bak, organisasjonsnummer |" in text
    assert "| `core.pages` | Nettsider og dokumenter" in text


def test_a_body_nobody_could_read_is_not_observed_rather_than_empty(filled: Path) -> None:
    with Store(filled) as store:
        rows = dict(store.connection.execute("SELECT navn, (observert, hvorfor_ikke_observert, type) FROM kommuner").fetchall())
    assert rows["Fjordvik"][:2] == (True, None)
    assert rows["Tindmark fylkeskommune"] == (True, None, "fylkeskommune")
