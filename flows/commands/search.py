"""`dagslys search WORDS`: find texts in the published database; endings and compounds are found too."""

from __future__ import annotations

import click

from flows.commands.verb import say_json, say_table, settings, verb
from flows.texts import text


@verb("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help=text("option.limit"))
@click.option("--authority", "authorities", multiple=True, help=text("option.authority"))
def command(words: tuple[str, ...], limit: int, authorities: tuple[str, ...], as_json: bool) -> int:
    """Search titles and texts."""
    from flows.selection import catalogue_of
    from warehouse import search
    from warehouse.store import connect_published

    home = settings().home
    bodies = catalogue_of(home).authorities
    with connect_published(home) as connection:
        found = search.search(
            connection, " ".join(words), authorities=[bodies.one(a).orgnr for a in authorities] or None, limit=limit
        )
    if as_json:
        say_json(found)
    else:
        say_table([text(f"search.column.{c}") for c in ("body", "table", "date", "title", "url")],
                  ([f["body"], f["table"], f["date"], f["title"], f["url"]] for f in found))  # fmt: skip
        click.echo(text("query.rows", rows=len(found)))
    return 0
