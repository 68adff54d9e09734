"""`dagslys rebuild`: build the database anew from staging and decisions, and compare."""

from __future__ import annotations

from datetime import date, datetime

import click

from flows.commands.verb import plain, say_json, settings, verb
from flows.texts import text


@verb("rebuild")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help=text("option.today"))
def command(today: datetime | None, as_json: bool) -> int:
    """Rebuild; exit code 1 when a table differs from the one it replaces."""
    from flows import pipeline

    report = pipeline.rebuild(settings(), today.date() if today else date.today())
    if as_json:
        say_json(report)
    else:
        for table, difference in plain(report)["differences"].items():
            click.echo(f"{table}: {difference}")
        click.echo(text("rebuild.equal" if report.is_equal else "rebuild.different", tables=len(report.tables)))
    return 0 if report.is_equal else 1
