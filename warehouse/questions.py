"""Saved questions: `queries/*.sql`, one question each, its words at the top. Loads DuckDB and nothing heavier.

A file begins with the question as a comment, in Norwegian and after `-- en:` in English; a line
`-- parameter: name = 'default' (what it means)` names a value that may be given.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.exceptions import QuestionRefused, UnknownQuestion

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent / "queries"
ENGLISH = "en:"
PARAMETER = re.compile(r"^-- parameter: (\w+) = '([^']*)'(?: \((.*)\))?$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A saved question. `title` is the question in Norwegian, `title_en` in English, `about` what else the comment says."""

    name: str
    title: str
    title_en: str
    about: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, str]
    meanings: Mapping[str, str]
    sql: str

    def title_in(self, language: str) -> str:
        """The question in the language spoken; in Norwegian where nobody has put it into English."""
        return self.title_en or self.title if language == "en" else self.title


def names() -> list[Question]:
    """Every saved question, in order of name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.sql"))]


def _read(path: Path) -> Question:
    sql = path.read_text(encoding="utf-8")
    found = PARAMETER.findall(sql)
    comments = [line.removeprefix("--").strip() for line in sql.split("\n\n")[0].splitlines() if line.startswith("--")]
    words = [line for line in comments if not line.startswith(("parameter:", ENGLISH))]
    english = [line.removeprefix(ENGLISH).strip() for line in comments if line.startswith(ENGLISH)]
    return Question(
        name=path.stem, title=words[0], title_en=" ".join(english), about=" ".join(words[1:]),
        parameters=tuple(name for name, _, _ in found), defaults={name: default for name, default, _ in found},
        meanings={name: meaning for name, _, meaning in found}, sql=sql,
    )  # fmt: skip


def question(name: str) -> Question:
    """The saved question of that name. Raises UnknownQuestion."""
    path = FOLDER / f"{name}.sql"
    if not re.fullmatch(r"[\w-]+", name) or not path.exists():
        near = ", ".join(_near(name, [q.name for q in names()]))
        hint = f"did you mean {near}?" if near else "`dagslys query --list` names them all"
        raise UnknownQuestion(f"there is no saved question {name}; {hint}", "near" if near else "none", name=name, near=near)
    return _read(path)


def run(
    connection: duckdb.DuckDBPyConnection, name_or_sql: str, params: Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, rows) of a saved question by its name, or of SQL (anything with a blank in it).

    `params` are named values, `$name` in the SQL; a saved question's own defaults fill in the rest. Raises UnknownQuestion, and
    QuestionRefused for SQL that is wrong, that does more than read, or whose values are not those given.
    """
    import duckdb

    sql, values = name_or_sql, dict(params or {})
    if not re.search(r"\s", name_or_sql.strip()):
        asked = question(name_or_sql.strip())
        if unknown := set(values) - set(asked.parameters):
            takes = ", ".join(asked.parameters) or "no values"
            given = ", ".join(sorted(unknown))
            raise UnknownQuestion(
                f"the question {asked.name} does not take {given}; it takes {takes}", "takes", name=asked.name, given=given,
                takes=", ".join(asked.parameters) or "–",
            )  # fmt: skip
        sql, values = asked.sql, {**asked.defaults, **values}
    try:
        _refuse_writing(connection, sql, values)
        answer = connection.execute(sql, values or None)
        return [column[0] for column in answer.description or ()], answer.fetchall()
    except duckdb.PermissionException as error:
        raise QuestionRefused("a question reads the database and no other file", "file") from error
    except duckdb.Error as error:
        said = " ".join(str(error).split("\n\n")[0].split("\nLINE ")[0].split())
        raise QuestionRefused(f"DuckDB cannot answer: {said}", "duckdb", answer=said) from error


def _refuse_writing(connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> None:
    import duckdb

    statements = connection.extract_statements(sql)
    kinds = duckdb.StatementType
    reading = (kinds.SELECT, kinds.EXPLAIN, kinds.MULTI)  # PIVOT is several to DuckDB
    if len(statements) != 1 or statements[0].type not in reading:
        raise QuestionRefused("a question is one statement that reads (SELECT, FROM, WITH, DESCRIBE, SUMMARIZE)", "reads")
    asked = set(statements[0].named_parameters)
    for missing in sorted(asked - set(values)):
        raise QuestionRefused(f"the question asks for a value: --param {missing}=…", "missing", name=missing)
    for unknown in sorted(set(values) - asked):
        raise QuestionRefused(f"the question has no ${unknown} for --param {unknown}", "unknown", name=unknown)


def _near(name: str, known: list[str]) -> list[str]:
    """Up to three names like this one: those that hold it or a word of it, else those that are spelt nearly so."""
    words = [word for word in re.split(r"\W+|_", name.lower()) if len(word) > 3]
    holding = [k for k in known if any(word in k for word in words)]
    return holding[:3] or difflib.get_close_matches(name, known, 3, 0.5)
