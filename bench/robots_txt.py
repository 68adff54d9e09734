"""Robots.txt: 4,231 real files read and asked one question each. Baseline: urllib.robotparser of the standard library, in the same process.

`python -m bench.robots_txt` prints one line of JSON. The baseline is only a baseline: it gets a quarter of the standard cases wrong.
"""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.robotparser import RobotFileParser

from extractors.fetch import robots

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/conformance/protego/robots_corpus.jsonl.gz"
URL = "https://www.fjordvik.kommune.no/politikk/innsyn/postliste?side=2"


def ours(body: bytes) -> bool:
    return robots.parse(body).allows("dagslys", URL)


def baseline(body: bytes) -> bool:
    parser = RobotFileParser()
    parser.parse(body.decode("utf-8", "replace").splitlines())
    return parser.can_fetch("dagslys", URL)


def seconds(read: Callable[[bytes], bool], bodies: list[bytes]) -> float:
    begun = time.perf_counter()
    for body in bodies:
        read(body)
    return time.perf_counter() - begun


def measure() -> dict[str, float]:
    """Files, our seconds, and how many times the baseline's time that is. Raises FileNotFoundError when the files are not there."""
    with gzip.open(CORPUS) as lines:
        bodies = [base64.b64decode(json.loads(line)["body_b64"]) for line in lines]
    seconds(ours, bodies[:200])
    taken_s, baseline_s = seconds(ours, bodies), seconds(baseline, bodies)
    return {"files": len(bodies), "seconds": round(taken_s, 3), "times_the_baseline": round(taken_s / baseline_s, 2)}


if __name__ == "__main__":
    print(json.dumps({"robots_txt": measure()}))
