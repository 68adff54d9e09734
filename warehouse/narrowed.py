"""The read copy as if it held only some bodies, platforms, sources and days.

The same tables and views under the same names, narrowed, over the whole copy attached as `whole`: whoever reads, reads less, and no
question has to know why. What each table is narrowed by stands in `conditions`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.exceptions import SchemaDrifted
from warehouse.scope import Scope
from warehouse.store import FOLDER, connect_published, lock, published_file

# A text's own day, as search tells it; one that bears none has the day it was first seen. {whole} and {own} are the database that is
# narrowed and the one the narrowed tables stand in.
OWN_DAY = {
    "journal_entries": "coalesce(journal_date, document_date, first_seen::DATE)",
    "cases": "coalesce(case_date, first_seen::DATE)",
    "meetings": "coalesce(start::DATE, first_seen::DATE)",
    "agenda_items": "coalesce((SELECT m.start::DATE FROM {whole}.core.meetings m WHERE m.id = meeting), first_seen::DATE)",
    "datasets": "coalesce(modified, issued, first_seen::DATE)",
    "pages": "coalesce(modified, published, first_seen::DATE)",
    "notices": "coalesce(issued, first_seen::DATE)",
}
TEXTS = ("journal_entries", "agenda_items", "pages", "datasets", "notices", "meetings")
# A register is a body's own by whom its rows are about, not by who keeps it.
ABOUT = "subject IN (SELECT unnest([orgnr, number]) FROM {own}.core.authorities)"
DOCUMENTS = " UNION ALL ".join(f"SELECT id FROM {{own}}.core.{table}" for table in TEXTS)
BODIES = " UNION ALL ".join(f"SELECT authority FROM {{own}}.core.{table}" for table in ("sources", *TEXTS))
# What is narrowed by what the narrowed tables before it hold.
BY_OTHERS = {
    "core.distributions": "dataset IN (SELECT id FROM {own}.core.datasets)",
    "core.distributions_history": "dataset IN (SELECT id FROM {own}.core.datasets)",
    "core.dataset_measures": "dataset IN (SELECT id FROM {own}.core.datasets)",
    "core.dataset_metrics": "dataset IN (SELECT id FROM {own}.core.datasets)",
    "core.distribution_measures": "distribution IN (SELECT id FROM {own}.core.distributions)",
    "raw.captures": "batch IN (SELECT batch FROM {own}.raw.runs)",
    "raw.batches": "batch IN (SELECT batch FROM {own}.raw.runs)",
    "search.documents": f"id IN ({DOCUMENTS})",
    "ogp.verdicts": f"document_id IN ({DOCUMENTS})",
    "ogp.evidence": f"document_id IN ({DOCUMENTS})",
    "ogp.mentions": f"document_id IN ({DOCUMENTS})",
    # Of a sentence that a text meant has, all bodies that have it stay.
    "ogp.shared_texts": f"sentence_hash IN (SELECT sentence_hash FROM {{whole}}.ogp.shared_texts WHERE document_id IN ({DOCUMENTS}))",
    # A candidate is meant when one of its documents is; then all its documents stand under it.
    "ogp.candidates": f"id IN (SELECT candidate FROM {{whole}}.ogp.candidate_documents WHERE document_id IN ({DOCUMENTS}))",
    "ogp.candidate_documents": "candidate IN (SELECT id FROM {own}.ogp.candidates)",
    "ogp.comparables": "candidate IN (SELECT id FROM {own}.ogp.candidates)",
    "ogp.reviews": "candidate IN (SELECT id FROM {own}.ogp.candidates)",
}


def conditions(scope: Scope) -> dict[str, str]:
    """SQL per table that is true of the rows meant, in an order in which each can be made; a table that is not named is kept whole."""
    found = {"core.sources": scope.where(source="id")}
    for table, day in OWN_DAY.items():
        found[f"core.{table}"] = found[f"core.{table}_history"] = scope.where(day=day)
    is_by_body = scope.platforms is None and scope.sources is None
    found["core.authorities"] = scope.where(authority="orgnr", source="") if is_by_body else f"orgnr IN ({BODIES})"
    facts = scope.where(authority="") + (f" AND {ABOUT}" if scope.authorities is not None else "")
    found["core.register_facts"] = found["core.register_facts_history"] = facts
    # A run is meant when it asked for a day of the window, whenever it ran.
    overlap = [f"until >= DATE '{scope.since}'"] * bool(scope.since) + [f"since <= DATE '{scope.until}'"] * bool(scope.until)
    found["raw.runs"] = found["raw.coverage"] = " AND ".join([scope.where(), *overlap])
    found["raw.quarantine"] = scope.where(day="captured_at::DATE")
    found["ogp.shortlist_items"] = scope.where(source="")
    found["ogp.takedowns"] = scope.where(authority="")
    found["raw.absences"], found["raw.coverage_days"] = scope.where(authority="", day="day"), scope.where(day="day")
    return found | BY_OTHERS


def shadow(connection: duckdb.DuckDBPyConnection, scope: Scope, whole: str, own: str) -> None:
    """Make in the database `own` a view for every table of the database `whole`, narrowed to the scope."""
    tables = connection.execute(
        "SELECT schema_name, schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY ALL", [whole]
    ).fetchall()
    for schema in dict.fromkeys(schema for schema, _ in tables):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {own}.{schema}")
    narrowing = conditions(scope)
    for table in [*narrowing, *(t for _, t in tables if t not in narrowing)]:
        condition = narrowing.get(table, "TRUE").format(whole=whole, own=own)
        connection.execute(f"CREATE VIEW {own}.{table} AS FROM {whole}.{table} WHERE {condition}")


def connect(home: Path, scope: Scope, *, is_locked: bool = False) -> duckdb.DuckDBPyConnection:
    """The newest read copy, narrowed and for reading; `is_locked` as of `connect_published`. Raises NotPublished, SchemaDrifted."""
    if scope.is_all:
        return connect_published(home, is_locked=is_locked)
    path = published_file(home)
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS whole (READ_ONLY)")
    shadow(connection, scope, "whole", "memory")
    try:
        for view in sorted((FOLDER / "views").glob("*.sql")):
            connection.execute(view.read_text(encoding="utf-8"))
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise SchemaDrifted(f"{path} was published with other tables than the views ask; run `dagslys flag`", name=path.name) from error
    if is_locked:
        lock(connection)
    return connection
