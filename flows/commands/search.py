"""`dagslys search WORDS`: find texts in the published database; endings and compounds are found too."""

from __future__ import annotations

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text


@verb("search")
@click.argument("words", nargs=-1, required=True)
@selectors("own")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help=text("option.limit"))
def command(words: tuple[str, ...], selection: Selection, limit: int, as_json: bool) -> int:
    """Search titles and texts."""
    from flows.selection import scope
    from warehouse import narrowed, search

    home = settings().home
    with narrowed.connect(home, scope(home, selection)) as connection:
        found = search.search(connection, " ".join(words), limit=limit)
    if as_json:
        say_json(found)
    else:
        say_table([text(f"search.column.{c}") for c in ("body", "table", "date", "title", "url")],
                  ([f["body"], text(f"search.table.{f['table']}"), f["date"], f["title"], f["url"]] for f in found))  # fmt: skip
        click.echo(text("search.hits", hits=len(found)) if found else text("search.none"))
    return 0
