"""How far the catalogue reaches: of which bodies a website, a journal, meetings and datasets are harvested, how sure the addresses are,
and of how many a written permission is waited for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from catalogue.authorities import Authority
from catalogue.facts import Confidence
from catalogue.sources import SourceEntry

SIDES = {"website": ("page",), "journal": ("journal_entry",), "meetings": ("meeting",), "datasets": ("dataset",)}
"""What a body may have, and the record kinds that show it."""
BEST_FIRST: tuple[str, ...] = get_args(Confidence)


@dataclass(frozen=True)
class Reach:
    """One side of the bodies; each body is counted once.

    `confidence` counts the bodies with an entry that is harvested, by the surest of them; `permission` those that have none and an entry
    that waits for a written permission; `off` those whose entries all rest for another reason (nobody has seen the address answer, or no
    reader knows the platform); `none` those without an entry. `for_all` are harvested entries of an operator, whose catalogue holds what
    many bodies publish: they are counted for no body.
    """

    confidence: dict[str, int]
    permission: int
    off: int
    none: int
    for_all: tuple[str, ...] = ()

    @property
    def bodies(self) -> int:
        return self.harvested + self.permission + self.off + self.none

    @property
    def harvested(self) -> int:
        return sum(self.confidence.values())

    @property
    def share(self) -> float:
        """Of the bodies, how many have at least one source that is harvested: 0 to 1."""
        return self.harvested / self.bodies if self.bodies else 0.0


@dataclass(frozen=True)
class Coverage:
    """Of so many bodies: their sides, the platforms and entries that are harvested, and what waits for a permission."""

    bodies: int
    sides: dict[str, Reach]
    platforms: int
    tenants: int
    waiting_tenants: int
    waiting_bodies: int

    def as_json(self) -> dict[str, Any]:
        """What machines see of it; shares are rounded to a thousandth."""
        sides = {
            side: {
                "harvested": reach.harvested, "share": round(reach.share, 3), "confidence": reach.confidence,
                "permission": reach.permission, "off": reach.off, "none": reach.none, "for_all": list(reach.for_all),
            }
            for side, reach in self.sides.items()
        }  # fmt: skip
        waiting = {"tenants": self.waiting_tenants, "bodies": self.waiting_bodies}
        return {"bodies": self.bodies, "platforms": self.platforms, "tenants": self.tenants, "waiting": waiting, "sides": sides}


def coverage(bodies: Iterable[Authority], entries: Iterable[SourceEntry]) -> Coverage:
    """How far these entries reach over these bodies. Entries of other bodies count for nothing but `for_all`."""
    numbers = {body.orgnr for body in bodies}
    entries = list(entries)
    own = [e for e in entries if e.authority in numbers]
    harvested = [e for e in entries if e.is_harvested]
    waiting = [e for e in own if _waits(e)]
    return Coverage(
        bodies=len(numbers),
        sides={side: _reach(numbers, own, harvested, frozenset(kinds)) for side, kinds in SIDES.items()},
        platforms=len({e.platform for e in harvested}),
        tenants=len(harvested),
        waiting_tenants=len(waiting),
        waiting_bodies=len({e.authority for e in waiting}),
    )


def _reach(numbers: set[str], own: list[SourceEntry], harvested: list[SourceEntry], kinds: frozenset[str]) -> Reach:
    by_body: dict[str, list[SourceEntry]] = {number: [] for number in numbers}
    for entry in own:
        if kinds & set(entry.kinds):
            by_body[entry.authority].append(entry)
    found: Counter[str] = Counter()
    for held in by_body.values():
        sure = [e.confidence for e in held if e.is_harvested]
        waits = "permission" if any(_waits(e) for e in held) else "off" if held else "none"
        found[min(sure, key=BEST_FIRST.index) if sure else waits] += 1
    for_all = tuple(e.id for e in harvested if e.authority not in numbers and kinds & set(e.kinds))
    sure_of = {level: found[level] for level in BEST_FIRST if found[level]}
    return Reach(sure_of, found["permission"], found["off"], found["none"], for_all)


def _waits(entry: SourceEntry) -> bool:
    return entry.state == "permission" and not entry.is_harvested
