"""Where a batch waits for the warehouse: Parquet per source and batch, append-only, complete when its summary stands beside it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from catalogue.reasons import Reason, reason_from_json
from extractors.contract import Outcome, Record

ENVELOPE = ("kind", "source", "authority", "platform", "batch", "key", "capture", "captured_at", "url", "locator", "leftovers", "payload")
CAPTURE = (
    "capture", "source", "platform", "url", "method", "status", "fetched_at", "sha256", "media_type", "robots_permission", "file", "offset",
)  # fmt: skip
DIGITS = str.maketrans(dict.fromkeys("0123456789", "#"))
NOT_PAYLOAD = ("key", "capture", "locator", "leftovers")
SEEN = ".seen.parquet"


@dataclasses.dataclass(frozen=True)
class RunResult:
    """How one run of one source went; the row of `raw.runs`.

    `reasons` say why it ended so, the weightiest first; `claimed` is what the source itself says it has in the window; `records` counts
    what was staged, per kind; `seen` counts what was read, staged or not; `not_modified` answers came back as 304; `whole` names the
    kinds of which everything in the window was read, and in what sense (contract.Whole).
    """

    run_id: str
    source: str
    authority: str
    platform: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    requests: int
    not_modified: int
    size_bytes: int
    captures: int
    records: Mapping[str, int]
    seen: Mapping[str, int]
    troubles: int
    leftovers: Mapping[str, int]
    claimed: int | None
    since: str
    until: str
    started_at: str
    ended_at: str
    batch: str
    whole: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def result_from_json(data: Mapping[str, Any]) -> RunResult:
    """The RunResult a summary file holds, also one that was written when a reason was a sentence (`reason`)."""
    fields = {name: value for name, value in data.items() if name != "reason"}
    said = data["reasons"] if "reasons" in data else [data["reason"]] if data["reason"] else []
    fields |= {"outcome": Outcome(data["outcome"]), "reasons": tuple(reason_from_json(reason) for reason in said)}
    return RunResult(**fields)


def folder_of(staging: Path, source: str) -> Path:
    """The folder of a source's batches."""
    return staging / source.replace("/", "__")


def payload_of(record: Record) -> str:
    """The record's own fields as JSON, absent ones left out, keys in order: equal records give equal text."""
    fields = {name: value for name in _payload_names(type(record)) if (value := getattr(record, name)) is not None}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, default=_plain)


@cache
def _payload_names(kind: type[Record]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind) if field.name not in NOT_PAYLOAD)


def _plain(value: Any) -> Any:
    """What JSON has no form for: a part of a record (a file, a reason) as its fields, anything else as text."""
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return str(value)


def envelope(record: Record, *, source: str, authority: str, platform: str, batch: str, captured_at: str, url: str) -> dict[str, str]:
    """One staged row; all columns are text (ENVELOPE)."""
    return {
        "kind": record.kind, "source": source, "authority": authority, "platform": platform, "batch": batch, "key": record.key,
        "capture": record.capture, "captured_at": captured_at, "url": url, "locator": record.locator,
        "leftovers": json.dumps(list(record.leftovers), ensure_ascii=False), "payload": payload_of(record),
    }  # fmt: skip


def _table(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pa.Table:
    rows = list(rows)
    return pa.table({c: pa.array([None if r.get(c) is None else str(r[c]) for r in rows], pa.string()) for c in columns})


def _write(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], path: Path) -> None:
    part = path.with_suffix(".part")
    pq.write_table(_table(rows, columns), part, compression="zstd")
    part.replace(path)


class _Distinct:
    """Numbers of 64 bits, each held once, in eight to sixteen bytes each where a set takes a hundred."""

    SLACK = 10_000

    def __init__(self) -> None:
        self._held = array("Q")
        self._thinned = 0

    def add(self, number: int) -> None:
        self._held.append(number)
        if len(self._held) > 2 * self._thinned + self.SLACK:
            self.numbers()

    def numbers(self) -> np.ndarray:
        """They all, in order."""
        distinct = np.unique(np.array(self._held, dtype=np.uint64))
        self._held, self._thinned = array("Q", distinct.tobytes()), len(distinct)
        return distinct


