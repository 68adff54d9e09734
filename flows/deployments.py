"""`dagslys serve`: a persistent local Prefect server and the schedules, in one process tree that ends together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows import engine
from flows.exceptions import ServerFailed
from flows.schedules import schedules_of
from flows.selection import Selection
from flows.settings import Settings
from flows.texts import text

START_S = 120


def serve(settings: Settings, port: int, told: Callable[[str], None], selection: Selection = Selection()) -> None:
    """Start the server, announce its page, and run what is due until interrupted; a selection says which sources are asked.

    Raises ServerFailed.
    """
    os.environ["DAGSLYS_HOME"] = str(settings.home)
    # A shell that starts us in the background has us ignore SIGINT; then nothing could stop the schedules in good order.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with server(settings.home, port) as api:
        os.environ["PREFECT_API_URL"] = api
        engine.prepare(settings.home)
        from prefect import serve as run

        told(api.removesuffix("/api"))
        run(*deployments(selection), limit=1, print_starting_message=False)


@contextmanager
def server(home: Path, port: int) -> Generator[str]:
    """A Prefect server on 127.0.0.1:port over the state folder; yields the address of its API. Raises ServerFailed."""
    engine.prepare(home)
    api = f"http://127.0.0.1:{port}/api"
    environment = os.environ | {"PREFECT_SERVER_UI_API_URL": api, "PREFECT_API_URL": api}
    log = home / "logs" / "prefect-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=environment, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait_for(api, process, log)
        yield api
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(api: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed(text("wrong.server_ended", code=process.returncode, log=log))
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise ServerFailed(text("wrong.server_silent", seconds=START_S, log=log))


def deployments(selection: Selection = Selection()) -> list[Any]:
    """One deployment per schedule, never two runs of one at a time."""
    from prefect.schedules import Cron

    from flows.housekeeping import housekeeping
    from flows.nightly import nightly

    flows = {"nightly": nightly, "housekeeping": housekeeping}
    return [
        flows[s.flow].to_deployment(name=s.name, schedule=Cron(s.cron, timezone=s.timezone), parameters=s.parameters, concurrency_limit=1)
        for s in schedules_of(selection)
    ]
