"""What people decided: an append-only log of JSON lines, each chained to the one before.

The log has a lock of its own, so that a decision never waits for a harvest. An entry's hash covers the hash of its data, not the data, so
that data a take-down touches can be erased and the chain still holds. Everything the warehouse says of decisions is made from here.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.exceptions import InvalidDecision, LogTampered

FILE, HEAD, LOCK = "decisions.jsonl", "head.json", "lock"
START = "0" * 64
# What the data of each kind must hold.
KINDS: dict[str, tuple[str, ...]] = {
    "review": ("candidate", "text_hash", "decision", "reviewer"),
    "shortlist": ("id", "items", "content_hash"),
    "takedown": ("source", "key", "reason"),
    "correction": (),
    "candidate": ("url", "authority"),
}
DECISIONS = ("accept", "reject", "unsure", "undo")


def canonical(data: Any) -> str:
    """JSON that is the same for equal data: keys in order, no blanks."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


class DecisionLog:
    """The decision log of a state folder. `folder` is `home/decisions`."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.path = self.folder / FILE

    def append(self, kind: str, data: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """Write one decision down and return its entry (entry, at, kind, data, data_hash, previous, hash).

        It is on the disk when this returns. `now` must carry its zone. Raises InvalidDecision.
        """
        _check(kind, data)
        with self._locked():
            self._cut_torn_tail()
            before = self._lines()
            entry: dict[str, Any] = {
                "entry": len(before) + 1,
                "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
                "kind": kind,
                "data_hash": digest(data),
                "previous": before[-1]["hash"] if before else START,
            }
            entry["hash"] = digest(entry)
            written = {**entry, "data": json.loads(canonical(data))}
            with self.path.open("ab") as stream:
                stream.write(canonical(written).encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            _replace(self.folder / HEAD, canonical({"entry": entry["entry"], "hash": entry["hash"]}))
        return written

    def entries(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The decisions in the order they were taken, of one kind or all; erased ones are left out."""
        return [e for e in self._lines() if kind in (None, e["kind"]) and e["data"] is not None]

    def takedowns(self) -> frozenset[tuple[str, str]]:
        """The (source, key) pairs that are taken down."""
        return frozenset((e["data"]["source"], e["data"]["key"]) for e in self.entries("takedown"))

    def verify(self) -> int:
        """How many entries the log has. Raises LogTampered when one was changed, moved, put in or taken out."""
        previous, lines = START, self._lines()
        for number, entry in enumerate(lines, 1):
            chained = {k: entry.get(k) for k in ("entry", "at", "kind", "data_hash", "previous")}
            if entry.get("entry") != number or entry.get("previous") != previous or entry.get("hash") != digest(chained):
                raise LogTampered(f"{self.path}: entry {number} is not the one that was written; restore the file from a backup")
            if entry["data"] is not None and digest(entry["data"]) != entry["data_hash"]:
                raise LogTampered(f"{self.path}: the data of entry {number} was changed; restore the file from a backup")
            previous = entry["hash"]
        head = self.folder / HEAD
        if head.exists():
            last = json.loads(head.read_text(encoding="utf-8"))
            if last["entry"] > len(lines) or (last["entry"] and lines[last["entry"] - 1]["hash"] != last["hash"]):
                raise LogTampered(f"{self.path}: the log ends before entry {last['entry']}; restore the file from a backup")
        return len(lines)

    def erase(self, number: int) -> None:
        """Erase the data of one entry for good (a take-down that reaches a frozen list); the chain keeps its hash."""
        with self._locked():
            lines = [{**e, "data": None} if e["entry"] == number else e for e in self._lines()]
            _replace(self.path, "".join(canonical(e) + "\n" for e in lines))

    def _lines(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        whole, _, _ = self.path.read_bytes().rpartition(b"\n")
        try:
            return [json.loads(line) for line in whole.splitlines() if line]
        except ValueError as error:
            raise LogTampered(f"{self.path} holds a line that is no JSON; restore the file from a backup") from error

    def _cut_torn_tail(self) -> None:
        """What a killed write left behind was never acknowledged."""
        if self.path.exists() and not (content := self.path.read_bytes()).endswith(b"\n") and content:
            with self.path.open("r+b") as stream:
                stream.truncate(content.rfind(b"\n") + 1)

    @contextmanager
    def _locked(self) -> Generator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def standing_reviews(entries: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The review that stands for each candidate: the last one that nobody took back with `undo`."""
    taken: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in entries:
        said = {**entry["data"], "entry": entry["entry"], "at": entry["at"]}
        mine = taken.setdefault((said["candidate"], said["reviewer"]), [])
        if said["decision"] != "undo":
            mine.append(said)
        elif mine:
            mine.pop()
    standing: dict[str, dict[str, Any]] = {}
    for (candidate, _), mine in taken.items():
        if mine and (candidate not in standing or mine[-1]["entry"] > standing[candidate]["entry"]):
            standing[candidate] = mine[-1]
    return standing


def _check(kind: str, data: Mapping[str, Any]) -> None:
    if kind not in KINDS:
        raise InvalidDecision(f"{kind} is no kind of decision; use one of {', '.join(KINDS)}")
    if missing := [name for name in KINDS[kind] if name not in data]:
        raise InvalidDecision(f"a decision of kind {kind} must say {', '.join(missing)}")
    if kind == "review" and data["decision"] not in DECISIONS:
        raise InvalidDecision(f"{data['decision']} is no decision; use one of {', '.join(DECISIONS)}")


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
