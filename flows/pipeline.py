"""The main job without an engine: harvest, normalise, flag, shortlist. Prefect's flows call these; so do tests."""

from __future__ import annotations

import difflib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.contract import Known, Outcome, Source, Window
from extractors.exceptions import ContactMissing
from extractors.fetch import urls
from extractors.fetch.pace import Pace
from extractors.harvest import budget_of, harvest_many, shards
from extractors.staging import RunResult
from flows import interruption, jobs
from flows import selection as selecting
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.settings import Settings
from flows.steps import Step, unheard
from flows.texts import because, text
from warehouse.decisions import log_of

if TYPE_CHECKING:
    from catalogue.sources import SourceEntry
    from desk.paper import Meeting

NOT_FRESH = (Outcome.PARTIAL, Outcome.BLOCKED, Outcome.DRIFTED, Outcome.FAILED)
ADDRESS_FLOOR_SHARE = 0.25
HOSTS_PER_SHARD = 16
ALL = Selection()

Told = Callable[[RunResult], None]


def untold(_: RunResult) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Plan:
    """What a harvest will ask: the sources, in shards that share no host, and the window."""

    run_id: str
    window: Window
    shards: tuple[tuple[Source, ...], ...]

    @property
    def sources(self) -> list[Source]:
        return [source for shard in self.shards for source in shard]


@dataclass(frozen=True)
class HarvestReport:
    """How a harvest went: one result per source."""

    run_id: str
    results: tuple[RunResult, ...]

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(str(result.outcome) for result in self.results)

    @property
    def is_fresh(self) -> bool:
        return not any(result.outcome in NOT_FRESH for result in self.results)


@dataclass(frozen=True)
class FlagReport:
    """What flagging found, per pillar how many `candidates`, `contributions` and `proposed`, and where the read copy stands.

    Of the `documents` only those were `judged` that can come out otherwise than last time, and of the `bodies` only those `linked` under
    which anything differs.
    """

    documents: int
    judged: int
    bodies: int
    linked: int
    evidence: int
    candidates: int
    published: Path
    by_pillar: dict[str, dict[str, int]]


def plan(settings: Settings, selection: Selection, today: date) -> Plan:
    """Choose the sources and shard them by host. Raises SelectionError, CatalogueError, PlatformError."""
    selecting.remember(settings.home, selection.source_files)
    entries = selecting.pick(selecting.catalogue_of(settings.home), selection, settings.home)
    return plan_of(settings, entries, Window(*selection.days(today)))


def plan_of(settings: Settings, entries: Sequence[SourceEntry], window: Window) -> Plan:
    """A plan for these entries. Raises PlatformError."""
    from extractors.platforms import source_from_entry

    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    parts = shards([source_from_entry(entry) for entry in entries], settings.workers)
    return Plan(run_id, window, tuple(tuple(part) for part in parts))


def refuse_anonymity(settings: Settings) -> None:
    """Raises ContactMissing when the real web would be asked without a contact; before anything is started for it."""
    if not settings.gateway and not settings.contact:
        raise ContactMissing(text("wrong.no_contact"))


@cache
def pace_of_this_process(floor_s: float) -> Pace:
    """One pace for every shard in this process: an address behind many hosts is asked no faster because we have many threads."""
    return Pace(time.monotonic, interruption.sleep, floor_s=floor_s, address_floor_s=min(0.5, floor_s * ADDRESS_FLOOR_SHARE))


