"""Spans of text under each verdict, so that any flag can be opened at its words."""

import json

import pandas as pd
import pytest

from catalogue import rubric
from tests.transforms.flagging import document, frame, register, streaming
from transforms import evidence, verdict


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


@pytest.fixture(scope="module")
def found(shipped):
    return evidence.find(frame(*register(), streaming(), document("x", "page", "Åpningstider i svømmehallen", "Åpent alle dager.")), shipped)


def test_only_documents_about_a_practice_have_a_verdict(found):
    assert list(found.verdicts["document_id"]) == ["a1", "a2", "a3", "b1"]
    assert dict(zip(found.verdicts["document_id"], found.verdicts["practice"], strict=True)) == {
        "a1": "gaveregister", "a2": "gaveregister", "a3": "gaveregister", "b1": "kommune_tv",
    }  # fmt: skip
    assert list(found.verdicts.columns) == list(evidence.VERDICTS)
    assert list(found.evidence.columns) == list(evidence.EVIDENCE)


def test_every_span_and_quote_stands_word_for_word_in_its_document(found):
    texts = {d["document_id"]: verdict.whole(d["title"], d["text"]) for d in (*register(), streaming())}
    for row in found.evidence.to_dict("records"):
        whole = texts[row["document_id"]]
        assert row["quote"] == whole[row["quote_start"] : row["quote_end"]]
        assert 0 < len(row["quote"]) <= evidence.LONGEST_QUOTE
        assert 0 <= row["start_at"] < row["end_at"] <= len(whole)
        assert row["quote_start"] <= row["start_at"] < row["quote_end"]


def test_every_row_names_where_it_was_read_and_by_which_rubric(found, shipped):
    assert found.evidence["id"].is_unique
    assert set(found.evidence["rubric"]) == {shipped.version}
    assert found.evidence[["capture", "url", "text_hash"]].notna().all().all()


def test_what_speaks_against_is_evidence_too(shipped):
    text = "Avisa har spurt kommunen om innsyn. Kommunen får kritikk for hemmelighold av postlisten. Postlisten mangler dokumenter."
    rows = evidence.find(frame(document("k", "page", "Postliste: kritikk fra avisa", text)), shipped).evidence
    assert rows.loc[rows["rule"] == "cue:criticism", "weight"].tolist()[0] < 0


def test_the_checks_are_stored_with_their_words(found):
    checks = {c["key"]: c for c in json.loads(found.verdicts.set_index("document_id").loc["a1", "checks"])}
    assert checks["date_or_case"]["answer"] == "yes"
    assert "4. mars 2025" in checks["date_or_case"]["words"] or "14/25" in checks["date_or_case"]["words"]


def test_one_document_judged_anew_gives_the_same_rows(found, shipped):
    again = evidence.find(frame(register()[0]), shipped)
    pd.testing.assert_frame_equal(again.evidence, found.evidence[found.evidence["document_id"] == "a1"].reset_index(drop=True))


def test_one_changed_letter_gives_another_hash_and_other_places(found, shipped):
    changed = {**register()[0], "text": "X" + register()[0]["text"]}
    changed["text_hash"] = evidence.text_hash(changed["title"], changed["text"])
    again = evidence.find(frame(changed), shipped)
    before = found.evidence[found.evidence["document_id"] == "a1"]
    assert set(again.evidence["text_hash"]).isdisjoint(before["text_hash"])


def test_a_long_sentence_is_cut_at_blanks_round_its_word():
    whole = "Innledning\n\n" + "ord " * 120 + "gaveregister " + "ord " * 120
    start = whole.index("gaveregister")
    left, right = evidence.quote_span(whole, start, start + 12)
    assert right - left <= evidence.LONGEST_QUOTE
    assert "gaveregister" in whole[left:right]
    assert whole[left - 1] == " " and whole[left:right] == whole[left:right].strip()


def test_no_documents_give_empty_tables_with_their_columns(shipped):
    empty = evidence.find(frame(streaming()).head(0), shipped)
    assert list(empty.verdicts.columns) == list(evidence.VERDICTS) and empty.evidence.empty


def test_a_text_that_names_no_practice_shows_the_words_of_the_idea_it_tells(shipped):
    title = "Vaskes skolene slik vi har avtalt?"
    text = (
        "Siden 1. februar 2026 drar to fra Nesset kommune uanmeldt på besøk hos firmaene som vasker skolene. "
        "Kommunestyret bestemte det i sak 5/26, og 112 notater ligger ute."
    )
    found = evidence.find(frame(document("e1", "page", title, text)), shipped)
    assert found.verdicts["practice"].tolist() == ["leverandørkontroll"]
    ideas = found.evidence[found.evidence["rule"].str.startswith("idea:")]
    assert len(ideas) == 1 and " + " in ideas["rule"].iloc[0] and ideas["weight"].iloc[0] > 0
    assert ideas["quote"].iloc[0] in verdict.whole(title, text)
