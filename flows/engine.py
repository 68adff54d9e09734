"""Prefect, set up: its state in our state folder, silent, and without one call to the outside (TECH 2.6).

Import this before anything of Prefect, and import flows inside `running`. What the user has set in the environment is left alone.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
DEFAULTS = {
    "PREFECT_API_REQUEST_TIMEOUT": "120",
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


@contextmanager
def running(home: Path) -> Generator[None]:
    """Prefect set up, and its API to be had: the server the user points to, or one of our own for as long as this lasts.

    Prefect would start one by itself, but only after reading the whole server into this process too, which takes as long again.
    """
    prepare(home)
    if "PREFECT_API_URL" in os.environ or (Path(os.environ["PREFECT_HOME"]) / "profiles.toml").exists():
        yield
        return
    with server(os.environ) as api:
        os.environ["PREFECT_API_URL"] = api
        try:
            with _without_heartbeats():
                yield
        finally:
            del os.environ["PREFECT_API_URL"]


@contextmanager
def server(environment: Mapping[str, str]) -> Generator[str]:
    """A server of our own in an environment made by `prepare`; yields the address of its API, which may be asked at once: questions wait
    in the socket's queue until it answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as ours:
        port = ours.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.engine_server", str(ours.fileno())],
            env=environment, pass_fds=[ours.fileno()], stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us to heed; the server ends when we have told it how the run ended
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/api"
    finally:
        process.communicate()


@contextmanager
def _without_heartbeats() -> Generator[None]:
    """Without the thread that tells a server that lasts that a run is alive, and holds its end back for a second (no variable says so)."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


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
