"""`dagslys serve`: a local Prefect server with its page, and the nightly schedules."""

from __future__ import annotations

import dataclasses

import click

from flows.commands.verb import say_json, selectors, settings, verb
from flows.selection import Selection
from flows.texts import text


@verb("serve")
@selectors("asked")
@click.option("--port", type=click.IntRange(1024, 65535), default=4200, show_default=True, help=text("option.port"))
@click.option("--schedules", "only_show", is_flag=True, help=text("option.schedules"))
def command(selection: Selection, port: int, only_show: bool, as_json: bool) -> int:
    """Start the server and keep the schedules until Ctrl-C."""
    from flows.schedules import schedules_of
    from flows.selection import scope

    now = settings()
    scope(now.home, selection)
    if only_show:
        rows = [dataclasses.asdict(schedule) for schedule in schedules_of(selection)]
        if as_json:
            say_json(rows)
        else:
            for row in rows:
                click.echo(f"{row['cron']:<14} {row['timezone']}  {row['name']}: {row['flow']} {row['parameters'] or ''}")
        return 0
    from flows import deployments

    deployments.serve(now, port, told=lambda address: click.echo(text("serve.ready", address=address)), selection=selection)
    return 0
