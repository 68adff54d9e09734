"""The world is the same for a seed, true to what it serves, large enough to measure by, and knows nothing of ours."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

import sandbox
from catalogue.sources import load_file
from sandbox import truth
from sandbox.journal import OLD, Journal, Pool
from sandbox.world import build
from tests.sandbox.serving import Served

HERE = Path(sandbox.__file__).parent
FINGERPRINT = """
import hashlib, json, sys
from sandbox import truth
from sandbox.answers import Question
from sandbox.world import build
world = build(int(sys.argv[1]), fillers=2, entries=30)
digest = hashlib.sha256(json.dumps(truth.truth(world)).encode() + truth.sources_toml(world).encode())
for slug, site in world.sites.items():
    for path in (*site.pages, *site.files, "/robots.txt", "/sitemap.xml"):
        answer = world.respond(Question("GET", "https", site.body.host, path, {"user-agent": "Mozilla/5.0"}))
        digest.update(answer.body + repr(answer.headers).encode() + repr(answer.modified).encode())
for host in world.hosts:
    for target in ("/catalog.ttl", "/catalog.jsonld", "/api/3/action/package_search", "/search?limit=100&sortBy=oppdatertDato&expand=korrespondansepart", "/moetesak?limit=100"):
        digest.update(world.respond(Question("GET", "https", host, target, {})).body)
print(digest.hexdigest())
"""


def fingerprint(seed: int, hash_seed: str) -> str:
    done = subprocess.run([sys.executable, "-c", FINGERPRINT, str(seed)], capture_output=True, text=True, cwd=HERE.parent, env={"PYTHONHASHSEED": hash_seed}, check=True)
    return done.stdout.strip()


def test_a_seed_is_a_world_whatever_the_hash_seed():
    assert fingerprint(3, "0") == fingerprint(3, "12345") != fingerprint(4, "0")


def test_it_imports_nothing_of_ours():
    """The standard library only; rdflib where a server answers SPARQL or writes every syntax of RDF."""
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                root = name.partition(".")[0]
                assert root in ("sandbox", "rdflib") or root in sys.stdlib_module_names, f"{path.name} imports {name}"


@pytest.fixture(scope="module")
def facts(served: Served):
    return truth.truth(served.world)


def test_it_is_large_enough_to_measure_by(facts):
    by_pillar = Counter(i["pillar"] for i in facts["initiatives"])
    assert len(by_pillar) == 4 and min(by_pillar.values()) >= 25
    free = sum(i["is_term_free"] for i in facts["initiatives"])
    assert free >= len(facts["initiatives"]) / 3
    assert len(facts["lookalikes"]) >= 9.9 * len(facts["initiatives"])
    assert len(facts["pairs"]) >= 10
    voices = Counter(len({(d["source"].partition("/")[0], d["table"]) for d in i["documents"]}) for i in facts["initiatives"])
    assert sum(n for count, n in voices.items() if count >= 3) >= 10
    assert sum(b["role"] == "kommune" and not b["trouble"] for b in facts["bodies"]) >= 14
    assert sum(b["role"] == "fylkeskommune" for b in facts["bodies"]) >= 2
    assert set(facts["outcomes"].values()) | set(facts["outcomes_again"].values()) == {"fresh", "unchanged", "empty_verified", "partial", "blocked", "drifted", "failed"}


def test_every_document_is_at_one_place(facts):
    everything = [d for i in facts["initiatives"] for d in i["documents"]] + facts["lookalikes"]
    places = Counter((d["source"], d["key"]) for d in everything)
    assert all(d["url"] and d["key"] and d["table"] in ("pages", "journal_entries", "agenda_items", "datasets") for d in everything)
    assert max(places.values()) == 1
    assert {d["source"] for d in everything} <= set(facts["outcomes"])


def test_private_names_are_told_in_every_form_and_public_ones_apart(served, facts):
    names = set(facts["private_names"])
    assert any(n.isupper() for n in names) and any("," in n for n in names) and any(n.istitle() for n in names)
    assert not names & set(facts["public_names"])
    texts = [f"{t.text.title} {t.text.text}" for t in served.world.told if t.initiative]
    assert not [n for n in names for t in texts if n in t]
    served_text = served.ask("https://www.fjordvik.kommune.no/aktuelt/").text
    notice = next(p for p in served.world.sites["fjordvik"].pages.values() if p.title.startswith("Nabovarsel"))
    assert notice.path in served_text and any(n in notice.paragraphs[0] for n in names)


def test_the_file_of_sources_is_one_our_catalogue_reads(served, tmp_path):
    sources, _ = truth.write(served.world, tmp_path)
    authorities, entries = load_file(sources)
    assert len(authorities) == len(served.world.bodies) == 21
    assert {e.id for e in entries} == {s.id for s in served.world.sources}
    assert len(tomllib.loads(sources.read_text(encoding="utf-8"))["source"]) == len(entries)
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["day"] == "2026-11-24"


def test_a_large_world_is_quick_to_build_and_flat_in_memory():
    tracemalloc.start()
    small = build(7, fillers=20, entries=100)
    size_of_small, _ = tracemalloc.get_traced_memory()
    large = build(7, fillers=20, entries=1_000_000)
    size_of_both, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size_of_both - size_of_small < 1.3 * size_of_small
    slug = next(b.slug for b in large.bodies if b.is_filler)
    journal = large.journals[slug]
    assert len(journal) == 1_000_000 and journal.entry(765_432) == journal.entry(765_432)
    assert len(small.bodies) == 41 and set(large.private.names) == set(small.private.names)


def plain_journal(served: Served, count: int) -> Journal:
    body = next(b for b in served.world.bodies if b.slug == "fjordvik")
    return Journal(body, 1, served.world.day, count, {}, (), Pool(("Kari Skogmarksli",), (), ()))


@pytest.mark.parametrize("count", [0, 1, 11, 12, 13, 25, 100, 479])
def test_counting_by_blocks_is_counting_one_by_one(served, count):
    journal = plain_journal(served, count)
    listed = list(journal.listed_from_newest(0, count))
    assert listed == [i for i in reversed(range(count)) if journal.is_listed(i)] and len(listed) == journal.listed_count()
    since, until = served.world.since, served.world.day
    window = journal.in_window(since, until)
    assert list(window) == [i for i in range(count) if since <= journal.day_of(i) <= until]
    shown = [i for i in window if journal.is_listed(i)]
    cases = {journal.case_of(i)[0] for i in shown}
    assert journal.count_cases(window, journal.is_listed) == len(cases)
    found = {m for number in cases for m in journal.case(number).members if m in window} | set(shown)
    assert journal.found_by_list_and_cases(since, until) == len(found)


def test_days_never_fall_and_members_know_their_case(served):
    journal = plain_journal(served, 300)
    days = [journal.day_of(i) for i in range(300)]
    assert days == sorted(days) and days[OLD - 1] < served.world.since and days[-1] <= served.world.day
    for index in range(300):
        number, place = journal.case_of(index)
        assert journal.case(number).members[place] == index
