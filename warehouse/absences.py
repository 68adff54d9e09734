"""Which entries are no longer shown where they should stand, and the ledger of days.

A run that read its window whole proves of every entry that lies there and was not seen that it is missing. Missing once may be a page
that shifted while it was turned; missing twice, with no sighting between, is believed: the entry is withdrawn. When much is missing at
once, nothing is believed and nothing counted. All of it is a function of the batches in their order, so that a rebuilt database is equal.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from catalogue import reasons
from catalogue.reasons import Reason
from extractors.contract import Whole
from extractors.staging import SEEN, RunResult
from warehouse.store import one

# The kinds that lie on a day of their own, and that a source withdraws. A meeting has nothing to lose: its items have.
DATED = {
    "journal_entry": "SELECT id, key, journal_date AS day FROM core.journal_entries WHERE source = $source",
    "agenda_item": """SELECT i.id, i.key, m.start::DATE AS day FROM core.agenda_items i JOIN core.meetings m ON m.id = i.meeting
                      WHERE i.source = $source""",
}
NUMBER = "('0x' || left(id, 8))::BIGINT"
IS_AWAY = "withdrawn_in IS NOT NULL AND returned_in IS NULL"
RUNS_TO_BELIEVE = 2
# An archive takes entries back one by one, or those of a day. More than a fifth of a month (six days' lists), or most of a short list, is a
# service that lost its data, a filter that changed or new identifiers. A wrong outage costs a person's look, a wrong withdrawal the text.
MANY, MANY_SHARE = 20, 0.2
SOME, SOME_SHARE = 5, 0.5


def is_outage(gone: int, held: int) -> bool:
    """Whether so much of a window is missing at once that the source is broken rather than emptied."""
    return (gone > MANY and gone > MANY_SHARE * held) or (gone >= SOME and gone > SOME_SHARE * held)


def read_sightings(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """`sighted` (kind, number) and `told` (kind, day, count) of a batch, from the file beside it; empty where there is none."""
    beside = path.with_suffix(SEEN)
    file = f"read_parquet('{str(beside).replace(chr(39), chr(39) * 2)}')"
    rows = file if beside.exists() else "(SELECT '' AS kind, '' AS day, 0 AS number LIMIT 0)"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sighted AS SELECT kind, number FROM {rows} WHERE day IS NULL")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE told AS SELECT kind, day::DATE AS day, number AS n FROM {rows} WHERE day IS NOT NULL")


def away(connection: duckdb.DuckDBPyConnection, source: str, batch: str) -> set[tuple[str, str]]:
    """The records (kind, key) that were withdrawn as of a batch."""
    rows = connection.execute(
        "SELECT kind, key FROM raw.absences WHERE source = ? AND withdrawn_in <= ? AND (returned_in IS NULL OR returned_in > ?)",
        [source, batch, batch],
    ).fetchall()
    return set(rows)


def welcome(connection: duckdb.DuckDBPyConnection, result: RunResult, moment: datetime) -> None:
    """Withdrawn records that this batch brings again have returned. (One that was only seen waits for its text.)"""
    connection.execute(
        f"""UPDATE raw.absences SET returned_in = $batch, returned_at = $moment, missed = 0
            WHERE source = $source AND {IS_AWAY} AND (kind, key) IN (SELECT (kind, key) FROM touched)""",
        {"source": result.source, "batch": result.batch, "moment": moment},
    )


def judge(connection: duckdb.DuckDBPyConnection, result: RunResult, moment: datetime) -> Reason | None:
    """Count what is missing in the window, and take for withdrawn what is missing for the second time; the reason when it is an outage."""
    _heed_sightings(connection, result.source)
    whole = {kind: how for kind, how in result.whole.items() if kind in DATED}
    for kind, how in whole.items():
        _lay_out(connection, result, kind, how)
        gone, held = one(connection, f"SELECT count(*) FILTER (NOT is_seen), count(*) FROM in_{kind} WHERE is_sure AND NOT is_away")
        if is_outage(gone, held):
            return Reason("many_gone_at_once", gone=gone, held=held, kind=kind)
    for kind in whole:
        _count(connection, result, kind, moment)
    if "journal_entry" in whole:
        _empty_cases(connection, result, moment)
    return None


def shown_again(connection: duckdb.DuckDBPyConnection, source: str) -> set[tuple[str, str]]:
    """The withdrawn records (kind, key) that the last batch saw and did not stage, because the harvest took them for known."""
    rows = connection.execute(
        f"""SELECT kind, key FROM raw.absences
            WHERE source = ? AND {IS_AWAY} AND (kind, {NUMBER}) IN (SELECT (kind, number) FROM sighted)""",
        [source],
    ).fetchall()
    return set(rows)


def believed(connection: duckdb.DuckDBPyConnection, result: RunResult, among: str = "") -> bool:
    """`touched`: what is taken for withdrawn since this batch, all or only `among` some (a join); whether there is any."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE touched AS SELECT kind, key FROM raw.absences {among} WHERE source = ? AND withdrawn_in = ?",
        [result.source, result.batch],
    )
    return bool(one(connection, "SELECT count(*) FROM touched")[0])


