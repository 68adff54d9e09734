"""Writes the documents that are made from the demo database: `make docs` runs it after a `dagslys demo` in a fresh folder
(a second demo in the same one finds everything unchanged, and says so).

`docs/datamodell.md` from the comments in the database, `docs/sporsmal.md` from the questions in `docs/sporsmal/`. A test holds both
against a demo of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb

from warehouse.dictionary import markdown

FOLDER = Path(__file__).parent
HEAD = """# Ti spørsmål, med svar

Spørsmål en analytiker stiller, som SQL mot den utgitte databasen. Svarene er fra demoen (`make demo`, frø 7): kommunene er oppdiktede. Åpne
fila som i [åpne databasen](apne-databasen.md), eller skriv `dagslys query "…"`. Flere ligger lagret: `dagslys query --list`.
"""


def documents(database: Path) -> dict[str, str]:
    """File name in `docs/` → content, from the published database of a demo."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {"datamodell.md": markdown(connection), "sporsmal.md": questions(connection)}


def questions(connection: duckdb.DuckDBPyConnection) -> str:
    """Every question with its SQL and its answer."""
    parts = [HEAD]
    for number, path in enumerate(sorted((FOLDER / "sporsmal").glob("*.sql")), start=1):
        comment, _, sql = path.read_text(encoding="utf-8").partition("\n\n")
        title, *more = [line.removeprefix("--").strip() for line in comment.splitlines()]
        answer = connection.execute(sql)
        names = [column[0] for column in answer.description or ()]
        about = f"{' '.join(more)}\n\n" if more else ""
        parts.append(f"## {number}. {title}\n\n{about}```sql\n{sql.strip()}\n```\n\n{_table(names, answer.fetchall())}\n")
    return "\n".join(parts)


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    for name, content in documents(Path(sys.argv[1])).items():
        (FOLDER / name).write_text(content, encoding="utf-8")
        print(FOLDER / name)
