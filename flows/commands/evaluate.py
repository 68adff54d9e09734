"""`dagslys evaluate FILE.jsonl`: how good the shipped model is on labelled texts it has never learnt from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from flows.commands.verb import read_text, say_json, say_table, selectors, settings, verb
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.texts import text

SHARES = ("precision", "recall", "f1")


@verb("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@selectors("item")
@click.option("--verdicts", "with_verdicts", is_flag=True, help=text("option.verdicts"))
@click.option("--cross-validate", is_flag=True, help=text("option.cross_validate"))
def command(file: Path, selection: Selection, with_verdicts: bool, cross_validate: bool, as_json: bool) -> int:
    """Score the shipped model on a file."""
    from catalogue import rubric
    from flows.selection import rows_of
    from transforms import evaluation

    items = [dict(item) for item in rows_of(file, read_items(file), settings().home, selection)]
    if cross_validate:
        _show_cross_validation(evaluation.cross_validate(items, rubric.load()), as_json=as_json)
        return 0
    measured = evaluation.evaluate(items, rubric.load())
    if not with_verdicts:
        measured = {k: v for k, v in measured.items() if k != "verdicts"}
    if as_json:
        say_json(measured)
    else:
        show(measured)
    return 0


def read_items(file: Path) -> list[dict[str, Any]]:
    """The labelled items of a JSON-lines file. Raises WrongUse naming line and field."""
    from transforms.evaluation import LABELS

    items = []
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise WrongUse(text("wrong.not_json", file=file, line=number)) from error
        missing = [field for field in ("text", "label") if not isinstance(item.get(field) if isinstance(item, dict) else None, str)]
        if missing:
            raise WrongUse(text("wrong.no_field", file=file, line=number, field=missing[0]))
        if item["label"] not in LABELS:
            raise WrongUse(text("wrong.bad_label", file=file, line=number, label=item["label"], labels=", ".join(LABELS)))
        items.append(item)
    if not items:
        raise WrongUse(text("wrong.no_item", file=file))
    return items


def _show_cross_validation(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    learnt = ", ".join(str(t) for t in found["thresholds"])
    figures = {"macro_f1": _share(found["macro_f1"]), "interval": _interval(found["macro_f1_interval"]), "learnt": learnt}
    click.echo(text("evaluate.cross_validated", shipped=found["shipped"], **figures))


def _share(value: float) -> str:
    return f"{value:.3f}"


def _interval(pair: tuple[float, float]) -> str:
    return f"{pair[0]:.2f}–{pair[1]:.2f}"


def show(measured: dict[str, Any]) -> None:
    """The figures as a table."""
    heads = [text(f"evaluate.column.{c}") for c in ("label", "items", "precision", "recall", "f1", "interval")]
    say_table(
        heads,
        ([text(f"pillar.{label}"), found["items"], *(_share(found[k]) for k in SHARES), _interval(found["f1_interval"])]
         for label, found in measured["labels"].items()),
        right=(1, 2, 3, 4, 5),
    )  # fmt: skip
    for key in ("macro_f1", "contribution_f1", "contribution_balanced_accuracy"):
        click.echo(f"{text(f'evaluate.{key}')}: {_share(measured[key])} ({_interval(measured[f'{key}_interval'])})")
    click.echo(text("evaluate.baseline", macro_f1=_share(measured["baseline_macro_f1"])))
    click.echo(text("evaluate.versions", model=measured["model"], rubric=measured["rubric"], items=measured["items"]))
