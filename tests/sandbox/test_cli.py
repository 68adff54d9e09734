"""The process: one line of JSON, then service until it is told to stop."""

from __future__ import annotations

import hashlib
import http.client
import json
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.exceptions import ManifestError
from sandbox.recordings import Recordings

ROOT = Path(__file__).parents[2]


def start(*words: str, **more) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "sandbox", *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def get(gateway: str, host: str, target: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    parts = urlsplit(gateway)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.request(method, target, body, {"Host": host, "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_it_serves_and_ends_on_sigterm(tmp_path):
    process = start("serve", "--seed", "5", "--json", "--folder", str(tmp_path), "--day", "2026-10-30")
    told = json.loads(process.stdout.readline())
    assert {"gateway", "sources", "truth", "judge", "pid", "day"} <= set(told) and told["pid"] == process.pid
    assert json.loads(Path(told["truth"]).read_text(encoding="utf-8"))["day"] == told["day"] == "2026-10-30"
    assert get(told["gateway"], "www.fjordvik.kommune.no", "/")[0] == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.communicate()


def test_it_ends_when_its_standard_input_closes(tmp_path):
    process = start("serve", "--json", "--folder", str(tmp_path), "--until-stdin-closes")
    process.stdout.readline()
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize("words", [("serve", "--day", "i dag"), ("serve", "--fillers", "-1"), ("replay", "finnes-ikke.jsonl"), ("annet",), ()])
def test_wrong_use_is_2(words):
    process = start(*words)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2 and said


def test_help_has_examples():
    process = start("--help")
    text, _ = process.communicate(timeout=20)
    assert process.returncode == 0 and "python -m sandbox serve --seed 7" in text and "DAGSLYS_GATEWAY" in text


def manifest(folder: Path, *exchanges: dict) -> Path:
    (folder / "side.html").write_bytes(b"<p>Innhold</p>")
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(json.dumps(e) for e in exchanges) + "\n", encoding="utf-8")
    return path


def exchange(**changed) -> dict:
    return {"method": "GET", "url": "https://data.oppdiktet.example/side?a=1", "request_body_sha256": None, "status": 200,
            "headers": {"Content-Type": "text/html", "ETag": '"x1"'}, "body_file": "side.html", **changed}  # fmt: skip


def test_recordings_are_replayed_and_the_rest_is_404(tmp_path):
    asked = hashlib.sha256(b'{"q": 1}').hexdigest()
    path = manifest(tmp_path, exchange(), exchange(method="POST", url="https://data.oppdiktet.example/api", request_body_sha256=asked, status=201))
    process = start("replay", str(path), "--json", "--until-stdin-closes")
    told = json.loads(process.stdout.readline())
    assert told["hosts"] == ["data.oppdiktet.example"]
    host, gateway = "data.oppdiktet.example", told["gateway"]
    assert get(gateway, host, "/side?a=1") == (200, b"<p>Innhold</p>")
    assert get(gateway, host, "/api", "POST", b'{"q": 1}')[0] == 201
    assert [get(gateway, host, t)[0] for t in ("/side?a=2", "/robots.txt")] == [404, 404]
    assert get(gateway, host, "/api", "POST", b'{"q": 2}')[0] == 404
    process.communicate("", timeout=20)


@pytest.mark.parametrize(("line", "what"), [("{", "not JSON"), ('{"method": "GET"}', "url is missing"), (json.dumps(exchange(body_file="borte.html")), "is not there")])
def test_a_broken_manifest_names_line_and_field(tmp_path, line, what):
    path = tmp_path / "manifest.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ManifestError, match=what):
        Recordings(path)
