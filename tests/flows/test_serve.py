"""`dagslys serve` starts a server, keeps the schedules, and leaves nothing running."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from flows.schedules import SCHEDULES
from tests.conftest import clean_environment, dagslys, sandbox


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(api, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{api}{path}", data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_the_server_shows_every_schedule_in_norwegian_time_and_ends_with_us(tmp_path):
    port = free_port()
    command = [sys.executable, "-c", "from flows.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment(tmp_path))
    try:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        api = f"http://127.0.0.1:{port}/api"
        found = {}
        while len(found) < len(SCHEDULES):
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            found = {d["name"]: d["schedules"][0]["schedule"] for d in ask(api, "/deployments/filter", {}) if d["schedules"]}
        assert {n: (s["cron"], s["timezone"]) for n, s in found.items()} == {s.name: (s.cron, "Europe/Oslo") for s in SCHEDULES}
        settings = ask(api, "/admin/settings")
        assert settings["server"]["analytics_enabled"] is False and settings["server"]["ui"]["v2_enabled"] is False
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_schedules_can_be_read_without_starting_anything(tmp_path):
    told = json.loads(dagslys("serve", "--schedules", "--json", home=tmp_path).stdout)
    assert {(s["name"], s["cron"]) for s in told} == {(s.name, s.cron) for s in SCHEDULES}
    assert not (tmp_path / "prefect").exists()


@pytest.fixture
def harvest(tmp_path):
    """A harvest of a slow pace against the sandbox, running, after its first answer is archived."""
    with sandbox(tmp_path / "sandbox") as world:
        environment = clean_environment(tmp_path, DAGSLYS_GATEWAY=world["gateway"], DAGSLYS_FLOOR_S="1", CI="true")
        command = [sys.executable, "-c", "from flows.cli import main; main()", "harvest", "--source-file", world["sources"], "--platform", "website"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        archive = tmp_path / "archive"
        while process.poll() is None and not list(archive.glob("*/*/*.warc.gz")):
            os.sched_yield()
        yield process
        process.kill()


def test_ctrl_c_stops_in_good_order_and_says_that_the_next_run_goes_on(harvest, tmp_path):
    os.kill(harvest.pid, signal.SIGINT)
    _, err = harvest.communicate(timeout=60)
    assert harvest.returncode == 1, err
    assert "Neste kjøring fortsetter" in err
    told = json.loads(dagslys("status", "--json", home=tmp_path).stdout)
    assert told["jobs"][0]["status"] == "interrupted"
