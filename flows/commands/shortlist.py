"""`dagslys shortlist create|export|list`: freeze candidates into a numbered list, and write the dossier."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.verb import say_json, say_table, settings, verb
from flows.texts import language, text

PILLARS = ("integrity", "open_data", "procurement_anticorruption", "participation")

command = click.Group("shortlist", help=text("shortlist.help"), short_help=text("shortlist.help").split("\n")[0])


@verb("create", words="shortlist_create")
@click.option("--from", "source", type=click.Choice(["accepted", "top"]), default="accepted", show_default=True, help=text("option.from"))
@click.option("--pillar", type=click.Choice(PILLARS), help=text("option.pillar"))
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help=text("option.per_pillar"))
@click.option("--name", default="", help=text("option.list_name"))
def create(source: str, pillar: str | None, limit: int, name: str, as_json: bool) -> int:
    """Freeze a shortlist; it is never changed afterwards."""
    from flows import pipeline

    frozen = pipeline.create_shortlist(settings(), source=source, pillar=pillar, limit=limit, name=name, lang=language())
    told = pipeline.told_of_list(frozen)
    if as_json:
        say_json(told | {"content_hash": frozen["content_hash"], "from": source})
    else:
        rows = [[text(f"pillar.{pillar}"), count] for pillar, count in told["by_pillar"].items()]
        say_table([text("flag.column.pillar"), text("shortlist.items")], rows, right=(1,))
        click.echo(text("shortlist.created", id=frozen["id"], items=len(frozen["items"]), hash=frozen["content_hash"][:12]))
        if source == "top":
            click.echo(text("shortlist.not_reviewed"))
    return 0


@verb("export", words="shortlist_export")
@click.argument("shortlist_id", metavar="ID")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help=text("option.folder"))
@click.option("--form", type=click.Choice(["nb", "nn"]), default="nb", show_default=True, help=text("option.form"))
def export(shortlist_id: str, folder: Path | None, form: str, as_json: bool) -> int:
    """Write the dossier: DOCX, HTML, XLSX, CSV, JSON and the contact list."""
    from flows import pipeline

    files = pipeline.export_shortlist(settings(), shortlist_id, folder=folder, lang=form)
    if as_json:
        say_json({"id": shortlist_id, "files": files})
    else:
        for path in files:
            click.echo(path)
    return 0


@verb("list", words="shortlist_list")
def listing(as_json: bool) -> int:
    """Every shortlist ever frozen."""
    from warehouse.decisions import log_of

    entries = log_of(settings().home).entries("shortlist")
    rows = [{key: e["data"][key] for key in ("id", "name", "content_hash")} | {"from": e["data"]["source"], "at": e["at"]} for e in entries]
    counts = [len(e["data"]["items"]) for e in entries]
    if as_json:
        say_json([row | {"items": count} for row, count in zip(rows, counts, strict=True)])
    else:
        heads = ["id", text("shortlist.name"), text("shortlist.from"), text("shortlist.items"), text("shortlist.at")]
        say_table(heads, [[r["id"], r["name"], r["from"], n, str(r["at"])[:16]] for r, n in zip(rows, counts, strict=True)])
    return 0


for member in (create, export, listing):
    command.add_command(member)
