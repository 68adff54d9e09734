"""How candidates are listed: the best per pillar, with the strongest reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from flows.commands.verb import say_table
from flows.selection import Selection, scope
from flows.settings import Settings
from flows.texts import language, text

SHOWN = ("id", "pillar", "practice", "body", "title", "score", "is_contribution", "reasons")
ALL = Selection()


def top_candidates(settings: Settings, count: int, selection: Selection = ALL) -> list[dict[str, Any]]:
    """The best `count` candidates selected per pillar from the published copy: the columns SHOWN."""
    from warehouse import narrowed, questions

    with narrowed.connect(settings.home, scope(settings.home, selection)) as connection:
        columns, rows = questions.run(connection, "topp_per_pilar", {"antall": count})
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return [candidate | {"reasons": json.loads(candidate["reasons"])} for candidate in found]


def waiting(settings: Settings, count: int, selection: Selection = ALL) -> list[dict[str, Any]]:
    """The review queue: candidates selected that wait for a decision, changed ones first: the columns SHOWN and `why` (new, changed)."""
    from warehouse import narrowed, sampling, shortlists
    from warehouse.decisions import log_of

    with narrowed.connect(settings.home, scope(settings.home, selection)) as connection:
        hidden = sampling.read_blind(connection, log_of(settings.home).entries())
        queue = shortlists.waiting(connection, reviews=log_of(settings.home).entries("review"), limit=count + len(hidden))
    return [{name: candidate[name] for name in (*SHOWN, "why")} for candidate in queue if candidate["id"] not in hidden][:count]


def to_read(settings: Settings, count: int, selection: Selection = ALL) -> list[dict[str, Any]]:
    """What is left to read of the last sample, as rows of the queue: nothing the rubric made of a text is told, flagged or not."""
    from warehouse import narrowed, sampling
    from warehouse.decisions import log_of

    with narrowed.connect(settings.home, scope(settings.home, selection)) as connection:
        left = sampling.waiting(connection, log_of(settings.home).entries(), count)
    return [{name: item.get(name) for name in SHOWN} | {"reasons": [], "why": "new"} for item in left]


def show_top(candidates: Sequence[Mapping[str, Any]]) -> None:
    """One table per pillar, reasons in the language spoken; a sentence when there is none."""
    from desk.words import words

    told = words(language()).reason
    for pillar in dict.fromkeys(c["pillar"] for c in candidates):
        rows = [
            [c["id"], f"{c['score']:.2f}", c["body"], c["title"], "\n".join(map(told, c["reasons"][:3]))]
            for c in candidates
            if c["pillar"] == pillar
        ]
        say_table(
            [text(f"candidates.{c}") for c in ("id", "score", "body", "title", "reasons")], rows, title=text(f"pillar.{pillar}"), right=(1,)
        )
    if not candidates:
        click.echo(text("candidates.none"))
