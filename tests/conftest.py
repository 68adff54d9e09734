"""The demo, run once for the whole session by the command line, and a sandbox to ask again."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import engine, texts
from flows.cli import main
from tests.calls import calls, recording

SEED = 7
# What takes longest begins first, or one processor would end long before the other.
LONG = ("flows/test_demo.py", "flows/test_kill.py", "extractors/innsyn/test_months.py", "flows/test_serve.py", "flows/test_real_input.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {Path(__file__).parent / name: position for position, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment without any setting of ours or of the engine, then these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DAGSLYS_", "PREFECT_"))}
    return kept | {"DAGSLYS_HOME": str(home)} | more


def dagslys(*arguments: str, home: Path, timeout: float = 240, **more: str) -> subprocess.CompletedProcess[str]:
    """The command line, as a person types it."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=clean_environment(home, **more), timeout=timeout)


@dataclass(frozen=True)
class Demo:
    """A demo that has run: its state folder, what it printed as JSON, and the exit code."""

    home: Path
    found: dict[str, Any]
    returncode: int

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Whom every process of the demo asked (tests.calls)."""
        return calls(self.home.parent.parent / "calls")

    @property
    def database(self) -> Path:
        return self.home / "published" / "dagslys.duckdb"

    @property
    def truth(self) -> dict[str, Any]:
        return json.loads((self.home / "sandbox" / "truth.json").read_text(encoding="utf-8"))

    def copy(self, folder: Path) -> Path:
        """A state folder of one's own with the same content."""
        return Path(shutil.copytree(self.home, folder / "demo"))

    def lend_engine(self, home: Path) -> Path:
        """The engine's database put into a state folder: making a new one takes the engine as long as some tests."""
        shutil.copytree(self.home / "prefect", home / "prefect")
        return home


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """`dagslys demo --json`, run once whatever the number of workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "one-demo"
    folder.mkdir(exist_ok=True)
    told = folder / "told.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            run = dagslys("demo", "--seed", str(SEED), "--json", home=folder / "state", **recording(folder / "calls"))
            assert run.stdout, run.stderr
            told.write_text(json.dumps({"returncode": run.returncode, "found": json.loads(run.stdout)}), encoding="utf-8")
    kept = json.loads(told.read_text(encoding="utf-8"))
    return Demo(folder / "state" / "demo", kept["found"], kept["returncode"])


@pytest.fixture(scope="session")
def api(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server of the engine for verbs of which nothing is asked but what they do: starting one takes longer than many a verb."""
    home = demo.lend_engine(tmp_path_factory.mktemp("engine"))
    with engine.server(clean_environment(home, PREFECT_HOME=str(home / "prefect"), **engine.ALWAYS, **engine.DEFAULTS)) as address:
        yield {"PREFECT_API_URL": address}


@pytest.fixture
def told(demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[Any, str, str]]]:
    """The command line in this process, over the demo or another state folder: (exit code, standard output, standard error)."""

    def run(*arguments: str, home: Path = demo.home, **environment: str) -> tuple[Any, str, str]:
        for name, value in {"DAGSLYS_HOME": str(home), **environment}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as leave:
            main(list(arguments))
        out, err = capsys.readouterr()
        return leave.value.code, out, err

    yield run
    texts.use("nb")


@contextmanager
def sandbox(folder: Path, *more: str, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """A sandbox process; yields what it says of itself (gateway, judge, sources, truth, day)."""
    command = [sys.executable, "-m", "sandbox", "serve", "--seed", str(seed), "--folder", str(folder), "--json", "--until-stdin-closes", *more]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
