"""Each platform by itself: its reader against the floor, and what a harvest asks for what it brings."""

from __future__ import annotations

from bench import served
from bench.floors import Floor
from bench.found import Found, seconds
from extractors.contract import Claim, Request, Trouble

ENOUGH_S, MOST_ROUNDS = 0.4, 20
READ_BY = {"dcat": "rdflib into a graph", "pdf-journal": "pdfium into text"}


def parse(platform: str) -> Found:
    """Records read per second on one core, of the answers of one harvest. Raises NotMeasured when the floor has gone stale."""
    found, floor = served.harvested(platform), Floor(platform)
    floor.check(found.captures)
    records = sum(not isinstance(item, Request | Claim | Trouble) for item in found.parsed())
    ours = _fastest(lambda: sum(1 for _ in found.parsed()))
    plain = _fastest(lambda: sum(map(floor.read, found.captures)))
    is_json = sum(len(c.body) for c in found.captures if c.media_type.endswith("json")) > sum(len(c.body) for c in found.captures) / 2
    read_by = READ_BY.get(platform) or ("json.loads and dict access" if is_json else "lxml and XPath")
    return Found(records / ours, records / plain, "records/s", f"the same {len(found.captures):,} answers by {read_by}")


def requests(platform: str) -> Found:
    """What one harvest of the platform's source asked, robots.txt included, over the records it brought: less is better."""
    found = served.harvested(platform)
    return Found(found.result.requests, found.records, "requests", "records brought, each counted once")


def _fastest(work) -> float:
    """The fastest round of as many as half a second allows."""
    once = seconds(work)
    return min(once, seconds(work, rounds=max(1, min(MOST_ROUNDS, int(ENOUGH_S / once)))))
