"""What is measured, and against what."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

import duckdb

from bench import robots_txt
from catalogue import rubric, terms
from sandbox import bank
from transforms import privacy, verdict


@dataclass(frozen=True)
class Found:
    """`ours` and `baseline` in `unit`, measured in the same process one after the other; `against` names the baseline."""

    ours: float
    baseline: float
    unit: str
    against: str


def _rate(work: Callable[[str], object], texts: Iterable[str]) -> float:
    """Texts per second, the fastest of three rounds."""
    texts = list(texts)
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        for text in texts:
            work(text)
        best = min(best, time.perf_counter() - begun)
    return len(texts) / best


def robots() -> Found | None:
    """The 4,231 real robots files."""
    if not robots_txt.CORPUS.exists():
        return None
    found = robots_txt.measure()
    ours = found["files"] / found["seconds"]
    against = "urllib.robotparser, which gets a quarter of the standard cases wrong"
    return Found(ours, ours * found["times_the_baseline"], "files/s", against)


def gate() -> Found:
    """Journal titles through the privacy gate."""
    dice, titles = Random(1), [t.title for t in bank.load().fillers if t.kind == "entry"]
    written = [f"{dice.choice(titles)} {n}" for n in range(4000)]
    capitals = re.compile(r"[A-ZÆØÅ]\w+ [A-ZÆØÅ]\w+|\d{11}")
    ours = _rate(lambda text: privacy.mask(text, privacy.Tier.TITLE), written)
    return Found(ours, _rate(lambda text: capitals.sub("[person]", text), written), "titles/s", "one regular expression")


def judging() -> Found:
    """Pages by the whole rubric."""
    words = rubric.load()
    pages = [t for i in bank.load().initiatives for t in i.documents if t.kind == "page"]
    texts = {t.text: t.title for t in pages}
    names = re.compile("|".join({re.escape(terms.stem(n.lstrip("*="))) for p in words.practices for n in p.terms.all()}), re.IGNORECASE)
    ours = _rate(lambda text: verdict.judge(texts[text], text, words), texts)
    counting = _rate(lambda text: len(names.findall(text)), texts)
    return Found(ours, counting, "pages/s", "counting every practice's words with one alternation")


def upsert() -> Found:
    """20,000 changed rows into 1,000,000: delete and insert against MERGE … UPDATE."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT hash(range)::VARCHAR AS id, range AS n, repeat('x', 60) AS title FROM range(1000000)")
    connection.execute("CREATE TABLE arriving AS SELECT id, n + 1 AS n, title FROM t USING SAMPLE 20000 ROWS")
    begun = time.perf_counter()
    connection.execute("BEGIN; DELETE FROM t WHERE id IN (SELECT id FROM arriving); INSERT INTO t FROM arriving; COMMIT")
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    connection.execute("MERGE INTO t USING arriving a ON t.id = a.id WHEN MATCHED THEN UPDATE SET n = a.n, title = a.title")
    return Found(20_000 / ours, 20_000 / (time.perf_counter() - begun), "rows/s", "MERGE … UPDATE")


def query() -> Found:
    """`dagslys query --list` from the shell, whole process."""
    asked = _seconds("from flows.cli import main; main(['query', '--list', '--json'])")
    return Found(1 / asked, 1 / _seconds("import duckdb"), "runs/s", "python -c 'import duckdb'")


def _seconds(code: str) -> float:
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        best = min(best, time.perf_counter() - begun)
    return best


def memory() -> Found:
    """Peak memory of building a sandbox world of 20,000 entries a body against one of 200; 1 is flat."""
    return Found(_peak_mb(20_000), _peak_mb(200), "MB", "the same with a hundredth of the entries")


def _peak_mb(entries: int) -> float:
    code = f"""
import json, resource
from datetime import date
from sandbox import world
world.build(1, date.fromisoformat({date(2026, 11, 24).isoformat()!r}), fillers=20, entries={entries})
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
"""
    return float(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout))


MEASURES: dict[str, Callable[[], Found | None]] = {
    "robots": robots, "gate": gate, "judging": judging, "upsert": upsert, "query": query, "memory": memory,
}  # fmt: skip
