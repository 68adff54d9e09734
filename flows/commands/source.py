"""`dagslys source add URL`: from an address to an entry with a first record read."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import click

from flows.commands.discover import SOURCE_FILE, rows_of
from flows.commands.verb import say_json, say_table, settings, verb
from flows.selection import Selection
from flows.texts import named, text
from flows.usage import Group

command = Group("source", help=text("source.help"), short_help=text("source.help").split("\n")[0])


@verb("add", words="source_add")
@click.argument("url")
@click.option("--authority", help=text("option.authority"))
@click.option("--file", type=SOURCE_FILE, help=text("option.sources_to"))
@click.option("--dry-run", is_flag=True, help=text("option.source_dry"))
def add(url: str, authority: str | None, file: Path | None, dry_run: bool, as_json: bool) -> int:
    """Try one address, and write its entry when a first record was read."""
    from flows import discovery
    from flows import selection as selecting

    begun = time.monotonic()
    now = settings()
    catalogue = selecting.catalogue_of(now.home)
    found = discovery.add(now, url, authority=authority, today=date.today(), selection=Selection())
    answer = found.answers[0]
    proved = [f for f in answer.findings if f.first is not None or f.answer == "empty"]
    fresh = {entry.id for entry in discovery.entries_of(found, catalogue)}
    kept = discovery.Discovery((discovery.only(answer, proved),), frozenset())
    entries = discovery.entries_of(kept, catalogue)
    path = discovery.write(now.home, entries, catalogue, file) if entries and not dry_run else None
    if as_json:
        say_json({
            "body": catalogue.authorities[answer.authority].label, **answer.as_json(), "entries": [e.id for e in entries], "written": path,
            "seconds": round(time.monotonic() - begun, 1),
        })  # fmt: skip
        return 0 if proved else 1
    heads = [text(f"discover.column.{c}") for c in ("body", "source", "answer", "certainty", "reason")]
    say_table(heads, [row for row in rows_of(answer, catalogue) if row[3]], right=(3,))
    for finding in proved:
        if first := finding.first:
            day = first.day or text("discover.nothing")
            click.echo(text("source_add.first", kind=named("kind", first.kind), key=first.key, day=day, url=first.url))
        if finding.id not in fresh:
            click.echo(text("source_add.held", source=finding.id))
        elif path is not None:
            click.echo(text("source_add.added", source=finding.id, file=path))
        else:
            click.echo(text("source_add.tried", source=finding.id))
    if not proved:
        click.echo(text("source_add.not_added"))
    return 0 if proved else 1


command.add_command(add)
