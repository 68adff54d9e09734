"""What was concluded, read back from a read copy: for measuring it, and for whoever added a page by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import duckdb

from warehouse.store import first

if TYPE_CHECKING:
    import pandas as pd

TOLD_IN = ("journal_entries", "agenda_items", "datasets", "pages", "notices", "meetings")


def candidates(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every candidate, with the columns of `ogp.candidates`."""
    return connection.execute("FROM ogp.candidates").df()


def documents(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every document of a candidate, with the columns of `ogp.candidate_documents` and the source, key and url of its record."""
    keys = " UNION ALL ".join(f"SELECT id, source, key, url FROM core.{table}" for table in TOLD_IN)
    return connection.execute(
        f"SELECT d.*, r.source, r.key, r.url FROM ogp.candidate_documents d JOIN ({keys}) r ON r.id = d.document_id"
    ).df()


def best_of_pages(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[str, str, float] | None:
    """The candidate with the most points (id, practice, points) that a page of this source tells of; None when there is none."""
    found = first(
        connection,
        """SELECT c.id, c.practice, c.score FROM ogp.candidates c JOIN ogp.candidate_documents d ON d.candidate = c.id
           JOIN core.pages p ON p.id = d.document_id WHERE p.source = ? ORDER BY c.score DESC LIMIT 1""",
        [source],
    )
    return (str(found[0]), str(found[1]), float(found[2])) if found else None


def texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Everything the database holds as text, a column at a time: tables, history, quarantine and views."""
    columns = connection.execute(
        """SELECT schema_name, table_name, column_name FROM duckdb_columns()
           WHERE NOT internal AND data_type LIKE '%VARCHAR%' AND database_name = current_database()"""
    ).fetchall()
    for schema, table, column in columns:
        values = connection.execute(f'SELECT DISTINCT "{column}"::VARCHAR FROM "{schema}"."{table}"').fetchall()
        yield "\n".join(value for (value,) in values if value)
