"""Saved questions: `queries/*.sql`, one question each, its words at the top. Loads DuckDB and nothing heavier.

A file begins with the question as a comment; a line `-- parameter: name = 'default' (what it means)` names a value that may be given.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.exceptions import UnknownQuestion

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent / "queries"
PARAMETER = re.compile(r"^-- parameter: (\w+) = '([^']*)'(?: \((.*)\))?$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A saved question. `title` is the question in Norwegian, `about` what else the comment says."""

    name: str
    title: str
    about: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, str]
    meanings: Mapping[str, str]
    sql: str


def names() -> list[Question]:
    """Every saved question, in order of name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.sql"))]


def _read(path: Path) -> Question:
    sql = path.read_text(encoding="utf-8")
    found = PARAMETER.findall(sql)
    comments = [line.removeprefix("--").strip() for line in sql.split("\n\n")[0].splitlines() if line.startswith("--")]
    words = [line for line in comments if not line.startswith("parameter:")]
    return Question(
        name=path.stem, title=words[0], about=" ".join(words[1:]), parameters=tuple(name for name, _, _ in found),
        defaults={name: default for name, default, _ in found}, meanings={name: meaning for name, _, meaning in found}, sql=sql,
    )  # fmt: skip


def question(name: str) -> Question:
    """The saved question of that name. Raises UnknownQuestion."""
    path = FOLDER / f"{name}.sql"
    if not re.fullmatch(r"[\w-]+", name) or not path.exists():
        near = difflib.get_close_matches(name, [q.name for q in names()], 1)
        hint = f"did you mean {near[0]}?" if near else "`dagslys query --list` names them all"
        raise UnknownQuestion(f"there is no saved question {name}; {hint}")
    return _read(path)


def run(
    connection: duckdb.DuckDBPyConnection, name_or_sql: str, params: Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, rows) of a saved question by its name, or of SQL (anything with a blank in it).

    `params` are named values, `$name` in the SQL; a saved question's own defaults fill in the rest. Raises UnknownQuestion.
    """
    sql, values = name_or_sql, dict(params or {})
    if not re.search(r"\s", name_or_sql.strip()):
        asked = question(name_or_sql.strip())
        if unknown := set(values) - set(asked.parameters):
            takes = ", ".join(asked.parameters) or "no values"
            raise UnknownQuestion(f"the question {asked.name} does not take {', '.join(sorted(unknown))}; it takes {takes}")
        sql, values = asked.sql, {**asked.defaults, **values}
    answer = connection.execute(sql, values or None)
    return [column[0] for column in answer.description or ()], answer.fetchall()
