"""From staged batches, the catalogue and the decision log into the tables.

A batch is loaded with its watermark in one transaction, so a killed load is simply done again. What a row is, is a function of staging, of
today (the privacy tiers count days) and of the take-downs; when the latter two move, the rows they touch are read anew from staging.
Moments in the tables are those of the batches, never of the clock, so that a rebuilt database is equal.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd

from catalogue import indicators, labels, reasons
from catalogue.reasons import Reason
from extractors import staging as stage
from extractors.contract import Outcome
from extractors.staging import RunResult
from transforms.normalise import Normalised, normalise
from warehouse import absences
from warehouse.decisions import DecisionLog, canonical, document_id, standing_reviews
from warehouse.exceptions import CountsDisagree
from warehouse.measures import measure
from warehouse.store import TABLES, Store, first, one

COMPLETE = (Outcome.FRESH, Outcome.UNCHANGED, Outcome.EMPTY_VERIFIED)
TABLE_OF = {
    "journal_entry": "journal_entries", "case": "cases", "meeting": "meetings", "agenda_item": "agenda_items", "dataset": "datasets",
    "page": "pages", "notice": "notices", "register_fact": "register_facts",
}  # fmt: skip
UNREAD = "unread"
SLICE = 10_000
DATE_OF = {"journal_entry": "journal_date", "case": "case_date", "meeting": "start::DATE", "notice": "issued"}
# The dates that personal names age by (transforms.journals), and a margin around the day they turn a year.
AGEING = {"journal_entries": ("journal_date", "document_date", "published_at"), "cases": ("case_date",)}
YEAR_AND_MARGIN = (timedelta(days=355), timedelta(days=375))
PART = "regexp_replace(locator, '[0-9]', '#', 'g')"


@dataclass
class LoadReport:
    """What a load did. `rows_in` = `rows_out` + `quarantined` + `duplicates`; `new` and `changed` count rows of the tables.

    `by_table` holds new, changed, unchanged and quarantined per table; answers that could not be read are quarantined under `unread`.
    """

    batches: int = 0
    rows_in: int = 0
    rows_out: int = 0
    quarantined: int = 0
    duplicates: int = 0
    by_table: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def new(self) -> int:
        return sum(counts["new"] for counts in self.by_table.values())

    @property
    def changed(self) -> int:
        return sum(counts["changed"] for counts in self.by_table.values())

    def count(self, normalised: Normalised) -> None:
        self.rows_in += normalised.rows_in
        self.rows_out += normalised.rows_out
        self.quarantined += len(normalised.quarantine)
        for kind, refused in Counter(normalised.quarantine["kind"]).items():
            self.by_table.setdefault(TABLE_OF.get(kind, UNREAD), Counter())["quarantined"] += refused
        self.duplicates += normalised.duplicates

    def counted(self, table: str, counts: Mapping[str, int]) -> None:
        self.by_table.setdefault(table, Counter()).update(counts)

    def add(self, other: LoadReport) -> None:
        self.batches += other.batches
        self.rows_in += other.rows_in
        self.rows_out += other.rows_out
        self.quarantined += other.quarantined
        self.duplicates += other.duplicates
        for table, counts in other.by_table.items():
            self.counted(table, counts)

    def as_json(self) -> dict[str, Any]:
        return {
            "batches": self.batches, "rows_in": self.rows_in, "rows_out": self.rows_out, "quarantined": self.quarantined,
            "duplicates": self.duplicates, "new": self.new, "changed": self.changed,
            "by_table": {table: dict(counts) for table, counts in self.by_table.items()},
        }  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What a row depends on beside staging; and how many records are read at a time, on which none depends."""

    today: date
    takedowns: frozenset[tuple[str, str]]
    slice_records: int = SLICE


