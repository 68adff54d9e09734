"""`dagslys platforms`: what we can read, and who uses it."""

from __future__ import annotations

from typing import Any

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import named, text


@verb("platforms")
@selectors("valid")
def command(selection: Selection, as_json: bool) -> int:
    """Every platform with its data sheet, fields, settings and entries."""
    from flows.platforms import platforms

    found = platforms(settings().home, selection)
    if as_json:
        say_json(found)
        return 0
    heads = [text(f"platforms.column.{c}") for c in ("platform", "kinds", "paging", "windows", "tenants", "confidence")]
    say_table(heads, [_cells(one) for one in found])
    click.echo(text("platforms.done", platforms=len(found), tenants=sum(sum(one["tenants"].values()) for one in found)))
    return 0


def _cells(one: dict[str, Any]) -> list[str]:
    kinds = ", ".join(named("kind", kind) for kind in one["fields"])
    tenants = ", ".join(f"{n} {text(f'state.{state}')}" for state, n in one["tenants"].items())
    confidence = ", ".join(f"{n} {level}" for level, n in one["confidence"].items())
    return [one["platform"], kinds, one["sheet"].get("paging", "")[:120], one["sheet"].get("windows", "")[:120], tenants, confidence]
