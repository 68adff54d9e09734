"""`dagslys demo`: the main job, end to end, on a miniature Norway that stands on this machine."""

from __future__ import annotations

import time
from typing import Any

import click

from flows.commands.verb import say_json, selectors, settings, verb
from flows.selection import Selection
from flows.texts import named, text


@verb("demo")
@selectors("asked")
@click.option("--seed", type=int, default=7, show_default=True, help=text("option.seed"))
@click.option("--fillers", type=click.IntRange(0, 5000), default=0, show_default=True, help=text("option.fillers"))
@click.option("--entries", type=click.IntRange(0, 1_000_000), default=0, help=text("option.entries"))
@click.option("--keep-serving", is_flag=True, help=text("option.keep_serving"))
def command(selection: Selection, seed: int, fillers: int, entries: int, keep_serving: bool, as_json: bool) -> int:
    """Harvest, normalise, flag, shortlist; then hold the result against what is true."""
    from flows import demo, interruption

    interruption.heed_signals()
    begun = time.monotonic()
    with demo.sandbox(settings(), seed=seed, fillers=fillers, entries=entries) as world:
        found = demo.run(world, selection, is_shown=not as_json)
        found["seconds"] = round(time.monotonic() - begun, 1)
        if as_json:
            say_json(found)
        else:
            _show(found)
            if keep_serving:
                click.echo(text("demo.serving", gateway=world.gateway, home=world.settings.home))
                click.pause("")
    return 0 if found["is_as_expected"] else 1


def _show(found: dict[str, Any]) -> None:
    from flows.commands.candidates import show_top
    from flows.commands.harvest import show_outcomes

    show_outcomes(found["sources"])
    show_top(found["top"])
    measured = found["measured"]
    figures = {k: measured[k] for k in ("recall", "initiatives", "pairwise_f1", "names_left", "numbers_left", "pairs", "pairs_apart")}
    free, at_20 = measured["term_free"], measured["precision_at_20"]
    figures |= {"right": measured["recall_right_pillar"], "right_term_free": free["recall_right_pillar"]}
    click.echo(text("demo.measured", term_free=free["initiatives"], recall_term_free=free["recall"], lowest=min(at_20.values()), **figures))
    click.echo(text("demo.costs", **found["costs"]))
    for surprise in found["surprises"]:
        ended = {key: named("outcome", surprise[key]) for key in ("expected", "outcome")}
        click.echo(text("demo.surprise", source=surprise["source"], **ended))
    click.echo(text("demo.paths", database=found["database"], dossier=found["dossier"], seconds=found["seconds"]))
