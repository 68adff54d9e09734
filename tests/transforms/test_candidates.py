"""Verdicts become candidates: what belongs together is one, what does not stays apart, and the score says why."""

import json
import random

import pandas as pd
import pytest

from catalogue import rubric
from tests.transforms.flagging import TODAY, document, frame, register, streaming
from transforms import candidates, evidence, verdict
from transforms.evaluation import model_version

NAMES = {"800000005": "Nesset kommune", "800000013": "Heiane herad"}


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


@pytest.fixture
def linked(shipped):
    def link(*documents):
        texts = frame(*documents)
        return candidates.link(texts, evidence.find(texts, shipped), shipped, today=TODAY, names=NAMES)

    return link


def members(result):
    return sorted(sorted(group["document_id"]) for _, group in result.candidate_documents.groupby("candidate"))


def test_a_page_a_case_and_a_journal_title_about_one_register_are_one_candidate(linked):
    result = linked(*register(), streaming())
    assert members(result) == [["a1", "a2", "a3"], ["b1"]]
    row = result.candidates.set_index("practice").loc["gaveregister"]
    assert (row["documents"], row["sources"], row["source_types"]) == (3, 3, "council_case; mail_journal; own_page")
    assert list(result.candidates.columns) == list(candidates.CANDIDATES)
    assert list(result.candidate_documents.columns) == list(candidates.CANDIDATE_DOCUMENTS)


def test_two_registers_of_one_body_stay_apart(linked):
    other = document(
        "c1", "page", "Gaveregister for styrene i foretakene",
        "Styrene i Nesset Havn KF og Nesset Bolig KF vedtok 20. november 2025 en felles liste over middager og billetter. "
        "Gaveregisteret for styremedlemmer viser 14 linjer, og alt over 200 kroner skal med.",
    )  # fmt: skip
    assert members(linked(*register(), other)) == [["a1", "a2", "a3"], ["c1"]]


def test_the_same_words_of_two_bodies_are_two_candidates(linked):
    theirs = tuple({**d, "document_id": "z" + d["document_id"]} for d in register("800000013"))
    assert members(linked(*register(), *theirs)) == [["a1", "a2", "a3"], ["za1", "za2", "za3"]]


def test_a_document_that_names_no_practice_joins_by_what_it_shares(linked):
    follow_up = document(
        "d1", "entry", "Sak 14/25: grense på 350 kroner for folkevalgte og enhetsledere – endelig tekst", case_number="14/25"
    )
    assert ["a1", "a2", "a3", "d1"] in members(linked(*register(), follow_up))


def test_an_unrelated_document_and_another_order_leave_the_others_as_they_were(linked):
    documents = [*register(), streaming()]
    before = linked(*documents).candidates.set_index("id")
    documents.append(document("q", "page", "Kunngjøring av postliste", "Postlisten legges ut hver dag. Se offentlig journal."))
    random.Random(3).shuffle(documents)
    after = linked(*documents).candidates.set_index("id")
    pd.testing.assert_frame_equal(after.loc[before.index], before, check_dtype=False)


def test_the_id_hangs_on_the_document_that_was_seen_first(linked):
    first = linked(*register()).candidates["id"].item()
    later = document("a4", "entry", "Gaveregister for folkevalgte og enhetsledere – årlig rapport", seen="2026-09-01")
    assert linked(*register(), later).candidates["id"].item() == first


def test_the_title_is_one_sentence_of_the_evidence(linked):
    row = linked(*register()).candidates.iloc[0]
    assert row["title"] == (
        "Nesset kommunestyre vedtok 4. mars 2025 i sak 14/25 et gaveregister for folkevalgte og enhetsledere."
    )
    assert (row["date_of_act"].isoformat(), row["date_words"], row["case_number"]) == ("2025-03-04", "4. mars 2025", "14/25")


def test_the_quote_stands_in_its_document(linked):
    row = linked(*register()).candidates.iloc[0]
    texts = {d["document_id"]: verdict.whole(d["title"], d["text"]) for d in register()}
    assert row["quote"] in texts[row["quote_document"]]
    assert len(row["quote"]) <= 300


