"""How far a run has come: the main job tells, and a progress bar listens in a run that a person started."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

Step = Callable[[str, int, int], None]
"""Told (step, done, of): the step is a key of the texts, `progress.<step>`."""


def unheard(step: str, done: int, of: int) -> None:
    """Nobody listens."""


listener: ContextVar[Step] = ContextVar("listener", default=unheard)
"""Who is told. The flows ask here, for the engine hands them nothing but what JSON can say."""


@contextmanager
def heard_by(told: Step) -> Generator[None]:
    """Flows started in this block tell `told` how far they have come."""
    token = listener.set(told)
    try:
        yield
    finally:
        listener.reset(token)
