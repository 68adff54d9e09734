"""What ran, when and how it ended, as a table; loaded without pandas, for it is done whenever a job ends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from warehouse.decisions import canonical


def load_jobs(connection: duckdb.DuckDBPyConnection, jobs: Iterable[Mapping[str, Any]]) -> None:
    """Replace `raw.jobs` by these (id, verb, status, started_at, ended_at, asked, result, fault) in one transaction."""
    told = [{**job, "asked": canonical(job.get("asked") or {}), "result": canonical(job.get("result") or {})} for job in jobs]
    connection.execute("BEGIN")
    try:
        connection.execute("DELETE FROM raw.jobs")
        connection.execute(
            """INSERT INTO raw.jobs BY NAME
               SELECT j->>'id' AS id, j->>'verb' AS verb, j->>'status' AS status, j->>'fault' AS fault,
                      (j->>'started_at')::TIMESTAMPTZ AT TIME ZONE 'UTC' AS started_at,
                      (j->>'ended_at')::TIMESTAMPTZ AT TIME ZONE 'UTC' AS ended_at,
                      j->>'asked' AS asked, j->>'result' AS result
               FROM (SELECT unnest(?::JSON::JSON[]) AS j)""",
            [json.dumps(told, ensure_ascii=False)],
        )
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
