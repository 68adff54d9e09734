"""`dagslys housekeeping`: delete what the law says may not be kept, and old read copies."""

from __future__ import annotations

from datetime import date, datetime

import click

from flows.commands.verb import say_json, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text
from flows.usage import DAY


@verb("housekeeping")
@selectors("archived")
@click.option("--today", type=DAY, help=text("option.today"))
def command(selection: Selection, today: datetime | None, as_json: bool) -> int:
    """Journal archives after 365 days, names in entries older than a year."""
    from flows import pipeline

    done = pipeline.housekeeping(settings(), today.date() if today else date.today(), selection=selection)
    say_json(done) if as_json else click.echo(text("housekeeping.done", **done))
    return 0
