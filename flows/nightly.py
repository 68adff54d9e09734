"""The flow `nightly`: harvest what is due, normalise it, flag again. What the schedules run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.flag import flag
from flows.harvest import harvest
from flows.normalise import normalise
from flows.selection import catalogue_of
from flows.settings import from_environment


@flow(name="nightly")
def nightly(
    cadences: list[str] | None = None,
    authorities: list[str] | None = None,
    platforms: list[str] | None = None,
    sources: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    days: int | None = None,
) -> dict[str, int]:
    """The main job for the sources of these cadences, all or those selected. Returns the outcomes, counted.

    With `days`, the window is that many days long and only platforms that are asked by days are read: of the others a longer window brings
    nothing more.
    """
    if days:
        since = (until or date.today()) - timedelta(days=days)
        platforms = windowed(platforms, sources)
        if not platforms:
            return {}
    report = harvest(authorities, platforms, sources, cadences, since, until)
    loaded = normalise()
    flagged = flag()
    night = {"sources": len(report.results), "new": loaded.new, "changed": loaded.changed, "candidates": flagged.candidates}
    create_table_artifact(key="nightly", table=[night | dict(report.outcomes)])
    return dict(report.outcomes)


def windowed(platforms: Iterable[str] | None, sources: Iterable[str] | None) -> list[str]:
    """The platforms in the catalogue, of those selected, that read whole days (contract.Whole)."""
    from extractors.platforms import EXTRACTORS

    known = {entry.platform for entry in catalogue_of(from_environment().home).entries}
    known &= {platform for platform, extractor in EXTRACTORS.items() if extractor.whole}
    if sources:
        known &= {source.partition("/")[0] for source in sources}
    return sorted(known.intersection(platforms) if platforms else known)
