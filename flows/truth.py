"""The demo's result held against the sandbox's truth: what was found, and what must not be found anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.settings import Settings


def measure(settings: Settings, truth: Mapping[str, Any]) -> dict[str, Any]:
    """Recall, precision at 20 and linking by `transforms.evaluation.measure`, and the private names and identity numbers left anywhere."""
    from transforms import evaluation
    from warehouse.store import connect_published

    with connect_published(settings.home) as connection:
        candidates = connection.execute("FROM ogp.candidates").df()
        documents = connection.execute(
            f"""SELECT d.*, r.source, r.key, r.url FROM ogp.candidate_documents d JOIN ({KEYS}) r ON r.id = d.document_id"""
        ).df()
        texts = list(_texts_of(connection))
    texts += list(_logs(settings.home))
    return evaluation.measure(candidates, documents, truth) | {
        "names_left": leaks(texts, truth["private_names"]),
        "numbers_left": leaks(texts, [*truth["identity_numbers"], *truth["account_numbers"]]),
    }


TOLD_IN = ("journal_entries", "agenda_items", "datasets", "pages")
KEYS = " UNION ALL ".join(f"SELECT id, source, key, url FROM core.{table}" for table in TOLD_IN)


def leaks(texts: Iterable[str], forbidden: Iterable[str]) -> int:
    """How many of the forbidden strings stand in any of the texts, letter case aside."""
    wanted = sorted({word.casefold() for word in forbidden if word}, key=len, reverse=True)
    if not wanted:
        return 0
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)")
    return len({match.group(0) for text in texts for match in pattern.finditer(text.casefold())})


def _texts_of(connection: Any) -> Iterator[str]:
    """Everything a database holds as text, a column at a time."""
    columns = connection.execute(
        """SELECT schema_name, table_name, column_name FROM duckdb_columns()
           WHERE NOT internal AND data_type LIKE '%VARCHAR%' AND database_name = current_database()"""
    ).fetchall()
    for schema, table, column in columns:
        values = connection.execute(f'SELECT DISTINCT "{column}"::VARCHAR FROM "{schema}"."{table}"').fetchall()
        yield "\n".join(value for (value,) in values if value)


def _logs(home: Path) -> Iterator[str]:
    for path in sorted(home.glob("logs/*")):
        yield path.read_text(encoding="utf-8", errors="replace")