def _heed_sightings(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """What was seen is not missing, however the run ended."""
    seen = f"source = $source AND missed > 0 AND NOT ({IS_AWAY}) AND (kind, {NUMBER}) IN (SELECT (kind, number) FROM sighted)"
    connection.execute(f"DELETE FROM raw.absences WHERE {seen} AND withdrawn_in IS NULL", {"source": source})
    connection.execute(f"UPDATE raw.absences SET missed = 0 WHERE {seen}", {"source": source})


def _lay_out(connection: duckdb.DuckDBPyConnection, result: RunResult, kind: str, how: str) -> None:
    """`in_<kind>`: the records we have in the window, whether they were seen, are away already, and lie on a day that is sure: one of which
    the source counts no more than it showed, and where only counted days are whole, a counted one."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE in_{kind} AS
            WITH held AS (
                SELECT id, key, day, {NUMBER} IN (SELECT number FROM sighted WHERE kind = $kind) AS is_seen,
                       id IN (SELECT id FROM raw.absences WHERE source = $source AND kind = $kind AND {IS_AWAY}) AS is_away
                FROM ({DATED[kind]}) WHERE day BETWEEN $since::DATE AND $until::DATE),
            shown AS (SELECT day, count(*) FILTER (is_seen) AS n FROM held GROUP BY day)
            SELECT h.*, CASE WHEN t.n IS NULL THEN $is_window ELSE t.n <= s.n END AS is_sure
            FROM held h JOIN shown s USING (day) LEFT JOIN (SELECT day, n FROM told WHERE kind = $kind) t USING (day)""",
        {"source": result.source, "kind": kind, "since": result.since, "until": result.until, "is_window": how != Whole.DAYS},
    )


def _count(connection: duckdb.DuckDBPyConnection, result: RunResult, kind: str, moment: datetime) -> None:
    values = {"source": result.source, "kind": kind, "moment": moment}
    missing = f"SELECT id FROM in_{kind} WHERE is_sure AND NOT is_seen AND NOT is_away"
    connection.execute(
        f"""UPDATE raw.absences SET missed = missed + 1, last_missed = $moment, first_missed = if(missed = 0, $moment, first_missed),
                   reason = $reason, reason_code = $code
            WHERE source = $source AND kind = $kind AND id IN ({missing})""",
        values | _why(Reason("missed_once")),
    )
    connection.execute(
        f"""INSERT INTO raw.absences (source, kind, id, key, day, missed, first_missed, last_missed, reason, reason_code)
            SELECT $source, $kind, id, key, day, 1, $moment, $moment, $reason, $code FROM in_{kind}
            WHERE id IN ({missing}) AND id NOT IN (SELECT id FROM raw.absences WHERE source = $source AND kind = $kind)""",
        values | _why(Reason("missed_once")),
    )
    connection.execute(
        f"""UPDATE raw.absences SET withdrawn_in = $batch, withdrawn_at = $moment, returned_in = NULL, returned_at = NULL,
                   reason = $reason, reason_code = $code
            WHERE source = $source AND kind = $kind AND missed >= {RUNS_TO_BELIEVE} AND last_missed = $moment AND NOT ({IS_AWAY})""",
        values | {"batch": result.batch} | _why(Reason("missed_twice")),
    )


