"""`dagslys platform new NAME`: the draft of a new platform."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.verb import say_json, verb
from flows.texts import text
from flows.usage import Group

command = Group("platform", help=text("platform.help"), short_help=text("platform.help").split("\n")[0])


@verb("new", words="platform_new")
@click.argument("name")
@click.option("--family", type=click.Choice(["innsyn", "portals"]), default="innsyn", show_default=True, help=text("option.family"))
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), help=text("option.root"))
def new(name: str, family: str, root: Path, as_json: bool) -> int:
    """Write the files of a new platform, and say what to do next."""
    from flows import draft

    made = draft.make(name, family, root.resolve())
    if as_json:
        say_json({"platform": name, "files": made.files, "test": made.test})
        return 0
    for file in made.files:
        click.echo(text("platform_new.made", file=file))
    click.echo(text("platform_new.next", test=made.test))
    return 0


command.add_command(new)
