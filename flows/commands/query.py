"""`dagslys query`: ask the published database, by a saved question's name or in SQL."""

from __future__ import annotations

import sys

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.texts import language, text


@verb("query")
@click.argument("question", required=False)
@selectors("own")
@click.option("--list", "is_list", is_flag=True, help=text("option.list"))
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help=text("option.param"))
@click.option("--csv", "as_csv", is_flag=True, help=text("option.csv"))
def command(question: str | None, selection: Selection, is_list: bool, params: tuple[str, ...], as_csv: bool, as_json: bool) -> int:
    """Answer a question from the published copy; reads only."""
    from warehouse import questions

    if is_list or not question:
        saved = questions.names()
        if as_json:
            say_json([{"name": q.name, "title": q.title_in(language()), "parameters": list(q.parameters)} for q in saved])
        else:
            say_table([text("query.name"), text("query.title")], ([q.name, q.title_in(language())] for q in saved))
        return 0
    from flows.selection import scope
    from warehouse import narrowed

    given = dict(_parameter(p) for p in params)
    home = settings().home
    with narrowed.connect(home, scope(home, selection), is_locked=True) as connection:
        columns, rows = questions.run(connection, question, given)
    if as_json:
        say_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif as_csv:
        from warehouse.export import write_csv

        write_csv(sys.stdout, columns, rows)
    else:
        say_table(columns, rows)
        click.echo(text("query.rows", rows=len(rows)))
    return 0


def _parameter(pair: str) -> tuple[str, str]:
    name, mark, value = pair.partition("=")
    if not mark:
        raise WrongUse(text("wrong.param", pair=pair))
    return name, value
