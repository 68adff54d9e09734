"""The database file that is built, and the copy that is read.

One process writes `warehouse.duckdb`; everyone else reads `published/dagslys.duckdb` (DuckDB lets no second process open a file that a
writer holds). Both are made by the numbered migrations in `schema/` and the analyst's views in `views/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from warehouse.exceptions import NotPublished, SchemaDrifted, StoreBusy

FOLDER = Path(__file__).parent
FILE = "warehouse.duckdb"
PUBLISHED = Path("published") / "dagslys.duckdb"
TABLES = ("journal_entries", "cases", "meetings", "agenda_items", "datasets", "distributions", "pages", "notices", "register_facts")


class Store:
    """The warehouse of a state folder, open for writing and migrated to the newest schema.

    Raises SchemaDrifted when the file was made by other migrations, and StoreBusy when another process holds it.
    """

    def __init__(self, home: Path, file: str = FILE) -> None:
        self.home = Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        self.path = self.home / file
        try:
            self.connection = duckdb.connect(str(self.path))
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            raise StoreBusy(f"{self.path} is being written by another run; wait until it is done", path=self.path) from error
        self.connection.execute("SET TimeZone = 'UTC'")
        migrate(self.connection)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Generator[duckdb.DuckDBPyConnection]:
        """All or nothing: what is done inside is committed at the end, or not at all."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def first(connection: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> tuple[Any, ...] | None:
    """The first row of an answer, None when it has none. Reads the answer to its end: DuckDB 2.0 holds the connection until then."""
    rows = connection.execute(sql, values).fetchall()
    return rows[0] if rows else None


def one(connection: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> tuple[Any, ...]:
    """The only row of a question that always has one (a count, a maximum)."""
    row = first(connection, sql, values)
    if row is None:
        raise LookupError(f"no row: {sql}")
    return row


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Run the migrations that are missing in the current database, in order, and make the views anew when they changed."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    connection.execute("CREATE TABLE IF NOT EXISTS raw.migrations (name VARCHAR, sha256 VARCHAR)")
    done = dict(connection.execute("SELECT name, sha256 FROM raw.migrations").fetchall())
    for path in sorted((FOLDER / "schema").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if done.get(path.stem) == digest:
            continue
        if path.stem in done:
            raise SchemaDrifted(f"migration {path.stem} is not the one this database was made with; run `dagslys rebuild`", name=path.stem)
        _apply(connection, path.stem, digest, text)
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FOLDER / "views").glob("*.sql")))
    digest = hashlib.sha256(text.encode()).hexdigest()
    if done.get("views") != digest:
        _apply(connection, "views", digest, text)


def _apply(connection: duckdb.DuckDBPyConnection, name: str, digest: str, text: str) -> None:
    connection.execute("BEGIN")
    try:
        if text.strip():
            connection.execute(text)
        connection.execute("DELETE FROM raw.migrations WHERE name = ?", [name])
        connection.execute("INSERT INTO raw.migrations VALUES (?, ?)", [name, digest])
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def connect_published(home: Path, *, is_locked: bool = False) -> duckdb.DuckDBPyConnection:
    """The newest read copy, opened for reading only; a copy published later does not disturb it.

    `is_locked` also forbids the connection to read or write other files (for SQL that others wrote). Raises NotPublished.
    """
    connection = duckdb.connect(str(published_file(home)), read_only=True)
    if is_locked:
        lock(connection)
    return connection


def published_file(home: Path) -> Path:
    """Where the newest read copy stands. Raises NotPublished."""
    path = Path(home) / PUBLISHED
    if not path.exists():
        raise NotPublished(f"{path} does not exist yet; run a harvest, or `dagslys normalise` if something is staged", path=path)
    return own_name(path)


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """Forbid the connection to read or write other files, for good."""
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def own_name(path: Path) -> Path:
    """The dated name of the same file. Within a process DuckDB knows a database by its path, and would answer from an older copy that
    is still open under the name they share."""
    return next((dated for dated in path.parent.glob(f"{path.stem}-*.duckdb") if dated.samefile(path)), path)
