"""Documents out for the rubric to read, and what it found back in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial

import duckdb
import pandas as pd

from catalogue.authorities import whole_name
from catalogue.rubric import Rubric
from transforms import candidates, evidence
from transforms.candidates import Linked
from transforms.documents import SOURCE_TYPES, documents
from transforms.evidence import Found
from warehouse import marking
from warehouse.load import insert
from warehouse.scope import Scope
from warehouse.store import TABLES, Store

FOUND = ("verdicts", "evidence", "candidates", "candidate_documents")


def documents_of(store: Store) -> dict[str, pd.DataFrame]:
    """The tables that texts are made of, with their warehouse columns (first_seen, changed_at), by name, ordered by id.

    Of a dataset that came by several roads only its main row: told of twice it would pass for two sources.
    """
    others = "id NOT IN (SELECT dataset FROM core.dataset_measures WHERE NOT is_main)"
    which = {"datasets": others}
    return {
        table: store.connection.execute(f"FROM core.{table} WHERE {which.get(table, 'TRUE')} ORDER BY id").df()
        for table in SOURCE_TYPES
    }


def flag(
    store: Store,
    rubric: Rubric,
    *,
    today: date,
    bodies: Collection[str] | None = None,
    told: Callable[[str, int, int], None] = lambda step, done, of: None,
) -> tuple[pd.DataFrame, Found, Linked]:  # fmt: skip
    """Read every document of a body we know by the rubric, link what is found into candidates and save both.

    With `bodies` (organisation numbers) only what was concluded about these is made anew; of the others those documents are read that
    share text with theirs, because what many bodies say word for word is a template. Over all is the same as over each in turn.
    `told` hears (step, done, of): documents `judged`, then documents that tell of a practice `linked`.
    Returns (documents, found, linked). A national catalogue also holds datasets of others; they are no candidates.
    """
    texts = documents(documents_of(store))
    known = names_of(store.connection)
    texts = texts[texts["authority"].isin(known)].reset_index(drop=True)
    others = texts.head(0)
    if bodies is not None:
        is_chosen = texts["authority"].isin(list(bodies))
        texts, others = texts[is_chosen].reset_index(drop=True), texts[~is_chosen]
    found = evidence.find(texts, rubric, partial(told, "judged"))
    judged = texts[texts["document_id"].isin(found.verdicts["document_id"])]
    among = evidence.find(candidates.sharing(judged, others), rubric) if len(others) else None
    told("linked", 0, len(found.verdicts))
    linked = candidates.link(
        pd.concat([texts, others]) if among else texts,
        Found(pd.concat([found.verdicts, among.verdicts]), pd.concat([found.evidence, among.evidence])) if among else found,
        rubric,
        today=today,
        names=known,
        bodies=bodies,
    )
    told("linked", len(found.verdicts), len(found.verdicts))
    save(store, found, linked, bodies)
    marking.share(store, linked.shared_texts, bodies)
    marking.mark(store, known, bodies)
    marking.compare(store)
    return texts, found, linked


def names_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The whole name of every body by organisation number."""
    rows = connection.execute("SELECT orgnr, name, roles, name_nn FROM core.authorities").fetchall()
    return {orgnr: whole_name(name, (roles or "").split("; "), name_nn or "") for orgnr, name, roles, name_nn in rows}


def bodies_under(store: Store, scope: Scope) -> list[str] | None:
    """The bodies a scope means, None for all: those named, and with platforms, sources or days those with such a document changed then."""
    if scope == Scope(scope.authorities):
        return None if scope.authorities is None else list(scope.authorities)
    condition = scope.where(day="changed_at::DATE")
    union = " UNION ".join(f"SELECT authority FROM core.{table} WHERE {condition}" for table in TABLES)
    return [row[0] for row in store.connection.execute(f"SELECT DISTINCT authority FROM ({union}) ORDER BY ALL").fetchall()]


def save(store: Store, found: Found, linked: Linked, bodies: Collection[str] | None = None) -> None:
    """Replace what was concluded, about all or about some bodies.

    A candidate was first seen with its first document and changed with its last; both are moments of batches.
    """
    frames: Mapping[str, pd.DataFrame] = {
        "verdicts": found.verdicts,
        "evidence": found.evidence,
        "candidates": linked.candidates,
        "candidate_documents": linked.candidate_documents,
    }
    with store.transaction() as connection:
        whose = {"bodies": None if bodies is None else list(bodies)}
        mine = "$bodies IS NULL OR list_contains($bodies::VARCHAR[], authority)"
        connection.execute(
            f"""DELETE FROM ogp.candidate_documents
                WHERE $bodies IS NULL OR candidate IN (SELECT id FROM ogp.candidates WHERE {mine})""",
            whose,
        )
        for table in ("verdicts", "evidence", "candidates"):
            connection.execute(f"DELETE FROM ogp.{table} WHERE {mine}", whose)
        for table in FOUND:
            columns = {row[0] for row in connection.execute(f"DESCRIBE ogp.{table}").fetchall()}
            frame = frames[table]
            insert(connection, f"ogp.{table}", frame[[c for c in frame.columns if c in columns]])
        documents = " UNION ALL ".join(f"SELECT id, first_seen, changed_at FROM core.{table}" for table in TABLES)
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE moments AS
                SELECT candidate, min(first_seen) AS first_seen, max(changed_at) AS changed_at
                FROM ogp.candidate_documents JOIN ({documents}) d ON d.id = document_id GROUP BY candidate"""
        )
        connection.execute(
            """UPDATE ogp.candidates SET first_seen = m.first_seen, changed_at = m.changed_at
               FROM moments m WHERE m.candidate = candidates.id"""
        )
