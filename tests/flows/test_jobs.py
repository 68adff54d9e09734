"""What ran is our own record, and it tells how each job ended."""

import json
import os

import pytest

from flows import jobs


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


def test_a_job_whose_process_is_gone_is_interrupted(tmp_path):
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    with jobs.job(tmp_path, "harvest"):
        (path,) = (tmp_path / "jobs").glob("*.json")
        killed = json.loads(path.read_text()) | {"process": child}
        assert jobs.jobs(tmp_path)[0]["status"] == "running"
        (tmp_path / "jobs" / "20000101-killed.json").write_text(json.dumps(killed))
    assert [job["status"] for job in jobs.jobs(tmp_path)] == ["done", "interrupted"]


def test_newest_jobs_come_first_and_no_more_than_asked_for(tmp_path):
    for verb in ("harvest", "normalise", "flag"):
        with jobs.job(tmp_path, verb):
            pass
    assert len(jobs.jobs(tmp_path)) == 3
    assert len(jobs.jobs(tmp_path, 2)) == 2


def test_machines_read_a_line_of_json_per_event(tmp_path):
    with jobs.job(tmp_path, "flag"):
        jobs.log(tmp_path, "source ended", source="website/strand", outcome="fresh")
    lines = [json.loads(line) for line in (tmp_path / "logs" / "dagslys.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["job started", "source ended", "job ended"]
    assert lines[1]["outcome"] == "fresh" and lines[2]["status"] == "done"
