"""Prefect, set up: its state in our state folder, silent, and without one call to the outside (TECH 2.6).

Import this before anything of Prefect. What the user has set in the environment is left alone.
"""

from __future__ import annotations

import os
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
