"""A sample of what was not flagged, read blind, and what it says: held against a world whose truth is known."""

import json
from datetime import UTC, datetime

import pytest

from catalogue import rubric
from transforms.documents import documents
from warehouse import flagging, sampling
from warehouse.decisions import DecisionLog, document_id
from warehouse.exceptions import NothingToSample, TextGone, UnknownSample
from warehouse.store import Store, connect_published

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def copy(demo):
    with connect_published(demo.home) as connection:
        yield connection


@pytest.fixture(scope="module")
def drawn(copy):
    return sampling.draw(copy, rubric.load(), size=250, candidates=80, seed=5)


@pytest.fixture(scope="module")
def true(demo):
    """The documents of the initiatives there are."""
    return {document_id(d["source"], d["key"]) for initiative in demo.truth["initiatives"] for d in initiative["documents"]}


@pytest.fixture(scope="module")
def log(drawn, true, tmp_path_factory):
    """The decision log of somebody who knows the truth, is unsure once, and has one left."""
    kept = DecisionLog(tmp_path_factory.mktemp("state") / "decisions")
    kept.append("sample", drawn, now=NOW)
    for place, item in enumerate(drawn["items"][:-1]):
        said = "unsure" if place == 0 else "accept" if item["document_id"] in true else "reject"
        kept.append("reading", sampling.as_decision({**item, "sample": drawn["id"]}, said, reason="", note="", reviewer="leser 1"), now=NOW)
    return kept


def test_the_texts_to_draw_from_are_those_that_are_flagged_or_not(copy, drawn, demo):
    """In SQL the same as `transforms.documents` makes, but for recordings; of a body's equal texts one; none of a case that is found."""
    frames = {table: copy.execute(f"FROM core.{table}").df() for table in sampling.TABLES}
    frames["meetings"] = copy.execute("FROM core.meetings").df()
    known = set(flagging.names_of(copy))
    texts = documents(frames)
    texts = texts[(texts["document_table"] != "meetings") & texts["authority"].isin(known)]
    assert set(texts["document_id"]) == {row[0] for row in copy.execute("SELECT id FROM units").fetchall()}
    flagged = {row[0] for row in copy.execute("SELECT document_id FROM ogp.candidate_documents").fetchall()}
    unflagged = [i for i in drawn["items"] if not i["stratum"].startswith("flagged")]
    assert len(unflagged) == 250 and not {i["document_id"] for i in unflagged} & flagged
    assert {i["document_id"] for i in drawn["items"]} - {i["document_id"] for i in unflagged} <= flagged
    assert {i["document_table"] for i in drawn["items"]} >= {"pages", "journal_entries", "agenda_items", "datasets"}


def test_a_seed_gives_one_sample(copy, drawn):
    assert sampling.draw(copy, rubric.load(), size=250, candidates=80, seed=5) == drawn
    assert sampling.draw(copy, rubric.load(), size=250, candidates=80, seed=6)["id"] != drawn["id"]


def test_a_reader_cannot_tell_what_was_flagged(copy, log, drawn):
    kinds = {i["stratum"].startswith("flagged"): i for i in drawn["items"][1:-1]}
    shown = {kind: sampling.load(copy, log.entries(), item["id"]) for kind, item in kinds.items()}
    assert shown[True].keys() == shown[False].keys()
    for item in shown.values():
        assert not {"pillar", "practice", "score", "stratum", "candidate"} & item.keys()
        assert item["title"] or item["text"]
    order = ["flagged" if i["stratum"].startswith("flagged") else "not" for i in drawn["items"]]
    assert len({tuple(order[n : n + 3]) for n in range(0, 99, 3)}) > 3  # mixed
    assert [i["id"] for i in sampling.waiting(copy, log.entries(), 10)] == [drawn["items"][-1]["id"]]
    assert len(sampling.read_blind(copy, log.entries()[:1])) == 80


def test_what_was_missed_is_told_with_an_interval_that_holds_the_truth(copy, log, drawn, true):
    told = sampling.estimate({**drawn, "at": "x"}, log.entries())
    assert (told["items"], told["missing"], told["unsure"]) == (330, 2, 1)
    missed = {row[0] for row in copy.execute("SELECT id FROM units WHERE NOT is_flagged AND NOT of_found AND first").fetchall()} & true
    main = copy.execute("SELECT document_id FROM ogp.candidate_documents d JOIN units u ON u.id = d.document_id WHERE role = 'main'").fetchall()
    found = len({row[0] for row in main} & true)
    for name, truth in (("missed", len(missed)), ("found", found), ("recall", found / (found + len(missed)))):
        low, high = told[name]["interval"]
        assert low <= truth <= high, (name, truth, told[name])
    assert told["recall"]["value"] > 0.8 and len(told["rows"]) == 329
    assert sum(r["weight"] or 0 for r in told["rows"]) == pytest.approx(sum(s["units"] for s in drawn["strata"]))


def test_nothing_is_said_before_every_group_is_read(drawn):
    told = sampling.estimate({**drawn, "at": "x"}, [])
    assert told["recall"] is None and told["missing"] == 330


def test_the_log_takes_a_sample_whole_and_tells_no_text(log):
    assert log.verify() == 330
    assert not any({"title", "text"} & item.keys() for item in log.entries("sample")[0]["data"]["items"])


def test_a_text_that_changed_is_not_judged(copy, log, drawn):
    moved = json.loads(json.dumps(log.entries()))
    moved[0]["data"]["items"][0]["text_hash"] = "0" * 64
    with pytest.raises(TextGone, match=drawn["items"][0]["id"]):
        sampling.load(copy, moved, drawn["items"][0]["id"])
    with pytest.raises(UnknownSample, match="U0000000000"):
        sampling.load(copy, log.entries(), "U0000000000")
    with pytest.raises(UnknownSample):
        sampling.chosen([])


def test_small_groups_are_drawn_to_the_last_and_near_ones_more_closely():
    assert sampling.allocate(50, {"a": 1000, "b": 3, "c": 100}, {"c"}) == {"a": 34, "b": 3, "c": 13}
    assert sampling.allocate(50, {"a": 10, "b": 3}) == {"a": 10, "b": 3}
    assert sum(sampling.allocate(7, dict.fromkeys("abcdefghijk", 40)).values()) == 11  # one of each at the least


def test_an_empty_warehouse_has_nothing_to_sample(tmp_path):
    with Store(tmp_path) as store, pytest.raises(NothingToSample):
        sampling.draw(store.connection, rubric.load(), size=20, candidates=10, seed=1)
