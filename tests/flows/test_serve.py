"""`dagslys serve` starts a server, keeps the schedules, shows what runs, asks nobody outside, and leaves nothing running."""

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors import staging
from extractors.contract import Window
from extractors.harvest import budget_of
from flows import jobs, pipeline
from flows.schedules import SCHEDULES
from flows.selection import Selection
from flows.settings import Settings
from tests.calls import calls, outside, recording
from tests.conftest import clean_environment, dagslys, sandbox

DAGSLYS = [sys.executable, "-c", "from flows.cli import main; main()"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(api, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{api}{path}", data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def served(demo, tmp_path_factory):
    """`dagslys serve`, running: (the address of its page, its process). Ctrl-C must end it and its server."""
    folder, port = tmp_path_factory.mktemp("serve"), free_port()
    environment = clean_environment(demo.lend_engine(folder / "state"), **recording(folder / "calls"))
    process = subprocess.Popen([*DAGSLYS, "serve", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    found = calls(folder / "calls")
    assert outside(found) == []
    assert any("prefect" in call["process"] for call in found) and any(call["event"] == "socket.connect" for call in found)


def test_the_server_shows_every_schedule_in_norwegian_time(served):
    page, process = served
    found = {}
    while len(found) < len(SCHEDULES):
        assert process.poll() is None, process.stderr.read()
        found = {d["name"]: d["schedules"][0]["schedule"] for d in ask(f"{page}/api", "/deployments/filter", {}) if d["schedules"]}
    assert {n: (s["cron"], s["timezone"]) for n, s in found.items()} == {s.name: (s.cron, "Europe/Oslo") for s in SCHEDULES}
    settings = ask(f"{page}/api", "/admin/settings")
    assert settings["server"]["analytics_enabled"] is False and settings["server"]["ui"]["v2_enabled"] is False


def on_a_terminal(*arguments, environment):
    """What a person sees of a run."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([*DAGSLYS, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
    os.close(ours)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


def test_runs_stand_on_the_server_a_person_started_and_start_no_other(served, tmp_path):
    page, _ = served
    home, since = tmp_path / "state", {"start_time": {"after_": datetime.now(UTC).isoformat()}}
    with sandbox(tmp_path / "sandbox") as world:
        day = date.fromisoformat(world["day"])
        reached = {"PREFECT_API_URL": f"{page}/api", "DAGSLYS_GATEWAY": world["gateway"], "DAGSLYS_FLOOR_S": "0"}
        environment = clean_environment(home, **reached, **recording(tmp_path / "calls"), TERM="xterm", COLUMNS="200")
        environment.pop("CI", None)
        chosen = ["--source-file", world["sources"], "--authority", "Elvedal", "--since", str(day - timedelta(days=90)), "--until", str(day)]
        planned = json.loads(dagslys("harvest", *chosen, "--dry-run", "--json", home=tmp_path / "dry", **reached).stdout)
        run = subprocess.run([*DAGSLYS, "harvest", *chosen, "--json"], capture_output=True, text=True, env=environment, timeout=240)
        harvested = json.loads(run.stdout)
    assert run.stderr == ""
    loaded = on_a_terminal("normalise", "--today", world["day"], environment=environment)
    flagged = on_a_terminal("flag", "--today", world["day"], environment=environment)
    assert "Kilder lastet" in loaded and "Tekster lest" in flagged and "Lesekopi gitt ut" in flagged
    assert "Karantene" in loaded and "Trolig bidrag" in flagged

    api = f"{page}/api"
    names = {flow["id"]: flow["name"] for flow in ask(api, "/flows/filter", {})}
    began = ask(api, "/flow_runs/filter", {"flow_runs": since})
    runs = {names[r["flow_id"]]: r["state_type"] for r in began}
    assert runs == {"harvest": "COMPLETED", "normalise": "COMPLETED", "flag": "COMPLETED"}
    tasks = []
    while len(tasks) < planned["shards"]:
        tasks = ask(api, "/task_runs/filter", {"task_runs": since | {"state": {"type": {"any_": ["COMPLETED"]}}}})
    assert len(tasks) == planned["shards"] > 1 and all(t["task_key"].startswith("harvest_shard") for t in tasks)
    artifacts = {a["key"]: json.loads(a["data"]) for a in ask(api, "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [r["id"] for r in began]}}})}
    assert {row["source"] for row in artifacts["harvest-outcomes"]} == {s["source"] for s in harvested["sources"]}
    assert {"normalised-rows", "flagged-candidates"} <= set(artifacts)
    with urllib.request.urlopen(page, timeout=20) as answer:
        assert answer.headers.get_content_type() == "text/html" and "prefect" in answer.read().decode().lower()

    found = calls(tmp_path / "calls")
    assert outside(found) == []
    assert any(call["event"] == "socket.connect" for call in found)
    assert not any("flows.engine_server" in call["process"] for call in found) and not list(home.glob("prefect/*.db"))


def test_schedules_can_be_read_without_starting_anything(tmp_path):
    told = json.loads(dagslys("serve", "--schedules", "--json", home=tmp_path).stdout)
    assert {(s["name"], s["cron"]) for s in told} == {(s.name, s.cron) for s in SCHEDULES}
    assert not (tmp_path / "prefect").exists()


def test_the_weekly_year_asks_only_what_is_read_by_days_and_may_ask_more(tmp_path, monkeypatch):
    from flows.nightly import windowed

    monkeypatch.setenv("DAGSLYS_HOME", str(tmp_path))
    (year,) = (s.parameters for s in SCHEDULES if "days" in s.parameters)
    assert year == {"cadences": ["hourly", "daily", "weekly"], "days": 365}
    assert {"einnsyn", "acos-innsyn"} <= set(windowed(None, None)) and not {"website", "bergen-custom", "pbe"} & set(windowed(None, None))
    assert windowed(["einnsyn", "website"], None) == ["einnsyn"] == windowed(None, ["einnsyn/oslo", "website/oslo"]) and windowed(["website"], None) == []
    today = date(2026, 11, 24)
    assert [budget_of(Window(today - timedelta(days=n), today)) for n in (0, 30, 365)] == [2000, 2000, 10_000]


@pytest.mark.parametrize(("fault", "is_tried_again"), [(OSError("no space left"), True), (ValueError("a fault of ours"), False)])
def test_only_what_may_pass_is_tried_again(fault, is_tried_again):
    from prefect.states import Failed

    from flows.harvest import harvest_shard

    condition = harvest_shard.retry_condition_fn
    assert (harvest_shard.retries, harvest_shard.retry_delay_seconds) == (1, 30.0)
    assert condition is not None and condition(harvest_shard, None, Failed(data=fault)) is is_tried_again


@pytest.fixture
def harvest(demo, tmp_path):
    """A harvest of a slow pace against the sandbox, running, after its first answer is archived."""
    with sandbox(tmp_path / "sandbox") as world:
        environment = clean_environment(demo.lend_engine(tmp_path), DAGSLYS_GATEWAY=world["gateway"], DAGSLYS_FLOOR_S="1", CI="true")
        command = [*DAGSLYS, "harvest", "--source-file", world["sources"], "--platform", "website"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        archive = tmp_path / "archive"
        while process.poll() is None and not list(archive.glob("*/*/*.warc.gz")):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        yield process
        process.kill()


def test_ctrl_c_stops_in_good_order_and_says_that_the_next_run_goes_on(harvest, tmp_path):
    os.kill(harvest.pid, signal.SIGINT)
    _, err = harvest.communicate(timeout=60)
    assert harvest.returncode == 1, err
    assert "Neste kjøring fortsetter" in err
    told = json.loads(dagslys("status", "--json", home=tmp_path).stdout)
    assert told["jobs"][0]["status"] == "interrupted"


def test_a_shard_that_breaks_stops_no_other_and_can_be_tried_again(tmp_path):
    with sandbox(tmp_path / "sandbox") as world:
        now = Settings(tmp_path / "state", gateway=world["gateway"], floor_s=0.0)
        day = date.fromisoformat(world["day"])
        chosen = Selection(authorities=("Elvedal", "Kvitnes"), since=day, until=day, source_files=(Path(world["sources"]),))
        plan = pipeline.plan(now, chosen, day)
        broken, *others = plan.shards

        def told(result):
            if result.source == broken[0].id:
                raise OSError("no space left")

        with pytest.raises(OSError, match="no space"):
            pipeline.harvest(now, plan, told)
        held = {result.source for result, _ in staging.complete_batches(now.staging)}
        assert held >= {source.id for shard in others for source in shard}
        again = pipeline.harvest_shard(now, plan.run_id, plan.window, broken)
    assert [result.source for result in again] == [source.id for source in broken]
    assert [(job["status"], job["fault"]) for job in jobs.jobs(now.home)] == [("failed", "OSError")]
