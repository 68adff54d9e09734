"""What people decided: an append-only log of JSON lines, each chained to the one before.

The log has a lock of its own, so that a decision never waits for a harvest. An entry's hash covers the hash of its data, not the data: a
take-down also empties what frozen lists say of the record, names those entries, and the chain still holds. Everything the warehouse says
of decisions is made from here.
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
    "sample": ("id", "seed", "strata", "items"),
    "reading": ("candidate", "sample", "text_hash", "decision", "reviewer"),
}
TAKEN_DOWN = "[tatt ned]"
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
            if kind == "takedown" and (touched := _lists_that_name(before, document_id(data["source"], data["key"]))):
                data = {**data, "redacts": touched}
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
        if kind == "takedown":
            self.redact()
        return written

    def entries(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The decisions in the order they were taken, of one kind or all."""
        return [e for e in self._lines() if kind in (None, e["kind"])]

    def takedowns(self) -> frozenset[tuple[str, str]]:
        """The (source, key) pairs that are taken down."""
        return frozenset((e["data"]["source"], e["data"]["key"]) for e in self.entries("takedown"))

    def verify(self) -> int:
        """How many entries the log has. Raises LogTampered when one was changed, moved, put in or taken out.

        Data may differ from its hash only where a take-down of the chain names the entry.
        """
        previous, lines = START, self._lines()
        redacted = {n for e in lines if e.get("kind") == "takedown" for n in e["data"].get("redacts", ())}
        for number, entry in enumerate(lines, 1):
            chained = {k: entry.get(k) for k in ("entry", "at", "kind", "data_hash", "previous")}
            if entry.get("entry") != number or entry.get("previous") != previous or entry.get("hash") != digest(chained):
                problem = f"{self.path}: entry {number} is not the one that was written; restore the file from a backup"
                raise LogTampered(problem, "entry_changed", path=self.path, entry=number)
            if digest(entry["data"]) != entry["data_hash"] and number not in redacted:
                problem = f"{self.path}: the data of entry {number} was changed; restore the file from a backup"
                raise LogTampered(problem, "data_changed", path=self.path, entry=number)
            previous = entry["hash"]
        head = self.folder / HEAD
        if head.exists():
            last = json.loads(head.read_text(encoding="utf-8"))
            if last["entry"] > len(lines) or (last["entry"] and lines[last["entry"] - 1]["hash"] != last["hash"]):
                problem = f"{self.path}: the log ends before entry {last['entry']}; restore the file from a backup"
                raise LogTampered(problem, "cut_off", path=self.path, entry=last["entry"])
        return len(lines)

    def redact(self) -> None:
        """Empty what frozen lists say of records that are taken down. Safe to repeat; `append` does it after every take-down."""
        with self._locked():
            lines = self._lines()
            gone: dict[int, set[str]] = {}
            for entry in lines:
                for number in entry["data"].get("redacts", ()) if entry["kind"] == "takedown" else ():
                    gone.setdefault(number, set()).add(document_id(entry["data"]["source"], entry["data"]["key"]))
            redacted = [{**e, "data": _redacted(e["data"], gone[e["entry"]])} if e["entry"] in gone else e for e in lines]
            if redacted != lines:
                _replace(self.path, "".join(canonical(e) + "\n" for e in redacted))

    def _lines(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        whole, _, _ = self.path.read_bytes().rpartition(b"\n")
        try:
            return [json.loads(line) for line in whole.splitlines() if line]
        except ValueError as error:
            problem = f"{self.path} holds a line that is no JSON; restore the file from a backup"
            raise LogTampered(problem, "not_json", path=self.path) from error

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


def log_of(home: Path) -> DecisionLog:
    """The decision log of a state folder."""
    return DecisionLog(Path(home) / "decisions")


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


def document_id(source: str, key: str) -> str:
    """The id of the row that holds a source's record (transforms.normalise)."""
    return hashlib.sha256(f"{source}|{key}".encode()).hexdigest()[:16]


def _lists_that_name(entries: Iterable[Mapping[str, Any]], document: str) -> list[int]:
    return [
        e["entry"] for e in entries if e["kind"] == "shortlist" and any(_names(item, {document}) for item in e["data"]["items"])
    ]  # fmt: skip


def _names(item: Mapping[str, Any], documents: set[str]) -> bool:
    return any(document.get("document_id") in documents for document in item.get("documents") or ())


def _redacted(data: Mapping[str, Any], documents: set[str]) -> dict[str, Any]:
    """The frozen list without a word from these documents: what a candidate built on them says is emptied, its place and score stay."""
    gone = {item["id"] for item in data["items"] if _names(item, documents)}
    known = [[i, text_hash, body, TAKEN_DOWN if i in gone else title] for i, text_hash, body, title in data.get("known", ())]
    items = [_emptied(item) if item["id"] in gone else _without_comparison(item, gone) for item in data["items"]]
    return {**data, "known": known, "items": items, "redacted": True}


def _without_comparison(item: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    return {**item, "comparable": [c for c in item.get("comparable") or () if c["reference"] not in gone]}


def _emptied(item: Mapping[str, Any]) -> dict[str, Any]:
    wordless = {
        name: [{**part, words: ""} for part in item.get(name) or ()] for name, words in (("checks", "words"), ("score_parts", "why"))
    }
    documents = [{**document, "title": TAKEN_DOWN} for document in item["documents"]]
    blank = {name: "" for name in ("status_basis", "date_words", "beyond_law_words", "case_number") if name in item}
    return {**item, **wordless, **blank, "title": TAKEN_DOWN, "quote": TAKEN_DOWN, "reasons": [], "counter_evidence": [], "evidence": [],
            "documents": documents}  # fmt: skip


def _check(kind: str, data: Mapping[str, Any]) -> None:
    if kind not in KINDS:
        kinds = ", ".join(KINDS)
        raise InvalidDecision(f"{kind} is no kind of decision; use one of {kinds}", "kind", kind=kind, kinds=kinds)
    if missing := [name for name in KINDS[kind] if name not in data]:
        lacking = ", ".join(missing)
        raise InvalidDecision(f"a decision of kind {kind} must say {lacking}", "lacks", kind=kind, lacking=lacking)
    if kind in ("review", "reading") and data["decision"] not in DECISIONS:
        given, choices = data["decision"], ", ".join(DECISIONS)
        raise InvalidDecision(f"{given} is no decision; use one of {choices}", "decision", given=given, choices=choices)


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
