"""Kill the main job anywhere, start it again: nothing is lost and nothing is twice."""

import json
import random
import signal
import subprocess
import sys

import duckdb

from flows import jobs
from tests.conftest import clean_environment, sandbox

AT = ("harvest",) * 7 + ("normalise",) * 7 + ("flag",) * 6
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


def kill(process, home, verb, after_s):
    """SIGKILL, so many seconds after the job `verb` of this process began. Whether it was still there to be killed."""
    log = home / "logs" / "dagslys.jsonl"
    while not is_begun(log, process.pid, verb):
        try:
            process.wait(0.01)
            return False
        except subprocess.TimeoutExpired:
            pass
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def is_begun(log, process, verb):
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    events = [json.loads(line) for line in lines]
    return any(e["event"] == "job started" and (e["process"], e["verb"]) == (process, verb) for e in events)


def ran(home):
    """The jobs, as analysts see them: what, how it ended, and for how long it ran."""
    with duckdb.connect(str(home / "published" / "dagslys.duckdb"), read_only=True) as connection:
        return connection.execute("SELECT jobb, oppgave, utfall_kode, sekunder FROM jobber ORDER BY jobb DESC").fetchall()


def test_twenty_kills_leave_the_same_rows_as_an_undisturbed_run(tmp_path):
    dice = random.Random(20)
    home = tmp_path / "killed"
    with sandbox(tmp_path / "sandbox") as world:
        assert start(tmp_path / "undisturbed", world).wait() == 0
        undisturbed = rows(tmp_path / "undisturbed")
        takes_s = {verb: seconds for _, verb, _, seconds in ran(tmp_path / "undisturbed")}
        killed = 0
        for verb in AT:
            for _ in range(5):
                if kill(start(home, world), home, verb, dice.uniform(0.0, 0.7) * takes_s[verb]):
                    killed += 1
                    break
        assert start(home, world).wait() == 0
    assert killed == len(AT)
    assert len(undisturbed["pages"]) > 50 and len(undisturbed["candidates"]) > 10
    assert rows(home) == undisturbed
    written = [(job["id"], job["verb"], job["status"]) for job in jobs.jobs(home)]
    assert [job[:3] for job in ran(home)] == written
    assert {status for _, _, status in written} == {"done", "interrupted"}
    assert {verb for _, verb, status in written if status == "interrupted"} == set(AT)
