"""`dagslys privacy FILE.csv`: try the privacy gate on a file of your own."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click

from flows.commands.verb import read_text, say_json, say_table, selectors, settings, verb
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.texts import text


@verb("privacy")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@selectors("item")
@click.option("--column", help=text("option.column"))
@click.option("--tier", type=click.Choice(["title", "party", "text"]), default="title", show_default=True, help=text("option.tier"))
@click.option("--masked", "show_masked", is_flag=True, help=text("option.masked"))
def command(file: Path, selection: Selection, column: str | None, tier: str, show_masked: bool, as_json: bool) -> int:
    """With columns `text` and `kind`: names caught and others left. With one text column: how much would be masked."""
    from flows.selection import rows_of
    from transforms import privacy

    rows = [dict(row) for row in rows_of(file, read_rows(file), settings().home, selection)]
    if {"text", "kind"} <= rows[0].keys():
        measured: dict[str, Any] = privacy.measure(rows)
        say_json(measured) if as_json else _show(measured)
        return 0
    name = column or next((c for c in ("tittel", "title", "text", "tekst") if c in rows[0]), None)
    if name is None or name not in rows[0]:
        raise WrongUse(text("wrong.which_column", file=file, columns=", ".join(map(str, rows[0]))))
    masked = [privacy.mask(row[name] or "", privacy.Tier(tier)) for row in rows]
    changed = sum(m.count > 0 for m in masked)
    if as_json:
        say_json({"rows": len(rows), "rows_masked": changed, "values_masked": sum(m.count for m in masked)})
        return 0
    if show_masked:
        writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
        writer.writerows([[m.text] for m in masked if m.count])
    click.echo(text("privacy.rows", rows=len(rows), masked=changed, values=sum(m.count for m in masked)))
    return 0


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV with `,` or `;`. Raises WrongUse when it has none."""
    content = read_text(file)
    head = content.split("\n", 1)[0]
    rows = list(csv.DictReader(content.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ","))
    if not rows:
        raise WrongUse(text("wrong.no_row", file=file))
    return rows


def _show(measured: dict[str, Any]) -> None:
    kinds = [k for k in measured if k not in ("names_caught", "others_left")]
    say_table(
        [text("privacy.kind"), text("privacy.hit"), text("privacy.of"), text("privacy.share")],
        ([kind, measured[kind]["n"], measured[kind]["m"], f"{measured[kind]['share']:.1%}"] for kind in kinds),
        right=(1, 2, 3),
    )
    click.echo(text("privacy.caught", share=f"{measured['names_caught']['share']:.1%}"))
    click.echo(text("privacy.left", share=f"{measured['others_left']['share']:.1%}"))
