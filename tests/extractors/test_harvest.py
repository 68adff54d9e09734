"""All seven outcomes, produced by a real server."""

from __future__ import annotations

import itertools
import json
import threading
from datetime import date
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pyarrow.parquet as pq
import pytest

from catalogue.reasons import Reason, dump
from catalogue.sources import SourceEntry
from extractors import staging
from extractors.contract import Known, Outcome, Source, Window
from extractors.exceptions import Interrupted
from extractors.fetch.client import Client
from extractors.harvest import harvest_many, harvest_source, queues, shards
from extractors.innsyn.einnsyn import EInnsyn
from extractors.platforms import source_from_entry
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
    assert (result.outcome, result.reasons) == (Outcome.EMPTY_VERIFIED, (Reason("older_entry_found"),))


def test_partial_when_the_source_counts_more_than_came(tmp_path):
    """The second page is the first again: two were sent, and they are one."""
    result = run(tmp_path, lambda _: (200, JSON, found([package(1)], count=3)))
    assert (result.outcome, result.reasons) == (Outcome.PARTIAL, (Reason("fewer_than_counted", counted=2, kind="dataset", read=1),))


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
    assert result.outcome == Outcome.BLOCKED and codes(result) == ["robots_refuses"]
    assert asked == []


def test_only_an_entry_with_a_written_permission_reads_a_host_that_refuses_and_every_capture_says_so(tmp_path):
    said = {"slug": "fjordvik", "platform": "ckan", "authority": "958935420", "url": "https://data.fjordvik.kommune.no/", "kinds": ["dataset"],
            "fact": "oppdiktet", "confidence": "tested", "state": "permission"}  # fmt: skip
    letter = {"who": "Fjordvik kommune", "when": "2026-05-04", "reference": "sak 26/114"}

    def answer(handler):
        return (200, {}, b"User-agent: *\nDisallow: /\n") if handler.path == "/robots.txt" else (200, JSON, found([package(1)]))

    outcomes = {}
    for home, more in (("uten", {}), ("med", {"permission": letter})):
        source = source_from_entry(SourceEntry.model_validate(said | more))
        with serving(answer) as gateway:
            client = client_for(tmp_path / home, gateway)
            outcomes[home] = harvest_source(
                source, WINDOW, Known(), client, tmp_path / home / "staging", run_id="r", extractor=Ckan()
            ).outcome
            client.close()
    assert outcomes == {"uten": "blocked", "med": "fresh"}
    (path,) = (tmp_path / "med" / "staging").glob("*/*.captures.parquet")
    said_so = {row["url"].rsplit("/", 1)[1].split("?")[0]: row["robots_permission"] for row in pq.read_table(path).to_pylist()}
    assert said_so == {"robots.txt": None, "package_search": "who: Fjordvik kommune; when: 2026-05-04; reference: sak 26/114"}


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


# --- what is closed, gone, endless or broken


HTML = {"Content-Type": "text/html; charset=utf-8"}
WWW = "www.fjordvik.kommune.no"


def codes(result: staging.RunResult) -> list[str]:
    return [code for reason in result.reasons for code in reason.codes()]


def page(title: str, *links: str, text: str = "Kommunen forteller om arbeidet sitt. ") -> bytes:
    listed = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return f"<html lang=nb><body><main><h1>{title}</h1><p>{text * 12}</p>{listed}</main></body></html>".encode()


def site(pages: dict[str, tuple[int, bytes]]):
    return lambda handler: (pages[handler.path][0], HTML, pages[handler.path][1]) if handler.path in pages else (404, HTML, b"borte")


def test_pages_that_are_closed_to_us_are_no_gap_and_are_said(tmp_path):
    pages = {"/": (200, page("Hjem", "/intern/a", "/vakt", "/borte")), "/vakt": (403, b"")}
    result = run(tmp_path, site(pages), extractor=Website, host=WWW, robots=(200, b"User-agent: *\nDisallow: /intern/\n"))
    assert (result.outcome, result.reasons) == (Outcome.FRESH, (Reason("closed_addresses", n=2),))


def test_a_page_that_fails_is_a_gap(tmp_path):
    result = run(tmp_path, site({"/": (200, page("Hjem", "/svikt")), "/svikt": (500, b"")}), extractor=Website, host=WWW)
    assert (result.outcome, result.reasons) == (Outcome.PARTIAL, (Reason("questions_unanswered", n=1, first=Reason("server_answered", status=500)),))


