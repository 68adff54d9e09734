"""What a measure gives, and how time and memory are taken."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotMeasured(Exception):
    """What a measure needs is not on this machine; the message says what."""


@dataclass(frozen=True)
class Found:
    """`ours` and `baseline` in `unit`, measured in the same run, one after the other; `against` says what the baseline is."""

    ours: float
    baseline: float
    unit: str
    against: str

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline


def seconds(work: Callable[[], Any], rounds: int = 1) -> float:
    """The fastest of so many rounds."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def rate(work: Callable[[Any], Any], items: Sequence[Any]) -> float:
    """Items per second, each seen once: a cache may know their words, never the items themselves."""
    return len(items) / seconds(lambda: [work(item) for item in items])


def process_seconds(*arguments: str, rounds: int = 5) -> float:
    """A whole Python process with these arguments, the fastest of so many."""
    return seconds(lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True), rounds)


def peak_mb() -> float:
    """The most memory this process has held. Not `ru_maxrss`: that one starts from what the parent held when it forked.

    Raises NotMeasured where there is no /proc.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii")) if status.exists() else None
    if not found:
        raise NotMeasured("memory is read from /proc/self/status, which this system does not have")
    return int(found[1]) / 1024
