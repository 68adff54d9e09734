"""Kill the main job anywhere, start it again: nothing is lost and nothing is twice."""

import random
import signal
import subprocess
import sys
import time

import duckdb

from tests.conftest import clean_environment, sandbox

KILLS = 20
BODIES = ("Elvedal", "Kvitnes")
JOB = """
import sys
from datetime import date, timedelta
from pathlib import Path
from flows import pipeline
from flows.selection import Selection
from flows.settings import from_environment
now, day = from_environment(), date.fromisoformat(sys.argv[1])
chosen = Selection(authorities=tuple(sys.argv[3:]), since=day - timedelta(days=90), until=day, source_files=(Path(sys.argv[2]),))
pipeline.harvest(now, pipeline.plan(now, chosen, day))
pipeline.normalise(now, day)
pipeline.flag(now, day)
"""
TABLES = ("journal_entries", "cases", "meetings", "agenda_items", "datasets", "distributions", "pages")


def start(home, world):
    environment = clean_environment(home, DAGSLYS_GATEWAY=world["gateway"], DAGSLYS_FLOOR_S="0")
    return subprocess.Popen([sys.executable, "-c", JOB, world["day"], world["sources"], *BODIES], env=environment)


def rows(home):
    """What the database says, without when and from which answer it was read."""
    with duckdb.connect(str(home / "published" / "dagslys.duckdb"), read_only=True) as connection:
        said = {table: connection.execute(f"SELECT id, content_hash FROM core.{table} ORDER BY ALL").fetchall() for table in TABLES}
        said["history"] = [connection.execute(f"SELECT count(*) FROM core.{table}_history").fetchone() for table in TABLES]
        said["quarantine"] = connection.execute("SELECT source, kind, key_hash, reason FROM raw.quarantine ORDER BY ALL").fetchall()
        said["candidates"] = connection.execute("SELECT id, text_hash, score, documents FROM ogp.candidates ORDER BY ALL").fetchall()
        said["evidence"] = connection.execute("SELECT id, quote FROM ogp.evidence ORDER BY ALL").fetchall()
        return said


def test_twenty_kills_leave_the_same_rows_as_an_undisturbed_run(tmp_path):
    dice = random.Random(20)
    with sandbox(tmp_path / "sandbox") as world:
        begun = time.monotonic()
        assert start(tmp_path / "undisturbed", world).wait() == 0
        whole_s = time.monotonic() - begun
        undisturbed = rows(tmp_path / "undisturbed")
        killed = 0
        for _ in range(2 * KILLS):
            process = start(tmp_path / "killed", world)
            begun = time.monotonic()
            try:
                process.wait(dice.uniform(0.1, 0.9) * whole_s)
                whole_s = min(whole_s, time.monotonic() - begun)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += process.wait() == -signal.SIGKILL
            if killed == KILLS:
                break
        assert start(tmp_path / "killed", world).wait() == 0
    assert killed == KILLS
    assert len(undisturbed["pages"]) > 50 and len(undisturbed["candidates"]) > 10
    assert rows(tmp_path / "killed") == undisturbed
