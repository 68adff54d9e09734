"""The data dictionary, written from the comments in the database."""

from __future__ import annotations

import duckdb

HEAD = """# Dataordbok

Visningene i den publiserte databasen (`published/dagslys.duckdb`), med hver kolonne. Siden er laget av kommentarene i databasen; de står
også i DuckDB, DBeaver og andre verktøy som viser kommentarer.
"""
TABLES_HEAD = """## Tabellene under visningene

Visningene er laget av disse tabellene. De kan leses på samme måte, men navnene følger koden.

| Tabell | Hva den er |
|---|---|
"""


def markdown(connection: duckdb.DuckDBPyConnection) -> str:
    """The dictionary in Markdown: each view of `main` with its columns, then the tables beneath."""
    columns: dict[str, list[tuple[str, str, str]]] = {}
    for view, name, kind, comment in connection.execute(
        """SELECT table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
           WHERE schema_name = 'main' AND NOT internal AND database_name = current_database() ORDER BY table_name, column_index"""
    ).fetchall():
        columns.setdefault(view, []).append((name, kind, comment))
    parts = [HEAD]
    for view, comment in connection.execute(
        """SELECT view_name, coalesce(comment, '') FROM duckdb_views()
           WHERE schema_name = 'main' AND NOT internal AND database_name = current_database() ORDER BY view_name"""
    ).fetchall():
        rows = "\n".join(f"| `{name}` | {kind} | {_cell(words)} |" for name, kind, words in columns[view])
        parts.append(f"## {view}\n\n{comment}.\n\n| Kolonne | Type | Hva den er |\n|---|---|---|\n{rows}\n")
    tables = connection.execute(
        """SELECT schema_name || '.' || table_name, coalesce(comment, '') FROM duckdb_tables()
           WHERE NOT internal AND database_name = current_database() AND schema_name IN ('raw', 'core', 'ogp', 'search') ORDER BY ALL"""
    ).fetchall()
    parts.append(TABLES_HEAD + "\n".join(f"| `{name}` | {_cell(comment)} |" for name, comment in tables) + "\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
