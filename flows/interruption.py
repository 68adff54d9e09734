"""Stopping in good order: once asked to stop, nobody waits for a host or asks one again, and the next run goes on from there."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

_stop = threading.Event()


class Stopped(BaseException):
    """The run was asked to stop. Not an Exception, so that nothing takes it for a fault of a source."""


def clock() -> float:
    """Monotonic seconds; raises Stopped once we are asked to stop. Given to the fetch client as its clock."""
    if _stop.is_set():
        raise Stopped
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Wait, unless we are asked to stop meanwhile: then raises Stopped. Given to the fetch client as its sleep."""
    if _stop.wait(seconds):
        raise Stopped


def heed_signals() -> None:
    """From now on SIGINT and SIGTERM ask the run to stop and raise KeyboardInterrupt in the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        _stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
