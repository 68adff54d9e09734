"""The database from nothing: staging, decisions and catalogue give equal tables, or the difference is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from warehouse import flagging, load, narrowed, search
from warehouse.decisions import log_of
from warehouse.exceptions import SchemaDrifted
from warehouse.jobs import load_jobs
from warehouse.scope import Scope
from warehouse.store import FILE, Store, first, one

NEW_FILE = "rebuilt.duckdb"


@dataclass(frozen=True)
class Difference:
    """How many rows stood only in the old table (`gone`) and only in the new one (`come`); `is_new` when there was no old table.

    `said` is which sentence says it; its own words are English.
    """

    gone: int = 0
    come: int = 0
    is_new: bool = False

    @property
    def said(self) -> str:
        return "no_such_table" if self.is_new else "rows"

    def __str__(self) -> str:
        if self.is_new:
            return "there was no such table"
        return f"{self.gone} rows stood only in the old table, {self.come} only in the new one"


@dataclass(frozen=True)
class RebuildReport:
    """`tables`: rows per table of the new database; `differences`: table → what differs; `compared` is False when there was no database to
    compare with, or one of another schema."""

    tables: dict[str, int]
    differences: dict[str, Difference]
    compared: bool

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        differences = {table: str(difference) for table, difference in self.differences.items()}
        return {"tables": self.tables, "differences": differences, "compared": self.compared, "is_equal": self.is_equal}


def rebuild(
    home: Path,
    *,
    today: date,
    authorities: Any,
    sources: Any,
    rubric: Any,
    plans: Any = None,
    staging: Path | None = None,
    jobs: Iterable[Mapping[str, Any]] = (),
    scope: Scope = Scope(),
) -> RebuildReport:
    """Build the database of a state folder anew, compare it with the one that stands, and swap it in.

    The old one is first brought up to the same day, staging, decisions and catalogue, so that what differs is a fault and not the
    calendar. Every table is compared as a bag of rows, those of the scope. Raises StoreBusy when another process holds the
    database.
    """
    folder = staging or home / "staging"
    ran = list(jobs)

    def fill(store: Store, *, is_fresh: bool) -> None:
        was = first(store.connection, "SELECT day FROM raw.settled")
        weighed = set(store.connection.execute("SELECT DISTINCT rubric, flagged_on FROM ogp.candidates").fetchall())
        load.load_catalogue(store, authorities, sources, rubric, plans)
        log = log_of(home)
        report = load.load_batches(store, folder, today=today, takedowns=log.takedowns())
        load.load_decisions(store, log)
        load_jobs(store.connection, ran)
        if is_fresh or report.batches or was != (today,) or weighed - {(rubric.version, today)}:
            flagging.flag(store, rubric, today=today)
        search.build(store)

    old = home / FILE
    is_comparable = old.exists() and _bring_up(home, fill)
    new = home / NEW_FILE
    for leftover in (new, Path(f"{new}.wal")):
        leftover.unlink(missing_ok=True)
    with Store(home, NEW_FILE) as store:
        fill(store, is_fresh=True)
        tables = _tables(store, "rebuilt")
        counts = {table: int(one(store.connection, f"SELECT count(*) FROM {table}")[0]) for table in tables}
        differences = _compare(store, old, tables, scope) if is_comparable else {}
        store.connection.execute("CHECKPOINT")
    new.replace(old)
    Path(f"{old}.wal").unlink(missing_ok=True)
    return RebuildReport(counts, differences, is_comparable)


def _bring_up(home: Path, fill: Any) -> bool:
    try:
        with Store(home) as store:
            fill(store, is_fresh=False)
            store.connection.execute("CHECKPOINT")
    except SchemaDrifted:
        return False
    return True


def _tables(store: Store, database: str) -> list[str]:
    rows = store.connection.execute(
        """SELECT schema_name || '.' || table_name FROM duckdb_tables()
           WHERE database_name = ? AND schema_name IN ('raw', 'core', 'ogp', 'search') ORDER BY ALL""",
        [database],
    ).fetchall()
    return [row[0] for row in rows]


def _compare(store: Store, old: Path, tables: list[str], scope: Scope) -> dict[str, Difference]:
    connection = store.connection
    connection.execute(f"ATTACH '{str(old).replace(chr(39), chr(39) * 2)}' AS standing (READ_ONLY)")
    differences = {table: Difference(is_new=True) for table in tables if table not in _tables(store, "standing")}
    before, after = "standing", "rebuilt"
    if not scope.is_all:
        for whole in (before, after):
            connection.execute(f"ATTACH ':memory:' AS {whole}_narrowed")
            narrowed.shadow(connection, scope, whole, f"{whole}_narrowed")
        before, after = "standing_narrowed", "rebuilt_narrowed"
    for table in tables:
        if table in differences:
            continue
        gone, come = (
            int(one(connection, f"SELECT count(*) FROM (FROM {first}.{table} EXCEPT ALL FROM {second}.{table})")[0])
            for first, second in ((before, after), (after, before))
        )
        if gone or come:
            differences[table] = Difference(gone, come)
    for name in {before, after, "standing"} - {"rebuilt"}:
        connection.execute(f"DETACH {name}")
    return differences
