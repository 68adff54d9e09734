"""Which sources and which days a verb is about."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.fetch import urls
from flows.exceptions import SelectionError
from warehouse.decisions import log_of

if TYPE_CHECKING:
    from catalogue.authorities import Authorities, Authority
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
            raise SelectionError(f"--since {since} is after --until {until}")
        return since, until


@dataclass(frozen=True)
class Catalogue:
    """The catalogue as this state folder knows it: what is shipped, and the extra source files it was given."""

    authorities: Authorities
    entries: tuple[SourceEntry, ...]


def remember(home: Path, files: Iterable[Path]) -> list[Path]:
    """Keep extra source files in the state folder, so that later verbs and `rebuild` know their bodies. Returns where they stand now."""
    folder = home / "sources"
    kept = []
    for path in files:
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


def entry_by_hand(data: Mapping[str, Any]) -> SourceEntry:
    """The source entry of a candidate added by hand, made of what the decision log says of it (url, authority, note)."""
    from catalogue.sources import SourceEntry

    slug = hashlib.sha256(data["url"].encode()).hexdigest()[:12]
    return SourceEntry(
        slug=slug, platform="by-hand", authority=data["authority"], url=data["url"], kinds=("page",), cadence="once",
        fact=data.get("note") or "added by hand", confidence="used", state="enabled", hosts=(urls.host_of(data["url"]),),
    )  # fmt: skip


def pick(catalogue: Catalogue, selection: Selection, home: Path) -> list[SourceEntry]:
    """The enabled entries the selectors name. Raises SelectionError or CatalogueError for a selector that names nothing."""
    entries: Sequence[SourceEntry] = catalogue.entries
    if selection.source_files:
        from catalogue import sources

        entries = [entry for path in selection.source_files for entry in sources.load_file(home / "sources" / path.name)[1]]
    if selection.authorities:
        wanted = {catalogue.authorities.one(text).orgnr for text in selection.authorities}
        entries = [e for e in entries if e.authority in wanted]
    if selection.platforms:
        _refuse_unknown("--platform", selection.platforms, {e.platform for e in catalogue.entries})
        entries = [e for e in entries if e.platform in selection.platforms]
    if selection.sources:
        _refuse_unknown("--source", selection.sources, {e.id for e in catalogue.entries})
        entries = [e for e in entries if e.id in selection.sources]
    if selection.cadences:
        entries = [e for e in entries if e.cadence in selection.cadences]
    return [e for e in entries if e.is_harvested]


def _refuse_unknown(option: str, given: Iterable[str], known_ones: set[str]) -> None:
    for text in given:
        if text not in known_ones:
            close = sorted(k for k in known_ones if text.lower() in k.lower())[:5]
            raise SelectionError(f"{option} {text}: unknown" + (f"; did you mean {', '.join(close)}?" if close else ""))
