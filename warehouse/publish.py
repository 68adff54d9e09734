"""The read copy: a fresh file that any DuckDB from 1.0 on opens, sorted, swapped in atomically, and a few dated copies."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from warehouse import search
from warehouse.store import PUBLISHED, Store, migrate

STORAGE_VERSION = "v1.0.0"
KEPT = 7
KEPT_FOR = timedelta(days=14)
NOT_COPIED = ("raw.migrations", "raw.settled")
# By body and date, so that a question about one body reads few blocks; other tables by all their columns.
ORDER = {
    "core.journal_entries": "authority, journal_date, id",
    "core.cases": "authority, case_date, id",
    "core.meetings": "authority, start, id",
    "core.agenda_items": "authority, meeting, id",
    "core.datasets": "authority, modified, id",
    "core.distributions": "authority, dataset, position",
    "core.pages": "authority, modified, id",
    "raw.captures": "source, fetched_at, capture",
    "raw.runs": "authority, started_at, source",
    "ogp.verdicts": "authority, date, document_id",
    "ogp.evidence": "authority, document_id, start_at, id",
    "ogp.candidates": "authority, date_of_act, id",
    "search.tokens": "number",
    "search.postings": "token, document",
    "search.documents": "number",
}


def publish(store: Store, *, now: datetime | None = None) -> Path:
    """Write everything to a fresh file and swap it in. Readers of the old copy keep it; new readers see the new one.

    The dated copies are the last KEPT, none older than KEPT_FOR: names that have aged out must not live on in them. Returns the path.
    """
    moment = now or datetime.now(UTC)
    current = store.home / PUBLISHED
    current.parent.mkdir(parents=True, exist_ok=True)
    part = current.with_suffix(".part")
    for leftover in (part, Path(f"{part}.wal")):
        leftover.unlink(missing_ok=True)
    search.build(store)
    store.connection.execute("CHECKPOINT")
    _copy(store, part)
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    dated = current.with_name(f"dagslys-{moment:%Y%m%dT%H%M%S}.duckdb")
    dated.unlink(missing_ok=True)
    dated.hardlink_to(part)
    part.replace(current)
    _thin(current.parent, moment)
    return current


def _copy(store: Store, part: Path) -> None:
    source = str(store.path.stem)
    connection = store.connection.cursor()
    try:
        connection.execute(f"ATTACH '{str(part).replace(chr(39), chr(39) * 2)}' AS published (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE published")
        migrate(connection)
        for schema, table in _tables(connection, source):
            name = f"{schema}.{table}"
            if name not in NOT_COPIED:
                connection.execute(f'INSERT INTO published.{name} BY NAME FROM "{source}".{name} ORDER BY {ORDER.get(name, "ALL")}')
        # `explain` must know the day the privacy tiers count from; what was taken down it asks the decision log.
        connection.execute(f"""INSERT INTO published.raw.settled SELECT day, '[]' FROM "{source}".raw.settled""")
        connection.execute("CHECKPOINT published")
        connection.execute(f'USE "{source}"')
    finally:
        connection.execute("DETACH DATABASE IF EXISTS published")
        connection.close()


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    return connection.execute(
        """SELECT schema_name, table_name FROM duckdb_tables()
           WHERE database_name = ? AND schema_name IN ('raw', 'core', 'ogp', 'search') ORDER BY ALL""",
        [database],
    ).fetchall()


def _thin(folder: Path, moment: datetime) -> None:
    oldest = f"dagslys-{moment - KEPT_FOR:%Y%m%dT%H%M%S}.duckdb"
    dated = sorted(folder.glob("dagslys-*.duckdb"))
    for path in dated:
        if path not in dated[-KEPT:] or path.name < oldest:
            path.unlink()
