"""The flow `nightly`: harvest what is due, normalise it, flag again. What the schedules run."""

from __future__ import annotations

from prefect import flow

from flows.flag import flag
from flows.harvest import harvest
from flows.normalise import normalise


@flow(name="nightly")
def nightly(cadences: list[str] | None = None) -> dict[str, int]:
    """The main job for the sources of these cadences. Returns the outcomes, counted."""
    report = harvest(cadences=cadences)
    normalise()
    flag()
    return dict(report.outcomes)