def harvest_shard(settings: Settings, run_id: str, window: Window, shard: Iterable[Source], told: Told = untold) -> list[RunResult]:
    """Harvest the sources of one shard; no other shard may ask their hosts. Raises ContactMissing, Interrupted."""
    from extractors.fetch.client import Client

    client = Client(settings.home, contact=settings.contact, gateway=settings.gateway, pace=pace_of_this_process(settings.floor_s))

    def note(result: RunResult) -> None:
        counts = {"requests": result.requests, "not_modified": result.not_modified, "troubles": result.troubles}
        ended = {"source": result.source, "outcome": str(result.outcome), "records": dict(result.seen)}
        why = [reason.as_json() for reason in result.reasons]
        jobs.log(settings.home, "source ended", run=run_id, **ended, reasons=why, **counts)
        told(result)

    with closing(client), interruption.own_stop() as client.stopping:
        return harvest_many(
            tuple(shard), window, lambda _: Known(), client, settings.staging, run_id=run_id, workers=HOSTS_PER_SHARD, progress=note,
            budget=budget_of(window),
        )  # fmt: skip


@jobs.recorded("harvest", told=lambda report: {"outcomes": dict(report.outcomes)})
def harvest(settings: Settings, plan: Plan, told: Told = untold) -> HarvestReport:
    """Harvest every shard of the plan in threads of this process. Each source ends in one outcome; none stops the others."""
    refuse_anonymity(settings)
    results: list[RunResult] = []
    with ThreadPoolExecutor(max_workers=max(1, len(plan.shards))) as pool:
        waiting = [pool.submit(harvest_shard, settings, plan.run_id, plan.window, shard, told) for shard in plan.shards]
        for done in as_completed(waiting):
            results += done.result()
    return HarvestReport(plan.run_id, tuple(results))


@jobs.recorded("normalise", asked=("selection",))
def normalise(settings: Settings, today: date, told: Step = unheard, selection: Selection = ALL) -> Any:
    """Load the batches that wait in staging into the warehouse: all, or those of the sources selected that were harvested in the window.

    Returns the load report (warehouse.load.LoadReport). Raises SelectionError.
    """
    from catalogue import plans
    from warehouse import load
    from warehouse.jobs import load_jobs
    from warehouse.store import Store

    catalogue = selecting.catalogue_of(settings.home)
    scope = selecting.scope_in(catalogue, selection)
    log = log_of(settings.home)
    with Store(settings.home) as store:
        described = plans.load(imported=settings.home / "commitments")
        load.load_catalogue(store, catalogue.authorities, catalogue.entries, selecting.rubric_of(settings.home), described)
        report = load.load_batches(
            store, settings.staging, today=today, takedowns=log.takedowns(), told=partial(told, "loaded"),
            is_wanted=lambda batch: scope.takes(batch.source, batch.authority) and scope.takes_day(date.fromisoformat(batch.ended_at[:10])),
        )  # fmt: skip
        load.load_decisions(store, log)
        load_jobs(store.connection, jobs.jobs(settings.home))
    return report


@jobs.recorded("flag", asked=("selection",))
def flag(
    settings: Settings, today: date, told: Step = unheard, selection: Selection = ALL, *, is_anew: bool = False
) -> FlagReport:  # fmt: skip
    """Find evidence in everything the warehouse holds, link it into candidates, and publish a read copy.

    Candidates are made per body; a selection says which: those with a document of the sources selected that changed in the window.
    What cannot come out otherwise than last time is not judged again, but with `is_anew`. Raises SelectionError.
    """
    from warehouse import flagging
    from warehouse.jobs import load_jobs
    from warehouse.publish import publish
    from warehouse.store import Store

    scope = selecting.scope(settings.home, selection)
    with Store(settings.home) as store:
        bodies = flagging.bodies_under(store, scope)
        flagged = flagging.flag(store, selecting.rubric_of(settings.home), today=today, bodies=bodies, is_anew=is_anew, told=told)
        told("published", 0, 1)
        load_jobs(store.connection, jobs.jobs(settings.home))
        published = publish(store)
        told("published", 1, 1)
    by_pillar = {
        str(pillar): {
            "candidates": len(mine),
            "contributions": int((mine["is_contribution"] == "yes").sum()),
            "proposed": int(mine["proposed"].sum()),
        }
        for pillar, mine in flagged.candidates.groupby("pillar")
    }
    return FlagReport(
        flagged.documents, flagged.judged, flagged.bodies, flagged.linked, flagged.evidence, len(flagged.candidates), published, by_pillar
    )  # fmt: skip


