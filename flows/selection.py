"""Which sources and which days a verb is about."""

from __future__ import annotations

import difflib
import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.exceptions import CatalogueError
from extractors.fetch import urls
from flows.exceptions import SelectionError
from flows.texts import text
from warehouse.decisions import log_of
from warehouse.scope import Scope

if TYPE_CHECKING:
    from catalogue.authorities import Authorities, Authority
    from catalogue.rubric import Rubric
    from catalogue.sources import SourceEntry

READ_AGAIN_DAYS = 30
"""Entries are published late: the default window reaches this many days back (ATLAS 0.3)."""


@dataclass(frozen=True)
class Selection:
    """The selectors every verb shares; empty means all. `source_files` are extra source files that replace the catalogue's entries."""

    authorities: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    source_files: tuple[Path, ...] = ()
    cadences: tuple[str, ...] = ()

    def days(self, today: date) -> tuple[date, date]:
        """The window, both ends included; by default the last READ_AGAIN_DAYS days. Raises SelectionError when it is turned round."""
        until = self.until or today
        since = self.since or until - timedelta(days=READ_AGAIN_DAYS)
        if since > until:
            raise SelectionError(text("wrong.turned_round", since=since, until=until))
        return since, until

    @property
    def is_all(self) -> bool:
        """Nothing was selected."""
        return not (self.authorities or self.platforms or self.sources or self.since or self.until)

    def as_json(self) -> dict[str, Any]:
        """What was selected, as text; what was not is left out."""
        lists = {"authorities": self.authorities, "platforms": self.platforms, "sources": self.sources}
        days = {"since": self.since, "until": self.until}
        return {name: list(given) for name, given in lists.items() if given} | {name: str(day) for name, day in days.items() if day}


@dataclass(frozen=True)
class Catalogue:
    """The catalogue as this state folder knows it: what is shipped, and the extra source files it was given."""

    authorities: Authorities
    entries: tuple[SourceEntry, ...]


def remember(home: Path, files: Iterable[Path]) -> list[Path]:
    """Keep extra source files in the state folder, so that later verbs and `rebuild` know their bodies. Returns where they stand now.

    Raises CatalogueError for a file that cannot be used, and keeps none of it: every verb reads what is kept.
    """
    from catalogue import sources

    folder = home / "sources"
    kept = []
    for path in files:
        sources.load_file(path)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / path.name
        if path.resolve() != target.resolve():
            shutil.copyfile(path, target)
        kept.append(target)
    return kept


def catalogue_of(home: Path) -> Catalogue:
    """The shipped catalogue and the state folder's own source files. Raises CatalogueError."""
    from catalogue import authorities, sources

    bodies, entries = authorities.load(), list(sources.load().values())
    extra: list[Authority] = []
    for path in sorted((home / "sources").glob("*.toml")):
        more, additions = sources.load_file(path)
        extra += more
        taken = {entry.id for entry in additions}
        entries = [entry for entry in entries if entry.id not in taken] + list(additions)
    entries += [entry_by_hand(decision["data"]) for decision in log_of(home).entries("candidate")]
    return Catalogue(bodies.with_extra(extra), tuple({entry.id: entry for entry in entries}.values()))


def model_file(home: Path) -> Path:
    """Where a model that was learnt here and accepted stands."""
    return home / "model.toml"


def rubric_of(home: Path) -> Rubric:
    """The shipped rubric, with the model accepted in this state folder when there is one. Raises CatalogueError."""
    from catalogue import rubric

    accepted = model_file(home)
    return rubric.load(model=accepted if accepted.exists() else None)


def entry_by_hand(data: Mapping[str, Any]) -> SourceEntry:
    """The source entry of a candidate added by hand, made of what the decision log says of it (url, authority, note)."""
    from catalogue.sources import SourceEntry

    slug = hashlib.sha256(data["url"].encode()).hexdigest()[:12]
    return SourceEntry(
        slug=slug, platform="by-hand", authority=data["authority"], url=data["url"], kinds=("page",), cadence="once",
        fact=data.get("note") or "added by hand", confidence="used", state="enabled", hosts=(urls.host_of(data["url"]),),
    )  # fmt: skip


def scope(home: Path, selection: Selection) -> Scope:
    """What the selectors mean, by numbers and ids. Raises SelectionError for one that names nothing, CatalogueError for a broken file."""
    return Scope() if selection.is_all else scope_in(catalogue_of(home), selection)


