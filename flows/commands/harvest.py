"""`dagslys harvest`: ask the sources, archive the answers, stage the records."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.progress import bars
from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import because, named, text

if TYPE_CHECKING:
    from extractors.staging import RunResult
    from flows.pipeline import HarvestReport, Plan


@verb("harvest")
@selectors("asked")
@click.option(
    "--source-file",
    "source_files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help=text("option.source_file"),
)
@click.option("--dry-run", is_flag=True, help=text("option.dry_run"))
def command(selection: Selection, source_files: tuple[Path, ...], dry_run: bool, as_json: bool) -> int:
    """Harvest, then say how each source ended."""
    from flows import engine, interruption, pipeline

    now = settings()
    selection = replace(selection, source_files=source_files)
    plan = pipeline.plan(now, selection, date.today())
    if dry_run:
        show_plan(plan, as_json=as_json)
        return 0
    pipeline.refuse_anonymity(now)
    with engine.running(now.home):
        from flows.harvest import run_harvest

        interruption.heed_signals()
        with progress(plan, is_shown=not as_json) as told:
            report = run_harvest(selection, told)
    show_report(report, as_json=as_json)
    return 0 if report.is_fresh else 3


def show_plan(plan: Plan, *, as_json: bool) -> None:
    """What a harvest would ask."""
    rows = [{"source": s.id, "authority": s.authority, "platform": s.platform, "url": s.url} for s in plan.sources]
    if as_json:
        say_json({"since": plan.window.since, "until": plan.window.until, "shards": len(plan.shards), "sources": rows})
        return
    heads = [text("status.column.source"), text("status.column.body"), text("search.column.url")]
    say_table(heads, ([r["source"], r["authority"], r["url"]] for r in rows))
    click.echo(text("harvest.planned", sources=len(rows), since=plan.window.since, until=plan.window.until, shards=len(plan.shards)))


@contextmanager
def progress(plan: Plan, *, is_shown: bool) -> Generator[Callable[[RunResult], None]]:
    """A progress bar on standard error while sources end."""
    with bars("last", is_shown=is_shown) as bar:
        task = bar.add_task(text("harvest.asking"), total=len(plan.sources), last="")

        def told(result: RunResult) -> None:
            bar.update(task, advance=1, last=f"{result.source}: {named('outcome', result.outcome)}")

        yield told


def result_row(result: RunResult) -> dict[str, Any]:
    """What people and machines see of one source's run."""
    return {
        "source": result.source, "authority": result.authority, "platform": result.platform, "outcome": str(result.outcome),
        "reason": because(result.reasons), "reasons": [reason.as_json() for reason in result.reasons], "requests": result.requests,
        "not_modified": result.not_modified, "records": dict(result.seen),
        "new_or_changed": sum(n for kind, n in result.records.items() if kind not in ("claim", "trouble")),
        "quarantined": result.troubles, "claimed": result.claimed, "leftovers": dict(result.leftovers),
    }  # fmt: skip


def show_report(report: HarvestReport, *, as_json: bool) -> None:
    """How each source ended."""
    rows = [result_row(r) for r in sorted(report.results, key=lambda r: r.source)]
    if as_json:
        say_json({"run": report.run_id, "outcomes": dict(report.outcomes), "sources": rows})
        return
    show_outcomes(rows)
    strange = {name: n for row in rows for name, n in row["leftovers"].items()}
    if strange:
        click.echo(text("harvest.leftovers", fields=", ".join(sorted(strange))))
    ended = ", ".join(f"{n} {named('outcome', outcome)}" for outcome, n in report.outcomes.most_common())
    click.echo(text("harvest.done", sources=len(rows), outcomes=ended))
    if not report.is_fresh:
        click.echo(text("harvest.not_fresh"))


def show_outcomes(rows: list[dict[str, Any]]) -> None:
    """The table of outcomes."""
    heads = [text(f"harvest.column.{c}") for c in ("source", "outcome", "requests", "not_modified", "records", "new", "reason")]
    cells = []
    for row in rows:
        counts = (row["requests"], row["not_modified"], sum(row["records"].values()), row["new_or_changed"])
        cells.append([row["source"], named("outcome", row["outcome"]), *counts, row["reason"]])
    say_table(heads, cells, right=(2, 3, 4, 5))
