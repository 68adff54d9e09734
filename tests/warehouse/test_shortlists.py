"""A frozen list holds what the committee's paper needs, never changes, and tells what came after it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.shortlist import read
from tests.warehouse.staged import CANTEEN, FJORDVIK, LYNGHEI, REGISTER, WEBSITE, fill, stage
from warehouse import shortlists
from warehouse.decisions import DecisionLog
from warehouse.exceptions import LogTampered, NothingToFreeze, UnknownShortlist
from warehouse.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(filled: Path):
    with Store(filled) as opened:
        yield opened


@pytest.fixture
def log(store: Store) -> DecisionLog:
    return DecisionLog(store.home / "decisions")


def decide(store: Store, log: DecisionLog, decision: str, authority: str = FJORDVIK, practice: str = "gaveregister", now: datetime = NOW) -> str:
    candidate, text_hash = store.connection.execute(
        "SELECT id, text_hash FROM ogp.candidates WHERE authority = ? AND practice = ?", [authority, practice]
    ).fetchall()[0]
    log.append("review", {"candidate": candidate, "text_hash": text_hash, "decision": decision, "reason": "konkret", "reviewer": "en"}, now=now)
    return candidate


def test_a_list_of_accepted_candidates_holds_every_field_of_the_handover(store: Store, log: DecisionLog) -> None:
    candidate = decide(store, log, "accept")
    frozen = shortlists.freeze(store.connection, source="accepted", name="Vår", now=NOW, reviews=log.entries("review"))
    assert [item["id"] for item in frozen["items"]] == [candidate] and frozen["stamp"] is None
    item = frozen["items"][0]
    assert item["position"] == 1
    assert item["body"] == {
        "orgnr": FJORDVIK, "name": "Fjordvik", "name_nn": "", "roles": "kommune", "number": "9001", "county": "91", "county_name": "Havland",
        "population": 4100, "language_form": "bokmål", "homepage": "https://www.fjordvik.kommune.no/", "postmottak": "post@fjordvik.kommune.no",
    }  # fmt: skip
    document = item["documents"][0]
    assert document["url"] == REGISTER.key and document["title"] == REGISTER.title and document["licence"] == "NLOD 2.0"
    assert len(document["sha256"]) == 64 and document["captured_at"] == "2026-02-01T03:00:00+00:00" and document["source_type"] == "own_page"
    assert item["quote"] in f"{REGISTER.title}\n\n{REGISTER.text}"
    assert all(evidence["quote"] in f"{REGISTER.title}\n\n{REGISTER.text}" for evidence in item["evidence"]) and item["evidence"]
    assert [check["key"] for check in item["checks"]] == ["actor", "action", "object", "own", "date_or_case", "access", "numbers"]
    assert {key: item["review"][key] for key in ("decision", "reviewer", "at")} == {
        "decision": "accept", "reviewer": "en", "at": "2026-03-01T12:00:00.000000+00:00",
    }  # fmt: skip
    here = [c for c in item["comparable"] if c["where"] == "Lynghei"]
    assert len(here) == 1 and here[0]["url"] == "https://www.lynghei.kommune.no/gaver"
    assert len(item["comparable"]) <= 6 and "Madrid, Spain" in {c["where"] for c in item["comparable"]}
    assert {c["reference"] for c in item["comparable"] if c["where"] == "Madrid, Spain"} == {"(ikke kontrollert)"}
    assert item["prevalence"] == {"with": 2, "read": 3} and item["size"] == "under_5000" and item["kostra_group"] is None
    assert {(m["kind"], m["why"]) for m in item["unobserved"]} == {("dataset", "no_known_source"), ("notice", "no_known_source")}


def test_the_list_says_what_was_looked_at_and_what_was_not(store: Store) -> None:
    coverage = shortlists.freeze(store.connection, source="top", now=NOW)["coverage"]
    assert (coverage["bodies"], coverage["bodies_reached"], coverage["pages"], coverage["documents"]) == (3, 3, 3, 6)
    assert coverage["sources_by_outcome"] == {"blocked": 1, "fresh": 4} and coverage["not_reached"] == []
    assert coverage["bodies_by_size"] == {"20000_49999": 1, "county": 1, "under_5000": 1} and coverage["languages"] == {"nb": 3}
    assert coverage["bodies_not_asked"] == 0
    assert (coverage["since"], coverage["until"]) == ("2026-02-01", "2026-02-28")


def test_the_top_list_is_stamped_and_leaves_out_what_people_rejected(store: Store, log: DecisionLog) -> None:
    rejected = decide(store, log, "reject", LYNGHEI)
    frozen = shortlists.freeze(store.connection, source="top", limit=1, now=NOW, reviews=log.entries("review"))
    assert frozen["stamp"] == "ikke gjennomgått"
    assert rejected not in [item["id"] for item in frozen["items"]]
    pillars = [item["pillar"] for item in frozen["items"]]
    assert len(pillars) == len(set(pillars)) >= 2
    assert all(shown["reference"] != rejected for item in frozen["items"] for shown in item["comparable"])


def test_the_desk_reads_what_was_frozen(store: Store, log: DecisionLog) -> None:
    decide(store, log, "accept")
    frozen = shortlists.freeze(store.connection, source="accepted", now=NOW, reviews=log.entries("review"))
    typed = read(frozen)
    assert typed.items[0].quoted.url == REGISTER.key and typed.is_reviewed and typed.items[0].review


def test_a_frozen_list_survives_the_log_and_shows_a_changed_word(store: Store, log: DecisionLog) -> None:
    frozen = shortlists.freeze(store.connection, source="top", now=NOW)
    kept = log.append("shortlist", frozen, now=NOW)["data"]
    assert kept == frozen and shortlists.is_intact(kept) and frozen["id"] == f"L20260301-{frozen['content_hash'][:6]}"
    again = shortlists.freeze(store.connection, source="top", now=NOW)
    assert again["content_hash"] == frozen["content_hash"]
    kept = json.loads(json.dumps(kept))
    kept["items"][0]["title"] += "!"
    assert not shortlists.is_intact(kept)


def test_a_list_whose_words_were_changed_is_not_handed_over(store: Store, log: DecisionLog) -> None:
    frozen = shortlists.freeze(store.connection, source="top", now=NOW)
    log.append("shortlist", frozen, now=NOW)
    shortlists.refuse_changed(log.entries("shortlist")[0]["data"], log)
    title = frozen["items"][0]["title"]
    log.path.write_text(log.path.read_text(encoding="utf-8").replace(title, title[:-1] + "?"), encoding="utf-8")
    with pytest.raises(LogTampered, match=f"shortlist {frozen['id']} is not the one that was frozen"):
        shortlists.refuse_changed(log.entries("shortlist")[0]["data"], log)


def test_a_list_that_a_take_down_emptied_is_handed_over_while_the_chain_holds(store: Store, log: DecisionLog) -> None:
    log.append("shortlist", shortlists.freeze(store.connection, source="top", now=NOW), now=NOW)
    log.append("takedown", {"source": WEBSITE, "key": REGISTER.key, "reason": "ba om det"}, now=NOW)
    emptied = log.entries("shortlist")[0]["data"]
    assert not shortlists.is_intact(emptied)
    shortlists.refuse_changed(emptied, log)
    log.path.write_text(log.path.read_text(encoding="utf-8").replace("ba om det", "bad om det"), encoding="utf-8")
    with pytest.raises(LogTampered):
        shortlists.refuse_changed(emptied, log)


def test_the_view_shows_the_list_and_what_changed_since(store: Store, log: DecisionLog) -> None:
    frozen = shortlists.freeze(store.connection, source="top", name="Vår", now=NOW)
    log.append("shortlist", frozen, now=NOW)
    stage(store.home, WEBSITE, 9, [replace(REGISTER, text=REGISTER.text + "\n\nRegisteret ble utvidet i 2026.")])
    fill(store)
    assert store.connection.execute("SELECT id, navn, stempel, punkter FROM kortlister").fetchall() == [
        (frozen["id"], "Vår", "ikke gjennomgått", len(frozen["items"]))
    ]
    changed = store.connection.execute("SELECT kommune FROM kortlistepunkter WHERE er_endret").fetchall()
    assert ("Fjordvik",) in changed


def test_new_changed_and_gone_since_a_list_and_since_a_day(store: Store, log: DecisionLog) -> None:
    frozen = shortlists.freeze(store.connection, source="top", now=datetime(2026, 2, 3, tzinfo=UTC))
    log.append("shortlist", frozen, now=datetime(2026, 2, 3, tzinfo=UTC))
    kept = store.connection.execute("SELECT id FROM ogp.candidates WHERE authority = ? AND practice = 'gaveregister'", [FJORDVIK]).fetchall()[0][0]
    gone = store.connection.execute("SELECT id FROM ogp.candidates WHERE authority = ?", [LYNGHEI]).fetchall()[0][0]
    stage(store.home, WEBSITE, 9, [
        replace(REGISTER, text=REGISTER.text + "\n\nRegisteret ble utvidet i 2026."),
        replace(REGISTER, key="https://www.fjordvik.kommune.no/varsling", title="Varslingskanal for ansatte",
                text="Kommunestyret i Fjordvik vedtok 5. februar 2026 en ny ekstern varslingskanal for ansatte og innbyggere, drevet av et "
                     "advokatfirma. Kanalen tok imot 12 varsler den første måneden."),
    ])  # fmt: skip
    stage(store.home, "website/lynghei", 9, [replace(CANTEEN, key="https://www.lynghei.kommune.no/gaver")])
    fill(store)
    for since in (frozen["id"], "2026-02-05"):
        found = shortlists.whats_new(store.connection, since)
        assert kept in [c["id"] for c in found["changed"]], since
        assert [c["id"] for c in found["gone"]] == [gone] and found["gone"][0]["body"] == "Lynghei", since
        assert "Fjordvik" in {c["body"] for c in found["new"]} and kept not in [c["id"] for c in found["new"]], since
    with pytest.raises(UnknownShortlist, match="shortlist list"):
        shortlists.whats_new(store.connection, "L2020")


def test_the_queue_asks_again_what_changed_and_forgets_what_is_settled(store: Store, log: DecisionLog) -> None:
    judged = decide(store, log, "accept")
    queue = shortlists.waiting(store.connection, reviews=log.entries("review"))
    assert judged not in [c["id"] for c in queue] and queue and {c["why"] for c in queue} == {"new"}
    stage(store.home, WEBSITE, 9, [replace(REGISTER, text=REGISTER.text + "\n\nRegisteret ble utvidet i 2026.")])
    fill(store)
    queue = shortlists.waiting(store.connection, reviews=log.entries("review"))
    assert (queue[0]["id"], queue[0]["why"]) == (judged, "changed")
    with pytest.raises(NothingToFreeze, match="review some"):
        shortlists.freeze(store.connection, source="accepted", now=NOW, reviews=log.entries("review"))


def test_a_take_down_empties_what_a_frozen_list_says_and_the_chain_holds(store: Store, log: DecisionLog) -> None:
    frozen = shortlists.freeze(store.connection, source="top", now=NOW)
    log.append("shortlist", frozen, now=NOW)
    entry = log.append("takedown", {"source": WEBSITE, "key": REGISTER.key, "reason": "ba om det"}, now=NOW)
    assert entry["data"]["redacts"] == [1] and log.verify() == 2
    kept = log.entries("shortlist")[0]["data"]
    mine = [item["id"] for item in frozen["items"] if any(d["url"] == REGISTER.key for d in item["documents"])]
    assert mine
    for item, was in zip(kept["items"], frozen["items"], strict=True):
        if item["id"] in mine:
            said = json.dumps(item, ensure_ascii=False)
            assert was["title"] not in said and was["quote"] not in said and "42 gaver" not in said
            assert (item["position"], item["score"], item["title"]) == (was["position"], was["score"], "[tatt ned]")
        else:
            assert item == {**was, "comparable": [c for c in was["comparable"] if c["reference"] not in mine]}
    assert REGISTER.title not in json.dumps(kept, ensure_ascii=False)
    assert not shortlists.is_intact(kept) and read(kept).items
    before = log.path.read_bytes()
    log.redact()
    assert log.path.read_bytes() == before


def test_a_quota_takes_the_best_with_at_most_so_many_of_a_group_and_says_who_came_in(store: Store) -> None:
    store.connection.execute("UPDATE ogp.candidates SET pillar = 'integrity', score = 90 WHERE authority = ?", [LYNGHEI])
    store.connection.execute("UPDATE ogp.candidates SET pillar = 'integrity', score = 10 WHERE authority = ?", [FJORDVIK])
    copied = "SELECT * REPLACE ('Kffffffffff' AS id, 89 AS score) FROM ogp.candidates WHERE authority = ? LIMIT 1"
    store.connection.execute(f"INSERT INTO ogp.candidates {copied}", [LYNGHEI])
    plain = shortlists.freeze(store.connection, source="top", limit=2, now=NOW)
    fair = shortlists.freeze(store.connection, source="top", limit=2, now=NOW, quota="size", at_most=1)
    assert plain["quota"] is None and [item["body"]["name"] for item in plain["items"]] == ["Lynghei", "Lynghei"]
    assert [item["body"]["name"] for item in fair["items"]] == ["Lynghei", "Fjordvik"]
    told = fair["quota"]
    assert (told["group"], told["at_most"], told["by_group"]) == ("size", 1, {"20000_49999": 1, "under_5000": 1})
    assert [c["body"] for c in told["taken_in"]] == ["Fjordvik"] and [c["id"] for c in told["left_out"]] == ["Kffffffffff"]
    # Nothing is known of KOSTRA groups here: nobody is left out for what is not known.
    assert [i["id"] for i in shortlists.freeze(store.connection, source="top", limit=2, now=NOW, quota="kostra", at_most=1)["items"]] == [
        i["id"] for i in plain["items"]
    ]
