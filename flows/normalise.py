"""The flow `normalise`: what waits in staging goes through the privacy gate into the warehouse."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import jobs, pipeline
from flows.commands.verb import plain
from flows.settings import from_environment


@flow(name="normalise")
def normalise(today: date | None = None) -> Any:
    """Load every waiting batch; `today` decides which entries are older than a year."""
    settings = from_environment()
    with jobs.job(settings.home, "normalise") as record:
        report = pipeline.normalise(settings, today or date.today())
        record["result"] = plain(report)
    create_table_artifact(key="normalised-rows", table=[plain(report)])
    return report
