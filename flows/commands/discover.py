"""`dagslys discover [BODY…]`: find where a body's journal, meetings, website and data are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.progress import bars
from flows.commands.verb import say_json, say_table, selectors, settings, verb
from flows.selection import Selection
from flows.texts import because, named, text

if TYPE_CHECKING:
    from extractors.discovery.findings import BodyAnswer
    from flows.selection import Catalogue

SOURCE_FILE = click.Path(dir_okay=False, path_type=Path)


@verb("discover")
@click.argument("bodies", nargs=-1, metavar="[BODY]…")
@selectors("probed")
@click.option(
    "--source-file",
    "source_files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help=text("option.source_file"),
)
@click.option("--again", "is_again", is_flag=True, help=text("option.again"))
@click.option("--write", "is_written", is_flag=True, help=text("option.write"))
@click.option("--file", type=SOURCE_FILE, help=text("option.sources_to"))
def command(
    bodies: tuple[str, ...],
    selection: Selection,
    source_files: tuple[Path, ...],
    is_again: bool,
    is_written: bool,
    file: Path | None,
    as_json: bool,
) -> int:
    """Look for the sources of bodies, and propose or write the entries."""
    from flows import discovery, interruption
    from flows import selection as selecting

    now = settings()
    selecting.remember(now.home, source_files)
    selection = replace(selection, authorities=(*bodies, *selection.authorities))
    catalogue = selecting.catalogue_of(now.home)
    wanted = discovery.bodies_of(catalogue, selection)
    interruption.heed_signals()
    with bars("last", is_shown=not as_json) as bar:
        task = bar.add_task(text("discover.asking"), total=len(wanted), last="")
        found = discovery.discover(
            now, selection.until or date.today(), selection, is_again=is_again,
            told=lambda answer: bar.update(task, advance=1, last=catalogue.authorities[answer.authority].name),
        )  # fmt: skip
    entries = discovery.entries_of(found, catalogue)
    path = discovery.write(now.home, entries, catalogue, file) if is_written and entries else None
    counts = Counter(str(f.answer) for answer in found.answers for f in answer.findings)
    if as_json:
        told = [{"body": catalogue.authorities[a.authority].label, **a.as_json()} for a in found.answers]
        asked = sum(a.requests for a in found.answers if a.authority not in found.earlier)
        say_json({"bodies": told, "counts": counts, "requests": asked, "entries": [e.id for e in entries], "written": path})
        return 0
    heads = [text(f"discover.column.{c}") for c in ("body", "source", "answer", "certainty", "reason")]
    say_table(heads, [row for answer in found.answers for row in rows_of(answer, catalogue)], right=(3,))
    said = ", ".join(f"{n} {named('answer', answer)}" for answer, n in counts.most_common()) or text("discover.nothing")
    click.echo(text("discover.done", bodies=len(found.answers), requests=sum(a.requests for a in found.answers), counts=said))
    if path is not None:
        click.echo(text("discover.written", n=len(entries), file=path))
    else:
        click.echo(text("discover.proposed", n=len(entries)) if entries else text("discover.nothing_new"))
    return 0


def rows_of(answer: BodyAnswer, catalogue: Catalogue) -> list[list[Any]]:
    """What a person sees of one body: its sources, and a row for each side that has none."""
    from extractors.discovery.findings import SIDES

    name = catalogue.authorities[answer.authority].name
    rows: list[list[Any]] = [
        [name, f"{f.id}\n{f.url}", named("answer", f.answer), f"{f.certainty:.2f}", because([f.reason])] for f in answer.findings
    ]
    for side, kinds in SIDES.items():
        why = answer.why(side)
        if not answer.known.get(side) and not any(set(kinds) & set(f.kinds) for f in answer.findings):
            rows.append([name, named("side", side), named("answer", answer.on(side)), "", because([why]) if why else ""])
    return rows
