"""Where one stands in a portal's list, and how much of it must have been read by then.

Portals count what they list, but not all of it is kept: another's items, applications, filtered views. So an answer claims no more than
what was received less what was left out, and the last answer claims all that the portal counted less what was left out. A list that
repeats itself, loses an item while it is paged through or is cut off at a limit is then seen by its shortfall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from extractors.contract import Capture, Claim


@dataclass(frozen=True)
class Place:
    """`index` of the next item, from 0; `received` items so far; `counted`, the most the portal has counted; `left_out` of those received.

    A portal that shows no more than so many of a list is asked anew from the stamp of the last item: `after`. `stamp` is that of the last
    item read and `ties` how many items in a row had it: they are passed over but for one, so that nothing between them is lost.
    """

    index: int = 0
    received: int = 0
    counted: int = 0
    left_out: int = 0
    after: str | None = None
    stamp: str | None = None
    ties: int = 0

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Place:
        return cls(**context.get("place", {}))

    def passed(self, items: int, *, counted: Any = None, left_out: int = 0, stamps: Sequence[str | None] = ()) -> Place:
        """The place after an answer with so many items; `stamps` are what the list is sorted by."""
        most = max(self.counted, counted) if isinstance(counted, int) and not isinstance(counted, bool) else self.counted
        stamp = stamps[-1] if stamps else self.stamp
        tail = next((n for n, other in enumerate(reversed(stamps)) if other != stamp), len(stamps))
        ties = tail + (self.ties if tail == len(stamps) and stamp == self.stamp else 0)
        return replace(
            self, index=self.index + items, received=self.received + items, counted=most, left_out=self.left_out + left_out, stamp=stamp,
            ties=ties,
        )  # fmt: skip

    def anew(self) -> Place | None:
        """The same place in the list that begins at the last stamp; None when that is where this list begins, or nothing has a stamp."""
        if self.stamp is None or self.stamp == self.after:
            return None
        repeated = min(self.ties, 1)
        return replace(self, index=self.ties - repeated, received=self.received - repeated, after=self.stamp, ties=self.ties - repeated)

    def claim(self, capture: Capture, *, is_last: bool, leftovers: tuple[str, ...] = ()) -> Claim:
        """What must have been read when this answer has been."""
        count = self.counted if is_last else min(self.received, self.counted)
        key = f"count {capture.context.get('page', 1)}"
        return Claim(key=key, about="dataset", scope="total", count=max(count - self.left_out, 0), leftovers=leftovers)

    def context(self) -> dict[str, Any]:
        """As small JSON for the context of the next question."""
        return {name: value for name, value in asdict(self).items() if value}


def moment(milliseconds: Any) -> str | None:
    """Milliseconds since 1970 as ISO 8601 in UTC; None for what is none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float) or not 0 < milliseconds < 4e12:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
