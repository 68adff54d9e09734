"""What every verb has in common: help with examples in the language spoken, `--json`, `--lang`, selectors, and what it shows."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.settings import LANGUAGES, Settings, from_environment
from flows.texts import text
from flows.usage import DAY, Command


def verb(name: str, *, words: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function: help and examples are `<words>.help` and `<words>.examples` of the texts."""
    key = words or name.replace(" ", "_")

    def wrap(function: Callable[..., Any]) -> click.Command:
        click.option("--json", "as_json", is_flag=True, help=text("option.json"))(function)
        click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=text("option.lang"))(function)
        full = f"{text(f'{key}.help')}\n\n\b\n{text('dagslys.examples')}\n{text(f'{key}.examples').strip(chr(10))}"
        return click.command(name, cls=Command, help=full, short_help=text(f"{key}.help").split("\n")[0])(function)

    return wrap


def selectors(days: str, *, without: tuple[str, ...] = ()) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--authority --platform --source --since --until`, handed over as `selection`.

    `days` says in help which days are meant (`days.<days>` of the texts); `without` are selectors that are something else to the verb.
    """
    names = tuple(name for name in ("authority", "platform", "source", "since", "until") if name not in without)

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        def chosen(*arguments: Any, **options: Any) -> Any:
            given = {name: options.pop(name) for name in names}
            lists = (given.get("authority", ()), given.get("platform", ()), given.get("source", ()))
            first, last = (day.date() if (day := given.get(name)) else None for name in ("since", "until"))
            return function(*arguments, selection=Selection(*lists, first, last), **options)

        chosen.__doc__ = function.__doc__
        chosen.__click_params__ = getattr(function, "__click_params__", [])  # ty: ignore[missing-attribute]
        for name in reversed(names):
            is_day = name in ("since", "until")
            words = text(f"option.{name}", days=text(f"days.{days}")) if is_day else text(f"option.{name}")
            option = click.option(f"--{name}", type=DAY if is_day else str, multiple=not is_day, help=words)
            chosen = option(chosen)
        return chosen

    return wrap


def refuse_both(named: str | None, selection: Selection) -> None:
    """Raises WrongUse when one thing is named and others are selected besides."""
    if named is not None and not selection.is_all:
        raise WrongUse(text("wrong.id_and_selectors", id=named))


def settings() -> Settings:
    """The settings of this run. Raises SettingsError."""
    return from_environment()


def read_text(file: Path) -> str:
    """The text of a person's own file. Raises WrongUse when it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(text("wrong.not_text", file=file)) from error


def plain(value: Any) -> Any:
    """The value as JSON can say it: dataclasses, paths, days and enums too."""
    if hasattr(value, "as_json"):
        return plain(value.as_json())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def say_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=1))


def say_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "", right: Sequence[int] = ()) -> None:
    """A table on standard output, as wide as the terminal, 140 where there is none; nothing where there is no row.

    `right` are columns set to the right.
    """
    rows = list(rows)
    if not rows:
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 140)
    table = Table(title=title or None, title_justify="left", show_lines=False, header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console.print(table)
