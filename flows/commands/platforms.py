"""`dagslys platforms`: what we can read, who uses it, and how many of the bodies that reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import named, text

if TYPE_CHECKING:
    from catalogue.coverage import Coverage


@verb("platforms")
@selectors("valid")
@click.option("--coverage", "is_coverage", is_flag=True, help=text("option.coverage"))
def command(selection: Selection, is_coverage: bool, as_json: bool) -> int:
    """Every platform with its data sheet, fields, settings and entries; how many bodies have what."""
    from flows.platforms import platforms, reach

    home = settings().home
    if is_coverage:
        reached = reach(home, selection)
        if as_json:
            say_json(reached)
        else:
            _say_coverage(reached)
        return 0
    found = platforms(home, selection)
    if as_json:
        say_json(found)
        return 0
    heads = [text(f"platforms.column.{c}") for c in ("platform", "kinds", "paging", "windows", "tenants", "confidence")]
    say_table(heads, [_cells(one) for one in found])
    click.echo(text("platforms.done", platforms=len(found), tenants=sum(sum(one["tenants"].values()) for one in found)))
    if not (selection.platforms or selection.sources):
        _say_coverage(reach(home, selection))
    return 0


def _say_coverage(reached: Coverage) -> None:
    """Of the bodies: how many have each side harvested, how surely, and what the others lack."""
    heads = [text(f"platforms.reach.{c}") for c in ("side", "harvested", "confidence", "permission", "off", "none")]
    rows = [
        [named("side", side), f"{one.harvested} ({one.share:.1%})", _levels(one.confidence), one.permission, one.off, one.none]
        for side, one in reached.sides.items()
    ]
    say_table(heads, rows, right=(1, 3, 4, 5))
    figures = {"bodies": reached.bodies, "platforms": reached.platforms, "tenants": reached.tenants}
    waiting = {"waiting": reached.waiting_tenants, "waiting_bodies": reached.waiting_bodies}
    click.echo(text("platforms.reached", **figures, **waiting))


def _cells(one: dict[str, Any]) -> list[str]:
    kinds = ", ".join(named("kind", kind) for kind in one["fields"])
    tenants = ", ".join(f"{n} {text(f'state.{state}')}" for state, n in one["tenants"].items())
    sheet = one["sheet"]
    return [one["platform"], kinds, sheet.get("paging", "")[:120], sheet.get("windows", "")[:120], tenants, _levels(one["confidence"])]


def _levels(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {level}" for level, n in counts.items())