class _Said:
    """Which part (a hash of 64 bits) says what (another): sixteen bytes a part in two ordered arrays, the newest in a dict until there are
    many of them."""

    NEWEST = 20_000

    def __init__(self, parts: np.ndarray | None = None, says: np.ndarray | None = None) -> None:
        """`parts` in order, each once."""
        self._parts = np.empty(0, np.int64) if parts is None else parts
        self._says = np.empty(0, np.int64) if says is None else says
        self._newest: dict[int, int] = {}

    def get(self, part: int) -> int | None:
        if part in self._newest:
            return self._newest[part]
        at = self._parts.searchsorted(part)
        return int(self._says[at]) if at < len(self._parts) and self._parts[at] == part else None

    def put(self, part: int, says: int) -> None:
        self._newest[part] = says
        if len(self._newest) > max(self.NEWEST, len(self._parts) // 8):
            self.arrays()

    def update(self, others: _Said) -> None:
        self._merge(*others.arrays())

    def forget(self, parts: Iterable[int]) -> None:
        held, says = self.arrays()
        is_kept = ~np.isin(held, np.fromiter(parts, np.int64))
        self._parts, self._says = held[is_kept], says[is_kept]

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """(parts in order, what each says)."""
        newest, self._newest = self._newest, {}
        if newest:
            self._merge(np.fromiter(newest, np.int64, len(newest)), np.fromiter(newest.values(), np.int64, len(newest)))
        return self._parts, self._says

    def _merge(self, parts: np.ndarray, says: np.ndarray) -> None:
        """The later word counts: of equal parts the one that stands first when the new stand before the old."""
        held, told = self.arrays() if self._newest else (self._parts, self._says)
        self._parts, first = np.unique(np.concatenate([parts, held]), return_index=True)
        self._says = np.concatenate([says, told])[first]

    def __len__(self) -> int:
        return len(self.arrays()[0])


class Batch:
    """A batch being written, in pieces, so that a big source needs no more memory than a small one.

    It keeps what the complete batches do not say already, each part of a record once and as it was read last; of the kinds `watched` it
    also writes down which records it saw, staged or not. Nothing counts before `close`.
    """

    PIECE = 5_000

    def __init__(self, staging: Path, source: str, batch: str, watched: Collection[str] = ()) -> None:
        self.watched = watched
        self.folder = folder_of(staging, source)
        self.folder.mkdir(parents=True, exist_ok=True)
        for leftover in self.folder.glob("*.part"):
            leftover.unlink()
        self.path = self.folder / f"{batch}.parquet"
        self.known = Fingerprints(self.folder)
        self.counts: Counter[str] = Counter()
        self._seen = _Said()
        self._keys: dict[str, _Distinct] = {}
        self._buffer: dict[int, dict[str, str]] = {}
        self._late: dict[int, dict[str, str]] = {}
        self._writer: pq.ParquetWriter | None = None

    def add(self, row: dict[str, str]) -> int:
        """File a row. Returns the identity of the part it is (a hash)."""
        identity, says = _hash(*part_of(row)), _hash(row["payload"])
        self._keys.setdefault(row["kind"], _Distinct()).add(_number(row["source"], row["key"]))
        said = self._seen.get(identity)
        if said == says:
            return identity
        # What was seen before, is not in memory and was news then, stands in the file already.
        is_written = said is not None and identity not in self._buffer and self.known.said.get(identity) != said
        self._seen.put(identity, says)
        if is_written or identity in self._late:
            self._late[identity] = row
        elif self.known.said.get(identity) == says:
            self._buffer.pop(identity, None)
        else:
            self._buffer[identity] = row
            if len(self._buffer) >= self.PIECE:
                self._flush()
        return identity

    @property
    def seen(self) -> Counter[str]:
        """Records read so far, staged or not, per kind, each key once; claims and troubles are no records."""
        return Counter({kind: len(keys.numbers()) for kind, keys in self._keys.items() if kind not in ("claim", "trouble")})

    @property
    def is_changed(self) -> bool:
        """Does the batch hold a record that is new or says something new?"""
        counts = self.counts + Counter(row["kind"] for row in self._buffer.values())
        return any(n for kind, n in counts.items() if kind not in ("claim", "trouble"))

    def finish(self) -> Counter[str]:
        """Write what is still in memory. Returns the rows staged per kind."""
        self._flush(is_last=True)
        if self._late:
            self._mend()
        return self.counts

    def _flush(self, *, is_last: bool = False) -> None:
        if self._writer is None:
            schema = pa.schema([(column, pa.string()) for column in ENVELOPE])
            self._writer = pq.ParquetWriter(self.path.with_suffix(".part"), schema, compression="zstd")
        self._writer.write_table(_table(self._buffer.values(), ENVELOPE))
        self.counts.update(row["kind"] for row in self._buffer.values())
        self._buffer = {}
        if is_last:
            self._writer.close()

    def _mend(self) -> None:
        """Put the later version of a part in the place of one that was written already."""
        part = self.path.with_suffix(".part")
        old = pq.ParquetFile(part)
        mended = part.with_suffix(".mended.part")
        with pq.ParquetWriter(mended, old.schema_arrow, compression="zstd") as writer:
            for piece in old.iter_batches():
                rows = [self._late.get(_hash(*part_of(row)), row) for row in piece.to_pylist()]
                writer.write_table(_table(rows, ENVELOPE))
        old.close()
        mended.replace(part)

    def close(self, result: RunResult, captures: Iterable[Mapping[str, Any]], days: Collection[tuple[str, str, int]] = ()) -> Path:
        """Put the batch in place; its summary is written last and makes it complete. Returns the summary's path.

        `days` is what the source counts for itself: (kind, day, count).
        """
        self.path.with_suffix(".part").replace(self.path)
        if self.watched or days:
            seen = {kind: keys.numbers() for kind, keys in self._keys.items() if kind in self.watched}
            _write_sightings(seen, days, self.path.with_suffix(SEEN))
        _write(captures, CAPTURE, self.path.with_suffix(".captures.parquet"))
        summary = self.path.with_suffix(".json")
        part = summary.with_suffix(".part")
        part.write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(summary)
        self.known.add(result.batch, self._seen)
        return summary


def write_batch(
    staging: Path,
    result: RunResult,
    records: list[dict[str, str]],
    captures: list[dict[str, Any]],
    watched: Collection[str] = (),
    days: Collection[tuple[str, str, int]] = (),
) -> Path:
    """Stage these rows as one batch, those that say nothing new left out. Returns the summary's path."""
    batch = Batch(staging, result.source, result.batch, watched)
    for row in records:
        batch.add(row)
    batch.finish()
    return batch.close(result, captures, days)


def _number(source: str, key: str) -> int:
    """A record's number among those read: the first 64 bits of its id in the warehouse (`transforms.normalise.ids`); of that many none
    share one."""
    return int.from_bytes(hashlib.sha256(f"{source}|{key}".encode()).digest()[:8])


def _write_sightings(seen: Mapping[str, np.ndarray], days: Iterable[tuple[str, str, int]], path: Path) -> None:
    """What a run saw and what the source counts per day: (kind, null, number of a record) and (kind, day, count). Three bytes a record.

    Of a number the first 32 bits are written. Two records that share them are taken for each other: of 100,000 one in 40,000, and then a
    record is held to be there that is not.
    """
    schema = pa.schema([("kind", pa.string()), ("day", pa.string()), ("number", pa.int64())])
    short = {kind: np.unique(numbers >> 32).astype(np.int64) for kind, numbers in sorted(seen.items())}
    tables = [
        pa.table([pa.repeat(kind, len(numbers)), pa.nulls(len(numbers), pa.string()), pa.array(numbers, pa.int64())], schema=schema)
        for kind, numbers in short.items()
    ]
    counted = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in sorted(days)], schema)
    table = pa.concat_tables([*tables, counted])
    part = path.with_suffix(".part")
    encoding = {"number": "DELTA_BINARY_PACKED"}
    pq.write_table(table, part, compression="zstd", use_dictionary=["kind", "day"], column_encoding=encoding)
    part.replace(path)


