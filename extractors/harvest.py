"""The loop: one source and one window become captures, staged records and exactly one outcome.

The same loop serves the live web, recordings and tests. It is idempotent: a batch without its summary does not exist, so a killed run is
simply done again, and what was fetched is confirmed by the server instead of sent anew. The loop, not the platform, stops when a page
brings nothing new.

`harvest_many` runs many sources: one queue per group of sources that share a host, each worked off by one thread, and parsing in a few
threads of its own. Fetching is waiting; parsing is work under Python's lock. With the two in the same 64 threads, pages come out
an order of magnitude slower (TECH section 6), so fetch threads hand their answers over.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from heapq import heappop, heappush
from pathlib import Path

from catalogue.reasons import Reason
from extractors import staging as stage
from extractors.contract import Capture, Claim, Extractor, Known, Outcome, Record, Request, Source, Trouble, Whole, Window
from extractors.exceptions import (
    AccessDenied,
    FetchError,
    HostResting,
    Interrupted,
    LoginRequired,
    OutOfScope,
    RobotsRefused,
    RobotsUnreachable,
    TooLarge,
)
from extractors.fetch import urls
from extractors.fetch.client import Client, Stats
from extractors.staging import RunResult

REFUSALS = (RobotsRefused, LoginRequired, AccessDenied)
DEFAULT_BUDGET = 2000
BUDGET_DAYS = 90
INDEX_BUDGET = 200
LAST_RANK = 2
PARSERS = 3

Items = list[Record | Request]
Parse = Callable[[Callable[[], Items]], Items]

log = logging.getLogger(__name__)


def parse_here(work: Callable[[], Items]) -> Items:
    """Parse in the calling thread: for one source at a time."""
    return work()


class _Run:
    """What one run has seen so far."""

    def __init__(self, source: Source, window: Window, extractor: Extractor, client: Client, batch: stage.Batch, parse: Parse) -> None:
        self.source, self.window, self.extractor, self.client, self.batch, self.parse = source, window, extractor, client, batch, parse
        self.leftovers: Counter[str] = Counter()
        self.troubles: list[Trouble] = []
        self.claims: list[Claim] = []
        self.refusals: list[FetchError] = []
        self.closed = self.closed_lists = 0
        self.failures: list[Reason] = []
        self.strays: list[Reason] = []
        self.resting: set[str] = set()
        self.listed: dict[str, set[int]] = {}
        self.answers = 0
        self.is_cut = False
        self.unasked = 0
        self.endless = 0

    def read(self, request: Request) -> list[Request]:
        """Fetch and parse one question. Returns the follow-up questions, none when the answer brought nothing new."""
        host = urls.host_of(request.url)
        if host in self.resting:
            return []
        try:
            capture = self.client.fetch(self.source, request)
        except FetchError as error:
            self._note(request, host, error)
            return []
        self.answers += 1
        if capture.status >= 500 or capture.status == 429:
            if request.role != "index":
                self.failures.append(Reason("server_answered", status=capture.status))
            return []
        return self._read(capture)

    def _note(self, request: Request, host: str, error: FetchError) -> None:
        """Remember what a question without an answer means. A page that is closed to us is no gap; one that failed is."""
        is_extra = request.role in ("index", "document") or int(request.context.get("rank", 0)) > 0
        if isinstance(error, OutOfScope):
            self.strays.append(error.reason)
        elif isinstance(error, HostResting):
            self.resting.add(host)
            self.is_cut = True
            self.failures.append(error.reason)
        elif is_extra and isinstance(error, TooLarge | RobotsRefused | LoginRequired | AccessDenied):
            self.closed += 1
            self.closed_lists += request.role not in ("index", "document")
        elif isinstance(error, REFUSALS) and not isinstance(error, RobotsUnreachable):
            self.refusals.append(error)
        elif request.role != "index":
            self.failures.append(error.reason)

    def _read(self, capture: Capture) -> list[Request]:
        follow: list[Request] = []
        listed = self.listed.setdefault(_listing(capture), set()) if capture.context.get("page") else set()
        before, is_listing = len(listed), False
        for item in self.parse(lambda: self._items(capture)):
            if isinstance(item, Request):
                follow.append(item)
            else:
                identity = self._keep(replace(item, capture=capture.id), capture)
                if not isinstance(item, Claim | Trouble):
                    is_listing = True
                    listed.add(identity)
        return [] if capture.context.get("page") and is_listing and len(listed) == before else follow

    def _items(self, capture: Capture) -> Items:
        """What the platform makes of an answer; whatever a stranger's answer does to a parser, the run goes on and says so."""
        items: Items = []
        try:
            items.extend(self.extractor.parse(self.source, self.window, capture))
        except Exception as error:  # noqa: BLE001 - see above
            items.append(Trouble(key=capture.url, reason=Reason("parser_stopped", place=_place(error))))
        return items

    def _keep(self, record: Record, capture: Capture) -> int:
        self.leftovers.update(f"{record.kind}.{name}" for name in record.leftovers)
        if isinstance(record, Trouble):
            self.troubles.append(record)
        if isinstance(record, Claim):
            self.claims.append(record)
        row = stage.envelope(
            record, source=self.source.id, authority=self.source.authority, platform=self.source.platform, batch=self.batch.path.stem,
            captured_at=capture.fetched_at, url=capture.url,
        )  # fmt: skip
        return self.batch.add(row)


