"""Our own record of what ran, when and how it ended: one small JSON file a job, complete whatever the engine kept.

A job that was killed has a start and no end; it is shown as interrupted.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def _write(path: Path, job: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(job, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@contextmanager
def job(home: Path, verb: str, asked: dict[str, Any] | None = None) -> Generator[dict[str, Any]]:
    """Record a job around a block; what the block puts under `result` of the yielded dict is kept with its end.

    `status` ends as done, failed or interrupted.
    """
    started = _now()
    job_id = f"{started[:19].replace(':', '').replace('-', '')}-{verb}-{uuid.uuid4().hex[:6]}"
    path = home / "jobs" / f"{job_id}.json"
    entry: dict[str, Any] = {"id": job_id, "verb": verb, "asked": asked or {}, "started_at": started, "ended_at": None, "status": "running",
                             "process": os.getpid(), "result": {}}  # fmt: skip
    _write(path, entry)
    log(home, "job started", job=job_id, verb=verb)
    status = "interrupted"
    try:
        yield entry
        status = "done"
    except Exception:
        status = "failed"
        raise
    finally:
        _write(path, entry | {"status": status, "ended_at": _now()})
        log(home, "job ended", job=job_id, verb=verb, status=status)


def log(home: Path, event: str, **fields: Any) -> None:
    """Append one event as a line of JSON to `logs/dagslys.jsonl`: for machines; never a text or a name of a source's record."""
    path = home / "logs" / "dagslys.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"at": _now(), "event": event, **fields}, ensure_ascii=False) + "\n")


def jobs(home: Path, limit: int | None = None) -> list[dict[str, Any]]:
    """The jobs of a state folder, newest first. A running job whose process is gone is `interrupted`."""
    found = []
    for path in sorted((home / "jobs").glob("*.json"), reverse=True)[:limit]:
        entry = json.loads(path.read_text(encoding="utf-8"))
        if entry["status"] == "running" and not _is_alive(entry["process"]):
            entry["status"] = "interrupted"
        found.append(entry)
    return found


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
