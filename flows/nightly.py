"""The flow `nightly`: harvest what is due, normalise it, flag again. What the schedules run."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.flag import flag
from flows.harvest import harvest
from flows.normalise import normalise


@flow(name="nightly")
def nightly(
    cadences: list[str] | None = None,
    authorities: list[str] | None = None,
    platforms: list[str] | None = None,
    sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[str, int]:
    """The main job for the sources of these cadences, all or those selected. Returns the outcomes, counted."""
    report = harvest(authorities, platforms, sources, cadences, since, until)
    loaded = normalise()
    flagged = flag()
    night = {"sources": len(report.results), "new": loaded.new, "changed": loaded.changed, "candidates": flagged.candidates}
    create_table_artifact(key="nightly", table=[night | dict(report.outcomes)])
    return dict(report.outcomes)