def test_a_score_is_the_sum_of_its_parts_with_three_reasons(linked):
    row = linked(*register()).candidates.iloc[0]
    parts = json.loads(row["score_parts"])
    assert row["score"] == pytest.approx(min(100, max(0, sum(p["points"] for p in parts))), abs=0.11)
    assert row["score_low"] <= row["score"] <= row["score_high"]
    assert all(p["name"] and p["why"] for p in parts)
    assert len(json.loads(row["reasons"])) == 3


def test_more_kinds_of_sources_score_higher(linked):
    alone = linked(register()[0]).candidates["score"].item()
    together = linked(*register()).candidates["score"].item()
    assert together > alone


def test_a_retreat_is_said_and_scores_low(linked):
    gone = document("r1", "page", "Strømmingen av møtene legges ned", "Formannskapet vedtok 3. mai 2026 i sak 9/26 at strømming av møter avvikles.")
    row = linked(gone).candidates.iloc[0]
    good = linked(streaming()).candidates.iloc[0]
    assert row["is_contribution"] == "no"
    assert "retreat" in {c["kind"] for c in json.loads(row["counter_evidence"])}
    assert row["score"] < good["score"] - 30


def test_a_title_alone_is_kept_as_unsure(linked):
    row = linked(document("t1", "entry", "Etablering av eksternt varslingsmottak for innbyggere og leverandører")).candidates.iloc[0]
    assert row["is_contribution"] == "unsure"
    assert "Bare en tittel" in {p["name"] for p in json.loads(row["score_parts"])}


def test_the_same_text_at_three_bodies_is_a_template_and_lowers_own(linked):
    text = (
        "Kommunen arbeider for åpenhet og legger stor vekt på at gaver til ansatte blir registrert etter vedtatte regler. "
        "Gaveregisteret skal bidra til tillit mellom innbyggerne, de folkevalgte og administrasjonen i hverdagen."
    )
    bodies = [document(f"m{n}", "page", "Gaveregister", text, authority=f"80000{n}") for n in range(3)]
    result = linked(*bodies).candidates
    assert set(result["is_contribution"]) == {"no"}
    assert all("template" in {c["kind"] for c in json.loads(c_)} for c_ in result["counter_evidence"])


def test_what_is_older_than_three_years_says_so(linked):
    old = {**streaming(), "date": pd.Timestamp("2021-02-01")}
    row = linked(old).candidates.iloc[0]
    assert "old" in {c["kind"] for c in json.loads(row["counter_evidence"])}


def test_a_candidate_added_by_hand_is_marked(linked):
    by_hand = {**streaming(), "source_type": "by_hand"}
    assert linked(by_hand).candidates["by_hand"].item()
    assert not linked(streaming()).candidates["by_hand"].item()


def test_nothing_found_gives_empty_tables_with_their_columns(linked):
    result = linked(document("n", "page", "Kino", "Filmen begynner klokka sju."))
    assert result.candidates.empty and list(result.candidates.columns) == list(candidates.CANDIDATES)
    assert result.candidate_documents.empty


def test_what_begins_on_a_day_to_come_is_decided_or_planned_and_not_in_operation(linked):
    decided = document(
        "f1", "page", "Åpent gaveregister", "Nesset kommunestyre vedtok i sak 70/26 et gaveregister. Fra 1. februar 2027 fører kommunen registeret på nett."
    )
    row = linked(decided).candidates.iloc[0]
    assert (row["status"], row["date_of_act"].isoformat()) == ("adopted", "2027-02-01")
    assert row["status_basis"] == "Nesset kommunestyre vedtok i sak 70/26 et gaveregister."
    hoped = document("f2", "page", "Gaveregister", "Fra 1. februar 2027 skal alle gaver til folkevalgte og ansatte stå i et gaveregister på nettsiden.")
    row = linked(hoped).candidates.iloc[0]
    assert (row["status"], row["status_basis"]) == ("planned", hoped["text"])


