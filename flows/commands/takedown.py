"""`dagslys takedown SOURCE KEY --reason …`: take a record down for good; it stays down when it is harvested again."""

from __future__ import annotations

from datetime import date

import click

from flows.commands.verb import say_json, settings, verb
from flows.texts import text


@verb("takedown")
@click.argument("source", metavar="SOURCE")
@click.argument("key", metavar="KEY")
@click.option("--reason", required=True, help=text("option.takedown_reason"))
def command(source: str, key: str, reason: str, as_json: bool) -> int:
    """Leave key, dates and reason; take title, text and parties away, in the warehouse and in the archive."""
    from flows import pipeline

    done = pipeline.take_down(settings(), source, key, reason=reason, today=date.today())
    say_json(done) if as_json else click.echo(text("takedown.done", source=source, **done))
    return 0