class Fingerprints:
    """What the complete batches of a source say, as hashes: identity of a part → its payload.

    Kept in `fingerprints.index` beside the batches, with the names of those it covers; it is only a shortcut: missing, damaged or
    behind, it is brought up from the batches themselves.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fingerprints.index"
        self.said = _Said()
        self.batches: list[str] = []
        complete = sorted(p.stem for p in folder.glob("*.json"))
        self._read(set(complete))
        if self.batches and any(batch < self.batches[-1] for batch in complete if batch not in self.batches):
            self.said, self.batches = _Said(), []
        for batch in complete:
            if batch not in self.batches:
                self._add_from(folder / f"{batch}.parquet")
                self.batches.append(batch)

    def _read(self, complete: set[str]) -> None:
        try:
            table = pq.read_table(self.path)
            batches = json.loads((table.schema.metadata or {})[b"batches"])
        except (OSError, pa.ArrowInvalid, KeyError, ValueError):
            return
        if complete.issuperset(batches):
            self.batches = batches
            self.said.update(_Said(*(table[name].to_numpy() for name in ("identity", "says"))))

    def _add_from(self, path: Path) -> None:
        if not path.exists():
            return
        with pq.ParquetFile(path) as file:
            for piece in file.iter_batches(columns=["kind", "key", "locator", "payload"]):
                for row in piece.to_pylist():
                    self.said.put(_hash(*part_of(row)), _hash(row["payload"]))

    def add(self, batch: str, said: _Said) -> None:
        """A batch became complete."""
        self.said.update(said)
        self.batches.append(batch)
        self._save()

    def forget(self, identities: Iterable[int]) -> None:
        """These parts count as never read: when a source shows them again, they are staged again."""
        self.said.forget(identities)
        self._save()

    def _save(self) -> None:
        columns = dict(zip(("identity", "says"), self.said.arrays(), strict=True))
        part = self.path.with_suffix(".part")
        pq.write_table(pa.table(columns).replace_schema_metadata({"batches": json.dumps(self.batches)}), part, compression="zstd")
        part.replace(self.path)


def _hash(*texts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\x00".join(texts).encode(), digest_size=8).digest(), signed=True)


def complete_batches(staging: Path, source: str | None = None) -> Iterator[tuple[RunResult, Path]]:
    """Complete batches, oldest first, as (result, path of the records)."""
    pattern = f"{source.replace('/', '__')}/*.json" if source else "*/*.json"
    for path in sorted(staging.glob(pattern), key=lambda p: (p.name, p.parent.name)):
        yield result_from_json(json.loads(path.read_text(encoding="utf-8"))), path.with_suffix(".parquet")


def _part(locator: str) -> str:
    """Which part of a record a locator names: its shape with the numbers taken out, so that a row that moves is still the same part."""
    return locator.translate(DIGITS) if locator.isascii() else "".join("#" if c.isdigit() else c for c in locator)


def part_of(row: Mapping[str, str]) -> tuple[str, str, str]:
    """Identity of a staged row over runs (kind, key, part)."""
    return row["kind"], row["key"], _part(row["locator"])


def has(staging: Path, source: str, key: str) -> bool:
    """Does any complete batch of the source hold a record with this key?"""
    return any(key in pq.read_table(path, columns=["key"])["key"].to_pylist() for _, path in complete_batches(staging, source))


DATES = ("journal_date", "document_date", "published_at", "case_date", "start", "published", "modified", "issued")
WHY = ("reason", "outcome")


def withdraw(staging: Path, source: str, key: str) -> tuple[int, list[str]]:
    """Take what a record says out of every batch, its dates left (a take-down). Returns (parts emptied, captures they came from).

    The fingerprints stay: a source that still says the same is not staged again.
    """
    parts, captures = 0, set()
    for _, path in complete_batches(staging, source):
        rows = pq.read_table(path).to_pylist()
        held = [row for row in rows if row["key"] == key]
        if not held:
            continue
        for row in held:
            said = json.loads(row["payload"])
            row["payload"] = json.dumps({name: said[name] for name in (*DATES, *WHY) if name in said}, sort_keys=True)
            captures.add(row["capture"])
        parts += len(held)
        _write(rows, ENVELOPE, path)
    return parts, sorted(captures)


NUMBERS = ("case_number", "document_number", "serial", "meeting_key", "number")


def emptied(payload: str) -> str:
    """What stays of a record that its source has withdrawn: its dates and numbers, and that it was."""
    said = json.loads(payload)
    return json.dumps({name: said[name] for name in (*DATES, *NUMBERS) if name in said} | {"withdrawn": True}, sort_keys=True)


def is_emptied(payload: str) -> bool:
    """Is this what `emptied` left?"""
    return '"withdrawn": true' in payload


def empty(staging: Path, source: str, records: Collection[tuple[str, str]]) -> None:
    """Take what these records (kind, key) say out of every batch of the source, as its source did.

    Unlike a take-down their fingerprints go, and first: should the source show one again, it is staged again, and it comes back.
    """
    folder, known, paths = folder_of(staging, source), set(), []
    for _, path in complete_batches(staging, source):
        with pq.ParquetFile(path) as file:
            pieces = (row for piece in file.iter_batches(columns=["kind", "key", "locator"]) for row in piece.to_pylist())
            held = {_hash(*part_of(row)) for row in pieces if (row["kind"], row["key"]) in records}
        if held:
            known |= held
            paths.append(path)
    Fingerprints(folder).forget(known)
    for path in paths:
        part = path.with_suffix(".part")
        with pq.ParquetFile(path) as file, pq.ParquetWriter(part, file.schema_arrow, compression="zstd") as writer:
            for piece in file.iter_batches():
                rows = piece.to_pylist()
                for row in rows:
                    if (row["kind"], row["key"]) in records:
                        row["payload"] = emptied(row["payload"])
                writer.write_table(_table(rows, ENVELOPE))
        part.replace(path)
