"""What was found for a body, with its evidence, and the source entries it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from catalogue.authorities import Authority
from catalogue.coverage import SIDES
from catalogue.reasons import Reason, reason_from_json
from catalogue.sources import SourceEntry
from extractors.discovery.probe import Answer
from extractors.discovery.words import folded

STATES = {Answer.FOUND: "enabled", Answer.EMPTY: "enabled", Answer.NEEDS_PERMISSION: "permission", Answer.NO_READER: "planned"}
BEST_FIRST = (Answer.FOUND, Answer.EMPTY, Answer.NEEDS_PERMISSION, Answer.LOGIN, Answer.UNVERIFIED, Answer.NO_READER, Answer.UNKNOWN)
DOUBTFUL = 0.6


@dataclass(frozen=True)
class Step:
    """One step on the way: the rung of the ladder, where we were, and what was seen there."""

    rung: str
    at: str
    seen: str


@dataclass(frozen=True)
class First:
    """The first record of a probe: what it is and where it stands, and none of its text."""

    kind: str
    key: str
    day: str | None
    url: str


@dataclass(frozen=True)
class Finding:
    """A source as it was found. `certainty` is 0 to 1; `evidence` is the way that led to it, the last step first seen on its own page."""

    platform: str
    url: str
    kinds: tuple[str, ...]
    settings: Mapping[str, Any]
    answer: Answer
    reason: Reason
    certainty: float
    evidence: tuple[Step, ...]
    first: First | None = None
    slug: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        return f"{self.platform}/{self.slug}"

    @property
    def state(self) -> str:
        """What the entry's state would be: only what was verified beyond doubt is harvested."""
        state = STATES.get(self.answer, "disabled")
        return "disabled" if state == "enabled" and self.certainty < DOUBTFUL else state

    @property
    def confidence(self) -> str:
        return "tested" if self.answer in (Answer.FOUND, Answer.EMPTY) else "page"

    def fact(self, day: date) -> str:
        """Where the address is from, for the entry."""
        way = "; ".join(f"{step.seen} ({step.at})" for step in self.evidence)
        return f"dagslys discover {day}: {way}. {str(self.reason)[:200]}"

    def entry(self, authority: str, day: date) -> SourceEntry:
        """The catalogue entry. Raises ValueError when the catalogue refuses it (an Elements tenant of another body)."""
        return SourceEntry(
            slug=self.slug, platform=self.platform, authority=authority, url=self.url, settings=dict(self.settings), kinds=self.kinds,  # ty: ignore[invalid-argument-type]
            fact=self.fact(day), confidence=self.confidence, state=self.state, note=self.note,  # ty: ignore[invalid-argument-type]
            cadence="weekly" if self.kinds == ("page",) else "daily",
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """What machines see of it."""
        return {
            "source": self.id, "platform": self.platform, "url": self.url, "kinds": list(self.kinds), "settings": dict(self.settings),
            "state": self.state, "confidence": self.confidence, "certainty": round(self.certainty, 2), "answer": str(self.answer),
            "reason": self.reason.as_json(), "evidence": [asdict(step) for step in self.evidence],
            "first": asdict(self.first) if self.first else None, "note": self.note,
        }  # fmt: skip


def finding_from_json(said: Mapping[str, Any]) -> Finding:
    """The finding that `as_json` wrote."""
    return Finding(
        platform=said["platform"], url=said["url"], kinds=tuple(said["kinds"]), settings=said["settings"], answer=Answer(said["answer"]),
        reason=reason_from_json(said["reason"]), certainty=said["certainty"], evidence=tuple(Step(**step) for step in said["evidence"]),
        first=First(**said["first"]) if said["first"] else None, slug=said["source"].partition("/")[2], note=said["note"],
    )  # fmt: skip


@dataclass(frozen=True)
class BodyAnswer:
    """What looking for one body's sources came to.

    `known` are the ids of entries that are harvested already; `looked` is every address that was asked and why it gave nothing; `reasons`
    say for each side without a source why.
    """

    authority: str
    day: date
    requests: int
    findings: tuple[Finding, ...]
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    looked: tuple[tuple[str, Reason | None], ...] = ()

    def on(self, side: str) -> Answer:
        """The best answer for a side."""
        if self.known.get(side):
            return Answer.FOUND
        answers = [f.answer for f in self.findings if set(f.kinds) & set(SIDES[side])]
        return min(answers, key=BEST_FIRST.index, default=Answer.UNKNOWN)

    def why(self, side: str) -> Reason | None:
        """The reason for the answer of a side."""
        answer = self.on(side)
        found = (f.reason for f in self.findings if f.answer == answer and set(f.kinds) & set(SIDES[side]))
        return next(found, self.reasons.get(side))

    def as_json(self) -> dict[str, Any]:
        """What machines see of it, and what is kept."""
        sides = {
            side: {"answer": str(self.on(side)), "reason": why.as_json() if (why := self.why(side)) else None,
                   "known": list(self.known.get(side, ()))}
            for side in SIDES
        }  # fmt: skip
        return {
            "authority": self.authority, "day": self.day.isoformat(), "requests": self.requests, "answers": sides,
            "sources": [finding.as_json() for finding in self.findings],
            "looked": [{"url": url, "reason": reason.as_json() if reason else None} for url, reason in self.looked],
        }  # fmt: skip


def answer_from_json(said: Mapping[str, Any]) -> BodyAnswer:
    """The answer that `as_json` wrote."""
    sides = said["answers"]
    return BodyAnswer(
        authority=said["authority"], day=date.fromisoformat(said["day"]), requests=said["requests"],
        findings=tuple(finding_from_json(source) for source in said["sources"]),
        known={side: tuple(found["known"]) for side, found in sides.items()},
        reasons={side: reason_from_json(found["reason"]) for side, found in sides.items() if found["reason"]},
        looked=tuple((one["url"], reason_from_json(one["reason"]) if one["reason"] else None) for one in said["looked"]),
    )  # fmt: skip


def slug_of(body: Authority) -> str:
    """The body's name as the ids of sources have it."""
    return folded(body.name).replace(" ", "-") or body.orgnr


def with_slugs(findings: Iterable[Finding], body: Authority, taken: Mapping[str, SourceEntry]) -> tuple[Finding, ...]:
    """The findings with the slug of the entry they stand for when there is one, else a free one made of the body's name."""
    used: set[str] = set()
    named = []
    own = [entry for entry in taken.values() if entry.authority == body.orgnr]
    for finding in findings:
        same = (e for e in own if e.platform == finding.platform and place_of(e) == place_of(finding))
        mine = next((e.slug for e in same if e.id not in used), None) or _free(finding, body, taken, used)
        used.add(f"{finding.platform}/{mine}")
        named.append(replace(finding, slug=mine))
    return tuple(named)


def _free(finding: Finding, body: Authority, taken: Mapping[str, SourceEntry], used: set[str]) -> str:
    stem = slug_of(body)
    names = (stem, f"{stem}-{body.orgnr}", *(f"{stem}-{n}" for n in range(2, 100)))
    return next(name for name in names if (key := f"{finding.platform}/{name}") not in used and key not in taken)


def place_of(source: Finding | SourceEntry) -> str:
    """Where a source stands, so that two ways of writing its address are one: host and path, without the question and a last slash."""
    return re.sub(r"^https?://(www\.)?", "", source.url.lower()).partition("?")[0].rstrip("/")


def toml_of(entry: SourceEntry, name: str) -> str:
    """An entry as the catalogue writes it; `name` is the body's, as a comment."""
    lines = [
        "[[source]]", _line("slug", entry.slug), _line("platform", entry.platform), f"{_line('authority', entry.authority)}  # {name}",
        _line("url", entry.url), _line("kinds", list(entry.kinds)), _line("cadence", entry.cadence), _line("state", entry.state),
        _line("fact", entry.fact), _line("confidence", entry.confidence),
    ]  # fmt: skip
    lines += [_line("note", entry.note)] if entry.note else []
    lines += ["", "[source.settings]", *(_line(key, value) for key, value in entry.settings.items())] if entry.settings else []
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any) -> str:
    """One line of TOML. JSON writes strings, numbers, booleans and lists of them as TOML does."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"