def scope_in(catalogue: Catalogue, selection: Selection) -> Scope:
    """As `scope`, in a catalogue that is already read."""
    if selection.since and selection.until:
        selection.days(selection.until)
    _refuse_unknown("--platform", selection.platforms, {e.platform for e in catalogue.entries})
    _refuse_unknown("--source", selection.sources, {e.id for e in catalogue.entries})
    return Scope(
        tuple(body(catalogue, named).orgnr for named in selection.authorities) or None,
        selection.platforms or None, selection.sources or None, selection.since, selection.until,
    )  # fmt: skip


def body(catalogue: Catalogue, named: str) -> Authority:
    """The body that a name or number means. Raises SelectionError when none or several do."""
    try:
        return catalogue.authorities.one(named)
    except CatalogueError as error:
        found = ", ".join(f"{a.label} {a.orgnr}" for a in catalogue.authorities.find(named))
        raise SelectionError(text("wrong.several_bodies" if found else "wrong.no_body", named=named, bodies=found)) from error


def pick(catalogue: Catalogue, selection: Selection, home: Path) -> list[SourceEntry]:
    """The enabled entries the selectors name. Raises SelectionError or CatalogueError for a selector that names nothing."""
    entries: Sequence[SourceEntry] = catalogue.entries
    if selection.source_files:
        from catalogue import sources

        entries = [entry for path in selection.source_files for entry in sources.load_file(home / "sources" / path.name)[1]]
    chosen = scope_in(catalogue, selection)
    entries = [e for e in entries if chosen.takes(e.id, e.authority)]
    if selection.cadences:
        entries = [e for e in entries if e.cadence in selection.cadences]
    return [e for e in entries if e.is_harvested]


def _refuse_unknown(option: str, given: Iterable[str], known: set[str]) -> None:
    for named in given:
        if named not in known:
            near = sorted(k for k in known if named.lower() in k.lower())[:5] or difflib.get_close_matches(named, sorted(known), 3)
            hint = text("wrong.did_you_mean", near=", ".join(near)) if near else ""
            raise SelectionError(text("wrong.unknown_selector", option=option, named=named) + hint)


COLUMNS = {
    "--authority": ("organisasjonsnummer", "authority", "orgnr", "kommunenummer", "kommune", "municipality"),
    "--platform": ("plattform", "platform", "kilde", "source"),
    "--source": ("kilde", "source"),
    "--since": ("dato", "date", "journaldato", "journal_date", "publisert", "published"),
}
"""What a file may call the column that a selector reads, the first one it has; our own exports call them so."""


def rows_of(file: Path, rows: Sequence[Mapping[str, Any]], home: Path, selection: Selection) -> list[Mapping[str, Any]]:
    """The rows of a person's own file that are selected by its own columns. Raises SelectionError when it has none for a selector,
    and when no row is left."""
    if selection.is_all:
        return list(rows)
    catalogue = catalogue_of(home)
    chosen = scope_in(catalogue, replace(selection, platforms=(), sources=()))
    asked = {"--authority": chosen.authorities, "--platform": selection.platforms, "--source": selection.sources,
             "--since": selection.since or selection.until}  # fmt: skip
    found = {option: _column(file, rows, option) for option, given in asked.items() if given}

    def is_meant(row: Mapping[str, Any]) -> bool:
        said = {option: str(row.get(column) or "").strip() for option, column in found.items()}
        numbers = {a.orgnr for a in catalogue.authorities.find(said["--authority"])} if "--authority" in said else set()
        return (
            (chosen.authorities is None or bool(numbers & set(chosen.authorities)))
            and (not selection.platforms or said["--platform"].partition("/")[0] in selection.platforms)
            and (not selection.sources or said["--source"] in selection.sources)
            and ("--since" not in said or (bool(said["--since"]) and chosen.takes_day(_day(file, said["--since"]))))
        )

    left = [row for row in rows if is_meant(row)]
    if not left:
        raise SelectionError(text("wrong.no_row_left", file=file))
    return left


def _column(file: Path, rows: Sequence[Mapping[str, Any]], option: str) -> str:
    held = list(dict.fromkeys(name for row in rows for name in row))
    if column := next((name for name in COLUMNS[option] if name in held), None):
        return column
    raise SelectionError(text("wrong.no_column", file=file, option=option, columns=", ".join(held)))


def _day(file: Path, said: str) -> date:
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise SelectionError(text("wrong.bad_day_in_row", file=file, value=said)) from None
