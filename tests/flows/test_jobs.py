"""What ran is our own record, in files and as a table, and it tells how each job ended."""

import json
import os
import signal
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from flows import jobs, pipeline
from flows.exceptions import WrongUse
from flows.settings import Settings
from warehouse.store import PUBLISHED, Store

DAY = date(2026, 11, 24)
KILLED = """
import os, signal, sys
from pathlib import Path
from flows import jobs
with jobs.job(Path(sys.argv[1]), "harvest"):
    print(jobs.jobs(Path(sys.argv[1]))[0]["status"], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_job_that_ends_is_done_and_keeps_its_result(tmp_path):
    with jobs.job(tmp_path, "harvest", {"sources": 2}) as record:
        record["result"] = {"outcomes": {"fresh": 2}}
    (job,) = jobs.jobs(tmp_path)
    assert (job["verb"], job["status"], job["asked"], job["result"]) == ("harvest", "done", {"sources": 2}, {"outcomes": {"fresh": 2}})
    assert job["started_at"] <= job["ended_at"]


@pytest.mark.parametrize(("fault", "status"), [(ValueError, "failed"), (KeyboardInterrupt, "interrupted")])
def test_a_job_that_breaks_says_how(tmp_path, fault, status):
    with pytest.raises(fault), jobs.job(tmp_path, "flag"):
        raise fault
    assert [job["status"] for job in jobs.jobs(tmp_path)] == [status]


def test_a_job_whose_process_was_killed_is_interrupted_whoever_has_its_number_now(tmp_path):
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (-signal.SIGKILL, "running\n")
    (path,) = (tmp_path / "jobs").glob("*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"process": os.getpid()}))
    with jobs.job(tmp_path, "flag"):
        assert [job["status"] for job in jobs.jobs(tmp_path)] == ["running", "interrupted"]
    assert [job["status"] for job in jobs.jobs(tmp_path)] == ["done", "interrupted"]


def test_newest_jobs_come_first_and_no_more_than_asked_for(tmp_path):
    for verb in ("harvest", "normalise", "flag"):
        with jobs.job(tmp_path, verb):
            pass
    assert [job["started_at"] for job in jobs.jobs(tmp_path)] == sorted((job["started_at"] for job in jobs.jobs(tmp_path)), reverse=True)
    assert len(jobs.jobs(tmp_path)) == 3
    assert len(jobs.jobs(tmp_path, 2)) == 2


def test_a_job_within_a_job_is_part_of_it(tmp_path):
    with jobs.job(tmp_path, "takedown"), jobs.job(tmp_path, "normalise") as inner:
        inner["result"] = {"new": 1}
    assert [job["verb"] for job in jobs.jobs(tmp_path)] == ["takedown"]


def test_machines_read_a_line_of_json_per_event(tmp_path):
    with jobs.job(tmp_path, "flag"):
        jobs.log(tmp_path, "source ended", source="website/strand", outcome="fresh")
    lines = [json.loads(line) for line in (tmp_path / "logs" / "dagslys.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["job started", "source ended", "job ended"]
    assert lines[1]["outcome"] == "fresh" and lines[2]["status"] == "done"


def table(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("SELECT jobb, oppgave, utfall_kode, feil FROM jobber ORDER BY jobb DESC").fetchall()


def files(home):
    return [(job["id"], job["verb"], job["status"], job["fault"]) for job in jobs.jobs(home)]


def test_the_table_is_what_the_files_say_also_of_what_was_killed_and_what_failed(tmp_path):
    settings = Settings(tmp_path, gateway="http://127.0.0.1:9", floor_s=0.0)
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True)
    pipeline.normalise(settings, DAY)
    pipeline.flag(settings, DAY)
    ended = {verb: status for _, verb, status, _ in table(tmp_path / PUBLISHED)}
    assert ended == {"harvest": "interrupted", "normalise": "done", "flag": "done"}
    assert table(tmp_path / PUBLISHED) == files(tmp_path)
    with duckdb.connect(str(tmp_path / PUBLISHED), read_only=True) as connection:
        assert connection.execute("SELECT utfall FROM jobber WHERE utfall_kode = 'interrupted'").fetchall() == [("avbrutt",)]

    with Store(tmp_path):
        with pytest.raises(WrongUse):
            pipeline.take_down(settings, "website/strand", "finnes ikke", reason="x", today=DAY)
        with pytest.raises(WrongUse):
            pipeline.export_shortlist(settings, "finnes ikke", folder=None, lang="nb")
    assert [row[1:] for row in table(tmp_path / PUBLISHED)[:2]] == [("shortlist-export", "failed", "WrongUse"), ("takedown", "failed", "WrongUse")]
    assert table(tmp_path / PUBLISHED) == files(tmp_path)

    assert pipeline.rebuild(settings, DAY).is_equal
    pipeline.housekeeping(settings, DAY)
    assert table(tmp_path / PUBLISHED) == files(tmp_path)
    assert [verb for _, verb, _, _ in files(tmp_path)] == [
        "housekeeping", "rebuild", "shortlist-export", "takedown", "flag", "normalise", "harvest",
    ]  # fmt: skip
    with duckdb.connect() as reader:
        reader.execute(f"ATTACH '{tmp_path / PUBLISHED}' AS kopi (READ_ONLY)")
        (tags,) = reader.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'kopi'").fetchall()[0]
    assert tags["storage_version"].startswith("v1.0.0")
    assert [path.name for path in tmp_path.glob("published/*") if path.suffix not in (".duckdb", "")] == []
