"""`dagslys normalise`: load what was harvested into the warehouse."""

from __future__ import annotations

from datetime import date, datetime

import click

from flows.commands.verb import plain, say_json, say_table, settings, verb
from flows.texts import text


@verb("normalise")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help=text("option.today"))
def command(today: datetime | None, as_json: bool) -> int:
    """Load every waiting batch."""
    from flows import engine

    now = settings()
    engine.prepare(now.home)
    from flows.normalise import normalise

    show(normalise(today.date() if today else date.today()), as_json=as_json)
    return 0


def show(report: object, *, as_json: bool) -> None:
    """What was loaded."""
    told = plain(report)
    if as_json:
        say_json(told)
        return
    parts = ("new", "changed", "unchanged")
    say_table(
        [text("normalise.column.table"), *(text(f"normalise.column.{p}") for p in parts)],
        ([table, *(counts.get(p, 0) for p in parts)] for table, counts in sorted(told["by_table"].items())),
        right=(1, 2, 3),
    )
    click.echo(
        text("normalise.done", **{k: told[k] for k in ("batches", "rows_in", "rows_out", "quarantined", "duplicates", "new", "changed")})
    )
