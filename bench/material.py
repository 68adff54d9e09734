"""What several measures share: a sandbox, what was harvested from it, and a database filled from that. Made once, when first asked for."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from extractors import staging

SEED, MANY, FEW = 7, 20_000, 2_000
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: where it answers, its source file, its day."""

    gateway: str
    sources: Path
    day: date


@dataclass(frozen=True)
class Harvested:
    """A state folder and what its harvest took."""

    home: Path
    requests: int
    records: int
    seconds: float
    peak_mb: float


@cache
def folder() -> Path:
    """A folder that goes when the process ends."""
    made = Path(tempfile.mkdtemp(prefix="dagslys-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@contextmanager
def sandbox(entries: int = 0) -> Generator[Sandbox]:
    """A sandbox with two further bodies of so many journal entries each; without any when 0."""
    home = Path(tempfile.mkdtemp(dir=folder()))
    more = ["--fillers", "2", "--entries", str(entries)] if entries else []
    serve = [sys.executable, "-m", "sandbox", "serve", "--json", "--until-stdin-closes"]
    command = [*serve, "--seed", str(SEED), "--folder", str(home), *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            yield Sandbox(told["gateway"], Path(told["sources"]), date.fromisoformat(told["day"]))
        finally:
            process.terminate()


def harvest(world: Sandbox, chosen: list[str]) -> Harvested:
    """Harvest these sources in a process of its own, into a fresh state folder, as fast as the client goes."""
    home = Path(tempfile.mkdtemp(dir=folder()))
    window = [(world.day - timedelta(days=90)).isoformat(), world.day.isoformat()]
    command = [sys.executable, "-m", "bench.harvester", str(home), world.gateway, str(world.sources), *window, *chosen]
    told: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout)
    return Harvested(home, **told)


@cache
def journal(entries: int) -> Harvested:
    """The eInnsyn journal of one body, with about so many entries."""
    with sandbox(entries) as world:
        listed = tomllib.loads(world.sources.read_text(encoding="utf-8"))["source"]
        slug = [source["slug"] for source in listed if source["platform"] == "einnsyn"][-1]
        return harvest(world, [f"einnsyn/{slug}"])


@cache
def staged() -> pd.DataFrame:
    """The staged rows of the large journal, names and all (they are invented)."""
    return pd.concat([pd.read_parquet(path) for _, path in staging.complete_batches(journal(MANY).home / "staging")], ignore_index=True)
