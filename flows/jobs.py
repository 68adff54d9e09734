"""Our own record of what ran, when and how it ended, complete whatever the engine kept.

One small JSON file a job is written at once, also while another process holds the database; `raw.jobs` is made of the files whenever the
warehouse is written, and in the read copy whenever a job ends. A running job holds a lock on its file, which the system gives back
however the process ends: a job with a start, no end and no lock was interrupted.
"""

from __future__ import annotations

import fcntl
import inspect
import json
import os
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TextIO, TypeVar

from flows.commands.verb import plain
from flows.settings import Settings

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_is_within: ContextVar[bool] = ContextVar("is_within", default=False)
"""Whether a job is being recorded already: what it does on its way is part of it."""


def _write(path: Path, job: dict[str, Any]) -> TextIO:
    """Write the file whole and locked; it is unlocked when the stream that is returned is closed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    stream = part.open("w", encoding="utf-8")
    fcntl.flock(stream, fcntl.LOCK_EX)
    json.dump(job, stream, ensure_ascii=False, indent=1)
    stream.flush()
    part.replace(path)
    return stream


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@contextmanager
def job(home: Path, verb: str, asked: dict[str, Any] | None = None) -> Generator[dict[str, Any]]:
    """Record a job around a block; what the block puts under `result` of the yielded dict is kept with its end.

    `status` ends as done, failed or interrupted. A job inside another leaves no record of its own.
    """
    if _is_within.get():
        yield {}
        return
    started = _now()
    job_id = f"{started[:23].translate({ord(mark): None for mark in ':-.'})}-{verb}-{uuid.uuid4().hex[:6]}"
    path = home / "jobs" / f"{job_id}.json"
    entry: dict[str, Any] = {"id": job_id, "verb": verb, "asked": asked or {}, "started_at": started, "ended_at": None, "status": "running",
                             "process": os.getpid(), "result": {}, "fault": None}  # fmt: skip
    held = _write(path, entry)
    log(home, "job started", job=job_id, verb=verb, asked=entry["asked"], process=entry["process"])
    token = _is_within.set(True)
    status = "interrupted"
    try:
        yield entry
        status = "done"
    except Exception as fault:
        status, entry["fault"] = "failed", type(fault).__name__
        raise
    finally:
        _is_within.reset(token)
        _write(path, entry | {"status": status, "ended_at": _now()}).close()
        held.close()
        log(home, "job ended", job=job_id, verb=verb, status=status, result=entry["result"], fault=entry["fault"])
        _show(home)


def recorded(
    verb: str, *, asked: tuple[str, ...] = (), told: Callable[[Any], Any] = plain
) -> Callable[[Callable[Concatenate[Settings, Given], Answer]], Callable[Concatenate[Settings, Given], Answer]]:
    """Record every call of a function as a job: `asked` names the arguments to keep, `told` makes the result to keep of what it returns.

    Keep nothing that a source's text could stand in.
    """

    def wrap(function: Callable[Concatenate[Settings, Given], Answer]) -> Callable[Concatenate[Settings, Given], Answer]:
        signature = inspect.signature(function)

        @wraps(function)
        def run(settings: Settings, *arguments: Given.args, **options: Given.kwargs) -> Answer:
            given = signature.bind(settings, *arguments, **options).arguments
            with job(settings.home, verb, {name: plain(given[name]) for name in asked if given.get(name) is not None}) as record:
                answer = function(settings, *arguments, **options)
                record["result"] = told(answer)
            return answer

        return run

    return wrap


def _show(home: Path) -> None:
    """Let whoever reads the published copy see how the job ended."""
    if (home / "published").exists():
        from warehouse.publish import renew_jobs

        renew_jobs(home, jobs(home))


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
        with path.open(encoding="utf-8") as stream:
            entry = json.load(stream)
            if entry["status"] == "running" and not _is_held(stream):
                entry["status"] = "interrupted"
        found.append(entry)
    return found


def _is_held(stream: TextIO) -> bool:
    try:
        fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
