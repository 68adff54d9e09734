"""Robots.txt: 4,231 real files read and asked one question each, beside urllib.robotparser of the standard library."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from urllib.robotparser import RobotFileParser

from bench.found import Found, NotMeasured, rate
from extractors.fetch import robots as rules

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/conformance/protego/robots_corpus.jsonl.gz"
URL = "https://www.fjordvik.kommune.no/politikk/innsyn/postliste?side=2"


def ours(body: bytes) -> bool:
    return rules.parse(body).allows("dagslys", URL)


def baseline(body: bytes) -> bool:
    parser = RobotFileParser()
    parser.parse(body.decode("utf-8", "replace").splitlines())
    return parser.can_fetch("dagslys", URL)


def robots() -> Found:
    """The real files. Raises NotMeasured when they do not lie beside this checkout."""
    if not CORPUS.exists():
        raise NotMeasured(f"the real robots files are not there ({CORPUS})")
    with gzip.open(CORPUS) as lines:
        bodies = [base64.b64decode(json.loads(line)["body_b64"]) for line in lines]
    rate(ours, bodies[:200])
    against = "urllib.robotparser, which gets 22 of Google's 72 standard cases wrong"
    return Found(rate(ours, bodies), rate(baseline, bodies), "files/s", against)
