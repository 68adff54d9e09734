"""Kill the main job anywhere, start it again: nothing is lost and nothing is twice."""

import json
import multiprocessing
import os
import random
import signal
from datetime import date, timedelta
from pathlib import Path

import duckdb

from flows import jobs
from tests.conftest import clean_environment, sandbox

AT = ("harvest",) * 7 + ("normalise",) * 7 + ("flag",) * 6
BODY = "Kvitnes"
TABLES = ("journal_entries", "cases", "meetings", "agenda_items", "datasets", "distributions", "pages")


# Each process is a fork of one that has read our modules and opened nothing.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.flows.read", __name__])


def main_job(home, gateway, sources, today):
    """From the web to the read copy, as the verbs do it one after the other."""
    from flows import pipeline
    from flows.selection import Selection
    from flows.settings import from_environment

    os.environ.clear()
    os.environ.update(clean_environment(home, DAGSLYS_GATEWAY=gateway, DAGSLYS_FLOOR_S="0"))
    now, day = from_environment(), date.fromisoformat(today)
    chosen = Selection(authorities=(BODY,), since=day - timedelta(days=90), until=day, source_files=(Path(sources),))
    pipeline.harvest(now, pipeline.plan(now, chosen, day))
    pipeline.normalise(now, day)
    pipeline.flag(now, day)


def start(home, world):
    process = FORKED.Process(target=main_job, args=(home, world["gateway"], world["sources"], world["day"]))
    process.start()
    return process


def ended(process):
    process.join()
    return process.exitcode


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
        process.join(0.01)
        if process.exitcode is not None:
            return False
    process.join(after_s)
    process.kill()
    return ended(process) == -signal.SIGKILL


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
        assert ended(start(tmp_path / "undisturbed", world)) == 0
        undisturbed = rows(tmp_path / "undisturbed")
        takes_s = {verb: seconds for _, verb, _, seconds in ran(tmp_path / "undisturbed")}
        killed = 0
        for verb in AT:
            for _ in range(5):
                if kill(start(home, world), home, verb, dice.uniform(0.0, 0.7) * takes_s[verb]):
                    killed += 1
                    break
        assert ended(start(home, world)) == 0
    assert killed == len(AT)
    assert len(undisturbed["pages"]) > 40 and len(undisturbed["candidates"]) > 10
    assert rows(home) == undisturbed
    written = [(job["id"], job["verb"], job["status"]) for job in jobs.jobs(home)]
    assert [job[:3] for job in ran(home)] == written
    assert {status for _, _, status in written} == {"done", "interrupted"}
    assert {verb for _, verb, status in written if status == "interrupted"} == set(AT)
