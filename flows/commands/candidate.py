"""`dagslys candidate add URL`: a person knows of something; it is fetched, archived and scored like the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from flows.commands.verb import say_json, settings, verb
from flows.texts import named, text
from flows.usage import Group

command = Group("candidate", help=text("candidate.help"), short_help=text("candidate.help").split("\n")[0])


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
        for sentence in _told(found):
            click.echo(sentence)
    return 0 if found["id"] else 1


def _told(found: Mapping[str, Any]) -> Iterator[str]:
    """What came of it: a candidate, a page that is no candidate, or nothing to read."""
    outcome, stated = named("outcome", found["outcome"]), found["stated"]
    if found["id"]:
        yield text("candidate.added", id=found["id"], practice=found["practice"], score=found["score"], outcome=outcome)
        if stated and stated != found["practice"]:
            yield text("candidate.differs", stated=stated, practice=found["practice"])
    elif "reasons" in found:
        yield text("candidate.nothing", outcome=": ".join(filter(None, (outcome, found["reason"]))))
    else:
        yield text("candidate.no_candidate")
        yield text("candidate.stated", stated=stated) if stated else text("candidate.how")


command.add_command(add)
