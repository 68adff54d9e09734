"""Keeping and asking: the loader against MERGE, the search against LIKE, the command against the start of Python and DuckDB."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd

from bench import material
from bench.found import Found, process_seconds, seconds
from catalogue import authorities as bodies
from catalogue import plans, rubric
from sandbox import bank, days
from transforms.normalise import normalise
from warehouse import load, search
from warehouse.publish import publish
from warehouse.store import Store

MOMENT = datetime(2026, 11, 25)
TIMES, CHANGED, PAGES, SENTENCES = 25, 20_000, 20_000, 25
WORDS = ("anskaffelse", "byggesak", "flyktninger", "medvirkning", "gaveregister")


@cache
def _store() -> Store:
    """Half a million journal entries: one harvested journal, repeated under other keys, each title its own."""
    store = Store(Path(tempfile.mkdtemp(dir=material.folder())))
    entries = normalise(material.staged(), today=days.DEFAULT_DAY).tables["journal_entries"]
    store.connection.register("entries", entries)
    store.connection.execute(
        f"""INSERT INTO core.journal_entries BY NAME
            SELECT e.* REPLACE (md5(id || n)[:16] AS id, concat(title, ' ', n) AS title, lower(concat(title, ' ', n)) AS title_lower),
                captured_at AS first_seen, captured_at AS changed_at
            FROM entries e, range({TIMES}) r(n)"""
    )
    store.connection.unregister("entries")
    return store


def _changed(seed: int) -> pd.DataFrame:
    """Rows scattered over the table, as a nightly harvest brings them: known ids, other titles."""
    return (
        _store()
        .connection.execute(
            f"""SELECT * EXCLUDE (first_seen, changed_at) REPLACE (title || '!' AS title, md5(content_hash) AS content_hash)
                FROM core.journal_entries ORDER BY hash(id || {seed}) LIMIT {CHANGED}"""
        )
        .df()
    )


def loading() -> Found:
    """Changed rows into half a million, the replaced versions kept: delete and insert, as the loader does it."""
    store = _store()
    connection, ours_in, merged_in = store.connection, _changed(1), _changed(2)

    def ours() -> None:
        with store.transaction():
            load._upsert(connection, "journal_entries", ours_in, MOMENT)

    def merge() -> None:
        connection.register("brought", merged_in)
        columns = ", ".join(f"{name} = a.{name}" for name in merged_in.columns if name != "id")
        with store.transaction():
            connection.execute(
                """INSERT INTO core.journal_entries_history BY NAME
                   SELECT *, changed_at AS valid_from, current_localtimestamp() AS valid_to
                   FROM core.journal_entries WHERE id IN (SELECT id FROM brought)"""
            )
            connection.execute(f"MERGE INTO core.journal_entries t USING brought a ON t.id = a.id WHEN MATCHED THEN UPDATE SET {columns}")
        connection.unregister("brought")

    return Found(CHANGED / seconds(ours), CHANGED / seconds(merge), "rows/s", "the same with one MERGE … UPDATE")


@cache
def _texts() -> Store:
    """Twenty thousand pages of some 2,500 characters, of sentences that are dealt."""
    store, dice = Store(Path(tempfile.mkdtemp(dir=material.folder()))), Random(1)
    told = bank.load()
    pages = [t for i in told.initiatives for t in i.documents] + list(told.lookalikes)
    sentences = sorted({s.strip() for t in pages for s in t.text.split(".") if len(s.strip()) > 40})
    titles = [t.title for t in told.fillers]
    dealt = [(f"{n:016x}", dice.choice(titles), ". ".join(dice.choices(sentences, k=SENTENCES))) for n in range(PAGES)]
    frame = pd.DataFrame(dealt, columns=["id", "title", "text"]).assign(authority="800000009", withdrawn=False)
    store.connection.register("frame", frame)
    store.connection.execute("INSERT INTO core.pages BY NAME SELECT *, lower(title) AS title_lower, id AS content_hash FROM frame")
    store.connection.unregister("frame")
    return store


def _asked(store: Store, scan: str) -> tuple[float, float]:
    """Questions per second by our search and by a scan, over WORDS."""
    connection = store.connection
    search.build(store)

    def each(ask) -> float:
        return len(WORDS) / seconds(lambda: [ask(word) for word in WORDS], rounds=3)

    return each(lambda word: search.search(connection, word)), each(lambda word: connection.execute(scan, [f"%{word}%"]).fetchall())


def search_pages() -> Found:
    """A word in 20,000 pages: found in compounds and other endings, ranked, with the words that were found."""
    scan = "SELECT id, title FROM core.pages WHERE lower(title || ' ' || text) LIKE ? ORDER BY modified DESC, id LIMIT 20"
    return Found(*_asked(_texts(), scan), "questions/s", "LIKE over title and text, newest first")


def search_titles() -> Found:
    """A word in half a million short titles."""
    scan = "SELECT id, title FROM core.journal_entries WHERE title_lower LIKE ? ORDER BY journal_date DESC, id LIMIT 20"
    return Found(*_asked(_store(), scan), "questions/s", "LIKE over the stored lower title, newest first")


@cache
def _published() -> Path:
    """The state folder of a harvested journal, loaded and published."""
    home = material.journal(material.MANY).home
    listed: Iterable = ()
    with Store(home) as store:
        load.load_catalogue(store, bodies.load(), listed, rubric.load(), plans.load())
        load.load_batches(store, home / "staging", today=days.DEFAULT_DAY)
        publish(store, now=MOMENT.replace(tzinfo=UTC))
    return home


def query() -> Found:
    """A saved question by the command line, whole process."""
    os.environ["DAGSLYS_HOME"] = str(_published())
    ours = process_seconds("-c", "from flows.cli import main; main()", "query", "journalposter_per_maned", "--json")
    return Found(1 / ours, 1 / process_seconds("-c", "import duckdb"), "runs/s", "python -c 'import duckdb'")
