"""`dagslys shortlist create|export|list`: freeze candidates into a numbered list, and write the dossier."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import language, text
from flows.usage import Group

if TYPE_CHECKING:
    from warehouse.scope import Scope

PILLARS = ("integrity", "open_data", "procurement_anticorruption", "participation")

command = Group("shortlist", help=text("shortlist.help"), short_help=text("shortlist.help").split("\n")[0])


@verb("create", words="shortlist_create")
@selectors("own")
@click.option("--from", "basis", type=click.Choice(["accepted", "top"]), default="accepted", show_default=True, help=text("option.from"))
@click.option("--pillar", type=click.Choice(PILLARS), help=text("option.pillar"))
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help=text("option.per_pillar"))
@click.option("--quota", type=click.Choice(["size", "county", "kostra"]), help=text("option.quota"))
@click.option("--at-most", type=click.IntRange(1, 500), default=3, show_default=True, help=text("option.at_most"))
@click.option("--name", default="", help=text("option.list_name"))
def create(
    selection: Selection, basis: str, pillar: str | None, limit: int, quota: str | None, at_most: int, name: str, as_json: bool
) -> int:
    """Freeze a shortlist; it is never changed afterwards."""
    from flows import pipeline

    frozen = pipeline.create_shortlist(
        settings(), source=basis, pillar=pillar, limit=limit, name=name, lang=language(), selection=selection, quota=quota, at_most=at_most
    )  # fmt: skip
    told = pipeline.told_of_list(frozen)
    if as_json:
        say_json(told | {"content_hash": frozen["content_hash"], "from": basis, "quota": frozen["quota"]})
    else:
        rows = [[text(f"pillar.{pillar}"), count] for pillar, count in told["by_pillar"].items()]
        say_table([text("flag.column.pillar"), text("shortlist.items")], rows, right=(1,))
        click.echo(text("shortlist.created", id=frozen["id"], items=len(frozen["items"]), hash=frozen["content_hash"][:12]))
        if basis == "top":
            click.echo(text("shortlist.not_reviewed"))
        if frozen["quota"]:
            _say_quota(frozen["quota"])
    return 0


def _say_quota(quota: dict[str, Any]) -> None:
    """How the list differs from the plain one, which takes the best whoever they are."""
    group = text(f"shortlist.quota.{quota['group']}")
    click.echo(text("shortlist.quota.told", at_most=quota["at_most"], group=group, n=len(quota["taken_in"])))
    moved = [(way, c) for way in ("taken_in", "left_out") for c in quota[way]]
    rows = [[text(f"shortlist.quota.{way}"), c["body"], c["title"], f"{c['score']:.1f}"] for way, c in moved]
    if rows:
        heads = [text("shortlist.quota.way"), *(text(f"candidates.{c}") for c in ("body", "title", "score"))]
        say_table(heads, rows, right=(3,))


@verb("export", words="shortlist_export")
@click.argument("shortlist_id", metavar="ID")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help=text("option.folder"))
@click.option("--form", type=click.Choice(["nb", "nn"]), default="nb", show_default=True, help=text("option.form"))
@click.option("--case-worker", default="", help=text("option.case_worker"))
@click.option("--archive-case", default="", help=text("option.archive_case"))
@click.option("--meeting", default="", help=text("option.meeting"))
@click.option("--case-number", default="", help=text("option.case_number"))
def export(shortlist_id: str, folder: Path | None, form: str, as_json: bool, **known: str) -> int:
    """Write the dossier: DOCX, HTML, XLSX, CSV, JSON and the contact list."""
    from desk.paper import Meeting
    from flows import pipeline

    files = pipeline.export_shortlist(settings(), shortlist_id, folder=folder, lang=form, meeting=Meeting(**known))
    if as_json:
        say_json({"id": shortlist_id, "files": files})
    else:
        for path in files:
            click.echo(path)
    return 0


@verb("list", words="shortlist_list")
@selectors("frozen")
def listing(selection: Selection, as_json: bool) -> int:
    """Every shortlist ever frozen, or those that hold something of what is selected."""
    from flows.selection import scope
    from warehouse.decisions import log_of

    home = settings().home
    chosen = scope(home, selection)
    rows: list[dict[str, Any]] = []
    for entry in log_of(home).entries("shortlist"):
        frozen = entry["data"]
        held = [item for item in frozen["items"] if _is_meant(item, chosen)]
        if held and chosen.takes_day(date.fromisoformat(entry["at"][:10])):
            rows.append({
                "id": frozen["id"], "name": frozen["name"], "content_hash": frozen["content_hash"], "from": frozen["source"],
                "at": entry["at"], "items": len(held),
            })  # fmt: skip
    if as_json:
        say_json(rows)
        return 0
    heads = [text("shortlist.id"), text("shortlist.name"), text("shortlist.from"), text("shortlist.items"), text("shortlist.at")]
    say_table(heads, [[r["id"], r["name"], text(f"shortlist.basis.{r['from']}"), r["items"], r["at"][:16]] for r in rows], right=(3,))
    if not rows:
        click.echo(text("shortlist.none"))
    return 0


def _is_meant(item: dict[str, Any], chosen: Scope) -> bool:
    """A point is meant when one of its documents is."""
    return any(chosen.takes(document.get("source") or "", item["authority"]) for document in item["documents"])


for member in (create, export, listing):
    command.add_command(member)
