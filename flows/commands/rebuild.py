"""`dagslys rebuild`: build the database anew from staging and decisions, and compare."""

from __future__ import annotations

from datetime import date, datetime

import click

from flows.commands.verb import say_json, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text
from flows.usage import DAY


@verb("rebuild")
@selectors("own")
@click.option("--today", type=DAY, help=text("option.today"))
def command(selection: Selection, today: datetime | None, as_json: bool) -> int:
    """Rebuild; exit code 1 when a table differs from the one it replaces."""
    from flows import pipeline

    report = pipeline.rebuild(settings(), today.date() if today else date.today(), selection)
    differences = {table: text(f"rebuild.differs.{d.said}", gone=d.gone, come=d.come) for table, d in report.differences.items()}
    if as_json:
        say_json({**report.as_json(), "differences": differences})
    else:
        for table, difference in differences.items():
            click.echo(text("rebuild.difference", table=table, difference=difference))
        answer = "different" if not report.is_equal else "equal" if report.compared else "not_compared"
        click.echo(text(f"rebuild.{answer}", tables=len(report.tables)))
    return 0 if report.is_equal else 1
