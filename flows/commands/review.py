"""`dagslys review ID --decision …`: write down what a person decided; it is never overwritten."""

from __future__ import annotations

import getpass

import click

from flows.commands.verb import say_json, settings, verb
from flows.texts import language, text


@verb("review")
@click.argument("candidate", metavar="ID")
@click.option("--decision", type=click.Choice(["accept", "reject", "unsure"]), help=text("option.decision"))
@click.option("--reason", default="", help=text("option.reason"))
@click.option("--note", default="", help=text("option.note"))
@click.option("--reviewer", default=None, help=text("option.reviewer"))
def command(candidate: str, decision: str | None, reason: str, note: str, reviewer: str | None, as_json: bool) -> int:
    """Show a candidate, or decide on it."""
    from desk import review

    home = settings().home
    shown = review.load(home, candidate)
    if decision is None:
        say_json(shown) if as_json else click.echo(review.as_text(shown, lang=language()))
        return 0
    from flows.pipeline import record_decision

    entry = record_decision(
        home, "review", review.decision(shown, decision, reason=reason, note=note, reviewer=reviewer or getpass.getuser())
    )
    if as_json:
        say_json(entry)
    else:
        click.echo(text("review.done", candidate=candidate, decision=decision))
    return 0