def record_decision(home: Path, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Write a decision down; it waits for no harvest. Returns its entry. Raises InvalidDecision."""
    return log_of(home).append(kind, data, now=datetime.now(UTC))


def told_of_list(frozen: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told of a frozen list: its `id`, how many `items`, and how many `by_pillar`."""
    return {"id": frozen["id"], "items": len(frozen["items"]), "by_pillar": dict(Counter(item["pillar"] for item in frozen["items"]))}


@jobs.recorded("shortlist-create", asked=("source", "pillar", "limit", "selection", "quota", "at_most"), told=told_of_list)
def create_shortlist(
    settings: Settings, *, source: str, pillar: str | None, limit: int, name: str, lang: str, selection: Selection = ALL,
    quota: str | None = None, at_most: int = 3,
) -> dict[str, Any]:  # fmt: skip
    """Freeze a shortlist of the candidates selected from the published copy and write it into the decision log. Returns the frozen list.

    Raises NothingToFreeze, SelectionError.
    """
    from warehouse import narrowed, shortlists
    from warehouse.store import connect_published

    now = datetime.now(UTC)
    scope = selecting.scope(settings.home, selection)
    with connect_published(settings.home) as connection, narrowed.connect(settings.home, scope) as under:
        frozen = shortlists.freeze(
            connection, source=source, pillar=pillar, limit=limit, name=name, lang=lang, now=now,
            reviews=log_of(settings.home).entries("review"), under=under, selection=scope.as_json(),
            quota=quota, at_most=at_most,
        )  # fmt: skip
    record_decision(settings.home, "shortlist", frozen)
    return frozen


@jobs.recorded("shortlist-export", asked=("shortlist_id", "lang"), told=lambda files: {"files": len(files)})
def export_shortlist(
    settings: Settings, shortlist_id: str, *, folder: Path | None, lang: str, meeting: Meeting | None = None
) -> list[Path]:  # fmt: skip
    """Write the dossier of a frozen shortlist; `meeting` is what is known of the meeting it goes to.

    Raises WrongUse for an id that no list has, and LogTampered for a list that is not the one that was frozen.
    """
    from desk import dossier
    from desk.paper import Meeting
    from warehouse import shortlists

    log = log_of(settings.home)
    lists = {entry["data"]["id"]: entry["data"] for entry in log.entries("shortlist")}
    if shortlist_id not in lists:
        raise WrongUse(text("wrong.no_shortlist", id=shortlist_id, lists=", ".join(lists) or "–"))
    shortlists.refuse_changed(lists[shortlist_id], log)
    target = folder or settings.home / "shortlists" / shortlist_id
    return dossier.write(lists[shortlist_id], target, lang=lang, meeting=meeting or Meeting())


@jobs.recorded("candidate-add", asked=("authority", "practice"), told=lambda added: {k: added[k] for k in ("id", "source", "outcome")})
def add_candidate(settings: Settings, url: str, *, authority: str, practice: str | None, note: str, today: date) -> dict[str, Any]:
    """Fetch, archive, load and score one page that a person knows of. Returns `id`, `practice`, `score`, `outcome` and `source`, and why
    (`reason`, `reasons`) when nothing could be read.

    `practice` is what the rubric found and `stated` what the person wrote; `id` and `practice` are None when nothing could be read, or
    when the rubric found no practice in it. Raises ContactMissing, SelectionError, WrongUse.
    """
    from catalogue import rubric

    body = selecting.body(selecting.catalogue_of(settings.home), authority)
    if practice is not None and practice not in (known := sorted(p.slug for p in rubric.load().practices)):
        near = ", ".join(difflib.get_close_matches(practice, known, 3))
        hint = text("wrong.did_you_mean", near=near) if near else text("wrong.practices")
        raise WrongUse(text("wrong.no_practice", practice=practice) + hint)
    data = {"url": urls.canonical(url), "authority": body.orgnr, "practice": practice, "note": note}
    entry = selecting.entry_by_hand(data)
    result = harvest(settings, plan_of(settings, [entry], Window(today, today))).results[0]
    if result.outcome in NOT_FRESH:
        return {
            "id": None, "practice": None, "stated": practice, "score": 0.0, "outcome": str(result.outcome), "source": entry.id,
            "reason": because(result.reasons), "reasons": [reason.as_json() for reason in result.reasons],
        }  # fmt: skip
    record_decision(settings.home, "candidate", data | {"source": entry.id})
    normalise(settings, today)
    flag(settings, today)
    from warehouse import found
    from warehouse.store import connect_published

    with connect_published(settings.home) as connection:
        best = found.best_of_pages(connection, entry.id)
    identity, chosen, score = best or (None, None, 0.0)
    return {
        "id": identity, "practice": chosen, "stated": practice, "score": score, "outcome": str(result.outcome), "source": entry.id
    }  # fmt: skip


@jobs.recorded("rebuild", asked=("selection",))
def rebuild(settings: Settings, today: date, selection: Selection = ALL) -> Any:
    """Build the whole database anew from staging and decisions, compare the rows selected, and publish.

    Returns warehouse.rebuild.RebuildReport. Raises SelectionError.
    """
    from catalogue import plans
    from warehouse.publish import publish
    from warehouse.rebuild import rebuild as build_anew
    from warehouse.store import Store

    catalogue = selecting.catalogue_of(settings.home)
    report = build_anew(
        settings.home, today=today, authorities=catalogue.authorities, sources=catalogue.entries, rubric=selecting.rubric_of(settings.home),
        plans=plans.load(imported=settings.home / "commitments"), jobs=jobs.jobs(settings.home),
        scope=selecting.scope_in(catalogue, selection),
    )  # fmt: skip
    with Store(settings.home) as store:
        publish(store)
    return report


@jobs.recorded("housekeeping", asked=("selection",))
def housekeeping(settings: Settings, today: date, selection: Selection = ALL) -> dict[str, int]:
    """Delete journal answers older than 365 days and the names in entries older than a year. Returns `files` and `changed`.

    A selection says in which sources' archives, and for which months; names age everywhere. Raises SelectionError.
    """
    from extractors.fetch.archive import Archive

    catalogue = selecting.catalogue_of(settings.home)
    scope = selecting.scope_in(catalogue, selection)
    whose = {entry.id: entry.authority for entry in catalogue.entries}

    def is_chosen(source: str, month: date) -> bool:
        return scope.takes(source, whose.get(source, "")) and scope.takes_day(month)

    archive = Archive(settings.home / "archive")
    try:
        files = archive.erase_journals_before(today - timedelta(days=365), is_chosen)
    finally:
        archive.close()
    report = normalise(settings, today)
    flag(settings, today)
    return {"files": files, "changed": report.changed}


@jobs.recorded("takedown", asked=("source",))
def take_down(settings: Settings, source: str, key: str, *, reason: str, today: date) -> dict[str, int]:
    """Take one record down for good: in the log, in staging, in the archive and in the tables. Returns `records` and `captures`.

    Raises WrongUse when no batch of the source has that key.
    """
    from extractors import staging
    from extractors.fetch.archive import Archive

    if not staging.has(settings.staging, source, key):
        raise WrongUse(text("wrong.no_record", source=source, key=key))
    record_decision(settings.home, "takedown", {"source": source, "key": key, "reason": reason})
    parts, captures = staging.withdraw(settings.staging, source, key)
    archive = Archive(settings.home / "archive")
    try:
        erased = archive.erase(captures)
    finally:
        archive.close()
    normalise(settings, today)
    flag(settings, today)
    return {"records": parts, "captures": erased}