def test_what_runs_already_did_not_begin_on_a_day_to_come(linked):
    page = document(
        "f3", "page", "Gaveregister på nett", "Gaveregisteret er tatt i bruk og viser 40 gaver. Søk på mobil kommer 1. mars 2027. Sak 12/26."
    )
    row = linked(page).candidates.iloc[0]
    assert (row["status"], row["date_of_act"], row["date_words"]) == ("in operation", None, "")


def test_the_quote_is_a_whole_sentence_of_the_text_and_not_its_heading(linked):
    report = document(
        "q1", "page", "Årsrapport for gaveregisteret 2025 (PDF, 512 kB)",
        "Årsrapport for gaveregisteret 2025\nRegisteret hadde 61 linjer ved årets slutt. Revisor fant tre feil, og de er rettet. Sak 9/26, 3. mars 2026.",
    )  # fmt: skip
    row = linked(report).candidates.iloc[0]
    assert row["quote"] in report["text"].split("\n")[1] and row["quote"].endswith(".") and row["quote"][0].isupper()
    assert "kB" not in row["title"] and "Nesset kommune" in row["title"]


def test_the_words_that_show_a_test_are_a_sentence_or_say_where_they_are_cut(linked):
    long = "Nesset kommunestyre vedtok 4. mars 2025 i sak 14/25 et gaveregister for " + ", ".join(f"leiarar i avdeling nummer {n}" for n in range(9)) + " og i staben."
    row = linked(document("w1", "page", "Gaver", f"{long} Registeret ligger åpent på nettsiden og har 31 linjer.")).candidates.iloc[0]
    words = {c["key"]: c["words"] for c in json.loads(row["checks"])}
    assert words["access"] == "Registeret ligger åpent på nettsiden og har 31 linjer."
    assert words["action"].endswith("…") and words["action"].removesuffix("…") in long


def test_the_version_of_a_candidate_covers_linking_and_weighing_too(linked):
    made = linked(streaming()).candidates
    assert set(made["model"]) == {candidates.linked_version()} and candidates.linked_version() != model_version()
    assert set(made["flagged_on"]) == {TODAY}


def test_a_month_is_the_date_where_no_day_is_named(linked):
    page = document("m1", "page", "Åpent gaveregister", "Nesset kommune har siden mars 2024 ført et gaveregister på nett. Det fornyes i mai 2027. Sak 12/24.")
    row = linked(page).candidates.iloc[0]
    assert (row["date_of_act"], row["date_words"], row["status"]) == (None, "mars 2024", "in operation")


@pytest.mark.parametrize(
    ("title", "text", "is_proposed"),
    [
        ("Gaveregister", "Gaveregisteret er åpent for alle. Kommunestyret vedtok 4. mars 2026 (sak 14/26) at gaver skal føres opp.", True),
        (  # named once, all tests met, much that is concrete
            "Alle gaver på nett",
            "Kommunestyret vedtok 4. mars 2026 (sak 14/26) et gaveregister for folkevalgte og ansatte, mer enn loven krever. Listen er åpen "
            "for alle på nettsiden og kan lastes ned. 43 gaver er ført opp siden 1. april 2026, og 12 ble sendt tilbake.",
            True,
        ),
        (  # named once, in passing
            "Budsjettet er lagt fram",
            "Budsjettet for 2027 er lagt fram 3. november 2026. Skolene får 12 nye årsverk. Utvalget spurte også om gaveregisteret.",
            False,
        ),
    ],
)
def test_what_is_put_forward_names_its_practice_often_or_meets_all_tests(linked, title, text, is_proposed):
    found = linked(document("p1", "page", title, text)).candidates
    assert found["proposed"].tolist() == [is_proposed]


def test_a_title_of_the_mail_journal_alone_is_not_put_forward(linked):
    found = linked(document("t1", "entry", "Gaveregister – vedtak om gaveregister 4. mars 2026, sak 14/26", case_number="14/26"))
    assert found.candidates["proposed"].tolist() == [False]
