"""The read copy: a fresh file that any DuckDB from 1.0 on opens, sorted, swapped in atomically, and a few dated copies."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from warehouse import search
from warehouse.exceptions import SchemaDrifted
from warehouse.jobs import load_jobs
from warehouse.store import PUBLISHED, Store, migrate, own_name

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
    "core.notices": "authority, issued, id",
    "core.register_facts": "subject, property, since, id",
    "raw.captures": "source, fetched_at, capture",
    "raw.jobs": "started_at, id",
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
    search.build(store)
    store.connection.execute("CHECKPOINT")
    with _swapping(current) as part:
        _copy(store, part)
        _swap_in(part, current.with_name(f"dagslys-{moment:%Y%m%dT%H%M%S}.duckdb"), current)
        _thin(current.parent, moment)
    return current


def renew_jobs(home: Path, jobs: Iterable[Mapping[str, Any]]) -> None:
    """Swap in the read copy with these jobs and all else as it was; needs no lock of the warehouse. Nothing happens before the first
    publishing, or when the copy is of another schema: the next publishing brings the jobs."""
    current = Path(home) / PUBLISHED
    if not current.exists():
        return
    with _swapping(current) as part:
        shutil.copyfile(current, part)
        with closing(duckdb.connect(str(part))) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            try:
                migrate(connection)
            except SchemaDrifted:
                return
            load_jobs(connection, jobs)
            connection.execute("CHECKPOINT")
        _swap_in(part, own_name(current), current)


@contextmanager
def _swapping(current: Path) -> Generator[Path]:
    """One process at a time makes the next copy; yields the name to write it under."""
    part = current.with_suffix(".part")
    with current.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in (part, Path(f"{part}.wal")):
            leftover.unlink(missing_ok=True)
        yield part


def _swap_in(part: Path, dated: Path, current: Path) -> None:
    """Give the finished copy its two names. A copy that has lost its dated name keeps only the one."""
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    if dated != current:
        dated.unlink(missing_ok=True)
        dated.hardlink_to(part)
    part.replace(current)


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
