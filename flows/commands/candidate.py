"""`dagslys candidate add URL`: a person knows of something; it is fetched, archived and scored like the rest."""

from __future__ import annotations

from datetime import date

import click

from flows.commands.verb import say_json, settings, verb
from flows.texts import text

command = click.Group("candidate", help=text("candidate.help"), short_help=text("candidate.help").split("\n")[0])


@verb("add", words="candidate_add")
@click.argument("url")
@click.option("--authority", required=True, help=text("option.authority"))
@click.option("--practice", help=text("option.practice"))
@click.option("--note", default="", help=text("option.note"))
def add(url: str, authority: str, practice: str | None, note: str, as_json: bool) -> int:
    """Fetch, archive and score one page, marked "by hand"."""
    from flows import pipeline

    found = pipeline.add_candidate(settings(), url, authority=authority, practice=practice, note=note, today=date.today())
    if as_json:
        say_json(found)
    else:
        click.echo(text("candidate.added", **{k: found[k] for k in ("id", "practice", "score", "outcome")}))
    return 0 if found["id"] else 1


command.add_command(add)
