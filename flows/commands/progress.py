"""Progress on standard error, for people: a bar per step, gone when the run ends, and nothing where there is no terminal."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.steps import heard_by
from flows.texts import text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def bars(*more: str, is_shown: bool) -> Progress:
    """A set of bars with counts and the time gone; `more` are names of fields to show behind each."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    behind = [TextColumn(f"{{task.fields[{name}]}}") for name in more]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), *behind)
    return Progress(*columns, console=console, disable=not (is_shown and console.is_terminal), transient=True)


@contextmanager
def steps(*, is_shown: bool) -> Generator[None]:
    """A bar per step that a flow started in this block tells of."""
    known: dict[str, TaskID] = {}
    with bars(is_shown=is_shown) as shown:

        def told(step: str, done: int, of: int) -> None:
            if step not in known:
                known[step] = shown.add_task(text(f"progress.{step}"), total=of)
            shown.update(known[step], completed=done, total=of)

        with heard_by(told):
            yield
