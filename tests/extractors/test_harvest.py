"""All seven outcomes, produced by a real server."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors import staging
from extractors.contract import Known, Outcome, Source, Window
from extractors.harvest import harvest_source
from extractors.innsyn.einnsyn import EInnsyn
from extractors.portals.ckan import Ckan
from extractors.websites.site import Website
from tests.extractors.fetch.loopback import client_for, serving

WINDOW = Window(date(2026, 9, 15), date(2026, 10, 15))
JSON = {"Content-Type": "application/json"}


def package(number: int, **more) -> dict:
    return {"id": f"p{number}", "name": f"p{number}", "title": f"Sett {number}", **more}


def found(packages: list[dict], count: int | None = None) -> bytes:
    return json.dumps({"success": True, "result": {"count": len(packages) if count is None else count, "results": packages}}).encode()


def run(home: Path, answer, *, extractor=Ckan, settings=None, run_id="r1", budget=2000, host="data.fjordvik.kommune.no", robots=(404, b"")):
    def respond(handler):
        return (robots[0], {"Content-Type": "text/plain"}, robots[1]) if handler.path == "/robots.txt" else answer(handler)

    source = Source(
        id=f"{extractor.platform}/fjordvik", authority="999999999", platform=extractor.platform, url=f"https://{host}/", hosts=(host,),
        settings=extractor.Settings(**(settings or {})),
    )  # fmt: skip
    with serving(respond) as gateway:
        client = client_for(home, gateway)
        try:
            return harvest_source(source, WINDOW, Known(), client, home / "staging", run_id=run_id, extractor=extractor(), budget=budget)
        finally:
            client.close()


def staged(home: Path, batch: str):
    (path,) = (home / "staging").glob(f"*/{batch}.parquet")
    return pq.read_table(path).to_pylist()


def test_fresh_then_unchanged_stages_nothing_twice(tmp_path):
    first = run(tmp_path, lambda _: (200, JSON, found([package(1), package(2)])))
    again = run(tmp_path, lambda _: (200, JSON, found([package(1), package(2)])), run_id="r2")
    assert (first.outcome, again.outcome) == (Outcome.FRESH, Outcome.UNCHANGED)
    assert (dict(first.records), dict(again.records)) == ({"claim": 1, "dataset": 2}, {})
    assert dict(again.seen) == {"dataset": 2}


def test_a_changed_record_is_staged_alone(tmp_path):
    run(tmp_path, lambda _: (200, JSON, found([package(1), package(2)])))
    again = run(tmp_path, lambda _: (200, JSON, found([package(1), package(2, notes="Nytt")])), run_id="r2")
    assert again.outcome == Outcome.FRESH
    assert [row["key"] for row in staged(tmp_path, again.batch) if row["kind"] == "dataset"] == ["p2"]


def test_empty_verified_by_the_source_s_own_zero(tmp_path):
    assert run(tmp_path, lambda _: (200, JSON, found([]))).outcome == Outcome.EMPTY_VERIFIED


def test_empty_verified_by_an_older_entry(tmp_path):
    def answer(handler):
        items = [{"id": "jp_1"}] if "sortOrder=desc" in handler.path else []
        return 200, JSON, json.dumps({"items": items}).encode()

    result = run(tmp_path, answer, extractor=EInnsyn, settings={"unit": "enh_1"})
    assert (result.outcome, result.reason) == (Outcome.EMPTY_VERIFIED, "an older entry was found, none in the window")


def test_partial_when_the_source_counts_more_than_came(tmp_path):
    result = run(tmp_path, lambda _: (200, JSON, found([package(1)], count=3)))
    assert result.outcome == Outcome.PARTIAL and "counts 3 of dataset, 1 were read" in result.reason


def test_partial_when_the_budget_ends(tmp_path):
    def answer(handler):
        start = int(handler.path.split("start=")[1].split("&")[0])
        return 200, JSON, found([package(start)], count=9)

    assert run(tmp_path, answer, budget=3).outcome == Outcome.PARTIAL


def test_blocked_by_robots_and_nothing_else_is_asked(tmp_path):
    asked = []

    def answer(handler):
        asked.append(handler.path)
        return 200, JSON, found([package(1)])

    result = run(tmp_path, answer, robots=(200, b"User-agent: *\nDisallow: /\n"))
    assert result.outcome == Outcome.BLOCKED and "robots.txt refuses" in result.reason
    assert asked == []


def test_blocked_by_a_login(tmp_path):
    assert run(tmp_path, lambda _: (302, {"Location": "/login?next=/"}, b"")).outcome == Outcome.BLOCKED


def test_drifted_when_html_comes_for_json(tmp_path):
    result = run(tmp_path, lambda _: (200, {"Content-Type": "text/html"}, b"<!doctype html><html><body>Ny portal</body></html>"))
    assert result.outcome == Outcome.DRIFTED and result.troubles == 1


def test_failed_when_the_server_does(tmp_path):
    assert run(tmp_path, lambda _: (500, {}, b"")).outcome == Outcome.FAILED


def test_repeated_pages_end_the_walk(tmp_path):
    asked = []

    def answer(handler):
        asked.append(handler.path)
        return 200, JSON, json.dumps({"items": [{"id": "jp_1", "offentligTittel": "x"}], "next": f"/search?side={len(asked)}"}).encode()

    result = run(tmp_path, answer, extractor=EInnsyn, settings={"unit": "enh_1"})
    assert result.seen["journal_entry"] == 1 and len([p for p in asked if "moete" not in p.lower()]) < 5


def test_leftovers_are_in_the_run_summary(tmp_path):
    result = run(tmp_path, lambda _: (200, JSON, found([package(1, ukjentfelt=1)])))
    assert result.leftovers == {"dataset.ukjentfelt": 1}
    (summary,) = (tmp_path / "staging").glob("*/*.json")
    assert json.loads(summary.read_text())["leftovers"] == {"dataset.ukjentfelt": 1}


def test_a_batch_without_its_summary_does_not_exist(tmp_path):
    result = run(tmp_path, lambda _: (200, JSON, found([package(1)])))
    (summary,) = (tmp_path / "staging").glob("*/*.json")
    summary.unlink()
    assert list(staging.complete_batches(tmp_path / "staging")) == []
    assert run(tmp_path, lambda _: (200, JSON, found([package(1)])), run_id="r2").outcome == Outcome.FRESH
    assert result.outcome == Outcome.FRESH


@pytest.mark.parametrize("limit", [2, 50])
def test_a_website_is_read_most_promising_first_within_its_bound(tmp_path, limit):
    links = "".join(f"<a href='/side-{n}'>Side {n}</a>" for n in range(5)) + "<a href='/gaveregister'>Gaveregister</a>"
    front = f"<html><body><main><h1>Hjem</h1><p>{'Velkommen til kommunen. ' * 20}</p>{links}</main></body></html>".encode()

    def answer(handler):
        return (200, {"Content-Type": "text/html"}, front) if handler.path != "/robots.txt" and "xml" not in handler.path else (404, {}, b"")

    result = run(tmp_path, answer, extractor=Website, settings={"max_pages": limit}, host="www.fjordvik.kommune.no")
    keys = {row["key"] for row in staged(tmp_path, result.batch)}
    assert "https://www.fjordvik.kommune.no/gaveregister" in keys
    assert result.seen["page"] == (2 if limit == 2 else 7)  # the front page and the one that promises most
    assert result.outcome == Outcome.FRESH
