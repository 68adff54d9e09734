"""Stopping in good order: once asked to stop, nobody waits for a host or asks one again, and the next run goes on from there."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from extractors.exceptions import Interrupted

asked = threading.Event()
"""Set when this process is asked to stop."""

_stops: list[threading.Event] = []
"""The stops of the shards that run; each is set with `asked`."""


@contextmanager
def own_stop() -> Generator[threading.Event]:
    """A stop for one shard: set when this process is asked to stop, and by the shard itself when it breaks, which stops no other."""
    own = threading.Event()
    _stops.append(own)
    if asked.is_set():
        own.set()
    try:
        yield own
    finally:
        _stops.remove(own)


def sleep(seconds: float) -> None:
    """Wait, unless we are asked to stop meanwhile: then raises Interrupted."""
    if asked.wait(seconds):
        raise Interrupted


def heed_signals() -> None:
    """From now on SIGINT and SIGTERM ask the run to stop and raise KeyboardInterrupt in the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()
        for own in tuple(_stops):
            own.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
