"""`dagslys review [ID] --decision …`: what waits for a person, and what a person decided; it is never overwritten."""

from __future__ import annotations

import getpass

import click

from flows.commands.verb import refuse_both, say_json, say_table, selectors, settings, verb
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.texts import language, text


@verb("review")
@click.argument("candidate", metavar="[ID]", required=False)
@selectors("own")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help=text("option.queue"))
@click.option("--decision", type=click.Choice(["accept", "reject", "unsure"]), help=text("option.decision"))
@click.option("--reason", default="", help=text("option.reason"))
@click.option("--note", default="", help=text("option.note"))
@click.option("--reviewer", default=None, help=text("option.reviewer"))
def command(
    candidate: str | None, selection: Selection, limit: int, decision: str | None, reason: str, note: str, reviewer: str | None,
    as_json: bool,
) -> int:  # fmt: skip
    """List what waits, show a candidate, or decide on it."""
    refuse_both(candidate, selection)
    if candidate is None:
        if decision is not None:
            raise WrongUse(text("wrong.no_id"))
        from flows.commands.candidates import show_top, to_read, waiting

        blind, queue = to_read(settings(), limit, selection), waiting(settings(), limit, selection)
        if as_json:
            say_json([*blind, *queue])
            return 0
        rows = [[item["id"], item["body"], item["title"]] for item in blind]
        heads = [text("candidates.id"), text("candidates.body"), text("evaluate.column.text")]
        say_table(heads, rows, title=text("review.blind"))
        if queue or not blind:
            show_top(queue)
        return 0
    if candidate.startswith("U"):
        return _read(candidate, decision, reason, note, reviewer, as_json=as_json)
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
        click.echo(text("review.done", candidate=candidate, decision=text(f"decision.{decision}")))
    return 0


def _read(identity: str, decision: str | None, reason: str, note: str, reviewer: str | None, *, as_json: bool) -> int:
    """Show a text of a sample, or decide on it: nobody is told whether it was flagged. Raises UnknownSample, TextGone."""
    from desk import review
    from warehouse import sampling
    from warehouse.decisions import log_of
    from warehouse.store import connect_published

    home = settings().home
    with connect_published(home) as connection:
        item = sampling.load(connection, log_of(home).entries(), identity)
    if decision is None:
        say_json(item) if as_json else click.echo(review.text_as_text(item, lang=language()))
        return 0
    from flows.pipeline import record_decision

    said = sampling.as_decision(item, decision, reason=reason, note=note, reviewer=reviewer or getpass.getuser())
    entry = record_decision(home, "reading", said)
    if as_json:
        say_json(entry)
    else:
        click.echo(text("review.done", candidate=identity, decision=text(f"decision.{decision}")))
    return 0
