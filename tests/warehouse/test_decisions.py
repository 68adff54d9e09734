"""What people decided is written once, chained, and found again in the tables."""

from __future__ import annotations

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.warehouse.staged import REGISTER, WEBSITE, fill, stage
from warehouse.decisions import DecisionLog
from warehouse.exceptions import InvalidDecision, LogTampered
from warehouse.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def review(candidate: str = "K0", decision: str = "accept", text_hash: str = "t", reviewer: str = "analytiker") -> dict[str, str]:
    return {"candidate": candidate, "text_hash": text_hash, "decision": decision, "reason": "konkret", "note": "", "reviewer": reviewer}


@pytest.fixture
def log(tmp_path: Path) -> DecisionLog:
    log = DecisionLog(tmp_path / "decisions")
    for decision in ("accept", "reject", "unsure"):
        log.append("review", review(decision=decision), now=NOW)
    return log


def test_decisions_come_back_in_order_and_hold_together(log: DecisionLog) -> None:
    assert log.verify() == 3
    assert [entry["data"]["decision"] for entry in log.entries("review")] == ["accept", "reject", "unsure"]
    assert [entry["entry"] for entry in DecisionLog(log.folder).entries()] == [1, 2, 3]


@pytest.mark.parametrize("change", ["value", "moment", "order", "removed", "cut", "added", "rehashed"])
def test_tampering_is_seen(log: DecisionLog, change: str) -> None:
    lines = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    if change == "value":
        lines[1]["data"]["decision"] = "accept"
    elif change == "moment":
        lines[1]["at"] = "2020-01-01T00:00:00+00:00"
    elif change == "order":
        lines[0], lines[1] = lines[1], lines[0]
    elif change == "removed":
        del lines[1]
    elif change == "cut":
        del lines[2]
    elif change == "added":
        lines.append(lines[2])
    else:
        from warehouse.decisions import digest

        lines[2]["data"]["decision"] = "accept"
        lines[2]["data_hash"] = digest(lines[2]["data"])
        lines[2]["hash"] = digest({k: lines[2][k] for k in ("entry", "at", "kind", "data_hash", "previous")})
    log.path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(LogTampered, match="backup"):
        log.verify()


def test_a_torn_last_line_was_never_a_decision(log: DecisionLog) -> None:
    with log.path.open("ab") as stream:
        stream.write(b'{"entry":4,"at":"20')
    assert log.verify() == 3
    log.append("review", review(), now=NOW)
    assert log.verify() == 4


@pytest.mark.parametrize(("kind", "data", "says"), [
    ("opinion", {}, "no kind"), ("review", {"candidate": "K0"}, "must say text_hash"), ("review", review(decision="maybe"), "no decision"),
])  # fmt: skip
def test_what_is_no_decision_is_refused_before_it_is_written(log: DecisionLog, kind: str, data: dict, says: str) -> None:
    with pytest.raises(InvalidDecision, match=says):
        log.append(kind, data, now=NOW)
    assert log.verify() == 3


def _decide(folder: Path, reviewer: str) -> None:
    for n in range(20):
        DecisionLog(folder).append("review", review(candidate=f"K{n}", reviewer=reviewer), now=NOW)


def test_two_people_decide_at_once_without_losing_a_line(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    people = [spawn.Process(target=_decide, args=(tmp_path, name)) for name in ("en", "to")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert DecisionLog(tmp_path).verify() == 40


def test_a_decision_holds_for_the_text_it_judged_and_is_asked_again_when_the_text_changes(tmp_path: Path) -> None:
    from dataclasses import replace

    log = DecisionLog(tmp_path / "decisions")
    stage(tmp_path, WEBSITE, 1, [REGISTER])
    with Store(tmp_path) as store:
        fill(store)
        state = "SELECT vurdering FROM kandidater"
        candidate, text_hash = store.connection.execute("SELECT id, text_hash FROM ogp.candidates").fetchone()
        log.append("review", review(candidate, "reject", text_hash), now=NOW)
        fill(store)
        assert store.connection.execute(state).fetchall() == [("avvist",)]
        log.append("review", review(candidate, "undo", text_hash), now=NOW)
        fill(store)
        assert store.connection.execute(state).fetchall() == [("ikke vurdert",)]
        log.append("review", review(candidate, "accept", text_hash), now=NOW)
        stage(tmp_path, WEBSITE, 2, [replace(REGISTER, text=REGISTER.text + "\n\nI 2026 ble registeret utvidet.")])
        fill(store)
        assert store.connection.execute(state).fetchall() == [("ny vurdering trengs",)]
        assert store.connection.execute("SELECT beslutning, gjelder, star FROM vurderinger ORDER BY nummer").fetchall() == [
            ("reject", False, False), ("undo", False, False), ("accept", False, True),
        ]  # fmt: skip
