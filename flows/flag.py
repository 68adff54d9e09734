"""The flow `flag`: evidence, candidates and the published read copy."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import jobs, pipeline
from flows.commands.verb import plain
from flows.pipeline import FlagReport
from flows.settings import from_environment


@flow(name="flag")
def flag(today: date | None = None) -> FlagReport:
    """Flag candidates in all that the warehouse holds."""
    settings = from_environment()
    with jobs.job(settings.home, "flag") as record:
        report = pipeline.flag(settings, today or date.today())
        record["result"] = plain(report)
    create_table_artifact(key="flagged-candidates", table=[plain(report)])
    return report
