"""Documents out for the rubric to read, and what it found back in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from catalogue.rubric import Rubric
from transforms import candidates, evidence
from transforms.candidates import Linked
from transforms.documents import documents
from transforms.evidence import Found
from warehouse.load import insert
from warehouse.store import TABLES, Store

FOUND = ("verdicts", "evidence", "candidates", "candidate_documents")


def documents_of(store: Store) -> dict[str, pd.DataFrame]:
    """The tables of records with their warehouse columns (first_seen, changed_at), by name, ordered by id."""
    return {table: store.connection.execute(f"FROM core.{table} ORDER BY id").df() for table in TABLES}


def flag(store: Store, rubric: Rubric, *, today: date) -> tuple[pd.DataFrame, Found, Linked]:
    """Read every document of a body we know by the rubric, link what is found into candidates and save both.

    Returns (documents, found, linked). A national catalogue also holds datasets of others; they are no candidates.
    """
    texts = documents(documents_of(store))
    bodies = {row[0] for row in store.connection.execute("SELECT orgnr FROM core.authorities").fetchall()}
    texts = texts[texts["authority"].isin(bodies)].reset_index(drop=True)
    found = evidence.find(texts, rubric)
    linked = candidates.link(texts, found, rubric, today=today)
    save(store, found, linked)
    return texts, found, linked


def save(store: Store, found: Found, linked: Linked) -> None:
    """Replace what was concluded.

    A candidate was first seen with its first document and changed with its last; both are moments of batches.
    """
    frames: Mapping[str, pd.DataFrame] = {
        "verdicts": found.verdicts,
        "evidence": found.evidence,
        "candidates": linked.candidates,
        "candidate_documents": linked.candidate_documents,
    }
    with store.transaction() as connection:
        for table in FOUND:
            columns = {row[0] for row in connection.execute(f"DESCRIBE ogp.{table}").fetchall()}
            connection.execute(f"DELETE FROM ogp.{table}")
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
