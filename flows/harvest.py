"""The flow `harvest`: one task per shard of hosts, an artifact per run."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.task_runners import ThreadPoolTaskRunner

from extractors.contract import Source, Window
from extractors.staging import RunResult
from flows import jobs, pipeline
from flows.pipeline import HarvestReport, Told, untold
from flows.selection import Selection
from flows.settings import Settings, from_environment
from flows.texts import because

listener: ContextVar[Told] = ContextVar("listener", default=untold)
"""Who is told when a source has ended: a progress bar, in a run that a person started."""


def may_pass(task: Any, run: Any, state: State[Any]) -> bool:
    """Whether a broken shard is tried again: a disk or a socket may come back; a fault of ours, a missing setting or Ctrl-C will not."""
    return isinstance(state.data, OSError)


@task(
    name="harvest-shard",
    task_run_name="{name}",
    cache_policy=NO_CACHE,
    retries=1,
    retry_delay_seconds=30.0,
    retry_condition_fn=may_pass,
)
def harvest_shard(name: str, settings: Settings, run_id: str, window: Window, shard: tuple[Source, ...]) -> list[RunResult]:
    """The sources of one shard; done again as a whole when it breaks, which costs little: what is staged is staged."""
    return pipeline.harvest_shard(settings, run_id, window, shard, listener.get())


@flow(name="harvest", task_runner=ThreadPoolTaskRunner(max_workers=128))  # ty: ignore[no-matching-overload]
def harvest(
    authorities: list[str] | None = None,
    platforms: list[str] | None = None,
    sources: list[str] | None = None,
    cadences: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    source_files: list[Path] | None = None,
) -> HarvestReport:
    """Harvest the sources chosen; every source ends in one outcome."""
    settings = from_environment()
    chosen = Selection(
        tuple(authorities or ()),
        tuple(platforms or ()),
        tuple(sources or ()),
        since,
        until,
        tuple(source_files or ()),
        tuple(cadences or ()),
    )
    pipeline.refuse_anonymity(settings)
    plan = pipeline.plan(settings, chosen, date.today())
    with jobs.job(settings.home, "harvest", {"run": plan.run_id, "sources": len(plan.sources)}) as record:
        waiting = [
            harvest_shard.submit(f"{shard[0].id} +{len(shard) - 1}", settings, plan.run_id, plan.window, shard) for shard in plan.shards
        ]
        report = HarvestReport(plan.run_id, tuple(result for future in waiting for result in future.result()))
        record["result"] = {"outcomes": dict(report.outcomes)}
    rows = [{"source": r.source, "outcome": str(r.outcome), "requests": r.requests, "reason": because(r.reasons)} for r in report.results]
    create_table_artifact(key="harvest-outcomes", table=rows)
    return report


def run_harvest(selection: Selection, told: Told) -> HarvestReport:
    """The flow, started by a person: `told` hears of every source that ends."""
    token = listener.set(told)
    try:
        return harvest(
            list(selection.authorities), list(selection.platforms), list(selection.sources), list(selection.cadences), selection.since,
            selection.until, list(selection.source_files),
        )  # fmt: skip
    finally:
        listener.reset(token)
