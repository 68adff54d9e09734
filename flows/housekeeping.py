"""The flow `housekeeping`: what the law says may not be kept is deleted."""

from __future__ import annotations

from datetime import date

from prefect import flow

from flows import jobs, pipeline
from flows.settings import from_environment


@flow(name="housekeeping")
def housekeeping(today: date | None = None) -> dict[str, int]:
    """Journal archives after 365 days and names in entries older than a year."""
    settings = from_environment()
    with jobs.job(settings.home, "housekeeping") as record:
        record["result"] = done = pipeline.housekeeping(settings, today or date.today())
    return done
