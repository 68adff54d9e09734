"""`dagslys new --since SHORTLIST|DATE`: what is new, changed and gone."""

from __future__ import annotations

import click

from flows.commands.verb import say_json, say_table, settings, verb
from flows.texts import text


@verb("new")
@click.option("--since", required=True, metavar="SHORTLIST|YYYY-MM-DD", help=text("option.since_list"))
def command(since: str, as_json: bool) -> int:
    """Compare the candidates of today with a shortlist or a day."""
    from warehouse import shortlists
    from warehouse.store import connect_published

    with connect_published(settings().home) as connection:
        found = shortlists.whats_new(connection, since)
    if as_json:
        say_json(found)
        return 0
    rows = [[text(f"new.{kind}"), c["id"], c["body"], c["title"]] for kind in ("new", "changed", "gone") for c in found[kind]]
    say_table([text(f"new.column.{c}") for c in ("what", "id", "body", "title")], rows)
    click.echo(text("new.done", new=len(found["new"]), changed=len(found["changed"]), gone=len(found["gone"])))
    return 0
