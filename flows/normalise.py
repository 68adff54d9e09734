"""The flow `normalise`: what waits in staging goes through the privacy gate into the warehouse."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import pipeline, steps
from flows.commands.normalise import table_rows
from flows.selection import Selection
from flows.settings import from_environment


@flow(name="normalise")
def normalise(today: date | None = None, selection: Selection = pipeline.ALL) -> Any:
    """Load the waiting batches selected; `today` decides which entries are older than a year."""
    report = pipeline.normalise(from_environment(), today or date.today(), steps.listener.get(), selection)
    create_table_artifact(key="normalised-rows", table=table_rows(report))
    return report
