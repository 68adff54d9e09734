"""`dagslys flag`: find candidates in the warehouse and publish the read copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import click

from flows.commands.progress import steps
from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text
from flows.usage import DAY

COUNTED = ("candidates", "contributions", "proposed")


@verb("flag")
@selectors("changed")
@click.option("--today", type=DAY, help=text("option.today"))
@click.option("--top", type=int, default=5, show_default=True, help=text("option.top"))
@click.option("--anew", is_flag=True, help=text("flag.anew"))
def command(selection: Selection, today: datetime | None, top: int, anew: bool, as_json: bool) -> int:
    """Flag, publish, and show the best per pillar."""
    from flows import engine

    now = settings()
    with engine.running(now.home), steps(is_shown=not as_json):
        from flows.flag import flag

        report = flag(today.date() if today else date.today(), selection, anew)
    from flows.commands.candidates import show_top, top_candidates

    best = top_candidates(now, top, replace(selection, since=None, until=None))
    if as_json:
        say_json(
            {
                "documents": report.documents,
                "judged": report.judged,
                "bodies": report.bodies,
                "linked": report.linked,
                "evidence": report.evidence,
                "candidates": report.candidates,
                "published": report.published,
                "by_pillar": report.by_pillar,
                "top": best,
            }
        )
        return 0
    show_top(best)
    rows = [[text(f"pillar.{pillar}"), *(counts[n] for n in COUNTED)] for pillar, counts in report.by_pillar.items()]
    say_table([text(f"flag.column.{name}") for name in ("pillar", *COUNTED)], rows, right=(1, 2, 3))
    click.echo(
        text("flag.done", documents=report.documents, evidence=report.evidence, candidates=report.candidates, published=report.published)
    )
    click.echo(text("flag.again", judged=report.judged, documents=report.documents, linked=report.linked, bodies=report.bodies))
    return 0
