"""The loop: one source and one window become captures, staged records and exactly one outcome.

The same loop serves the live web, recordings and tests. It is idempotent: a batch without its summary does not exist, so a killed run is
simply done again. The loop, not the platform, stops when a page brings nothing new.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from extractors import staging as stage
from extractors.contract import Capture, Claim, Extractor, Known, Outcome, Record, Request, Source, Trouble, Window
from extractors.exceptions import (
    AccessDenied,
    FetchError,
    HostResting,
    LoginRequired,
    OutOfScope,
    RobotsRefused,
)
from extractors.fetch.client import Client, Stats

REFUSALS = (RobotsRefused, LoginRequired, AccessDenied)
DEFAULT_BUDGET = 2000
LAST_RANK = 2


class _Run:
    """What one run has seen so far."""

    def __init__(self, source: Source, window: Window, extractor: Extractor, client: Client, batch: str) -> None:
        self.source, self.window, self.extractor, self.client, self.batch = source, window, extractor, client, batch
        self.rows: dict[tuple[str, str, str], dict[str, str]] = {}
        self.captures: list[dict] = []
        self.leftovers: Counter[str] = Counter()
        self.troubles: list[Trouble] = []
        self.claims: list[Claim] = []
        self.refusals: list[FetchError] = []
        self.failures: list[str] = []
        self.data_answers = 0
        self.changed_answers = 0
        self.is_cut = False
        self.unasked = 0

    def read(self, request: Request) -> list[Request]:
        """Fetch and parse one request. Returns the follow-up requests, none when the answer brought nothing new."""
        try:
            capture = self.client.fetch(self.source, request)
        except REFUSALS as error:
            if request.role == "document":
                self.failures.append(str(error))
            else:
                self.refusals.append(error)
            return []
        except OutOfScope:
            return []
        except FetchError as error:
            if request.role in ("data", "shell", "probe"):
                self.failures.append(f"{type(error).__name__}: {error}")
            if isinstance(error, HostResting):
                raise
            return []
        self.captures.append(self.client.archive.row(capture.id))
        if request.role == "data":
            self.data_answers += 1
            self.changed_answers += not capture.not_modified
        if capture.status >= 500 or capture.status == 429:
            self.failures.append(f"the server answered {capture.status}")
            return []
        return self._parse(capture)

    def _parse(self, capture: Capture) -> list[Request]:
        follow: list[Request] = []
        new = 0
        is_listing = False
        for item in self.extractor.parse(self.source, self.window, capture):
            if isinstance(item, Request):
                follow.append(item)
            else:
                is_listing = is_listing or not isinstance(item, Claim | Trouble)
                new += self._keep(replace(item, capture=capture.id), capture)
        pages_on = bool(capture.context.get("page"))
        return [] if pages_on and is_listing and not new else follow

    def _keep(self, record: Record, capture: Capture) -> bool:
        """File a record. True when it is one we had not seen in this run."""
        self.leftovers.update(f"{record.kind}.{name}" for name in record.leftovers)
        if isinstance(record, Trouble):
            self.troubles.append(record)
        if isinstance(record, Claim):
            self.claims.append(record)
        row = stage.envelope(
            record, source=self.source.id, authority=self.source.authority, platform=self.source.platform, batch=self.batch,
            captured_at=capture.fetched_at, url=capture.url,
        )  # fmt: skip
        identity = stage.part_of(row)
        is_new = identity not in self.rows
        self.rows[identity] = row
        return is_new

    def seen(self) -> Counter[str]:
        """Records read, per kind, each key once."""
        return Counter(kind for kind, _ in {(k, key) for k, key, _ in self.rows} if kind not in ("claim", "trouble"))


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
) -> stage.RunResult:
    """Harvest one source over one window and stage the batch.

    `known` is what the warehouse holds; `budget` caps the questions of the run (a run that meets it ends `partial`). Never raises for
    anything the other side does.
    """
    started = now()
    batch = f"{started:%Y%m%dT%H%M%S}-{hashlib.sha256(f'{run_id}{source.id}'.encode()).hexdigest()[:8]}"
    before = replace(client.stats.get(source.id, Stats()))
    run = _Run(source, window, extractor, client, batch)
    _walk(run, known, getattr(source.settings, "max_pages", budget))
    already = stage.fingerprints(staging, source.id)
    changed = [row for identity, row in run.rows.items() if already.get(identity) != row["payload"]]
    outcome, reason = judge(run, is_changed=any(row["kind"] not in ("claim", "trouble") for row in changed), has_history=bool(already))
    after = client.stats.get(source.id, Stats())
    windowed = [c.count for c in run.claims if c.scope in ("window", "total")]
    result = stage.RunResult(
        run_id=run_id, source=source.id, authority=source.authority, platform=source.platform, outcome=outcome, reason=reason,
        requests=after.requests - before.requests, not_modified=after.not_modified - before.not_modified,
        size_bytes=after.size_bytes - before.size_bytes, captures=len(run.captures),
        records=dict(Counter(row["kind"] for row in changed)), seen=dict(run.seen()), troubles=len(run.troubles),
        leftovers=dict(run.leftovers),
        claimed=max(windowed) if windowed else None, since=window.since.isoformat(), until=window.until.isoformat(),
        started_at=started.isoformat(timespec="microseconds"), ended_at=now().isoformat(timespec="microseconds"), batch=batch,
    )  # fmt: skip
    stage.write_batch(staging, result, changed, run.captures)
    return result


def _walk(run: _Run, known: Known, budget: int) -> None:
    """Ask, lowest `rank` of the context first and then in order, until nothing is left or the budget is spent.

    What is left unasked makes the run partial unless it is of the last rank, which the platform marks as beyond what it must read.
    """
    asked: set[str] = set()
    queue: list[tuple[int, int, Request]] = []

    def put(requests: Iterable[Request]) -> None:
        for request in requests:
            if request.key not in asked:
                asked.add(request.key)
                heapq.heappush(queue, (int(request.context.get("rank", 0)), len(asked), request))

    put(run.extractor.start(run.source, run.window, known))
    spent = 0
    while queue:
        if spent >= budget:
            run.unasked = len(queue)
            run.is_cut = queue[0][0] < LAST_RANK
            return
        spent += 1
        try:
            put(run.read(heapq.heappop(queue)[2]))
        except HostResting:
            run.is_cut = True
            return


def judge(run: _Run, *, is_changed: bool, has_history: bool) -> tuple[Outcome, str]:
    """The one outcome of a run and the reason for it, from what was seen (DESIGN section 3)."""
    got = sum(run.seen().values())
    drifted = [t for t in run.troubles if t.outcome == Outcome.DRIFTED]
    if run.refusals and not got:
        return Outcome.BLOCKED, str(run.refusals[0])
    blocked = [t for t in run.troubles if t.outcome == Outcome.BLOCKED]
    if blocked and not got:
        return Outcome.BLOCKED, blocked[0].reason
    if not got:
        return _judge_empty(run, drifted)
    shortfall = _shortfall(run)
    if run.failures or run.refusals or run.is_cut or shortfall or drifted:
        reasons = [
            f"{len(run.failures)} questions failed ({run.failures[0]})" if run.failures else "",
            f"{len(run.refusals)} were refused ({run.refusals[0]})" if run.refusals else "",
            "the budget or the host's patience ended" if run.is_cut else "",
            shortfall,
            f"{len(drifted)} answers could not be read ({drifted[0].reason})" if drifted else "",
        ]
        return Outcome.PARTIAL, "; ".join(r for r in reasons if r)
    if has_history and not is_changed:
        return Outcome.UNCHANGED, "the same as last time"
    return Outcome.FRESH, f"{run.unasked} less promising addresses were left unasked" if run.unasked else ""


def _judge_empty(run: _Run, drifted: list[Trouble]) -> tuple[Outcome, str]:
    if drifted:
        return Outcome.DRIFTED, drifted[0].reason
    if run.failures or run.is_cut:
        return Outcome.FAILED, run.failures[0] if run.failures else "the budget ended before anything was read"
    if any(c.scope in ("window", "total") and c.count == 0 for c in run.claims):
        return Outcome.EMPTY_VERIFIED, "the source itself counts zero"
    if any(c.scope == "probe" and c.count > 0 for c in run.claims):
        return Outcome.EMPTY_VERIFIED, "an older entry was found, none in the window"
    return Outcome.DRIFTED, "answers came, but nothing in them could be read and nothing says that it is empty"


def _shortfall(run: _Run) -> str:
    """In words, what the source counts and we did not get; empty when nothing is missing."""
    seen = run.seen()
    for claim in run.claims:
        if claim.scope in ("window", "total") and claim.count > seen.get(claim.about, 0):
            return f"the source counts {claim.count} of {claim.about}, {seen.get(claim.about, 0)} were read"
    return ""