def test_a_site_that_has_moved_has_drifted_and_the_reason_names_the_new_host(tmp_path):
    result = run(tmp_path, lambda _: (301, {"Location": "https://www.nyfjord.kommune.no/"}, b""), extractor=Website, host=WWW)
    moved = Reason("host_not_ours", host="www.nyfjord.kommune.no", source="website/fjordvik")
    assert (result.outcome, result.reasons) == (Outcome.DRIFTED, (Reason("leads_elsewhere", first=moved),))


def test_a_host_that_does_not_answer_has_failed_and_has_not_refused(tmp_path):
    def hang_up(handler):
        handler.close_connection = True

    source = Source("ckan/fjordvik", "999999999", "ckan", "https://data.fjordvik.kommune.no/", settings=Ckan.Settings())
    with serving(hang_up) as gateway:
        client = client_for(tmp_path, gateway)
        result = harvest_source(source, WINDOW, Known(), client, tmp_path / "staging", run_id="r1", extractor=Ckan())
        client.close()
    assert result.outcome == Outcome.FAILED and codes(result) == ["robots_unread", "connection_failed"]


def test_a_script_shell_is_read_as_one_and_the_run_is_partial(tmp_path):
    result = run(
        tmp_path,
        lambda _: (200, HTML, b"<html><body><div id=app></div><script src=/a.js></script></body></html>"),
        extractor=Website,
        host=WWW,
    )
    assert result.outcome == Outcome.PARTIAL and codes(result) == ["answers_unread", "script_shell"]
    assert [json.loads(row["payload"])["shape"] for row in staged(tmp_path, result.batch) if row["kind"] == "page"] == ["shell"]


def test_a_list_without_end_is_left_alone(tmp_path):
    asked = []

    def answer(handler):
        asked.append(handler.path)
        number = int(handler.path.rsplit("=", 1)[1]) if "=" in handler.path else 0
        return 200, HTML, page(f"Side {number}", f"/aktuelt?side={number + 1}", f"/aktuelt?side={number + 7}")

    result = run(tmp_path, answer, extractor=Website, settings={"max_depth": 99}, host=WWW)
    assert len([p for p in asked if "side=" in p]) == 20 and codes(result) == ["endless_lists"]


class Brittle(Ckan):
    """A parser that stumbles over the second package."""

    def parse(self, source, window, capture):
        for item in super().parse(source, window, capture):
            if getattr(item, "key", "") == "p2":
                raise KeyError("Kari Nordhus")
            yield item


def test_a_parser_that_stumbles_loses_one_answer_and_tells_no_text(tmp_path):
    result = run(tmp_path, lambda _: (200, JSON, found([package(1), package(2), package(3)])), extractor=Brittle)
    assert result.outcome == Outcome.PARTIAL and result.seen == {"dataset": 1}
    assert codes(result) == ["fewer_than_counted", "answers_unread", "parser_stopped"]
    assert "KeyError at test_harvest.py" in str(result.reasons[1]) and "Nordhus" not in dump(result.reasons)


def test_the_summary_counts_every_exchange_also_robots_and_hops(tmp_path):
    result = run(tmp_path, site({"/": (200, page("Hjem"))}), extractor=Website, host=WWW)
    captures = pq.read_table(next((tmp_path / "staging").glob("*/*.captures.parquet"))).to_pylist()
    assert [(row["url"].rsplit("/", 1)[1], row["status"]) for row in captures] == [
        ("robots.txt", "404"),
        ("", "200"),
        ("sitemap.xml", "404"),
    ]
    assert result.captures == result.requests == 3


# --- staging


def row(key: str, says: str, kind: str = "page") -> dict[str, str]:
    return {"kind": kind, "key": key, "locator": "html", "payload": says, "source": "website/x", "batch": "b"}


def result_of(batch: str) -> staging.RunResult:
    return staging.RunResult(
        run_id="r", source="website/x", authority="999999999", platform="website", outcome=Outcome.FRESH, reasons=(), requests=0, not_modified=0,
        size_bytes=0, captures=0, records={}, seen={}, troubles=0, leftovers={}, claimed=None, since="", until="", started_at="", ended_at="",
        batch=batch,
    )  # fmt: skip


