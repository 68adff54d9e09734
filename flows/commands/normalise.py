"""`dagslys normalise`: load what was harvested into the warehouse."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from flows.commands.progress import steps
from flows.commands.verb import plain, say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text
from flows.usage import DAY

if TYPE_CHECKING:
    from warehouse.load import LoadReport

PARTS = ("new", "changed", "unchanged", "quarantined")


@verb("normalise")
@selectors("harvested")
@click.option("--today", type=DAY, help=text("option.today"))
def command(selection: Selection, today: datetime | None, as_json: bool) -> int:
    """Load the batches that wait."""
    from flows import engine

    with engine.running(settings().home), steps(is_shown=not as_json):
        from flows.normalise import normalise

        report = normalise(today.date() if today else date.today(), selection)
    show(report, as_json=as_json)
    return 0


def table_rows(report: LoadReport) -> list[dict[str, Any]]:
    """A row per table: `table`, and how many rows are new, changed, unchanged and quarantined."""
    return [{"table": table, **{part: counts.get(part, 0) for part in PARTS}} for table, counts in sorted(report.by_table.items())]


def show(report: LoadReport, *, as_json: bool) -> None:
    """What was loaded."""
    told = plain(report)
    if as_json:
        say_json(told)
        return
    names = ("table", *PARTS)
    rows = [[row[name] for name in names] for row in table_rows(report)]
    say_table([text(f"normalise.column.{name}") for name in names], rows, right=(1, 2, 3, 4))
    click.echo(
        text("normalise.done", **{k: told[k] for k in ("batches", "rows_in", "rows_out", "quarantined", "duplicates", "new", "changed")})
    )
