"""`dagslys learn`: learn from the labelled texts and what analysts decided, and see what it would flip before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.verb import say_json, say_table, settings, verb
from flows.texts import text

if TYPE_CHECKING:
    from catalogue.rubric import Model

SHOWN = 20
HEAD = "# Made by `dagslys learn`: what the answers of the tests and the cue lists weigh, in log-odds of a text being a contribution."
FIGURES = ("macro_f1", "contribution_f1", "contribution_balanced_accuracy")


@verb("learn")
@click.option("--accept", is_flag=True, help=text("option.accept_model"))
@click.option("--without-decisions", is_flag=True, help=text("option.without_decisions"))
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help=text("option.write_model"))
def command(accept: bool, without_decisions: bool, write: Path | None, as_json: bool) -> int:
    """Learn, measure on texts left out, show the flips; `--accept` puts the model to use in this state folder."""
    from catalogue import training
    from flows.selection import model_file, rubric_of
    from transforms import assessment, evaluation, learning

    home = settings().home
    in_use = rubric_of(home)
    texts = [item.model_dump() for item in training.load()]
    decided = [] if without_decisions else _lessons(home)
    items = [*texts, *decided]
    model = learning.fit(items, in_use, decisions=len(decided))
    learnt = in_use.model_copy(update={"model": model})
    plain = in_use.model_copy(update={"model": None})
    judged = {
        "rules": evaluation.judge_all(items, plain),
        "left_out": learning.left_out(items, plain, lambda item: str(item["label"])),
    }
    figures = {
        name: {k: v for k, v in evaluation.evaluate(items, plain, found).items() if k.removesuffix("_interval") in FIGURES}
        for name, found in judged.items()
    }
    compared = _texts_to_compare(home)
    flips = assessment.compare(compared, in_use, learnt)["flips"] if compared else []
    for path in [*([write] if write else []), *([model_file(home)] if accept else [])]:
        _write(path, model)
    if as_json:
        say_json({"texts": len(texts), "decisions": len(decided), "figures": figures, "compared": len(compared), "flips": flips,
                  "accepted": accept, "model": model.model_dump()})  # fmt: skip
        return 0
    click.echo(text("learn.from", texts=len(texts), decisions=len(decided)))
    heads = [text(f"learn.column.{name}") for name in ("figure", *judged)]
    rows = [[text(f"learn.figure.{f}"), *(_told(figures[name], f) for name in judged)] for f in FIGURES]
    say_table(heads, rows, right=(1, 2))
    say_table([text(f"learn.column.{name}") for name in ("holds", "weight")], _weights(model), right=(1,))
    click.echo(text("learn.flips", flips=len(flips), compared=len(compared)))
    if flips:
        heads = [text(f"learn.column.{name}") for name in ("title", "before", "after")]
        say_table(heads, [[f["title"], *(_answer(f, k) for k in (0, 1))] for f in flips[:SHOWN]])
    click.echo(text("learn.accepted" if accept else "learn.not_accepted", file=model_file(home)))
    return 0


def _lessons(home: Path) -> list[dict[str, Any]]:
    from warehouse.decisions import log_of
    from warehouse.exceptions import NotPublished
    from warehouse.lessons import lessons
    from warehouse.store import connect_published

    try:
        with connect_published(home) as connection:
            return lessons(connection, log_of(home).entries())
    except NotPublished:
        return []


def _texts_to_compare(home: Path) -> list[dict[str, Any]]:
    """The texts under candidates in the read copy: those whose verdict people have before them."""
    from warehouse import sampling
    from warehouse.exceptions import NotPublished
    from warehouse.store import connect_published

    try:
        with connect_published(home) as connection:
            ids = [row[0] for row in connection.execute("SELECT DISTINCT document_id FROM ogp.candidate_documents ORDER BY 1").fetchall()]
            return sampling.texts(connection, ids)
    except NotPublished:
        return []


def _write(path: Path, model: Model) -> None:
    """Whole or not at all: a flag must never read half a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    weights = "".join(f'"{name}" = {weight}\n' for name, weight in sorted(model.weights.items(), key=lambda pair: pair[1]))
    head = f"texts = {model.texts}\ndecisions = {model.decisions}\nintercept = {model.intercept}\n"
    draft.write_text(f"{HEAD}\n{head}\n[weights]\n{weights}", encoding="utf-8")
    draft.replace(path)


def _weights(model: Model) -> list[list[str]]:
    """What speaks for and against, the strongest for first."""
    rows = sorted(model.weights.items(), key=lambda pair: -pair[1])
    return [[name, f"{weight:+.2f}".replace("-", "\N{MINUS SIGN}")] for name, weight in rows]


def _told(found: dict[str, Any], figure: str) -> str:
    low, high = found[f"{figure}_interval"]
    return f"{found[figure]:.3f} ({low:.2f}–{high:.2f})"


def _answer(flip: dict[str, Any], which: int) -> str:
    label = text(f"pillar.{flip['answers'][which]}")
    return f"{label}, {text('learn.yes' if flip['answered_contributions'][which] else 'learn.no')}"