def _empty_cases(connection: duckdb.DuckDBPyConnection, result: RunResult, moment: datetime) -> None:
    """A case is known by its entries: when the last of them is withdrawn and the case is not shown either, it is withdrawn with them."""
    values = {"source": result.source, "batch": result.batch}
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE emptied AS
            WITH absent AS (SELECT id, withdrawn_in FROM raw.absences WHERE source = $source AND {IS_AWAY}),
            entries AS (
                SELECT case_number, bool_and(a.id IS NOT NULL) AS is_over, bool_or(a.withdrawn_in IS NOT DISTINCT FROM $batch) AS is_new
                FROM core.journal_entries j LEFT JOIN absent a USING (id) WHERE j.source = $source GROUP BY case_number)
            SELECT id, key, case_date AS day FROM core.cases c JOIN entries e USING (case_number)
            WHERE c.source = $source AND e.is_over AND e.is_new AND id NOT IN (SELECT id FROM absent)
              AND {NUMBER} NOT IN (SELECT number FROM sighted WHERE kind = 'case')""",
        values,
    )
    connection.execute("DELETE FROM raw.absences WHERE source = ? AND kind = 'case' AND id IN (SELECT id FROM emptied)", [result.source])
    connection.execute(
        """INSERT INTO raw.absences
           SELECT $source, 'case', id, key, day, $runs, $moment, $moment, $batch, $moment, NULL, NULL, $reason, $code FROM emptied""",
        values | {"moment": moment, "runs": RUNS_TO_BELIEVE} | _why(Reason("entries_withdrawn")),
    )


def _why(reason: Reason) -> dict[str, str]:
    return {"reason": reasons.dump([reason]), "code": reason.code}


def write_days(connection: duckdb.DuckDBPyConnection, result: RunResult, moment: datetime) -> None:
    """The ledger of the days of the window, for each kind that lies on days and that the run saw or the source counts."""
    counted = {row[0] for row in connection.execute("SELECT DISTINCT kind FROM told").fetchall()}
    for kind in DATED:
        if kind not in counted and kind not in result.seen:
            continue
        how = result.whole.get(kind)
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE ledger AS
                WITH days AS (SELECT unnest(generate_series($since::DATE, $until::DATE, INTERVAL 1 DAY))::DATE AS day),
                state AS (SELECT id, coalesce({IS_AWAY}, FALSE) AS is_away, missed > 0 AS is_missed FROM raw.absences
                          WHERE source = $source AND kind = $kind),
                held AS (SELECT day, count(*) FILTER (is_away IS NOT TRUE) AS held, count(*) FILTER (is_missed AND NOT is_away) AS missing,
                                count(*) FILTER (is_away) AS withdrawn
                         FROM ({DATED[kind]}) LEFT JOIN state USING (id) GROUP BY day)
                SELECT $source AS source, $authority AS authority, $kind AS kind, day, coalesce(t.n, o.claimed) AS claimed,
                       coalesce(h.held, 0) AS held, coalesce(h.missing, 0) AS missing, coalesce(h.withdrawn, 0) AS withdrawn,
                       $moment AS read_at, $batch AS batch,
                       if($is_whole OR ($is_counted AND t.n IS NOT NULL), $moment, o.whole_at) AS whole_at
                FROM days LEFT JOIN held h USING (day) LEFT JOIN (SELECT day, n FROM told WHERE kind = $kind) t USING (day)
                LEFT JOIN (SELECT * FROM raw.coverage_days WHERE source = $source AND kind = $kind) o USING (day)""",
            {"source": result.source, "authority": result.authority, "kind": kind, "since": result.since, "until": result.until,
             "batch": result.batch, "moment": moment, "is_whole": how in (Whole.WINDOW, Whole.TODAY), "is_counted": how == Whole.DAYS},
        )  # fmt: skip
        connection.execute(
            "DELETE FROM raw.coverage_days WHERE source = ? AND kind = ? AND day BETWEEN ?::DATE AND ?::DATE",
            [result.source, kind, result.since, result.until],
        )
        connection.execute("INSERT INTO raw.coverage_days BY NAME FROM ledger")
