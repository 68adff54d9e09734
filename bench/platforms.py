"""Each platform by itself: its reader against the floor, and what a harvest asks for what it brings."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bench import served
from bench.floors import Floor
from bench.found import Found
from extractors.contract import Claim, Request, Trouble

ENOUGH_S, FEWEST, MOST = 0.5, 3, 20
READ_BY = {"dcat": "rdflib into a graph", "pdf-journal": "pdfium into text"}


def parse(platform: str) -> Found:
    """Records read per second of one core, of the answers of one harvest. Raises NotMeasured when the floor has gone stale."""
    found, floor = served.harvested(platform), Floor(platform)
    floor.check(found.captures)
    records = sum(not isinstance(item, Request | Claim | Trouble) for item in found.parsed())
    # A PDF is read in a process of its own, whose time is not this thread's: then all time counts.
    clock = time.perf_counter if any(c.media_type == "application/pdf" for c in found.captures) else time.thread_time
    ours, plain = _in_turn(clock, lambda: sum(1 for _ in found.parsed()), lambda: sum(map(floor.read, found.captures)))
    sizes = [(len(c.body), c.media_type.endswith("json")) for c in found.captures]
    is_json = sum(n for n, is_one in sizes if is_one) > sum(n for n, _ in sizes) / 2
    read_by = READ_BY.get(platform) or ("json.loads and dict access" if is_json else "lxml and XPath")
    return Found(records / ours, records / plain, "records/s", f"the same {len(found.captures):,} answers by {read_by}")


def requests(platform: str) -> Found:
    """What one harvest of the platform's source asked, robots.txt included, over the records it brought: less is better."""
    found = served.harvested(platform)
    return Found(found.result.requests, found.records, "requests", "records brought, each counted once")


def _in_turn(clock: Callable[[], float], *works: Callable[[], Any]) -> list[float]:
    """Seconds by a clock, of each work the fastest of some rounds. What else the machine does is not in the time of a thread."""
    taken: list[list[float]] = [[] for _ in works]
    while len(taken[0]) < FEWEST or (sum(map(sum, taken)) < ENOUGH_S and len(taken[0]) < MOST):
        for work, times in zip(works, taken, strict=True):
            begun = clock()
            work()
            times.append(clock() - begun)
    return [min(times) for times in taken]
