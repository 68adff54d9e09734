"""A text says that its body is a member of OGP, has a plan of its own, or stands in Norway's plan; most texts that name OGP say none of it."""

from __future__ import annotations

import json

import pytest

from catalogue import mentions as expressions
from catalogue import plans, rubric
from tests.transforms.flagging import TODAY, document, frame, register
from transforms import candidates, evidence, mentions

PLANS = plans.load()


@pytest.mark.parametrize(
    ("text", "kind", "claim", "commitments", "by"),
    [
        ("Nesset kommune ble medlem av Open Government Partnership i 2024.", "membership", "stands", (), ""),
        ("Heradet vart teke opp i OGP Local våren 2025, og er medlem i Open Government Partnership.", "membership", "stands", (), ""),
        ("Nesset Municipality is a member of OGP Local.", "membership", "stands", (), ""),
        ("Kommunen vurderer å søke om medlemskap i OGP Local.", "membership", "planned", (), ""),
        ("Steinvåg har laga ein eigen handlingsplan for open forvalting.", "own_plan", "stands", (), ""),
        ("Kommunestyret vedtok kommunens OGP-handlingsplan 11. juni 2025.", "own_plan", "stands", (), ""),
        ("Gaveregisteret er tatt inn i Norges handlingsplan for Open Government Partnership.", "national_plan", "stands", (), "plan"),
        ("Vår portal står i Norges fjerde handlingsplan for OGP, forpliktelse 3.", "national_plan", "stands", ("NO0056",), "number"),
        ("Arbeidet vårt er en del av NO0064.", "national_plan", "stands", ("NO0064",), "id"),
        ("Løsningen inngår i «eInnsyn og utvidelse» i Norges OGP-handlingsplan.", "national_plan", "stands", ("NO0056",), "title"),
        ("Høring – Norges handlingsplan for åpen forvaltning – departementet", "national_plan", "mentioned", (), "plan"),
        ("Kommunen er invitert til å gi innspill til Norges handlingsplan for Open Government Partnership.", "national_plan", "mentioned", (), "plan"),
        ("Regjeringen la fram Norges femte handlingsplan for Open Government Partnership.", "national_plan", "mentioned", (), "plan"),
    ],
)
def test_what_a_sentence_says_of_ogp(text, kind, claim, commitments, by):
    (found,) = mentions.read("Åpenhet", text, PLANS, "Nesset kommune")
    assert (found.kind, found.claim, found.commitments, found.matched_by) == (kind, claim, commitments, by)
    assert mentions.words_of(f"Åpenhet\n\n{text}", found)[0] == text


@pytest.mark.parametrize(
    "text",
    [
        "Norge er medlem av Open Government Partnership.", "Kommunen er ikke medlem av OGP.", "Avslag på søknad om medlemskap i OGP Local.",
        "Kommunen er medlem av KS og av Transparency International.", "Open Government Partnership er et internasjonalt samarbeid.",
        "Vi vil ha en åpen forvaltning.", "Bogproduksjon og åpen barnehage",
    ],
)  # fmt: skip
def test_what_says_nothing_of_the_body_is_no_mark(text):
    assert mentions.read("", text, PLANS, "Nesset kommune") == ()


def test_the_hint_lets_every_mark_through_and_the_expressions_are_expressions():
    assert all(expressions.of(name) for name in expressions.Expressions.model_fields)
    assert not mentions.is_hinted("Kommunestyret", "Møtet er åpent.")


def flagged(*documents):
    texts = frame(*documents)
    return candidates.link(texts, evidence.find(texts, rubric.load()), rubric.load(), today=TODAY, names={"800000005": "Nesset kommune"})


def test_a_candidate_that_stands_in_a_national_plan_says_so_with_the_words_and_makes_no_other_candidate():
    page, case, entry = register()
    before = flagged(page, case, entry).candidates
    words = "Gaveregisteret er tatt inn i Norges femte handlingsplan for Open Government Partnership."
    told = flagged({**page, "text": f"{page['text']}\n\n{words}"}, case, entry).candidates
    assert list(told["practice"]) == list(before["practice"]) == ["gaveregister"]
    assert list(before["in_national_plan"]) == [""]
    assert told[["in_national_plan", "in_national_plan_by", "in_national_plan_words"]].values.tolist() == [["NAP5", "plan", words]]


def test_pages_of_a_body_with_the_same_text_are_one_finding_with_the_copies_under_it():
    page, case, entry = register()
    copies = [document(f"a1{n}", "page", f"Gaveregister {n}", page["text"], seen=f"2026-07-0{n}") for n in (1, 2)]
    found = flagged(page, case, entry, *copies)
    (told,) = found.candidates.to_dict("records")
    assert (told["copies"], told["documents"]) == (3, 5)
    roles = dict(found.candidate_documents[["document_id", "role"]].values.tolist())
    assert sorted(roles.values()) == ["copy", "copy", "main", "supporting", "supporting"] and roles["a2"] == roles["a3"] == "supporting"
    alone = flagged(page, case, entry).candidates.to_dict("records")[0]
    assert told["score"] == alone["score"] and told["id"] == alone["id"]


def test_text_that_bodies_share_is_told_with_who_has_it():
    texts = [d for n in range(4) for d in register(f"80000000{n}")[:1]]
    found = flagged(*[{**d, "document_id": f"d{n}"} for n, d in enumerate(texts)])
    assert set(found.shared_texts["authority"]) == {f"80000000{n}" for n in range(4)}
    one = found.candidates.to_dict("records")[0]
    assert one["shared_with"] == "800000001; 800000002; 800000003" and one["shared_share"] == 1.0 and one["is_contribution"] == "no"
    assert {c["key"]: c["answer"] for c in json.loads(one["checks"])}["own"] == "unknown" and one["beyond_law"] == "unknown"
    (template,) = [c for c in json.loads(one["counter_evidence"]) if c["kind"] == "template"]
    assert template["words"] == "samme tekst hos 3 andre: 800000001, 800000002, 800000003"
