"""The demo: a sandbox process, the four flows against it, and its truth held beside what we found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flows import engine
from flows.commands.candidates import top_candidates
from flows.commands.harvest import progress, result_row
from flows.commands.progress import steps
from flows.exceptions import ServerFailed
from flows.selection import Selection
from flows.settings import Settings
from flows.texts import text

WINDOW_DAYS = 90
TOP = 5
PER_PILLAR = 20


@dataclass(frozen=True)
class World:
    """A running sandbox: the settings that reach it, its day, and where its sources and its truth stand."""

    settings: Settings
    gateway: str
    judge: str
    day: date
    sources: Path
    truth: Path


@contextmanager
def sandbox(settings: Settings, *, seed: int = 7, fillers: int = 0, entries: int = 0) -> Generator[World]:
    """A miniature Norway on loopback, with a state folder of its own (`<home>/demo`). Raises ServerFailed."""
    home = settings.home / "demo"
    folder = home / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--seed", str(seed), "--fillers", str(fillers), "--folder", str(folder), "--json",
               "--until-stdin-closes"]  # fmt: skip
    if entries:
        command += ["--entries", str(entries)]
    with (folder / "sandbox.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=Path(__file__).parent.parent
        )
    assert process.stdout is not None and process.stdin is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise ServerFailed(text("wrong.sandbox_silent", log=folder / "sandbox.log"))
        told = json.loads(line)
        reached = replace(settings, home=home, gateway=told["gateway"], floor_s=0.0, workers=min(settings.workers, 8))
        day = date.fromisoformat(told["day"])
        yield World(reached, told["gateway"], told["judge"], day, Path(told["sources"]), Path(told["truth"]))
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(20)


def run(world: World, selection: Selection = Selection(), *, is_shown: bool) -> dict[str, Any]:
    """The main job by Prefect's flows; a selection says what is harvested.

    Returns what was harvested, found and written, and how it compares with the truth.
    """
    now = world.settings
    os.environ |= {
        "DAGSLYS_HOME": str(now.home),
        "DAGSLYS_GATEWAY": world.gateway,
        "DAGSLYS_FLOOR_S": "0",
        "DAGSLYS_WORKERS": str(now.workers),
    }
    from flows import pipeline
    from flows.truth import measure

    until = selection.until or world.day
    selection = replace(selection, since=selection.since or until - timedelta(days=WINDOW_DAYS), until=until, source_files=(world.sources,))
    with engine.running(now.home):
        from flows.flag import flag
        from flows.harvest import run_harvest
        from flows.normalise import normalise
        from flows.shortlist import shortlist

        with progress(pipeline.plan(now, selection, world.day), is_shown=is_shown) as told:
            report = run_harvest(selection, told)
        with steps(is_shown=is_shown):
            loaded = normalise(today=world.day)
            flagged = flag(today=world.day)
        listed = shortlist(source="top", limit=PER_PILLAR, name="Demo", lang="nb")
    truth = json.loads(world.truth.read_text(encoding="utf-8"))
    with urllib.request.urlopen(world.judge, timeout=10) as answer:
        verdict = json.load(answer)
    rows = [result_row(r) for r in sorted(report.results, key=lambda r: r.source)]
    surprises = [{"source": r["source"], "expected": truth["outcomes"][r["source"]], "outcome": r["outcome"]} for r in rows
                 if not _is_expected(truth["outcomes"].get(r["source"]), r["outcome"])]  # fmt: skip
    measured = measure(now, truth)
    return {
        "sources": rows, "outcomes": dict(report.outcomes), "top": top_candidates(now, TOP), "measured": measured,
        "costs": {"requests": verdict["requests"], "not_modified": verdict["answers_304"], "violations": len(verdict["violations"]),
                  "new": loaded.new, "changed": loaded.changed, "candidates": flagged.candidates},
        "violations": verdict["violations"][:20], "surprises": surprises, "database": flagged.published, "dossier": listed["files"][0],
        "files": listed["files"], "is_as_expected": not surprises and not verdict["violations"],
    }  # fmt: skip


def _is_expected(expected: str | None, outcome: str) -> bool:
    """A second run finds the same world: what was fresh is then unchanged."""
    return expected is None or outcome == expected or (expected == "fresh" and outcome == "unchanged")
