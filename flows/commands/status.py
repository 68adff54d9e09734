"""`dagslys status`: what we have, how fresh it is, what ran, and why a body is blank."""

from __future__ import annotations

from typing import Any

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import named, text


@verb("status")
@selectors("ended")
@click.option("--jobs", "job_count", type=click.IntRange(0, 1000), default=5, show_default=True, help=text("option.jobs"))
def command(selection: Selection, job_count: int, as_json: bool) -> int:
    """The last outcome per source chosen, and the last jobs."""
    from flows.status import status

    found = status(settings(), selection, job_count)
    if as_json:
        say_json(found)
        return 0
    heads = [text(f"status.column.{c}") for c in ("source", "body", "state", "outcome", "ended", "reason")]
    say_table(heads, [_source_cells(row) for row in found["sources"]])
    if not found["sources"]:
        click.echo(text("status.none"))
    heads = [text(f"status.blank.{c}") for c in ("body", "side", "answer", "reason")]
    say_table(heads, [[b["body"], named("side", b["side"]), named("answer", b["answer"]), b["reason"]] for b in found["bodies"]])
    if missing := dict.fromkeys(b["authority"] for b in found["bodies"] if b["answer"] == "not_looked"):
        click.echo(text("status.blank.look", bodies=" ".join(missing)))
    if found["jobs"]:
        heads = [text(f"status.column.{c}") for c in ("job", "started", "ended", "how")]
        say_table(heads, [[j["verb"], j["started_at"][:19], (j["ended_at"] or "")[:19], text(f"job.{j['status']}")] for j in found["jobs"]])
    click.echo(text("status.done", **found["counts"]))
    return 0


def _source_cells(row: dict[str, Any]) -> list[Any]:
    outcome = named("outcome", row["outcome"]) if row["outcome"] else ""
    return [row["source"], row["body"], text(f"state.{row['state']}"), outcome, row["ended_at"], row["reason"]]