def load_batches(
    store: Store,
    staging: Path,
    *,
    today: date,
    takedowns: Iterable[tuple[str, str]] = frozenset(),
    is_wanted: Callable[[RunResult], bool] = lambda _: True,
    told: Callable[[int, int], None] = lambda done, of: None,
    slice_records: int = SLICE,
) -> LoadReport:
    """Load every complete batch that is wanted and not loaded yet, oldest first per source; one that is not wanted goes on waiting.

    `today` is what the privacy tiers count from; `takedowns` are (source, key) pairs; `told` hears how many sources are done, of how many;
    `slice_records` bounds memory: so many records of a batch are read at a time.
    Safe to kill and to repeat. Raises CountsDisagree when a row got lost on the way.
    """
    terms = Terms(today, frozenset(takedowns), slice_records)
    loaded = set(store.connection.execute("SELECT source, batch FROM raw.batches").fetchall())
    by_source: dict[str, list[tuple[RunResult, Path]]] = {}
    for result, path in stage.complete_batches(staging):
        if (result.source, result.batch) in loaded or is_wanted(result):
            by_source.setdefault(result.source, []).append((result, path))
    _settle(store, by_source, terms)
    report = LoadReport()
    for done, (source, batches) in enumerate(by_source.items(), 1):
        _load_source(store, staging, source, batches, terms, report)
        told(done, len(by_source))
    _put_in_words(store)
    with store.transaction() as connection:
        measure(connection)
    return report


def _load_source(store: Store, staging: Path, source: str, batches: list[tuple[RunResult, Path]], terms: Terms, report: LoadReport) -> None:
    done = {row[0] for row in store.connection.execute("SELECT batch FROM raw.batches WHERE source = ?", [source]).fetchall()}
    pending = [(result, path) for result, path in batches if result.batch not in done]
    if pending and done and pending[0][0].batch < max(done):
        forget(store, source)
        pending = batches
    if not pending:
        return
    _read_parts(store.connection, [path for _, path in batches], is_kept=len(pending) > 1)
    for result, path in pending:
        with store.transaction() as connection:
            if _load_batch(connection, result, path, terms, report):
                _drop_copies(store)
        report.batches += 1
    _empty(store.connection, staging, source, [result for result, _ in batches][-1])


def _empty(connection: duckdb.DuckDBPyConnection, staging: Path, source: str, last: RunResult) -> None:
    """What a source has withdrawn goes from staging too; when that was cut short, the next load does it."""
    gone = absences.away(connection, source, last.batch)
    if not gone:
        return
    connection.register("asked", pd.DataFrame(sorted(gone), columns=["kind", "key"]))
    held = connection.execute("SELECT kind, key, payload FROM parts SEMI JOIN asked USING (kind, key)").fetchall()
    connection.unregister("asked")
    full = {(kind, key) for kind, key, payload in held if not stage.is_emptied(payload)} | absences.shown_again(connection, source)
    if full:
        stage.empty(staging, source, full)


def _read_parts(connection: duckdb.DuckDBPyConnection, paths: list[Path], *, is_kept: bool) -> None:
    """`parts`: every staged row of one source. Kept in memory when it will be read more than once."""
    connection.execute("DROP VIEW IF EXISTS temp.parts")
    connection.execute("DROP TABLE IF EXISTS temp.staged")
    files = ", ".join(map(_quoted, paths))
    read = f"SELECT *, {PART} AS part FROM read_parquet([{files}])"
    if is_kept:
        connection.execute(f"CREATE TEMP TABLE staged AS {read}")
        read = "SELECT * FROM temp.staged"
    connection.execute(f"CREATE TEMP VIEW parts AS {read}")


