"""One candidate on one screen, and the record of a decision."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk import dossier, review
from desk.exceptions import CandidateUnknown, DecisionRefused
from tests.desk.harvested import candidate, home
from tests.desk.opened import everything, paper
from warehouse import shortlists
from warehouse.decisions import DecisionLog
from warehouse.store import connect_published


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    return home(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def shown(state) -> dict:
    return review.load(state, candidate(state)[0])


def test_a_candidate_fits_one_screen_with_its_quote_in_its_paragraph(shown):
    text = review.as_text(shown)
    assert len(text.splitlines()) <= 40
    assert f"«{shown['quote']}»" in " ".join(line.strip() for line in text.splitlines())
    assert shown["id"] in text and "https://www.fjordvik.kommune.no/gaveregister" in text
    assert all(d["capture"] in text for d in shown["documents"])
    assert "  3. " in text and "  4. " not in text


def test_it_is_told_in_english_and_as_json(shown):
    assert "Quote:" in review.as_text(shown, lang="en")
    assert json.loads(json.dumps(shown, ensure_ascii=False))["id"] == shown["id"]


def test_colours_are_only_for_those_who_ask(shown):
    assert "\x1b[" not in review.as_text(shown) and "\x1b[" in review.as_text(shown, colour=True)


def test_a_terminal_is_not_commanded_by_a_source(shown):
    hostile = {**shown, "title": "Gaver \x1b]0;ond\x07 \x1b[2J", "paragraph": ["\x1b[31m", "sitat", "\r\nmer"]}
    assert "\x1b" not in review.as_text(hostile) and "\x07" not in review.as_text(hostile)


def test_a_decision_is_bound_to_the_text_that_was_read(state, shown):
    data = review.decision(shown, "accept", reviewer="leser 1", note="klart")
    assert data["text_hash"] == shown["text_hash"] and data["candidate"] == shown["id"]
    entry = DecisionLog(state / "decisions").append("review", data, now=datetime(2026, 10, 15, 8, tzinfo=UTC))
    assert entry["data"] == data


@pytest.mark.parametrize("reason", ["", "liker det ikke"])
def test_a_rejection_needs_one_of_the_fixed_reasons(shown, reason):
    with pytest.raises(DecisionRefused, match="lovpålagt, omtale, gammelt, feil organ, ikke bekreftet, dublett"):
        review.decision(shown, "reject", reason=reason, reviewer="leser 1")
    assert review.decision(shown, "reject", reason="dublett", reviewer="leser 1")["reason"] == "dublett"


def test_a_decision_says_what_and_who(shown):
    with pytest.raises(DecisionRefused, match="accept, reject, unsure"):
        review.decision(shown, "maybe", reviewer="leser 1")
    with pytest.raises(DecisionRefused, match="--reviewer"):
        review.decision(shown, "accept", reviewer=" ")


def test_an_unknown_candidate_is_named(state):
    with pytest.raises(CandidateUnknown, match="K0000000000"):
        review.load(state, "K0000000000")


def test_a_list_frozen_from_the_warehouse_becomes_a_dossier(state, tmp_path):
    """The whole way: every quote of the paper stands letter by letter in the masked text of the warehouse."""
    with connect_published(state) as connection:
        frozen = shortlists.freeze(connection, source="top", now=datetime(2026, 10, 15, 10, tzinfo=UTC))
        texts = [" ".join(row) for row in connection.execute("SELECT title || chr(10) || chr(10) || text FROM core.pages").fetchall()]
        texts += [row[0] for row in connection.execute(
            "SELECT concat_ws(chr(10) || chr(10), title, text, decision) FROM core.agenda_items").fetchall()]  # fmt: skip
    document = paper(tmp_path, frozen)
    quotes = [p.text[1:-1] for p in document.paragraphs if p.style.name == "Quote"]
    assert quotes and all(any(quote in text for text in texts) for quote in quotes)
    assert "Fjellanger" not in everything(document)
    assert {p.suffix for p in dossier.write(frozen, tmp_path / "all")} == {".docx", ".html", ".xlsx", ".csv", ".json"}
