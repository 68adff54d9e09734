"""The read copy as if it held only some bodies, platforms, sources and days.

The same tables and views under the same names, narrowed, over the whole copy attached as `whole`: whoever reads, reads less, and no
question has to know why. What each table is narrowed by stands in KEPT.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.store import FOLDER, connect_published, lock, published_file

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Scope:
    """Which rows are meant; None means all. `authorities` are organisation numbers, `sources` are `platform/name`, both days are included."""

    authorities: Collection[str] | None = None
    platforms: Collection[str] | None = None
    sources: Collection[str] | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_all(self) -> bool:
        return self == Scope()

    def takes(self, source: str, authority: str) -> bool:
        """Whether a source of that body is meant, days aside."""
        return (
            (self.authorities is None or authority in self.authorities)
            and (self.platforms is None or source.partition("/")[0] in self.platforms)
            and (self.sources is None or source in self.sources)
        )

    def takes_day(self, day: date) -> bool:
        """Whether a day is in the window."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def within(self, other: Scope) -> Scope:
        """What both mean."""

        def both(mine: Collection[str] | None, theirs: Collection[str] | None) -> Collection[str] | None:
            return theirs if mine is None else mine if theirs is None else tuple(sorted(set(mine) & set(theirs)))

        return Scope(
            both(self.authorities, other.authorities), both(self.platforms, other.platforms), both(self.sources, other.sources),
            max((d for d in (self.since, other.since) if d), default=None), min((d for d in (self.until, other.until) if d), default=None),
        )  # fmt: skip

    def where(self, *, authority: str = "authority", source: str = "source", day: str = "") -> str:
        """SQL that is true of the rows meant; a column that is "" says nothing of them."""
        platform = f"split_part({source}, '/', 1)" if source else ""
        parts = [_one_of(column, allowed) for column, allowed in
                 ((authority, self.authorities), (platform, self.platforms), (source, self.sources)) if column and allowed is not None]  # fmt: skip
        parts += [f"{day} >= DATE '{self.since}'"] if day and self.since else []
        parts += [f"{day} <= DATE '{self.until}'"] if day and self.until else []
        return " AND ".join(parts) or "TRUE"


def _one_of(column: str, allowed: Collection[str]) -> str:
    quoted = ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(allowed))
    return f"{column} IN ({quoted})" if quoted else "FALSE"


# A text's own day, as search tells it; one that bears none has the day it was first seen.
OWN_DAY = {
    "journal_entries": "coalesce(journal_date, document_date, first_seen::DATE)",
    "cases": "coalesce(case_date, first_seen::DATE)",
    "meetings": "coalesce(start::DATE, first_seen::DATE)",
    "agenda_items": "coalesce((SELECT m.start::DATE FROM {whole}core.meetings m WHERE m.id = meeting), first_seen::DATE)",
    "datasets": "coalesce(modified, issued, first_seen::DATE)",
    "pages": "coalesce(modified, published, first_seen::DATE)",
}
TEXTS = ("journal_entries", "agenda_items", "pages", "datasets")
OF_TEXTS = " UNION ALL ".join(f"SELECT id, authority FROM core.{table}" for table in TEXTS)
DOCUMENTS = f"SELECT id FROM ({OF_TEXTS})"
# What else is narrowed, in this order, by what the narrowed tables before it hold.
BY_OTHERS = {
    "core.distributions": "dataset IN (SELECT id FROM core.datasets)",
    "core.distributions_history": "dataset IN (SELECT id FROM core.datasets)",
    "raw.captures": "batch IN (SELECT batch FROM raw.runs)",
    "raw.batches": "batch IN (SELECT batch FROM raw.runs)",
    "search.documents": f"id IN ({DOCUMENTS})",
    "ogp.verdicts": f"document_id IN ({DOCUMENTS})",
    "ogp.evidence": f"document_id IN ({DOCUMENTS})",
    # A candidate is meant when one of its documents is; then all its documents stand under it.
    "ogp.candidates": f"id IN (SELECT candidate FROM {{whole}}ogp.candidate_documents WHERE document_id IN ({DOCUMENTS}))",
    "ogp.candidate_documents": "candidate IN (SELECT id FROM ogp.candidates)",
    "ogp.reviews": "candidate IN (SELECT id FROM ogp.candidates)",
}


def conditions(scope: Scope, *, whole: str = "whole.") -> dict[str, str]:
    """SQL per table that is true of the rows meant, in an order in which each can be made; a table that is not named is kept whole.

    `whole` is the prefix of the tables that are not narrowed.
    """
    found = {"core.sources": scope.where(source="id")}
    for table, day in OWN_DAY.items():
        found[f"core.{table}"] = found[f"core.{table}_history"] = scope.where(day=day.format(whole=whole))
    if scope.platforms is None and scope.sources is None:
        found["core.authorities"] = scope.where(authority="orgnr", source="")
    else:
        found["core.authorities"] = f"orgnr IN (SELECT authority FROM core.sources UNION ALL SELECT authority FROM ({OF_TEXTS}))"
    # A run is meant when it asked for a day of the window, whenever it ran.
    overlap = [f"until >= DATE '{scope.since}'"] * bool(scope.since) + [f"since <= DATE '{scope.until}'"] * bool(scope.until)
    found["raw.runs"] = found["raw.coverage"] = " AND ".join([scope.where(), *overlap])
    found["raw.quarantine"] = scope.where(day="captured_at::DATE")
    found["ogp.shortlist_items"] = scope.where(source="")
    found["ogp.takedowns"] = scope.where(authority="")
    return found | {table: condition.format(whole=whole) for table, condition in BY_OTHERS.items()}


def connect(home: Path, scope: Scope, *, is_locked: bool = False) -> duckdb.DuckDBPyConnection:
    """The newest read copy, narrowed and for reading; `is_locked` as of `connect_published`. Raises NotPublished."""
    if scope.is_all:
        return connect_published(home, is_locked=is_locked)
    import duckdb

    path = published_file(home)
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS whole (READ_ONLY)")
    tables = connection.execute(
        "SELECT schema_name, schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'whole' ORDER BY ALL"
    ).fetchall()
    for schema in dict.fromkeys(schema for schema, _ in tables):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    narrowing = conditions(scope)
    for table in [*narrowing, *(t for _, t in tables if t not in narrowing)]:
        connection.execute(f"CREATE VIEW {table} AS FROM whole.{table} WHERE {narrowing.get(table, 'TRUE')}")
    for view in sorted((FOLDER / "views").glob("*.sql")):
        connection.execute(view.read_text(encoding="utf-8"))
    if is_locked:
        lock(connection)
    return connection
