"""Which bodies, platforms, sources and days are meant: what the selectors of the command line come down to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Scope:
    """Which rows are meant; None means all. `authorities` are organisation numbers, `sources` `platform/name`; both days are included."""

    authorities: Collection[str] | None = None
    platforms: Collection[str] | None = None
    sources: Collection[str] | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_all(self) -> bool:
        return self == Scope()

    def as_json(self) -> dict[str, Any]:
        """What is meant, as JSON; what is not narrowed is left out."""
        lists = {"authorities": self.authorities, "platforms": self.platforms, "sources": self.sources}
        days = {"since": self.since, "until": self.until}
        return {k: sorted(v) for k, v in lists.items() if v is not None} | {k: v.isoformat() for k, v in days.items() if v}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Scope:
        """The scope that `as_json` told of."""
        authorities, platforms, sources = (tuple(said[k]) if k in said else None for k in ("authorities", "platforms", "sources"))
        since, until = (date.fromisoformat(said[k]) if k in said else None for k in ("since", "until"))
        return cls(authorities, platforms, sources, since, until)

    def takes(self, source: str, authority: str) -> bool:
        """Whether a source of that body is meant, days aside."""
        return (
            (self.authorities is None or authority in self.authorities)
            and (self.platforms is None or source.partition("/")[0] in self.platforms)
            and (self.sources is None or source in self.sources)
        )

    def takes_day(self, day: date) -> bool:
        """Whether a day is in the window."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def within(self, other: Scope) -> Scope:
        """What both mean."""

        def both(mine: Collection[str] | None, theirs: Collection[str] | None) -> Collection[str] | None:
            return theirs if mine is None else mine if theirs is None else tuple(sorted(set(mine) & set(theirs)))

        return Scope(
            both(self.authorities, other.authorities), both(self.platforms, other.platforms), both(self.sources, other.sources),
            max((d for d in (self.since, other.since) if d), default=None), min((d for d in (self.until, other.until) if d), default=None),
        )  # fmt: skip

    def where(self, *, authority: str = "authority", source: str = "source", day: str = "") -> str:
        """SQL that is true of the rows meant; a column that is "" says nothing of them."""
        platform = f"split_part({source}, '/', 1)" if source else ""
        columns = ((authority, self.authorities), (platform, self.platforms), (source, self.sources))
        parts = [_one_of(column, allowed) for column, allowed in columns if column and allowed is not None]
        parts += [f"{day} >= DATE '{self.since}'"] if day and self.since else []
        parts += [f"{day} <= DATE '{self.until}'"] if day and self.until else []
        return " AND ".join(parts) or "TRUE"


def _one_of(column: str, allowed: Collection[str]) -> str:
    quoted = ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(allowed))
    return f"{column} IN ({quoted})" if quoted else "FALSE"
