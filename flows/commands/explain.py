"""`dagslys explain ID`: rebuild a flag from the archive and say whether it comes out the same."""

from __future__ import annotations

import click

from flows.commands.verb import say_json, settings, verb
from flows.texts import language, text


@verb("explain")
@click.argument("candidate", metavar="ID")
def command(candidate: str, as_json: bool) -> int:
    """Explain one candidate; exit code 1 when the archive no longer says the same."""
    from desk import explain

    found = explain.explain(settings().home, candidate)
    if as_json:
        say_json(explain.as_dict(found))
    else:
        click.echo(explain.as_text(found, lang=language()))
        click.echo(text(f"explain.{found.answer}"))
    return 0 if found.answer == "same" else 1
