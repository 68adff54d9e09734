"""The flow `flag`: evidence, candidates and the published read copy."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import pipeline, steps
from flows.pipeline import FlagReport
from flows.selection import Selection
from flows.settings import from_environment


@flow(name="flag")
def flag(today: date | None = None, selection: Selection = pipeline.ALL, is_anew: bool = False) -> FlagReport:
    """Flag the candidates of the bodies selected in what the warehouse holds; `is_anew`: judge also what cannot come out otherwise."""
    report = pipeline.flag(from_environment(), today or date.today(), steps.listener.get(), selection, is_anew=is_anew)
    create_table_artifact(key="flagged-candidates", table=[{"pillar": pillar, **counts} for pillar, counts in report.by_pillar.items()])
    return report
