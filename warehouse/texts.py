"""The texts of the warehouse a slice at a time, so that memory does not grow with how many there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow.compute import call_function

from transforms import scan
from transforms.documents import SOURCE_TYPES, TEXTS, documents
from warehouse.store import one

STREAMED, AT_ONCE = 200_000, 20_000
# Of a dataset that came by several roads only its main row: told of twice it would pass for two sources.
WHICH = {"datasets": "id NOT IN (SELECT dataset FROM core.dataset_measures WHERE NOT is_main)"}
IN_CASES = ("agenda_items", "journal_entries")
WITHDRAWABLE = ("pages", "agenda_items", "journal_entries")
BY_BODY = "authority IN (SELECT unnest($bodies::VARCHAR[]))"
# Films stand for their portal, one for each source: there are few, and which one it is all of them tell.
FILMS = "meetings"

Mask = Callable[[pa.RecordBatch], np.ndarray]
"""Of rows with `id`, `authority`, `title`, `text` and `case_number` those wanted; `text` holds all that the document's text does."""


def _condition(table: str) -> str:
    standing = "NOT coalesce(withdrawn, FALSE)" if table in WITHDRAWABLE else "TRUE"
    return f"{BY_BODY} AND {standing} AND {WHICH.get(table, 'TRUE')}"


def count(connection: duckdb.DuckDBPyConnection, bodies: Collection[str]) -> int:
    """How many documents bodies have."""
    counted = len(_films(connection, bodies))
    for table, columns in TEXTS.items():
        if table != FILMS:
            told = " OR ".join(f"coalesce({column}, '') <> ''" for column in ("title", *columns))
            sql = f"SELECT count(*) FROM core.{table} WHERE {_condition(table)} AND ({told})"
            counted += int(one(connection, sql, {"bodies": list(bodies)})[0])
    return counted


def wanted(connection: duckdb.DuckDBPyConnection, bodies: Collection[str], mask: Mask) -> dict[str, pa.Array]:
    """The documents (ids by table) whose texts a mask wants. Every text passes by; only ids are kept."""
    found: dict[str, list[pa.Array]] = {}
    for table, columns in TEXTS.items():
        if table == FILMS:
            films = _films(connection, bodies)
            said = {"id": films["document_id"], "authority": films["authority"], "title": films["title"], "text": films["text"]}
            said["case_number"] = films["case_number"]
            batches = iter(pa.table({name: scan.array_of(column) for name, column in said.items()}).to_batches())
        else:
            text = f"concat_ws(E'\\n\\n', {', '.join(columns)})"
            case = "coalesce(case_number, '')" if table in IN_CASES else "''"
            sql = f"""SELECT id, authority, coalesce(title, '') AS title, {text} AS text, {case} AS case_number
                      FROM core.{table} WHERE {_condition(table)}"""
            batches = iter(connection.cursor().sql(sql, params={"bodies": list(bodies)}).to_arrow_reader(STREAMED))
        for batch in batches:
            if batch.num_rows:
                found.setdefault(table, []).append(batch.column("id").filter(pa.array(mask(batch))).cast(pa.large_string()))
    together = {table: pa.concat_arrays(parts) for table, parts in found.items()}
    return {table: ids.take(call_function("array_sort_indices", [ids])) for table, ids in together.items()}


def _films(connection: duckdb.DuckDBPyConnection, bodies: Collection[str]) -> pd.DataFrame:
    sql = f"FROM core.{FILMS} WHERE {BY_BODY} AND video_url IS NOT NULL ORDER BY id"
    return documents({FILMS: connection.execute(sql, {"bodies": list(bodies)}).df()})


def documents_of(connection: duckdb.DuckDBPyConnection, chosen: Mapping[str, pa.Array | list[str]]) -> Iterator[pd.DataFrame]:
    """The documents of those ids (by table), ordered by table and id, at most AT_ONCE in a frame."""
    for table in SOURCE_TYPES:
        ids = chosen.get(table, [])
        for first in range(0, len(ids), AT_ONCE):
            some = ids[first : first + AT_ONCE]
            yield _documents_at(connection, table, some if isinstance(some, list) else some.to_pylist())


def _documents_at(connection: duckdb.DuckDBPyConnection, table: str, ids: list[str]) -> pd.DataFrame:
    if table == FILMS:
        sql = f"SELECT DISTINCT authority FROM core.{FILMS} WHERE id IN (SELECT unnest(?::VARCHAR[]))"
        bodies = connection.execute(sql, [ids]).fetchall()
        films = _films(connection, [row[0] for row in bodies])
        return films[films["document_id"].isin(ids)].reset_index(drop=True)
    tables = {table: connection.execute(f"FROM core.{table} WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY id", [ids]).df()}
    if table == "agenda_items":  # they have their meeting's day
        sql = "FROM core.meetings WHERE id IN (SELECT meeting FROM core.agenda_items WHERE id IN (SELECT unnest(?::VARCHAR[])))"
        tables["meetings"] = connection.execute(sql, [ids]).df()
    found = documents(tables)
    return found[found["document_table"] == table].reset_index(drop=True)


def all_of(connection: duckdb.DuckDBPyConnection, bodies: Collection[str]) -> pd.DataFrame:
    """Every document of bodies at once: for few."""
    every = wanted(connection, bodies, lambda batch: np.ones(batch.num_rows, bool))
    return pd.concat([no_documents(), *documents_of(connection, every)], ignore_index=True)


def no_documents() -> pd.DataFrame:
    """A frame of no documents."""
    return documents({})