def _listing(capture: Capture) -> str:
    """Which list a page belongs to: its context without the place in the list."""
    return json.dumps(
        {k: v for k, v in capture.context.items() if k not in ("page", "start", "rows", "has_found", "place")}, sort_keys=True, default=str
    )


def _place(error: BaseException) -> str:
    """What broke and where, without a word of the text that broke it."""
    trace, name, line = error.__traceback__, "", 0
    while trace is not None:
        name, line = Path(trace.tb_frame.f_code.co_filename).name, trace.tb_lineno
        trace = trace.tb_next
    return f"{type(error).__name__} at {name}:{line}"


def budget_of(window: Window) -> int:
    """How many questions a run may ask: DEFAULT_BUDGET, and as much more as the window is longer than a quarter of a year."""
    return DEFAULT_BUDGET * max(1, -(-((window.until - window.since).days + 1) // BUDGET_DAYS))


def harvest_source(
    source: Source,
    window: Window,
    known: Known,
    client: Client,
    staging: Path,
    *,
    run_id: str,
    extractor: Extractor,
    budget: int = DEFAULT_BUDGET,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    parse: Parse = parse_here,
) -> RunResult:
    """Harvest one source over one window and stage the batch.

    `known` is what the warehouse holds; `budget` caps the questions of the run (a run that meets it ends `partial`); `parse` runs the
    parsing of an answer, here or elsewhere. Never raises for anything the other side does; Interrupted and its like leave no batch.
    """
    started = now()
    watched = (*extractor.whole, "case") if extractor.whole else ()
    batch = stage.Batch(staging, source.id, _batch_name(started, run_id, source), watched)
    before, mark = replace(client.stats.get(source.id, Stats())), client.archive.mark()
    run = _Run(source, window, extractor, client, batch, parse)
    has_history = bool(batch.known.said)
    _walk(run, known, getattr(source.settings, "max_pages", budget))
    outcome, reasons = judge(run, is_changed=batch.is_changed, has_history=has_history)
    records = batch.finish()
    after = client.stats.get(source.id, Stats())
    captures = list(client.archive.index(source.id, after=mark))
    windowed = [c.count for c in run.claims if c.scope in ("window", "total")]
    result = RunResult(
        run_id=run_id, source=source.id, authority=source.authority, platform=source.platform, outcome=outcome, reasons=reasons,
        requests=after.requests - before.requests, not_modified=after.not_modified - before.not_modified,
        size_bytes=after.size_bytes - before.size_bytes, captures=len(captures),
        records=dict(records), seen=dict(batch.seen), troubles=len(run.troubles), leftovers=dict(run.leftovers),
        claimed=max(windowed) if windowed else None, since=window.since.isoformat(), until=window.until.isoformat(),
        started_at=started.isoformat(timespec="microseconds"), ended_at=now().isoformat(timespec="microseconds"), batch=batch.path.stem,
        whole=_whole(run, outcome, started.date()),
    )  # fmt: skip
    batch.close(result, captures, _days(run.claims))
    return result


def _whole(run: _Run, outcome: Outcome, today: date) -> dict[str, str]:
    """The kinds of which everything in the window was read, and in what sense. Where nothing was read, nothing is proved."""
    if outcome not in (Outcome.FRESH, Outcome.UNCHANGED) or run.closed_lists or run.unasked or run.endless:
        return {}
    kinds, seen = run.source.kinds, run.batch.seen
    return {
        kind: str(how) for kind, how in run.extractor.whole.items()
        if seen[kind] and (not kinds or kind in kinds) and (how != Whole.TODAY or run.window.until >= today)
    }  # fmt: skip


def _days(claims: Iterable[Claim]) -> list[tuple[str, str, int]]:
    """What the source counts per kind and day. Where two files list the same day, the one that lists most says it."""
    counts: dict[tuple[str, str], int] = {}
    for claim in claims:
        if claim.scope == "day" and claim.day:
            counts[claim.about, claim.day] = max(claim.count, counts.get((claim.about, claim.day), 0))
    return [(kind, day, count) for (kind, day), count in sorted(counts.items())]


def _batch_name(started: datetime, run_id: str, source: Source) -> str:
    return f"{started:%Y%m%dT%H%M%S}-{hashlib.sha256(f'{run_id}{source.id}'.encode()).hexdigest()[:8]}"


def _walk(run: _Run, known: Known, budget: int) -> None:
    """Ask, lowest `rank` of the context first and then in order, until nothing is left or the budget is spent.

    Sitemaps and feeds have a small budget of their own. A `pattern` in the context has a `quota`: past it, a calendar or a search that
    leads on for ever is left alone (WEB B.5). What is left unasked makes the run partial unless it is of the last rank,
    which the platform marks as beyond what it must read.
    """
    asked: set[str] = set()
    queue: list[tuple[int, int, Request]] = []
    patterns: Counter[str] = Counter()

    def put(requests: Iterable[Request]) -> None:
        for request in requests:
            if request.key not in asked:
                asked.add(request.key)
                pattern = str(request.context.get("pattern") or "")
                patterns[pattern] += bool(pattern)
                if pattern and patterns[pattern] > request.context.get("quota", 0):
                    run.endless += 1
                    continue
                heappush(queue, (int(request.context.get("rank", 0)), len(asked), request))

    put(run.extractor.start(run.source, run.window, known))
    spent: Counter[bool] = Counter()
    while queue:
        is_index = queue[0][2].role == "index"
        if spent[is_index] >= (INDEX_BUDGET if is_index else budget):
            if not is_index:
                run.unasked = len(queue)
                run.is_cut = run.is_cut or queue[0][0] < LAST_RANK
                return
            heappop(queue)
            run.is_cut = True
            continue
        spent[is_index] += 1
        put(run.read(heappop(queue)[2]))


def judge(run: _Run, *, is_changed: bool, has_history: bool) -> tuple[Outcome, tuple[Reason, ...]]:
    """The one outcome of a run and the reasons for it, the weightiest first, from what was seen (DESIGN section 3)."""
    if not sum(run.batch.seen.values()):
        return _judge_empty(run)
    shortfall = _shortfall(run)
    if run.failures or run.refusals or run.is_cut or run.troubles or shortfall:
        reasons = (
            Reason("questions_unanswered", n=len(run.failures), first=run.failures[0]) if run.failures else None,
            Reason("questions_refused", n=len(run.refusals), first=run.refusals[0].reason) if run.refusals else None,
            Reason("budget_ended") if run.is_cut else None,
            shortfall,
            Reason("answers_unread", n=len(run.troubles), first=run.troubles[0].reason) if run.troubles else None,
        )
        return Outcome.PARTIAL, tuple(r for r in reasons if r)
    if has_history and not is_changed:
        return Outcome.UNCHANGED, (Reason("same_as_last"),)
    notes = (
        Reason("left_unasked", n=run.unasked) if run.unasked else None,
        Reason("closed_addresses", n=run.closed) if run.closed else None,
        Reason("endless_lists", n=run.endless) if run.endless else None,
    )
    return Outcome.FRESH, tuple(n for n in notes if n)


def _judge_empty(run: _Run) -> tuple[Outcome, tuple[Reason, ...]]:
    """Nothing was read: somebody refused, something broke, or the source itself proves that there is nothing."""
    if run.refusals:
        return Outcome.BLOCKED, (run.refusals[0].reason,)
    for outcome in (Outcome.BLOCKED, Outcome.DRIFTED):
        if found := [t for t in run.troubles if t.outcome == outcome]:
            return outcome, (found[0].reason,)
    if run.failures or run.is_cut:
        return Outcome.FAILED, (run.failures[0] if run.failures else Reason("nothing_in_budget"),)
    if run.troubles:
        return Outcome.FAILED, (run.troubles[0].reason,)
    if run.strays:
        return Outcome.DRIFTED, (Reason("leads_elsewhere", first=run.strays[0]),)
    if any(c.scope in ("window", "total") and c.count == 0 for c in run.claims) or _is_every_day_empty(run):
        return Outcome.EMPTY_VERIFIED, (Reason("counts_zero"),)
    if any(c.scope == "probe" and c.count > 0 for c in run.claims):
        return Outcome.EMPTY_VERIFIED, (Reason("older_entry_found"),)
    return Outcome.DRIFTED, (Reason("nothing_recognised"),)


def _is_every_day_empty(run: _Run) -> bool:
    """Whether the source says of each day of the window that it has nothing."""
    said = {c.day: c.count for c in run.claims if c.scope == "day"}
    return len(said) == (run.window.until - run.window.since).days + 1 and not any(said.values())


def _shortfall(run: _Run) -> Reason | None:
    """What the source counts and we did not get; None when nothing is missing."""
    seen = run.batch.seen
    for claim in run.claims:
        if claim.scope in ("window", "total") and claim.count > seen.get(claim.about, 0):
            return Reason("fewer_than_counted", counted=claim.count, kind=claim.about, read=seen.get(claim.about, 0))
    return None


def queues(sources: Iterable[Source]) -> list[list[Source]]:
    """The sources in groups that share no host, each group in its order; groups in the order of their first source."""
    group_of: dict[str, int] = {}
    groups: dict[int, list[Source]] = {}
    for number, source in enumerate(sources):
        hosts = urls.scope(source.url, source.hosts)
        touched = sorted({group_of[h] for h in hosts if h in group_of})
        merged = [s for g in touched for s in groups.pop(g)]
        home = touched[0] if touched else number
        groups[home] = [*merged, source]
        for other in groups[home]:
            group_of.update(dict.fromkeys(urls.scope(other.url, other.hosts), home))
    return [groups[g] for g in sorted(groups)]


def shards(sources: Iterable[Source], count: int) -> list[list[Source]]:
    """At most `count` lists of sources of about the same length; no host stands in two of them, so politeness needs no shared state."""
    parts: list[list[Source]] = [[] for _ in range(max(1, count))]
    for queue in sorted(queues(sources), key=len, reverse=True):
        min(parts, key=len).extend(queue)
    return [part for part in parts if part]


def harvest_many(
    sources: Sequence[Source],
    window: Window,
    known_of: Callable[[Source], Known],
    client: Client,
    staging: Path,
    *,
    run_id: str,
    workers: int = 32,
    progress: Callable[[RunResult], None] = lambda _: None,
    extractors: Mapping[str, type[Extractor]] | None = None,
    budget: int = DEFAULT_BUDGET,
) -> list[RunResult]:
    """Harvest many sources side by side; every one ends in its own outcome and none stops the others.

    `known_of` says what the warehouse holds of a source; `workers` is how many hosts are asked at the same time; `progress` hears of every
    source as it ends, one call at a time. Returns the results in the order of `sources`. On KeyboardInterrupt (and the like) no further
    question is asked, sources in the middle leave no batch, and it is raised again once every thread has ended.
    """
    if extractors is None:
        from extractors.platforms import EXTRACTORS as extractors
    results: dict[str, RunResult] = {}
    waiting = deque(queues(sources))
    told = threading.Lock()

    def work_off(parsers: ThreadPoolExecutor) -> None:
        while not client.stopping.is_set():
            try:
                queue = waiting.popleft()
            except IndexError:
                return
            for source in queue:
                result = _safely(source, parsers)
                if result is None:
                    return
                with told:
                    results[source.id] = result
                    progress(result)

    def _safely(source: Source, parsers: ThreadPoolExecutor) -> RunResult | None:
        started = datetime.now(UTC)
        try:
            return harvest_source(
                source, window, known_of(source), client, staging, run_id=run_id, extractor=extractors[source.platform](), budget=budget,
                parse=lambda work: parsers.submit(work).result(),
            )  # fmt: skip
        except Interrupted:
            return None
        except Exception as error:  # noqa: BLE001 - a fault of ours in one source is that source's outcome
            log.error("%s: the harvest broke: %s", source.id, _place(error))
            return _broken(source, window, staging, run_id, started, Reason("harvest_broke", place=_place(error)))

    with ThreadPoolExecutor(PARSERS, "parse") as parsers, ThreadPoolExecutor(max(1, min(workers, len(waiting))), "fetch") as fetchers:
        try:
            for future in [fetchers.submit(work_off, parsers) for _ in range(min(workers, len(waiting)))]:
                future.result()
        except BaseException:
            client.stopping.set()
            raise
    if client.stopping.is_set():
        raise Interrupted
    return [results[source.id] for source in sources]


def _broken(source: Source, window: Window, staging: Path, run_id: str, started: datetime, reason: Reason) -> RunResult:
    result = RunResult(
        run_id=run_id, source=source.id, authority=source.authority, platform=source.platform, outcome=Outcome.FAILED, reasons=(reason,),
        requests=0, not_modified=0, size_bytes=0, captures=0, records={}, seen={}, troubles=0, leftovers={}, claimed=None,
        since=window.since.isoformat(), until=window.until.isoformat(), started_at=started.isoformat(timespec="microseconds"),
        ended_at=datetime.now(UTC).isoformat(timespec="microseconds"), batch=_batch_name(started, run_id, source),
    )  # fmt: skip
    stage.write_batch(staging, result, [], [])
    return result
