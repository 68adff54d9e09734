"""What the last flagging read and by which rubric, so that only what can come out otherwise is judged and linked again.

Nothing here is trusted by itself: per body a digest of its records, of what was found in them and of its candidates tells whether the
tables are as flagging left them. A body whose digests differ is read anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from catalogue.rubric import Rubric
from transforms import changes
from transforms.changes import Change
from transforms.documents import SOURCE_TYPES
from transforms.evidence import reading_version
from warehouse.load import insert
from warehouse.texts import BY_BODY

RECORDS = " UNION ALL ".join(
    [
        *(f"SELECT authority, hash(t) AS h FROM core.{table} t" for table in SOURCE_TYPES),
        """SELECT d.authority, hash(d.id, 'by another road') FROM core.datasets d JOIN core.dataset_measures m ON m.dataset = d.id
           WHERE NOT m.is_main""",
    ]
)
FOUND = " UNION ALL ".join(
    f"SELECT authority, hash(t) AS h FROM (SELECT * EXCLUDE (rubric) FROM ogp.{table}) t" for table in ("verdicts", "evidence")
)
CANDIDATES = """SELECT authority, hash(t) AS h FROM (SELECT * EXCLUDE (rubric) FROM ogp.candidates) t
    UNION ALL SELECT c.authority, hash(d) FROM ogp.candidate_documents d JOIN ogp.candidates c ON c.id = d.candidate"""
JUDGED = ("document_id", "authority", "text_hash", "title_length", "rubric", "model", "is_compared")
BODIES = ("authority", "rubric", "model", "records", "found", "linked_by", "candidates")


@dataclass(frozen=True)
class Memory:
    """`changes`: by the version of a rubric that documents were read by, what this one changes (read by other code: everything).

    `bodies`: what is kept of each body (BODIES); `records`, `found` and `candidates`: digests of the tables as they stand.
    """

    rubric: Rubric
    model: str
    changes: Mapping[str, Change]
    bodies: Mapping[str, Mapping[str, str]]
    records: Mapping[str, str]
    found: Mapping[str, str]
    candidates: Mapping[str, str]

    def change(self, version: str, model: str) -> Change:
        """What has changed for a document read by that rubric and code."""
        return self.changes.get(version, Change(is_all=True)) if model == self.model else Change(is_all=True)

    def is_trusted(self, body: str) -> bool:
        """Whether what was found in its texts stands as it was left."""
        return body in self.bodies and self.bodies[body]["found"] == self.found.get(body, "")

    def is_settled(self, body: str) -> bool:
        """Whether there is nothing in its texts to read anew."""
        kept = self.bodies.get(body)
        if kept is None or not self.is_trusted(body) or kept["records"] != self.records.get(body, ""):
            return False
        return self.change(kept["rubric"], kept["model"]).is_nothing

    def is_linked(self, body: str, linked_by: str) -> bool:
        """Whether its candidates stand as they were made, of just this."""
        kept = self.bodies.get(body)
        return kept is not None and kept["linked_by"] == linked_by and kept["candidates"] == self.candidates.get(body, "")

    @property
    def phrases(self) -> frozenset[str]:
        """Every phrase that is another for some document."""
        return frozenset(phrase for change in self.changes.values() for phrase in change.phrases)


def remember(connection: duckdb.DuckDBPyConnection, rubric: Rubric, *, is_anew: bool = False) -> Memory:
    """What is kept; nothing with `is_anew`."""
    model, now = reading_version(), changes.print_of(rubric)
    rows = [] if is_anew else connection.execute("SELECT rubric, print FROM kept.rubrics WHERE model = ?", [model]).fetchall()
    found = [] if is_anew else connection.execute(f"SELECT {', '.join(BODIES)} FROM kept.bodies").fetchall()
    return Memory(
        rubric, model, {version: changes.between(json.loads(kept), now) for version, kept in rows},
        {row[0]: dict(zip(BODIES, row, strict=True)) for row in found},
        digests(connection, RECORDS), digests(connection, FOUND), digests(connection, CANDIDATES),
    )  # fmt: skip


def digests(connection: duckdb.DuckDBPyConnection, rows: str) -> dict[str, str]:
    """Per body a sum over the hashes of its rows, whatever their order."""
    sql = f"SELECT authority, concat(count(*), ' ', sum(h::HUGEINT)) FROM ({rows}) GROUP BY authority"
    return dict(connection.execute(sql).fetchall())


def judged(connection: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, dict[str, object]]:
    """What is kept of these documents (JUDGED), by id."""
    sql = f"SELECT {', '.join(JUDGED)} FROM kept.judged WHERE document_id IN (SELECT unnest(?::VARCHAR[]))"
    rows = connection.execute(sql, [list(ids)]).fetchall()
    return {row[0]: dict(zip(JUDGED, row, strict=True)) for row in rows}


def keep(
    connection: duckdb.DuckDBPyConnection, memory: Memory, read: Collection[str], settled: Collection[str], documents: pd.DataFrame,
    linked_by: Mapping[str, str],
) -> None:  # fmt: skip
    """Write down what was read (all documents judged of the bodies `read`), what was `settled` before, and what each body was linked by.

    Inside the caller's transaction, after the tables are written.
    """
    version, model = memory.rubric.version, memory.model
    connection.execute(f"DELETE FROM kept.judged WHERE {BY_BODY}", {"bodies": list(read)})
    insert(connection, "kept.judged", documents.assign(rubric=version, model=model)[list(JUDGED)])
    connection.execute(f"UPDATE kept.judged SET rubric = $rubric WHERE {BY_BODY}", {"bodies": list(settled), "rubric": version})
    connection.execute(f"DELETE FROM kept.bodies WHERE {BY_BODY}", {"bodies": list(linked_by)})
    found, candidates = digests(connection, FOUND), digests(connection, CANDIDATES)
    rows = [
        (body, version, model, *(digest.get(body, "") for digest in (memory.records, found)), by, candidates.get(body, ""))
        for body, by in linked_by.items()
    ]
    insert(connection, "kept.bodies", pd.DataFrame(rows, columns=list(BODIES)))
    connection.execute("DELETE FROM kept.rubrics WHERE rubric = ? AND model = ?", [version, model])
    connection.execute("INSERT INTO kept.rubrics VALUES (?, ?, ?)", [version, model, json.dumps(changes.print_of(memory.rubric))])
    connection.execute("DELETE FROM kept.rubrics r WHERE NOT EXISTS (FROM kept.bodies b WHERE b.rubric = r.rubric AND b.model = r.model)")


def hash_of(parts: Iterable[object]) -> str:
    """A hash over parts that have a plain text each."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]
