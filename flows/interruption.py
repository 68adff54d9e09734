"""Stopping in good order: once asked to stop, nobody waits for a host or asks one again, and the next run goes on from there."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from extractors.exceptions import Interrupted

asked = threading.Event()
"""Set when this process is asked to stop; every fetch client of the process heeds it."""


def sleep(seconds: float) -> None:
    """Wait, unless we are asked to stop meanwhile: then raises Interrupted."""
    if asked.wait(seconds):
        raise Interrupted


def heed_signals() -> None:
    """From now on SIGINT and SIGTERM ask the run to stop and raise KeyboardInterrupt in the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