def _load_batch(connection: duckdb.DuckDBPyConnection, result: RunResult, path: Path, terms: Terms, report: LoadReport) -> bool:
    """Load one batch and judge what it no longer shows. Returns whether anything is taken for withdrawn now."""
    moment = _moment(result.started_at)
    absences.read_sightings(connection, path)
    connection.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT kind, key FROM parts WHERE batch = ?", [result.batch])
    absences.welcome(connection, result, moment)
    done = _apply(connection, result, terms)
    counts = (done.rows_in, done.rows_out, done.quarantined, done.duplicates)
    if counts[0] != sum(counts[1:]):
        said = dict(zip(("rows_in", "rows_out", "quarantined", "duplicates"), counts, strict=True))
        problem = f"{result.source} {result.batch}: the rows do not add up: {said}"
        raise CountsDisagree(problem, "rows_lost", source=result.source, batch=result.batch, **said)
    values = [result.source, result.batch, result.run_id, moment, *counts]
    connection.execute("INSERT INTO raw.batches VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    report.add(done)
    if outage := absences.judge(connection, result, moment):
        others = (reason for reason in result.reasons if reason.code != "same_as_last")
        result = replace(result, outcome=Outcome.PARTIAL, reasons=(outage, *others), whole={})
    has_lost = absences.believed(connection, result)
    if has_lost:
        _let_go(connection, result, terms)
    _write_run(connection, result)
    _write_captures(connection, path.with_suffix(".captures.parquet"), result.batch)
    _write_coverage(connection, result)
    absences.write_days(connection, result, moment)
    return has_lost


def _let_go(connection: duckdb.DuckDBPyConnection, result: RunResult, terms: Terms) -> None:
    """Leave key, dates and numbers of what is in `touched`; its versions of before and what was concluded from it go."""
    connection.execute("CREATE OR REPLACE TEMP TABLE lost AS SELECT DISTINCT kind, key FROM touched")
    tables = {kind: TABLE_OF[kind] for (kind,) in connection.execute("SELECT DISTINCT kind FROM lost").fetchall()}
    union = " UNION ALL ".join(f"SELECT id, first_seen, '{kind}' AS kind, key, source FROM core.{table}" for kind, table in tables.items())
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE gone AS
            SELECT id, first_seen, kind FROM ({union}) SEMI JOIN lost USING (kind, key) WHERE source = ?""",
        [result.source],
    )
    for kind, table in tables.items():
        for name in (table, f"{table}_history"):
            connection.execute(f"DELETE FROM core.{name} WHERE id IN (SELECT id FROM gone WHERE kind = ?)", [kind])
    _apply(connection, result, terms)
    for kind, table in tables.items():
        connection.execute(f"UPDATE core.{table} t SET first_seen = g.first_seen FROM gone g WHERE g.kind = ? AND g.id = t.id", [kind])
    _unconclude(connection)


def _apply(connection: duckdb.DuckDBPyConnection, result: RunResult, terms: Terms) -> LoadReport:
    """Bring the keys of `touched` up to what this batch says, some thousand records at a time, so that a big batch takes little memory.

    Returns what was done; `batches` stays 0.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE sliced AS
            SELECT kind, key, (row_number() OVER (ORDER BY kind, key) - 1) // {terms.slice_records} AS slice
            FROM (SELECT DISTINCT kind, key FROM touched WHERE kind <> 'claim')"""
    )
    (slices,) = one(connection, "SELECT count(DISTINCT slice) FROM sliced")
    if not slices:
        return LoadReport()
    connection.execute(
        """DELETE FROM raw.quarantine WHERE source = ? AND (capture, locator) IN
           (SELECT (capture, locator) FROM parts SEMI JOIN touched USING (kind, key))""",
        [result.source],
    )
    gone = absences.away(connection, result.source, result.batch)
    report = LoadReport()
    with TemporaryDirectory(prefix="dagslys-load-") as folder:
        for number in range(slices):
            rows = _rows_of(connection, result, number)
            if rows.empty:
                continue
            normalised = _normalised(connection, result, rows, terms, gone)
            report.count(normalised)
            for table, frame in normalised.tables.items():
                if slices == 1:
                    report.counted(table, _upsert(connection, table, frame, _moment(result.started_at)))
                elif not frame.empty:
                    frame.to_parquet(Path(folder) / f"{table}.{number}.parquet", index=False)
        # In one statement, for then DuckDB writes rows to disk while more are coming; of many small ones it keeps all until the end.
        for table in sorted({path.name.partition(".")[0] for path in Path(folder).iterdir()}):
            report.counted(table, _upsert(connection, table, f"{folder}/{table}.*.parquet", _moment(result.started_at)))
    return report


def _rows_of(connection: duckdb.DuckDBPyConnection, result: RunResult, number: int) -> pd.DataFrame:
    """The staged rows of a slice, of each record all parts."""
    return connection.execute(
        f"""SELECT {", ".join(stage.ENVELOPE)} FROM parts SEMI JOIN (FROM sliced WHERE slice = $slice) USING (kind, key)
            WHERE batch <= $batch AND (kind <> 'trouble' OR batch = $batch)
            QUALIFY row_number() OVER (PARTITION BY kind, key, part ORDER BY batch DESC) = 1
            ORDER BY kind, key, batch, captured_at, locator""",
        {"batch": result.batch, "slice": number},
    ).df()


def _normalised(
    connection: duckdb.DuckDBPyConnection, result: RunResult, rows: pd.DataFrame, terms: Terms, gone: set[tuple[str, str]]
) -> Normalised:
    """Staged rows as tables, those refused in quarantine; of those in `gone` (kind, key) what their source has withdrawn is left out."""
    if gone:
        is_gone = [pair in gone for pair in zip(rows["kind"], rows["key"], strict=True)]
        rows.loc[is_gone, "payload"] = rows.loc[is_gone, "payload"].map(stage.emptied)
    normalised = normalise(rows, today=terms.today, takedowns=terms.takedowns)
    if normalised.rows_in != len(rows):
        problem = f"{result.source} {result.batch}: {len(rows)} staged rows, {normalised.rows_in} were read"
        raise CountsDisagree(problem, "rows_unread", source=result.source, batch=result.batch, staged=len(rows), read=normalised.rows_in)
    insert(connection, "raw.quarantine", normalised.quarantine)
    _drop_lost_distributions(connection, normalised, _moment(result.started_at))
    return normalised


def _quoted(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Append the rows of a frame to a table, column by name."""
    if len(frame):
        connection.register("incoming", frame)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
        connection.unregister("incoming")


def _upsert(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame | str, moment: datetime) -> Counter[str]:
    """Delete and insert by id; the version a changed row replaces goes to history. A row with the same hash stays as it is.

    `rows` is a frame, or a pattern of Parquet files that hold one.
    """
    if isinstance(rows, str):
        incoming = f"read_parquet({_quoted(rows)})"
    elif rows.empty:
        return Counter()
    else:
        incoming = "incoming"
        connection.register(incoming, rows)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE arriving AS
            SELECT i.id, coalesce(o.first_seen, $moment) AS first_seen, o.id IS NULL AS is_new
            FROM {incoming} i LEFT JOIN core.{table} o USING (id)
            WHERE o.id IS NULL OR o.content_hash IS DISTINCT FROM i.content_hash""",
        {"moment": moment},
    )
    (held,) = one(connection, f"SELECT count(*) FROM {incoming}")
    new, changed = one(connection, "SELECT count(*) FILTER (is_new), count(*) FILTER (NOT is_new) FROM arriving")
    if changed:
        connection.execute(
            f"""INSERT INTO core.{table}_history BY NAME
                SELECT *, changed_at AS valid_from, $moment AS valid_to FROM core.{table} WHERE id IN (SELECT id FROM arriving)""",
            {"moment": moment},
        )
        connection.execute(f"DELETE FROM core.{table} WHERE id IN (SELECT id FROM arriving)")
    if new or changed:
        connection.execute(
            f"""INSERT INTO core.{table} BY NAME
                SELECT i.*, a.first_seen, $moment AS changed_at FROM {incoming} i JOIN arriving a USING (id)""",
            {"moment": moment},
        )
    if incoming == "incoming":
        connection.unregister(incoming)
    return Counter(new=new, changed=changed, unchanged=held - new - changed)


def _drop_lost_distributions(connection: duckdb.DuckDBPyConnection, normalised: Normalised, moment: datetime) -> None:
    """A dataset that is read anew has the distributions it has now; the others go to history."""
    datasets, distributions = normalised.tables.get("datasets"), normalised.tables.get("distributions")
    if datasets is None or datasets.empty:
        return
    connection.register("parents", datasets[["id"]])
    held = distributions[["id"]] if distributions is not None else datasets[["id"]].head(0)
    connection.register("held", held)
    lost = "FROM core.distributions WHERE dataset IN (SELECT id FROM parents) AND id NOT IN (SELECT id FROM held)"
    connection.execute(f"INSERT INTO core.distributions_history BY NAME SELECT *, changed_at AS valid_from, ? AS valid_to {lost}", [moment])
    connection.execute(f"DELETE {lost}")
    connection.unregister("parents")
    connection.unregister("held")


def _write_run(connection: duckdb.DuckDBPyConnection, result: RunResult) -> None:
    row = {
        **{name: value for name, value in result.as_json().items() if name not in ("reasons", "whole")}, **_why(result.reasons),
        "outcome": str(result.outcome), "started_at": _moment(result.started_at), "ended_at": _moment(result.ended_at),
        **{name: json.dumps(dict(getattr(result, name)), ensure_ascii=False, sort_keys=True) for name in ("records", "seen", "leftovers")},
    }  # fmt: skip
    names = list(row)
    connection.execute(f"INSERT INTO raw.runs ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", [row[name] for name in names])


def _write_captures(connection: duckdb.DuckDBPyConnection, path: Path, batch: str) -> None:
    connection.execute(
        """INSERT INTO raw.captures BY NAME
           SELECT capture, source, platform, url, method, status::INTEGER AS status,
                  fetched_at::TIMESTAMPTZ::TIMESTAMP AS fetched_at, sha256, media_type, robots_permission, file,
                  "offset"::BIGINT AS file_offset, ? AS batch
           FROM read_parquet(?) QUALIFY row_number() OVER (PARTITION BY capture) = 1
           ON CONFLICT DO NOTHING""",
        [batch, str(path)],
    )


def _write_coverage(connection: duckdb.DuckDBPyConnection, result: RunResult) -> None:
    """One window row per kind the run saw or the source counts, then the holes in the journal's serial numbers."""
    counted = first(
        connection,
        """SELECT json_extract_string(payload, '$.about') FROM parts
           WHERE kind = 'claim' AND batch <= ? AND json_extract_string(payload, '$.scope') IN ('window', 'total')
           ORDER BY batch DESC, key LIMIT 1""",
        [result.batch],
    )
    about = counted[0] if counted and result.claimed is not None else None
    kinds = sorted({kind for kind in (*result.seen, about) if kind in TABLE_OF})
    for kind in kinds or [None]:
        held = _held(connection, kind, result) if kind else 0
        connection.execute(
            """INSERT INTO raw.coverage (source, authority, kind, scope, since, until, claimed, held, is_complete, outcome, batch, batch_at,
                                         reason, reason_code) VALUES (?, ?, ?, 'window', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [result.source, result.authority, kind, result.since, result.until, result.claimed if kind == about else None, held,
             result.outcome in COMPLETE, str(result.outcome), result.batch, _moment(result.started_at), *_why(result.reasons).values()],
        )  # fmt: skip
    if "journal_entry" in kinds:
        _write_gaps(connection, result)


def _held(connection: duckdb.DuckDBPyConnection, kind: str, result: RunResult) -> int:
    where = f"AND {DATE_OF[kind]} BETWEEN $since::DATE AND $until::DATE" if kind in DATE_OF else ""
    values = {"source": result.source} | ({"since": result.since, "until": result.until} if kind in DATE_OF else {})
    gone = f"SELECT id FROM raw.absences WHERE source = $source AND {absences.IS_AWAY}"
    return one(connection, f"SELECT count(*) FROM core.{TABLE_OF[kind]} WHERE source = $source AND id NOT IN ({gone}) {where}", values)[0]


def _write_gaps(connection: duckdb.DuckDBPyConnection, result: RunResult) -> None:
    """Serial numbers (`number/year`) that are missing between two we hold, with what is known about why."""
    connection.execute("DELETE FROM raw.coverage WHERE source = ? AND scope = 'gap'", [result.source])
    whys = {r.code: reasons.dump([r]) for r in (Reason("numbers_not_shown"), Reason("period_read_partly"), Reason("period_not_read"))}
    connection.execute(
        r"""INSERT INTO raw.coverage
            WITH numbered AS (
                SELECT authority, regexp_extract(serial, '^(\d+)/(\d{4})$', 2) AS year,
                       try_cast(regexp_extract(serial, '^(\d+)/(\d{4})$', 1) AS BIGINT) AS number, min(journal_date) AS day
                FROM core.journal_entries WHERE source = $source AND regexp_matches(serial, '^\d+/\d{4}$') GROUP BY ALL),
            pairs AS (
                SELECT *, lead(number) OVER following AS next_number, lead(day) OVER following AS next_day
                FROM numbered WINDOW following AS (PARTITION BY year ORDER BY number)),
            observed AS (
                SELECT since, until, is_complete FROM raw.coverage
                WHERE source = $source AND scope = 'window' AND kind = 'journal_entry' AND (is_complete OR outcome = 'partial'))
            SELECT $source, authority, 'journal_entry', 'gap', day, next_day, NULL, 0, (number + 1) || '/' || year,
                   (next_number - 1) || '/' || year, next_number - number - 1, code = 'numbers_not_shown', $outcome,
                   CASE code WHEN 'numbers_not_shown' THEN $numbers_not_shown WHEN 'period_read_partly' THEN $period_read_partly
                             ELSE $period_not_read END, $batch, $moment, code
            FROM (SELECT *, CASE WHEN EXISTS (SELECT 1 FROM observed WHERE is_complete AND since <= day AND until >= next_day)
                                 THEN 'numbers_not_shown'
                                 WHEN EXISTS (SELECT 1 FROM observed WHERE since <= day AND until >= next_day) THEN 'period_read_partly'
                                 ELSE 'period_not_read' END AS code
                  FROM pairs WHERE next_number > number + 1)""",
        {"source": result.source, "outcome": str(result.outcome), "batch": result.batch, "moment": _moment(result.started_at), **whys},
    )  # fmt: skip


def _why(found: Sequence[Reason]) -> dict[str, str | None]:
    """The columns that hold reasons: all of them, and the code of the weightiest."""
    return {"reason": reasons.dump(found), "reason_code": found[0].code if found else None}


def _put_in_words(store: Store) -> None:
    """`raw.reasons`: the sentences of every reason that stands in a table."""
    stand = " UNION ".join(f"SELECT reason FROM raw.{table}" for table in ("runs", "coverage", "quarantine", "absences"))
    rows = []
    for (text,) in store.connection.execute(f"SELECT reason FROM ({stand}) WHERE reason <> '' ORDER BY ALL").fetchall():
        found = reasons.load(text)
        said = {language: reasons.sentences(found, language) for language in ("nb", "en")}
        rows.append({"reason": text, "code": found[0].code, **said})
    with store.transaction() as connection:
        _replace(connection, "raw.reasons", rows)


def forget(store: Store, source: str) -> None:
    """Take a source out of the tables, to be loaded anew from staging."""
    with store.transaction() as connection:
        for table in (*(f"core.{t}" for t in TABLES), *(f"core.{t}_history" for t in TABLES), "raw.quarantine", "raw.coverage", "raw.runs",
                      "raw.captures", "raw.batches", "raw.absences", "raw.coverage_days"):  # fmt: skip
            connection.execute(f"DELETE FROM {table} WHERE source = ?", [source])


def _settle(store: Store, by_source: Mapping[str, list[tuple[RunResult, Path]]], terms: Terms) -> None:
    """Read anew the rows whose privacy tier or publisher moved since the last load, and those that were taken down or given back."""
    connection = store.connection
    row = first(connection, "SELECT day, takedowns FROM raw.settled")
    before = {tuple(pair) for pair in json.loads(row[1])} if row else set()
    moved = set(before ^ terms.takedowns)
    if row and row[0] != terms.today:
        earlier, later = sorted((row[0], terms.today))
        span = {"first": earlier - YEAR_AND_MARGIN[1], "last": later - YEAR_AND_MARGIN[0]}
        for table, columns in AGEING.items():
            where = " OR ".join(f"{column} BETWEEN $first AND $last" for column in columns)
            moved |= set(connection.execute(f"SELECT source, key FROM core.{table} WHERE {where}", span).fetchall())
    for source in sorted({source for source, _ in moved} & set(by_source)):
        _replay(store, source, {key for of, key in moved if of == source}, by_source[source], terms)
    if moved & terms.takedowns:
        _withdraw(store, {key for key in terms.takedowns if key not in before})
    with store.transaction():
        connection.execute("DELETE FROM raw.settled")
        taken = json.dumps(sorted(terms.takedowns), ensure_ascii=False)
        connection.execute("INSERT INTO raw.settled VALUES (?, ?)", [terms.today, taken])


def _replay(store: Store, source: str, keys: set[str], batches: list[tuple[RunResult, Path]], terms: Terms) -> None:
    """Every version of these keys, made anew from the batches that are loaded; one transaction."""
    with store.transaction() as connection:
        loaded = {row[0] for row in connection.execute("SELECT batch FROM raw.batches WHERE source = ?", [source]).fetchall()}
        known = [(result, path) for result, path in batches if result.batch in loaded]
        if not known:
            return
        connection.register("asked", pd.DataFrame({"key": sorted(keys)}))
        connection.execute("CREATE OR REPLACE TEMP TABLE replayed AS SELECT key FROM asked")
        connection.unregister("asked")
        _read_parts(connection, [path for _, path in known], is_kept=True)
        ids = {table: f"SELECT id FROM core.{table} WHERE source = $source AND key IN (SELECT key FROM replayed)" for table in TABLES}
        ids["distributions"] = f"SELECT id FROM core.distributions WHERE dataset IN ({ids['datasets']})"
        for table in ("distributions", *(t for t in TABLES if t != "distributions")):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE gone AS {ids[table]}", {"source": source})
            for name in (table, f"{table}_history"):
                connection.execute(f"DELETE FROM core.{name} WHERE id IN (SELECT id FROM gone)")
        for result, _ in known:
            connection.execute(
                """CREATE OR REPLACE TEMP TABLE touched AS
                   SELECT DISTINCT kind, key FROM parts WHERE batch = ? AND key IN (SELECT key FROM replayed)""",
                [result.batch],
            )
            _apply(connection, result, terms)
            if absences.believed(connection, result, "SEMI JOIN replayed USING (key)"):
                _let_go(connection, result, terms)


def _withdraw(store: Store, pairs: set[tuple[str, str]]) -> None:
    """What was concluded from rows that are taken down goes too, here and in the dated read copies; flagging concludes anew."""
    with store.transaction() as connection:
        connection.register("asked", pd.DataFrame(sorted(pairs), columns=["source", "key"]))
        union = " UNION ALL ".join(f"SELECT id, source, key FROM core.{table}" for table in TABLES)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE gone AS SELECT id FROM ({union}) SEMI JOIN asked USING (source, key)")
        connection.unregister("asked")
        _unconclude(connection)
    _drop_copies(store)


def _unconclude(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what was concluded from the rows in `gone`."""
    hit = "(SELECT candidate FROM ogp.candidate_documents WHERE document_id IN (SELECT id FROM gone))"
    connection.execute(f"DELETE FROM ogp.comparables WHERE candidate IN {hit} OR other IN {hit}")
    connection.execute(f"DELETE FROM ogp.candidates WHERE id IN {hit}")
    connection.execute(f"DELETE FROM ogp.candidate_documents WHERE candidate IN {hit}")
    for table in ("verdicts", "evidence", "mentions", "shared_texts"):
        connection.execute(f"DELETE FROM ogp.{table} WHERE document_id IN (SELECT id FROM gone)")


def _drop_copies(store: Store) -> None:
    """The dated read copies go: they hold the text of before."""
    for copy in (store.home / "published").glob("dagslys-*.duckdb"):
        copy.unlink()


def _moment(text: str) -> datetime:
    """A moment in UTC without zone, as the tables hold it."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def load_catalogue(
    store: Store, authorities: Mapping[str, Any] | Iterable[Any], sources: Mapping[str, Any] | Iterable[Any], rubric: Any, plans: Any = None
) -> None:
    """The catalogue's facts as tables: bodies, sources, pillars, practices, commitments, indicators and words for codes, all replaced in
    one transaction.

    `authorities` and `sources` may also be iterables of entries (an extra source file adds its own).
    """
    with store.transaction() as connection:
        _replace(connection, "core.labels", _labels())
        _replace(connection, "core.indicators", indicators.load().rows())
        _replace(connection, "core.reason_codes", [_reason_row(entry) for entry in reasons.entries().values()])
        _replace(connection, "core.authorities", [_flat(entry) for entry in _entries(authorities)])
        _replace(connection, "core.sources", [{**_flat(entry), "id": entry.id} for entry in _entries(sources)])
        pillars = [{**_flat(pillar), "position": n, "rubric": rubric.version} for n, pillar in enumerate(rubric.pillars, 1)]
        _replace(connection, "ogp.pillars", pillars)
        _replace(connection, "ogp.practices", [_practice_row(practice, rubric.version) for practice in rubric.practices])
        _replace(connection, "ogp.commitments", [_flat(commitment) for commitment in plans.commitments] if plans else [])


def _entries(collection: Any) -> Iterable[Any]:
    return collection.values() if isinstance(collection, Mapping) else collection


def _flat(entry: Any) -> dict[str, Any]:
    """An entry's fields; lists joined by "; ", what is nested as JSON."""
    return {name: _cell(value) for name, value in entry.model_dump(mode="json").items()}


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else value


def _labels() -> list[dict[str, Any]]:
    return [
        {"label_group": group, "code": code, **{language: labels.label(group, code, language) for language in ("nb", "nn", "en")}}
        for group, codes in labels.groups().items() for code in codes
    ]  # fmt: skip


def _reason_row(entry: reasons.Entry) -> dict[str, Any]:
    ways_out = {f"way_out_{language}": text for language, text in entry.way_out.items()}
    return {"code": entry.code, "heading": entry.group, **entry.words, **ways_out}


def _practice_row(practice: Any, version: str) -> dict[str, Any]:
    floor = practice.legal_floor
    law = {"legal_floor": floor.text, "legal_reference": floor.reference, "legal_confirmed": floor.confirmed}
    return {**_flat(practice), **law, "rubric": version}


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    connection.execute(f"DELETE FROM {table}")
    columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    insert(connection, table, pd.DataFrame([{name: row.get(name) for name in columns} for row in rows], columns=columns, dtype=object))


def load_decisions(store: Store, log: DecisionLog) -> None:
    """Reviews, frozen lists and take-downs out of the decision log, all replaced in one transaction. Raises LogTampered."""
    log.verify()
    standing = {review["entry"] for review in standing_reviews(log.entries("review")).values()}
    reviews, lists, items, takedowns = [], [], [], []
    for entry in log.entries():
        data, at = entry["data"], _moment(entry["at"])
        if entry["kind"] == "review":
            said = {name: data.get(name) for name in ("candidate", "text_hash", "decision", "reason", "note", "reviewer")}
            reviews.append({"entry": entry["entry"], **said, "decided_at": at, "hash": entry["hash"], "stands": entry["entry"] in standing})
        elif entry["kind"] == "shortlist":
            lists.append(_list_row(data, at))
            items += [_item_row(data["id"], item) for item in data["items"]]
        elif entry["kind"] == "takedown":
            row = {"entry": entry["entry"], "source": data["source"], "reason": data["reason"], "decided_at": at}
            takedowns.append({**row, "document_id": document_id(data["source"], data["key"])})
    with store.transaction() as connection:
        for table, rows in (("reviews", reviews), ("shortlists", lists), ("shortlist_items", items), ("takedowns", takedowns)):
            _replace(connection, f"ogp.{table}", rows)


def _list_row(data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        **{name: data.get(name) for name in ("id", "number", "name", "pillar", "stamp", "content_hash", "rubric")},
        "basis": data.get("source"), "language": data.get("lang"), "frozen_at": at, "items": len(data["items"]),
        "known": canonical(data.get("known", [])),
    }  # fmt: skip


def _item_row(shortlist: str, item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: item.get(name) for name in ("position", "text_hash", "pillar", "practice", "title", "score")},
        "shortlist": shortlist, "candidate": item["id"], "authority": (item.get("body") or {}).get("orgnr"),
        "decision": (item.get("review") or {}).get("decision"), "item": canonical(item),
    }  # fmt: skip
