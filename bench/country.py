"""`python -m bench.country`: a whole boring country, in which one page in fifty tells of something true, from the web to the candidates.

A run of some quarter of an hour, so it is none of `python -m bench`. What is flagged is held against the country's truth, and beside it
what the easy way would flag: every text in which an accepted term of a practice stands.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bench.found import peak_mb
from bench.material import ROOT
from catalogue import rubric
from flows import pipeline
from flows.selection import Selection
from flows.settings import from_environment
from sandbox.country import PAGES, TITLES
from transforms import evaluation, scan
from warehouse import found
from warehouse.store import connect_published

TEXTS = {"pages": "text", "journal_entries": "NULL", "agenda_items": "text", "datasets": "description", "notices": "text"}
HOSTS_AT_A_TIME = 2
"""The sandbox answers at once, so that more threads only wait for each other."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.country", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--home", type=Path, help="a state folder to keep; one that holds a country is only measured")
    parser.add_argument("--anew", action="store_true", help="with --home: flag again first")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if given.home is not None:
        told = _of(given.home, given)
    else:
        with tempfile.TemporaryDirectory(prefix="country-") as folder:
            told = _of(Path(folder), given)
    print(json.dumps(told, ensure_ascii=False, indent=1) if given.json else _table(told))
    return 0


def _of(home: Path, given: argparse.Namespace) -> dict[str, Any]:
    truth_file = home / "sandbox" / "truth.json"
    steps: dict[str, float] = {}
    if not truth_file.exists():
        _make(home, given, steps)
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    if given.anew:
        settings = replace(from_environment(), home=home)
        _timed(steps, "flag anew", lambda: pipeline.flag(settings, date.fromisoformat(truth["day"]), is_anew=True))
    return {"steps": steps, "peak_mb": peak_mb() if steps else None, **measured(home, truth)}


def _make(home: Path, given: argparse.Namespace, steps: dict[str, float]) -> None:
    """Serve a country, harvest, load and flag it."""
    folder = home / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--country", "--seed", str(given.seed), "--titles", str(given.titles),
               "--pages", str(given.pages), "--folder", str(folder), "--json", "--until-stdin-closes"]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as serving:
        assert serving.stdout is not None
        told = json.loads(serving.stdout.readline())
        day, window = date.fromisoformat(told["day"]), json.loads(Path(told["truth"]).read_text(encoding="utf-8"))["window"]
        settings = replace(from_environment(), home=home, gateway=told["gateway"], floor_s=0.0, workers=1)
        selection = Selection(since=date.fromisoformat(window["since"]), until=day, source_files=(Path(told["sources"]),))
        pipeline.HOSTS_PER_SHARD = HOSTS_AT_A_TIME
        plan = pipeline.plan(settings, selection, day)
        _timed(steps, "harvest", lambda: pipeline.harvest(settings, plan))
        serving.terminate()
    _timed(steps, "normalise", lambda: pipeline.normalise(settings, day))
    _timed(steps, "flag", lambda: pipeline.flag(settings, day))


def _timed(steps: dict[str, float], name: str, work: Callable[[], Any]) -> None:
    begun = time.perf_counter()
    work()
    steps[name] = round(time.perf_counter() - begun, 1)
    print(f"{name}: {steps[name]:.0f} s", file=sys.stderr, flush=True)


def measured(home: Path, truth: Mapping[str, Any]) -> dict[str, Any]:
    """What was flagged, beside the truth and beside the easy way."""
    with connect_published(home) as connection:
        candidates, documents = found.candidates(connection), found.documents(connection)
        easy = _easy(connection, truth)
    told = evaluation.measure(candidates, documents, truth)
    return {"prevalence": truth["prevalence"], **told, "candidates": len(candidates), "easy": easy}


def _easy(connection: duckdb.DuckDBPyConnection, truth: Mapping[str, Any]) -> dict[str, float]:
    """Every text in which a term stands: how many, how many of them true, and how many of the initiatives have one."""
    ready = scan.finder_of_phrases([term for practice in rubric.load().practices for term in practice.terms.all()])
    of = {_id(d): i["id"] for i in truth["initiatives"] for d in i["documents"]}
    flagged: set[str] = set()
    for table, text in TEXTS.items():
        rows = connection.sql(f"SELECT id, concat_ws(chr(10), title, {text}) AS said FROM core.{table}").to_arrow_table()
        holds = scan.holds(rows["said"], ready)
        flagged.update(identity for identity, is_there in zip(rows["id"].to_pylist(), holds.tolist(), strict=True) if is_there)
    return {
        "flags": len(flagged), "precision": len(flagged & of.keys()) / len(flagged),
        "recall": len({of[i] for i in flagged & of.keys()}) / len(truth["initiatives"]),
    }  # fmt: skip


def _id(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{document['source']}|{document['key']}".encode()).hexdigest()[:16]


def _table(told: Mapping[str, Any]) -> str:
    flags, easy, of = told["flags"], told["easy"], told["prevalence"]
    rows = [
        ("precision of what is put forward", flags["precision"], easy["precision"]),
        ("initiatives found by it", flags["recall"], easy["recall"]),
        ("  told with a term", flags["recall_with_term"], None), ("  told without a term", flags["recall_term_free"], None),
        ("initiatives found by any candidate", told["recall"], None), ("  told without a term", told["term_free"]["recall"], None),
        *((f"precision at 20, {pillar}", share, None) for pillar, share in told["precision_at_20"].items()),
        ("linking F1", told["pairwise_f1"], None),
    ]  # fmt: skip
    head = (
        f"{of['pages']:,} pages ({of['page_share']:.1%} true), {of['titles']:,} titles ({of['true_titles']} true), "
        f"{told['initiatives']} initiatives"
    )
    counts = f"{flags['count']:,} of {told['candidates']:,} candidates put forward; {easy['flags']:,} flags the easy way"
    steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in told["steps"].items())
    lines = [f"{name:<44}{ours:>7.3f}{f'{beside:>9.3f}{ours / beside:>8.1f}' if beside else ''}" for name, ours, beside in rows]
    return "\n".join([head, steps, counts, f"{'':<44}{'ours':>7}{'easy':>9}{'ratio':>8}", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
