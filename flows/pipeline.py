"""The main job without an engine: harvest, normalise, flag, shortlist. Prefect's flows call these; so do tests."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from extractors.contract import Known, Outcome, Source, Window
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_source, shards
from extractors.staging import RunResult
from flows import interruption
from flows import selection as selecting
from flows.selection import Selection
from flows.settings import Settings

NOT_FRESH = (Outcome.PARTIAL, Outcome.BLOCKED, Outcome.DRIFTED, Outcome.FAILED)
ADDRESS_FLOOR_SHARE = 0.25

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
    """What flagging found, and where the read copy stands."""

    documents: int
    evidence: int
    candidates: int
    published: Path


def plan(settings: Settings, selection: Selection, today: date) -> Plan:
    """Choose the sources and shard them by host. Raises SelectionError, CatalogueError, PlatformError."""
    from extractors.platforms import source_from_entry

    selecting.remember(settings.home, selection.source_files)
    entries = selecting.pick(selecting.catalogue_of(settings.home), selection, settings.home)
    since, until = selection.days(today)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    parts = shards([source_from_entry(entry) for entry in entries], settings.workers)
    return Plan(run_id, Window(since, until), tuple(tuple(part) for part in parts))


@cache
def pace_of_this_process(floor_s: float) -> Pace:
    """One pace for every shard in this process: an address behind many hosts is asked no faster because we have many threads."""
    return Pace(interruption.clock, interruption.sleep, floor_s=floor_s, address_floor_s=min(0.5, floor_s * ADDRESS_FLOOR_SHARE))


def harvest_shard(settings: Settings, run_id: str, window: Window, shard: Iterable[Source], told: Told = untold) -> list[RunResult]:
    """Harvest the sources of one shard, one after the other; no other shard may ask their hosts. Raises ContactMissing."""
    from extractors.fetch.client import Client
    from extractors.platforms import EXTRACTORS

    client = Client(
        settings.home, contact=settings.contact, gateway=settings.gateway, clock=interruption.clock, sleep=interruption.sleep,
        pace=pace_of_this_process(settings.floor_s),
    )  # fmt: skip
    results = []
    try:
        for source in shard:
            extractor = EXTRACTORS[source.platform]()
            result = harvest_source(source, window, Known(), client, settings.staging, run_id=run_id, extractor=extractor)
            results.append(result)
            told(result)
    finally:
        client.close()
    return results


def harvest(settings: Settings, plan: Plan, told: Told = untold) -> HarvestReport:
    """Harvest every shard of the plan in threads of this process. Each source ends in one outcome; none stops the others."""
    results: list[RunResult] = []
    with ThreadPoolExecutor(max_workers=max(1, len(plan.shards))) as pool:
        waiting = [pool.submit(harvest_shard, settings, plan.run_id, plan.window, shard, told) for shard in plan.shards]
        for done in as_completed(waiting):
            results += done.result()
    return HarvestReport(plan.run_id, tuple(results))


def normalise(settings: Settings, today: date) -> Any:
    """Load every batch that waits in staging into the warehouse. Returns the load report (warehouse.load.LoadReport)."""
    from catalogue import plans, rubric
    from warehouse import load
    from warehouse.decisions import DecisionLog
    from warehouse.store import Store

    catalogue = selecting.catalogue_of(settings.home)
    log = DecisionLog(settings.home / "decisions")
    with Store(settings.home) as store:
        load.load_catalogue(store, catalogue.authorities, catalogue.entries, rubric.load(), plans.load())
        report = load.load_batches(store, settings.staging, today=today, takedowns=taken_down(log))
        load.load_decisions(store, log)
    return report


def taken_down(log: Any) -> frozenset[tuple[str, str]]:
    """The (source, key) pairs that take-downs cover."""
    return frozenset((entry["data"]["source"], entry["data"]["key"]) for entry in log.entries("takedown"))


def flag(settings: Settings, today: date) -> FlagReport:
    """Find evidence in everything the warehouse holds, link it into candidates, and publish a read copy."""
    from warehouse.publish import publish

    from catalogue import rubric
    from transforms import candidates, documents, evidence
    from warehouse import flagging, search
    from warehouse.store import Store

    words = rubric.load()
    with Store(settings.home) as store:
        texts = documents.documents(flagging.documents_of(store))
        found = evidence.find(texts, words)
        linked = candidates.link(texts, found, words, today=today)
        flagging.save(store, found, linked)
        search.build(store)
        published = publish(store)
    return FlagReport(len(texts), len(found.evidence), len(linked.candidates), published)
