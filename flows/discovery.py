"""Looking for the sources of bodies: whom to look for, what was answered before, and the entries that are written.

The answer for a body is written when it is complete, to `discovery/<number>.json` in the state folder: a run that is killed goes on with
the next body, and `dagslys status` says from it why a body is blank.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.contract import Window
from extractors.discovery.addresses import platform_of
from extractors.discovery.findings import BodyAnswer, Finding, answer_from_json, place_of, toml_of
from extractors.discovery.ladder import Ladder
from extractors.discovery.owners import NUMBER
from extractors.fetch import urls
from flows import interruption, jobs
from flows import selection as selecting
from flows.exceptions import WrongUse
from flows.pipeline import pace_of_this_process, refuse_anonymity
from flows.selection import Catalogue, Selection
from flows.settings import Settings
from flows.texts import text

if TYPE_CHECKING:
    from catalogue.authorities import Authority
    from catalogue.sources import SourceEntry

BODIES_AT_A_TIME = 12
ANSWER_HOLDS = timedelta(days=30)
WRITTEN = "discovered.toml"

Told = Callable[[BodyAnswer], None]


def untold(_: BodyAnswer) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Discovery:
    """What a run answered: one answer per body, and which of them were answered by an earlier run."""

    answers: tuple[BodyAnswer, ...]
    earlier: frozenset[str]


def bodies_of(catalogue: Catalogue, selection: Selection) -> list[Authority]:
    """The bodies to look for: those selected by name, or by the sources they own; every living one when none is. Raises SelectionError."""
    scope = selecting.scope_in(catalogue, replace(selection, platforms=()))
    owners = {e.authority for e in catalogue.entries if scope.takes(e.id, e.authority)} if selection.sources else None
    chosen = [b for b in catalogue.authorities.current if scope.authorities is None or b.orgnr in scope.authorities]
    return [b for b in chosen if owners is None or b.orgnr in owners]


def answers(home: Path) -> dict[str, BodyAnswer]:
    """The last answer of every body that was looked for, by organisation number."""
    kept = sorted((home / "discovery").glob("*.json"))
    return {path.stem: answer_from_json(json.loads(path.read_text(encoding="utf-8"))) for path in kept}


def keep(home: Path, answer: BodyAnswer) -> Path:
    """Write a body's answer, whole or not at all."""
    path = home / "discovery" / f"{answer.authority}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(answer.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)
    return path


def _told(found: Discovery) -> dict[str, int]:
    """What the record of jobs keeps."""
    sources, requests = sum(len(a.findings) for a in found.answers), sum(a.requests for a in found.answers)
    return {"bodies": len(found.answers), "sources": sources, "requests": requests}


@jobs.recorded("discover", asked=("selection",), told=_told)
def discover(settings: Settings, today: date, selection: Selection, *, is_again: bool = False, told: Told = untold) -> Discovery:
    """Look for the sources of the bodies selected, several at a time, each within its allowance.

    A body answered within ANSWER_HOLDS is not asked again unless `is_again`. Raises SelectionError, ContactMissing, Interrupted.
    """
    catalogue = selecting.catalogue_of(settings.home)
    bodies = bodies_of(catalogue, selection)
    refuse_anonymity(settings)
    held = {} if is_again or selection.platforms else answers(settings.home)
    held = {n: a for n, a in held.items() if today - a.day <= ANSWER_HOLDS}
    waiting = [b for b in bodies if b.orgnr not in held]
    found = [held[b.orgnr] for b in bodies if b.orgnr in held]
    if waiting:
        with closing(client_of(settings)) as client, interruption.own_stop() as client.stopping:
            ladder = ladder_of(client, catalogue, selection, today)
            with ThreadPoolExecutor(max_workers=BODIES_AT_A_TIME) as pool:
                asked = [pool.submit(ladder.look_for, body) for body in waiting]
                try:
                    for done in as_completed(asked):
                        answer = done.result()
                        found.append(answer)
                        if not selection.platforms:
                            keep(settings.home, answer)
                        told(answer)
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
    order = {b.orgnr: n for n, b in enumerate(bodies)}
    return Discovery(tuple(sorted(without_twins(found), key=lambda a: order[a.authority])), frozenset(held) & frozenset(order))


def client_of(settings: Settings) -> Any:
    """The client of a run, behind the same pace as a harvest's."""
    from extractors.fetch.client import Client

    return Client(settings.home, contact=settings.contact, gateway=settings.gateway, pace=pace_of_this_process(settings.floor_s))


def ladder_of(client: Any, catalogue: Catalogue, selection: Selection, today: date) -> Ladder:
    """The ladder over a catalogue."""
    entries = {entry.id: entry for entry in catalogue.entries}
    return Ladder(client, catalogue.authorities, entries, Window(*selection.days(today)), today, selection.platforms)


def without_twins(found: Iterable[BodyAnswer]) -> list[BodyAnswer]:
    """The answers, with a doubt on every address that two bodies were given: one of them is wrong, and we cannot tell which."""
    found = list(found)
    owners: dict[tuple[str, str], set[str]] = {}
    for answer in found:
        for finding in answer.findings:
            owners.setdefault((finding.platform, place_of(finding)), set()).add(answer.authority)
    national = {(f.platform, place_of(f)) for a in found for f in a.findings if f.platform == "einnsyn"}

    def doubted(finding: Finding) -> Finding:
        place = (finding.platform, place_of(finding))
        is_shared = len(owners[place]) > 1 and place not in national
        return replace(finding, certainty=finding.certainty / 2, note="two bodies were given this address") if is_shared else finding

    return [replace(a, findings=tuple(map(doubted, a.findings))) for a in found]