def test_a_big_source_is_written_in_pieces_and_a_later_word_replaces_an_earlier_one(tmp_path):
    batch = staging.Batch(tmp_path, "website/x", "b1")
    batch.PIECE = 10
    for n in range(25):
        batch.add(row(f"k{n}", "en"))
    batch.add(row("k3", "to"))
    batch.add(row("k24", "to"))
    assert batch.finish() == {"page": 25} and batch.seen == {"page": 25}
    batch.close(result_of("b1"), [])
    rows = pq.read_table(tmp_path / "website__x" / "b1.parquet").to_pylist()
    assert len(rows) == 25 and {r["key"] for r in rows if r["payload"] == "to"} == {"k3", "k24"}


@pytest.mark.parametrize("seed", range(10))
def test_whatever_the_order_the_last_word_on_a_part_is_staged_when_it_is_news(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(staging.Batch, "PIECE", 4)
    monkeypatch.setattr(staging._Said, "NEWEST", 3)
    dice, known = Random(seed), {}
    for number in range(4):
        batch, last = staging.Batch(tmp_path, "website/x", f"b{number}"), {}
        for _ in range(60):
            key, word = f"k{dice.randrange(12)}", dice.choice("abc")
            batch.add(row(key, word))
            last[key] = word
        batch.finish()
        assert batch.seen == {"page": len(last)}
        batch.close(result_of(f"b{number}"), [])
        rows = pq.read_table(tmp_path / "website__x" / f"b{number}.parquet").to_pylist()
        staged = {r["key"]: r["payload"] for r in rows}
        assert len(staged) == len(rows)
        # A part that was written in a piece before it went back to what was known stands there once more, with that word.
        assert staged.items() >= {(key, word) for key, word in last.items() if known.get(key) != word}
        assert staged.items() <= last.items()
        known |= last


def test_fingerprints_are_only_a_shortcut(tmp_path):
    staging.write_batch(tmp_path, result_of("b1"), [row("a", "en"), row("b", "en")], [])
    folder = tmp_path / "website__x"
    for damage in (lambda p: None, lambda p: p.unlink(), lambda p: p.write_bytes(b"ikke parquet")):
        damage(folder / "fingerprints.index")
        known = staging.Fingerprints(folder)
        assert len(known.said) == 2 and known.batches == ["b1"]
    staging.write_batch(tmp_path, result_of("b2"), [row("a", "en"), row("b", "to")], [])
    assert [r["key"] for r in pq.read_table(folder / "b2.parquet").to_pylist()] == ["b"]
    (folder / "b2.json").unlink()
    staging.write_batch(tmp_path, result_of("b3"), [row("b", "to")], [])
    assert [r["key"] for r in pq.read_table(folder / "b3.parquet").to_pylist()] == ["b"]


# --- many sources


def many(count: int, host: str = "www.kommune{}.no") -> list[Source]:
    return [
        Source(f"website/k{n}", f"99999999{n % 10}", "website", f"https://{host.format(n)}/", settings=Website.Settings())
        for n in range(count)
    ]


def test_queues_share_no_host_and_keep_their_order():
    one, two, three = many(3)
    bridge = Source("dcat/b", "999999999", "dcat", "https://data.kommune1.no/", hosts=("kommune0.no", "www.kommune2.no"))
    assert [[s.id for s in q] for q in queues([one, two, three])] == [["website/k0"], ["website/k1"], ["website/k2"]]
    assert [[s.id for s in q] for q in queues([one, two, three, bridge])] == [["website/k0", "website/k2", "dcat/b"], ["website/k1"]]
    parts = shards([*many(7), *many(3, "felles.no/{}")], 4)
    assert sorted(len(part) for part in parts) == [2, 2, 3, 3] and sum(len(p) for p in parts) == 10
    hosts = [{urlsplit(s.url).hostname for s in part} for part in parts]
    assert all(not a & b for a, b in itertools.combinations(hosts, 2))


def harvest_them(home: Path, sources, answer, *, workers=4, known_of=lambda _: Known(), progress=lambda _: None, **more):
    with serving(answer) as gateway:
        client = client_for(home, gateway, pace={"floor_s": 0.0, "address_floor_s": 0.0})
        try:
            return harvest_many(
                sources, WINDOW, known_of, client, home / "staging", **{"run_id": "r1"} | more, workers=workers, progress=progress
            )
        finally:
            client.close()


def test_many_sources_each_end_in_an_outcome_of_their_own(tmp_path):
    def answer(handler):
        number = int(handler.headers["Host"].removeprefix("www.kommune").removesuffix(".no"))
        if handler.path == "/robots.txt":
            return (200, {}, b"User-agent: *\nDisallow: /\n") if number == 1 else (404, {}, b"")
        return (500, HTML, b"") if number == 2 else (200, HTML, page(f"Kommune {number}")) if handler.path == "/" else (404, HTML, b"")

    def known_of(source):
        if source.id == "website/k3":
            raise RuntimeError("Kari Nordhus")
        return Known()

    told = []
    results = harvest_them(tmp_path, many(8), answer, known_of=known_of, progress=told.append)
    assert [r.source for r in results] == [f"website/k{n}" for n in range(8)]
    assert [r.outcome for r in results] == ["fresh", "blocked", "failed", "failed", "fresh", "fresh", "fresh", "fresh"]
    assert codes(results[3]) == ["harvest_broke"]
    assert "RuntimeError at" in str(results[3].reasons[0]) and "Nordhus" not in str(results[3].reasons[0])
    assert {r.source for r in told} == {r.source for r in results}
    assert len(list(staging.complete_batches(tmp_path / "staging"))) == 8


def test_sources_on_one_host_are_harvested_one_after_the_other(tmp_path):
    in_flight, most, lock = [0], [0], threading.Lock()

    def answer(handler):
        with lock:
            in_flight[0] += 1
            most[0] = max(most[0], in_flight[0])
        try:
            return (404, {}, b"") if handler.path == "/robots.txt" else (200, JSON, found([package(1)]))
        finally:
            with lock:
                in_flight[0] -= 1

    sources = [
        Source(f"ckan/{n}", "999999999", "ckan", "https://data.felles.no/", settings=Ckan.Settings(organization=f"o{n}")) for n in range(6)
    ]
    assert [r.outcome for r in harvest_them(tmp_path, sources, answer)] == ["fresh"] * 6
    assert most == [1]


def test_an_interrupted_harvest_keeps_what_was_whole_and_the_next_one_goes_on(tmp_path):
    asked = []

    def answer(handler):
        asked.append(handler.headers["Host"])
        return (404, {}, b"") if handler.path == "/robots.txt" else (200, HTML, page("Hjem")) if handler.path == "/" else (404, HTML, b"")

    def stop_after_two(result):
        if result.source == "website/k1":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        harvest_them(tmp_path, many(6), answer, workers=1, progress=stop_after_two)
    assert {r.source for r, _ in staging.complete_batches(tmp_path / "staging")} == {"website/k0", "website/k1"}
    assert set(asked) == {"www.kommune0.no", "www.kommune1.no"}
    results = harvest_them(tmp_path, many(6), answer, run_id="r2")
    assert [r.outcome for r in results] == ["unchanged", "unchanged", "fresh", "fresh", "fresh", "fresh"]


def test_who_waits_for_a_host_is_woken_and_leaves_no_batch(tmp_path):
    slept = threading.Event()

    def answer(handler):
        return (200, {}, b"User-agent: *\nCrawl-delay: 200\n") if handler.path == "/robots.txt" else (200, HTML, page("Hjem"))

    with serving(answer) as gateway:
        client = Client(tmp_path, contact="post@dagslys.example", gateway=gateway)
        wait = client.pace.sleep
        client.pace.sleep = lambda seconds: (slept.set(), wait(seconds))

        def stop():
            slept.wait()
            client.stopping.set()

        stopper = threading.Thread(target=stop)
        stopper.start()
        with pytest.raises(Interrupted):
            harvest_many(many(1), WINDOW, lambda _: Known(), client, tmp_path / "staging", run_id="r1")
        stopper.join()
        client.close()
    assert list(staging.complete_batches(tmp_path / "staging")) == []


@pytest.mark.parametrize("limit", [2, 50])
def test_a_website_is_read_most_promising_first_within_its_bound(tmp_path, limit):
    links = "".join(f"<a href='/side-{n}'>Side {n}</a>" for n in range(5)) + "<a href='/gaveregister'>Gaveregister</a>"
    front = f"<html><body><main><h1>Hjem</h1><p>{'Velkommen til kommunen. ' * 20}</p>{links}</main></body></html>".encode()

    def answer(handler):
        return (
            (200, {"Content-Type": "text/html"}, front) if handler.path != "/robots.txt" and "xml" not in handler.path else (404, {}, b"")
        )

    result = run(tmp_path, answer, extractor=Website, settings={"max_pages": limit}, host="www.fjordvik.kommune.no")
    keys = {row["key"] for row in staged(tmp_path, result.batch)}
    assert "https://www.fjordvik.kommune.no/gaveregister" in keys
    assert result.seen["page"] == (2 if limit == 2 else 7)  # the front page and the one that promises most
    assert result.outcome == Outcome.FRESH
