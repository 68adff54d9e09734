"""The flow `housekeeping`: what the law says may not be kept is deleted."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import pipeline
from flows.settings import from_environment


@flow(name="housekeeping")
def housekeeping(today: date | None = None) -> dict[str, int]:
    """Journal archives after 365 days and names in entries older than a year."""
    done = pipeline.housekeeping(from_environment(), today or date.today())
    create_table_artifact(key="housekeeping", table=[done])
    return done