@jobs.recorded("source-add", asked=("url",), told=_told)
def add(settings: Settings, url: str, *, authority: str | None, today: date, selection: Selection) -> Discovery:
    """Look at one address: what platform it is, for whom, and a first record. Raises SelectionError, WrongUse, ContactMissing."""
    catalogue = selecting.catalogue_of(settings.home)
    address = urls.parse(url)
    body = selecting.body(catalogue, authority) if authority else owner_of(catalogue, address)
    refuse_anonymity(settings)
    with closing(client_of(settings)) as client, interruption.own_stop() as client.stopping:
        return Discovery((ladder_of(client, catalogue, selection, today).look_at(body, address),), frozenset())


def only(answer: BodyAnswer, findings: Sequence[Finding]) -> BodyAnswer:
    """The answer with these findings alone."""
    return replace(answer, findings=tuple(findings))


def owner_of(catalogue: Catalogue, url: str) -> Authority:
    """The body an address is of, by its host or a number in it. Raises WrongUse when it says neither."""
    from extractors.discovery.owners import Owners

    owners = Owners(catalogue.authorities)
    if owner := owners.at_host(urls.host_of(url)):
        return owner
    guess = platform_of(url)
    for number in NUMBER.findall(guess.tenant if guess else url):
        if number in catalogue.authorities:
            return catalogue.authorities[number]
    named = [a for a in owners.called(guess.tenant) if a.is_current] if guess and guess.tenant else []
    if len(named) == 1:
        return named[0]
    raise WrongUse(text("wrong.whose_address", url=url))


def entries_of(found: Discovery, catalogue: Catalogue) -> list[SourceEntry]:
    """The entries that the findings make, without those the catalogue has as they are and those it refuses."""
    known = {entry.id: entry for entry in catalogue.entries}
    made = []
    for answer in found.answers:
        for finding in answer.findings:
            try:
                entry = finding.entry(answer.authority, answer.day)
            except ValueError:
                continue
            if not _is_same(known.get(entry.id), entry):
                made.append(entry)
    return made


def _is_same(held: SourceEntry | None, entry: SourceEntry) -> bool:
    """Whether what we would write stands there, or a better word for it does."""
    if held is None:
        return False
    is_as_good = held.is_harvested or held.state == entry.state
    return is_as_good and place_of(held) == place_of(entry) and (held.is_harvested or dict(held.settings) == dict(entry.settings))


def write(home: Path, entries: Sequence[SourceEntry], catalogue: Catalogue, file: Path | None = None) -> Path:
    """Add entries to a file of sources, `discovered.toml` in the state folder when None; it is read back before it replaces the old one.

    A file of one platform takes the entries of that platform only. An entry whose id stands there already is written anew; the rest of the
    file is left as it is. Raises CatalogueError, WrongUse.
    """
    from catalogue import authorities, sources
    from catalogue.facts import read_toml

    path = file or home / "sources" / WRITTEN
    said = read_toml(path) if path.exists() else {}
    if platform := said.get("platform"):
        entries = [e for e in entries if e.platform == platform]
    content = path.read_text(encoding="utf-8") if path.exists() else "# What `dagslys discover` and `dagslys source add` found.\n"
    default = said.get("default", {})
    held = {(row.get("platform", said.get("platform", default.get("platform"))), row.get("slug")) for row in said.get("source", ())}
    for entry in entries:
        if (entry.platform, entry.slug) in held:
            content = _without(content, entry)
    described = {row.get("orgnr") for row in said.get("authority", ())}
    shipped = authorities.load()
    unknown = {e.authority for e in entries} - set(shipped) - described
    strangers = {number: catalogue.authorities[number] for number in sorted(unknown)}
    parts = [content.rstrip("\n")]
    parts += [_authority(body) for body in strangers.values()]
    parts += [toml_of(entry, catalogue.authorities[entry.authority].name).rstrip("\n") for entry in entries]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    try:
        sources.load_file(part, catalogue.authorities)
    except BaseException:
        part.unlink()
        raise
    part.replace(path)
    return path


def _without(content: str, entry: SourceEntry) -> str:
    """The text of a file without the table of an entry. Raises WrongUse when it is written in a way we cannot cut out."""
    tables = re.split(r"(?m)^(?=\[\[)", content)
    slug = re.compile(rf'(?m)^slug\s*=\s*"{re.escape(entry.slug)}"')
    mine = [n for n, table in enumerate(tables) if table.startswith("[[source]]") and slug.search(table)]
    named = [n for n in mine if f'platform = "{entry.platform}"' in tables[n] or not re.search(r"(?m)^platform\s*=", tables[n])]
    if len(named) != 1:
        raise WrongUse(text("wrong.entry_not_found", id=entry.id))
    return "".join(table for n, table in enumerate(tables) if n != named[0])


def _authority(body: Authority) -> str:
    """A body that is not shipped, as an `[[authority]]` table."""
    said: Mapping[str, Any] = body.model_dump(mode="json", exclude_defaults=True) | {"orgnr": body.orgnr, "name": body.name}
    return "\n".join(["[[authority]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())])
