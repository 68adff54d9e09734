"""What several measures share: a sandbox, what was harvested from it, and a database filled from that. Made once, when first asked for."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from extractors import staging

SEED, MANY, MOST = 7, 20_000, 200_000
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
    harvest_mb: float
    peak_mb: float


@cache
def folder() -> Path:
    """A folder that goes when the process ends."""
    made = Path(tempfile.mkdtemp(prefix="dagslys-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@contextmanager
def sandbox() -> Generator[Sandbox]:
    """The demo's sandbox."""
    home = Path(tempfile.mkdtemp(dir=folder()))
    arguments = ["sandbox", "serve", "--json", "--until-stdin-closes", "--seed", str(SEED), "--folder", str(home)]
    with _serving(arguments) as world:
        yield world


@contextmanager
def _serving(arguments: list[str]) -> Generator[Sandbox]:
    """`python -m …` that serves until its input ends, and says where."""
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            yield Sandbox(told["gateway"], Path(told["sources"]), date.fromisoformat(told["day"]))
        finally:
            process.terminate()


def harvest(world: Sandbox, chosen: list[str], *, is_loaded: bool = False) -> Harvested:
    """Harvest these sources in a process of its own, into a fresh state folder, as fast as the client goes; load them too if wanted."""
    home = Path(tempfile.mkdtemp(dir=folder()))
    window = [(world.day - timedelta(days=90)).isoformat(), world.day.isoformat()]
    how = ["--load"] if is_loaded else []
    command = [sys.executable, "-m", "bench.harvester", str(home), world.gateway, str(world.sources), *window, *how, *chosen]
    told: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout)
    return Harvested(home, **told)


@cache
def journal(entries: int) -> Harvested:
    """The Elements journal of one body with so many entries, harvested and loaded."""
    sources = Path(tempfile.mkdtemp(dir=folder())) / "sources.toml"
    with _serving(["bench.journal", str(entries), str(sources)]) as world:
        return harvest(world, ["elements-publikum/bench"], is_loaded=True)


@cache
def staged() -> pd.DataFrame:
    """The staged rows of the large journal, names and all (they are invented)."""
    return pd.concat([pd.read_parquet(path) for _, path in staging.complete_batches(journal(MANY).home / "staging")], ignore_index=True)
