"""How candidates are listed: the best per pillar, with the strongest reasons."""

from __future__ import annotations

import json
from typing import Any

from flows.commands.verb import say_table
from flows.settings import Settings
from flows.texts import text


def top_candidates(settings: Settings, count: int) -> list[dict[str, Any]]:
    """The best `count` candidates per pillar from the published copy: pillar, id, body, title, score, contribution, reasons."""
    from warehouse import questions
    from warehouse.store import connect_published

    with connect_published(settings.home) as connection:
        columns, rows = questions.run(connection, "topp_per_pilar", {"antall": count})
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return [candidate | {"reasons": json.loads(candidate["reasons"])} for candidate in found]


def show_top(candidates: list[dict[str, Any]]) -> None:
    """One table per pillar."""
    for pillar in dict.fromkeys(c["pillar"] for c in candidates):
        rows = [
            [c["id"], f"{c['score']:.2f}", c["body"], c["title"], "\n".join(c["reasons"][:3])] for c in candidates if c["pillar"] == pillar
        ]
        say_table(
            [text(f"candidates.{c}") for c in ("id", "score", "body", "title", "reasons")], rows, title=text(f"pillar.{pillar}"), right=(1,)
        )
