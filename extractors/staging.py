"""Where a batch waits for the warehouse: Parquet per source and batch, append-only, complete when its summary stands beside it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.contract import Outcome, Record

ENVELOPE = ("kind", "source", "authority", "platform", "batch", "key", "capture", "captured_at", "url", "locator", "leftovers", "payload")
CAPTURE = (
    "capture", "source", "platform", "url", "method", "status", "fetched_at", "sha256", "media_type", "robots_permission", "file", "offset",
)  # fmt: skip
NOT_PAYLOAD = ("key", "capture", "locator", "leftovers")


@dataclasses.dataclass(frozen=True)
class RunResult:
    """How one run of one source went; the row of `raw.runs`.

    `claimed` is what the source itself says it has in the window; `records` counts what was staged, per kind; `seen` counts what was
    read, staged or not; `not_modified` answers came back as 304.
    """

    run_id: str
    source: str
    authority: str
    platform: str
    outcome: Outcome
    reason: str
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

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def result_from_json(data: Mapping[str, Any]) -> RunResult:
    """The RunResult a summary file holds."""
    fields: dict[str, Any] = {**data, "outcome": Outcome(data["outcome"])}
    return RunResult(**fields)


def folder_of(staging: Path, source: str) -> Path:
    """The folder of a source's batches."""
    return staging / source.replace("/", "__")


def payload_of(record: Record) -> str:
    """The record's own fields as JSON, absent ones left out, keys in order: equal records give equal text."""
    fields = {k: v for k, v in dataclasses.asdict(record).items() if k not in NOT_PAYLOAD and v is not None}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)


def envelope(record: Record, *, source: str, authority: str, platform: str, batch: str, captured_at: str, url: str) -> dict[str, str]:
    """One staged row; all columns are text (ENVELOPE)."""
    return {
        "kind": record.kind, "source": source, "authority": authority, "platform": platform, "batch": batch, "key": record.key,
        "capture": record.capture, "captured_at": captured_at, "url": url, "locator": record.locator,
        "leftovers": json.dumps(list(record.leftovers), ensure_ascii=False), "payload": payload_of(record),
    }  # fmt: skip


def _write(rows: list[dict[str, Any]], columns: Iterable[str], path: Path) -> None:
    table = pa.table({c: pa.array([None if r.get(c) is None else str(r[c]) for r in rows], pa.string()) for c in columns})
    part = path.with_suffix(".part")
    pq.write_table(table, part, compression="zstd")
    part.replace(path)


def write_batch(staging: Path, result: RunResult, records: list[dict[str, str]], captures: list[dict[str, Any]]) -> Path:
    """Stage a batch; its summary is written last and makes it complete. Returns the summary's path."""
    folder = folder_of(staging, result.source)
    folder.mkdir(parents=True, exist_ok=True)
    _write(records, ENVELOPE, folder / f"{result.batch}.parquet")
    _write(captures, CAPTURE, folder / f"{result.batch}.captures.parquet")
    summary = folder / f"{result.batch}.json"
    part = summary.with_suffix(".part")
    part.write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(summary)
    return summary


def complete_batches(staging: Path, source: str | None = None) -> Iterator[tuple[RunResult, Path]]:
    """Complete batches, oldest first, as (result, path of the records)."""
    pattern = f"{source.replace('/', '__')}/*.json" if source else "*/*.json"
    for path in sorted(staging.glob(pattern), key=lambda p: (p.name, p.parent.name)):
        yield result_from_json(json.loads(path.read_text(encoding="utf-8"))), path.with_suffix(".parquet")


def fingerprints(staging: Path, source: str) -> dict[tuple[str, str, str], str]:
    """What the complete batches of a source already say: (kind, key, locator) → payload. Later batches win."""
    known: dict[tuple[str, str, str], str] = {}
    for _, path in complete_batches(staging, source):
        table = pq.read_table(path, columns=["kind", "key", "locator", "payload"])
        for row in table.to_pylist():
            known[(row["kind"], row["key"], _part(row["locator"]))] = row["payload"]
    return known


def _part(locator: str) -> str:
    """Which part of a record a locator names: its shape with the numbers taken out, so that a row that moves is still the same part."""
    return "".join("#" if c.isdigit() else c for c in locator)


def part_of(row: Mapping[str, str]) -> tuple[str, str, str]:
    """Identity of a staged row over runs (kind, key, part)."""
    return row["kind"], row["key"], _part(row["locator"])
