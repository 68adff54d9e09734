"""`dagslys sample`: a random sample of what was not flagged, read blind among what was, and what it says of what flagging misses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows import jobs
from flows.commands.verb import refuse_both, say_json, say_table, selectors, settings, verb
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.texts import named, text

if TYPE_CHECKING:
    from flows.settings import Settings

FIGURES = ("missed", "found", "recall", "precision", "recall_yes", "precision_yes")
COUNTS = ("missed", "found")


@verb("sample")
@click.argument("sample", metavar="[ID]", required=False)
@selectors("own")
@click.option("--size", type=click.IntRange(20, 100_000), default=150, show_default=True, help=text("option.sample_size"))
@click.option("--candidates", type=click.IntRange(10, 100_000), default=50, show_default=True, help=text("option.sample_candidates"))
@click.option("--seed", type=int, default=1, show_default=True, help=text("option.sample_seed"))
@click.option("--report", is_flag=True, help=text("option.sample_report"))
def command(
    sample: str | None, selection: Selection, size: int, candidates: int, seed: int, report: bool, as_json: bool
) -> int:  # fmt: skip
    """Draw a sample, or tell what the decisions about one say."""
    refuse_both(sample, selection)
    home = settings().home
    if report:
        if not selection.is_all:
            raise WrongUse(text("wrong.sample_is_drawn"))
        told = estimate(home, sample)
        say_json(told) if as_json else _show_estimate(told)
        return 0
    if sample is not None:
        raise WrongUse(text("wrong.sample_id", id=sample))
    drawn = draw(settings(), size=size, candidates=candidates, seed=seed, selection=selection)
    if as_json:
        say_json(told_of(drawn) | {"strata": drawn["strata"], "rubric": drawn["rubric"], "seed": drawn["seed"]})
        return 0
    rows = [[_stratum(s["key"]), s["units"], s["drawn"]] for s in drawn["strata"]]
    say_table([text(f"sample.column.{c}") for c in ("stratum", "units", "drawn")], rows, right=(1, 2))
    click.echo(text("sample.drawn" if drawn["is_new"] else "sample.known", id=drawn["id"], items=len(drawn["items"])))
    return 0


def told_of(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told of a sample: its `id`, how many `items`, and whether it `is_new`; never which texts were flagged."""
    return {"id": drawn["id"], "items": len(drawn["items"]), "is_new": drawn["is_new"]}


@jobs.recorded("sample", asked=("size", "candidates", "seed", "selection"), told=told_of)
def draw(settings: Settings, *, size: int, candidates: int, seed: int, selection: Selection) -> dict[str, Any]:
    """Draw a sample of what is selected of the published copy and write it into the decision log, unless this very one stands there.

    Raises NothingToSample, SelectionError.
    """
    from flows.pipeline import record_decision
    from flows.selection import rubric_of, scope
    from warehouse import narrowed, sampling
    from warehouse.decisions import log_of

    chosen = scope(settings.home, selection)
    with narrowed.connect(settings.home, chosen) as connection:
        drawn = sampling.draw(
            connection, rubric_of(settings.home), size=size, candidates=candidates, seed=seed, selection=chosen.as_json()
        )  # fmt: skip
    is_new = drawn["id"] not in sampling.samples(log_of(settings.home).entries("sample"))
    if is_new:
        record_decision(settings.home, "sample", drawn)
    return drawn | {"is_new": is_new}


def estimate(home: Path, identity: str | None) -> dict[str, Any]:
    """What the decisions say of a sample, the last when none is named. Raises UnknownSample."""
    from warehouse import sampling
    from warehouse.decisions import log_of

    entries = log_of(home).entries()
    return sampling.estimate(sampling.chosen(entries, identity), entries)


def _show_estimate(told: Mapping[str, Any]) -> None:
    rows = [
        [_stratum(s["key"]), s["units"], s["drawn"], s["decided"], s["accepted"], s["unsure"], "{:.2f}–{:.2f}".format(*s["interval"])]
        for s in told["strata"]
    ]
    columns = ("stratum", "units", "drawn", "decided", "accepted", "unsure", "interval")
    say_table([text(f"sample.column.{c}") for c in columns], rows, right=range(1, 7))
    if told["missing"]:
        click.echo(text("sample.missing", missing=told["missing"], items=told["items"], unsure=told["unsure"]))
    if told["recall"] is None:
        click.echo(text("sample.too_early"))
    for name in FIGURES if told["recall"] else ():
        figure, decimals = told[name], 0 if name in COUNTS else 3
        low, high = (text("sample.unbounded") if end is None else f"{end:.{decimals}f}" for end in figure["interval"])
        click.echo(text(f"sample.{name}", value=f"{figure['value']:.{decimals}f}", low=low, high=high))
    click.echo(text("sample.how", id=told["id"], seed=told["seed"], rubric=told["rubric"]))


def _stratum(key: str) -> str:
    """A stratum in words: what kind of source and whether a term stands there, or what a candidate was answered."""
    of, _, kind = key.partition(":")
    if of == "flagged":
        return text(f"sample.flagged.{kind}")
    return f"{named('source_type', of)}, {text(f'sample.band.{kind}')}"
