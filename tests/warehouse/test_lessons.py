"""What people decided, as texts to learn from."""

import pytest

from warehouse import sampling
from warehouse.lessons import lessons
from warehouse.store import connect_published


@pytest.fixture
def copy(demo):
    with connect_published(demo.home) as connection:
        yield connection


def entry(number, kind, **data):
    return {"entry": number, "kind": kind, "at": "2026-11-26T08:00:00Z", "data": {"reviewer": "leser", "reason": "", "note": "", **data}}


def review(number, candidate, text_hash, decision, reason=""):
    return entry(number, "review", candidate=candidate, text_hash=text_hash, decision=decision, reason=reason)


def test_standing_decisions_teach_and_only_of_the_text_decided_on(copy):
    rows = copy.execute("SELECT id, text_hash, pillar, practice FROM ogp.candidates ORDER BY id LIMIT 6").fetchall()
    (accepted, floor, old, wrong, changed, undone) = rows
    log = [
        review(1, *accepted[:2], "accept"), review(2, *floor[:2], "reject", "lovpålagt"), review(3, *old[:2], "reject", "gammelt"),
        review(4, *wrong[:2], "reject", "feil organ"), review(5, changed[0], "another text", "accept"),
        review(6, *undone[:2], "accept"), review(7, *undone[:2], "undo"),
    ]  # fmt: skip
    found = {item["id"]: item for item in lessons(copy, log)}
    assert {i: (x["label"], x["practice"], x["contribution"]) for i, x in found.items()} == {
        accepted[0]: (accepted[2], accepted[3], True), floor[0]: (floor[2], floor[3], False), wrong[0]: ("none", "", False),
    }  # fmt: skip
    assert all(item["text"] is not None and item["municipality"].isdigit() for item in found.values())


def test_a_text_of_a_sample_that_holds_nothing_teaches_that(copy):
    texts = sampling.texts(copy)[:2]
    items = [{"id": f"U{n}", "stratum": "own_page:far", **{k: t[k] for k in ("document_id", "text_hash")}} for n, t in enumerate(texts)]
    log = [
        entry(1, "sample", id="S1", items=items),
        *(entry(2 + n, "reading", candidate=f"U{n}", text_hash=i["text_hash"], decision=said)
          for n, (i, said) in enumerate(zip(items, ("reject", "accept"), strict=True))),
    ]  # fmt: skip
    assert [(x["id"], x["label"], x["contribution"]) for x in lessons(copy, log)] == [("U0", "none", False)]
