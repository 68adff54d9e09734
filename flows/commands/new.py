"""`dagslys new --since SHORTLIST|DATE`: what is new, changed and gone."""

from __future__ import annotations

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text


@verb("new")
@click.option("--since", required=True, metavar="SHORTLIST|YYYY-MM-DD", help=text("option.since_list"))
@selectors("read", without=("since",))
def command(since: str, selection: Selection, as_json: bool) -> int:
    """Compare the candidates of today with a shortlist or a day; a list is compared within what it was made of."""
    from dataclasses import replace

    from flows.selection import scope
    from warehouse import narrowed, shortlists
    from warehouse.decisions import log_of
    from warehouse.scope import Scope
    from warehouse.store import connect_published

    home = settings().home
    chosen = scope(home, replace(selection, until=None))
    frozen = next((e["data"] for e in log_of(home).entries("shortlist") if e["data"]["id"] == since), {})
    chosen = chosen.within(Scope.from_json(frozen.get("selection", {})))
    with connect_published(home) as connection, narrowed.connect(home, chosen) as under:
        found = shortlists.whats_new(connection, since, under=under, until=selection.until, frozen=frozen)
    if as_json:
        say_json(found)
        return 0
    rows = [[text(f"new.{kind}"), c["id"], c["body"], c["title"]] for kind in ("new", "changed", "gone") for c in found[kind]]
    say_table([text(f"new.column.{c}") for c in ("what", "id", "body", "title")], rows)
    click.echo(text("new.done", new=len(found["new"]), changed=len(found["changed"]), gone=len(found["gone"])))
    return 0
