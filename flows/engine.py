"""Prefect, set up: its state in our state folder, silent, and without one call to the outside (TECH 2.6).

Import this before anything of Prefect. What the user has set in the environment is left alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
DEFAULTS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
}


def prepare(home: Path) -> None:
    """Set Prefect's environment; `home` is our state folder."""
    os.environ.update(ALWAYS)
    for name, value in (DEFAULTS | {"PREFECT_HOME": str(home / "prefect")}).items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)


def kept(home: Path) -> Iterator[str]:
    """Everything the engine keeps in our state folder as text: its database a table at a time, other files whole."""
    for path in sorted(p for p in (home / "prefect").rglob("*") if p.is_file()):
        if path.suffix == ".db":
            yield from _rows_of(path)
        elif not path.name.endswith((".db-wal", ".db-shm")):
            yield path.read_text(encoding="utf-8", errors="replace")


def _rows_of(database: Path) -> Iterator[str]:
    with closing(sqlite3.connect(database)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            yield "\n".join(_text(cell) for row in connection.execute(f'SELECT * FROM "{table}"') for cell in row if cell is not None)


def _text(cell: object) -> str:
    return cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else str(cell)
