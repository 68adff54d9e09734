"""The real client and the real extractors against the world: what they bring is what is true, and no host is wronged."""

from __future__ import annotations

import json
import time

import pyarrow.parquet as parquet
import pytest

from catalogue.sources import load_file
from extractors import staging
from extractors.contract import Known, Window
from extractors.fetch.client import Client
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from sandbox import truth

BODIES = ("fjordvik", "granheim", "sjursund", "hogfoss", "solbergoy", "ytresolland", "grafjell", "takeholmen", "utskjer", "halvnes", "rustelv")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two harvests of some bodies: (facts, results of the first and of the second, verdicts, staging folder)."""
    from tests.sandbox.serving import serving

    home = tmp_path_factory.mktemp("state")
    with serving(7) as served:
        sources, _ = truth.write(served.world, home)
        entries = [e for e in load_file(sources)[1] if e.slug.startswith(BODIES)]
        window = Window(served.world.since, served.world.day)
        results, verdicts = [], []
        for name in ("first", "second"):
            served.breaches()
            client = Client(home, contact="post@dagslys.example", gateway=served.gateway.address, pace=Pace(time.monotonic, time.sleep, floor_s=0, address_floor_s=0))
            found = {}
            for entry in entries:
                source = source_from_entry(entry)
                found[source.id] = harvest_source(source, window, Known(), client, home / "staging", run_id=name, extractor=EXTRACTORS[source.platform]())
            client.close()
            results.append(found)
            verdicts.append(served.verdict())
        yield truth.truth(served.world), results, verdicts, home / "staging", served.world


def test_every_source_ends_as_it_should(runs):
    facts, (first, second), *_ = runs
    assert {s: str(r.outcome) for s, r in first.items()} == {s: facts["outcomes"][s] for s in first}
    assert {s: str(r.outcome) for s, r in second.items()} == {s: facts["outcomes_again"][s] for s in second}


def test_what_is_read_is_what_there_is(runs):
    facts, (first, _), *_ = runs
    read = {s: {k: r.seen.get(k, 0) for k in facts["counts"][s]} for s, r in first.items() if r.outcome == "fresh"}
    assert read == {s: facts["counts"][s] for s in read}


def test_no_host_is_wronged(runs):
    assert [v["violations"] for v in runs[2]] == [[], []]


def test_most_of_a_second_run_is_unchanged(runs):
    again = runs[2][1]
    assert again["answers_304"] / again["requests"] >= 0.6


def test_every_true_document_arrives_with_its_words(runs):
    """Letters, paragraphs and quirks included: the words of the bank are the words that are staged."""
    _, (first, _), _, folder, world = runs
    staged: dict[tuple[str, str], list[str]] = {}
    for _, path in staging.complete_batches(folder):
        for row in parquet.read_table(path).to_pylist():
            staged.setdefault((row["source"], row["key"]), []).extend(strings(json.loads(row["payload"])))
    wanted = [t for t in world.told if t.source in first and first[t.source].outcome == "fresh" and (t.initiative or t.is_lookalike)]
    assert len(wanted) > 300
    lost = []
    for told in wanted:
        said = " ".join(" ".join(staged.get((told.source, told.key), [])).split())
        words = f"{told.text.title} {told.text.text.replace(chr(10) + '- ', chr(10))}".split()
        missing = [w for w in words if w.removeprefix("-") not in said]
        if missing:
            lost.append((told.source, told.key, missing[:5]))
    assert not lost, (len(lost), lost[:5])


def strings(value: object) -> list[str]:
    """Every text in a payload."""
    if isinstance(value, dict | list):
        return [t for v in (value.values() if isinstance(value, dict) else value) for t in strings(v)]
    return [value] if isinstance(value, str) else []
