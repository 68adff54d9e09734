"""The action plans, and what is printed when nobody has checked it."""

from __future__ import annotations

import pytest

from catalogue import plans, rubric
from catalogue.exceptions import CatalogueError

PLANS = plans.load()


def test_action_plan_4_has_ten_commitments_and_plan_5_seven():
    assert [plan.number for plan in PLANS] == [4, 5]
    assert [c.id for c in PLANS.plan(4).commitments] == [f"NO{n:04}" for n in range(54, 64)]
    assert [c.id for c in PLANS.plan(5).commitments] == [f"NO{n:04}" for n in range(64, 71)]
    assert [c.number for c in PLANS.plan(4).commitments][:8] == list("12345678")


def test_what_was_inferred_prints_as_not_checked():
    assert str(PLANS.commitment("NO0063")) == "NO0063 (*ikke kontrollert*)"
    assert str(PLANS.commitment("NO0070")) == "NO0070 More strategic anti-corruption (*ikke kontrollert*)"
    assert str(PLANS.commitment("NO0054")) == "NO0054 Archiving Documents"
    assert [c.id for c in PLANS.plan(5).commitments if c.number] == ["NO0064"]


def test_every_fact_says_where_it_is_from():
    assert all(c.source and c.confidence for c in PLANS.commitments)
    assert all(c.confirmed is False for c in PLANS.commitments if c.confidence == "by_hand")


def test_the_commitments_abroad_answer_to_pillars_and_practices_of_the_rubric():
    practices = {p.slug: p.pillar for p in rubric.load().practices}
    assert len(PLANS.abroad) == 50
    for commitment in PLANS.commitments:
        assert not commitment.practice or commitment.practice in practices, commitment.id
    named = {i for p in rubric.load().practices for i in p.nap_commitments} | {i for p in rubric.load().pillars for i in p.commitments}
    assert named <= {c.id for c in PLANS.commitments if c.is_norwegian}
    assert plans.Pillar == rubric.PillarKey


def test_a_candidate_is_compared_with_its_own_practice_first_and_with_what_had_results():
    found = PLANS.comparable("deltakende_budsjett", "participation")
    assert found[0].id == "PAR0001" and found[0].early_results == "marginal"
    assert {c.practice for c in found} == {"deltakende_budsjett"}
    assert all(not c.is_norwegian for c in found)
    stand_in = PLANS.comparable("no such practice", "integrity")
    assert {c.pillar for c in stand_in} == {"integrity"}
    assert PLANS.comparable("no such practice") == ()


@pytest.mark.parametrize(
    ("commitment", "country"), [("TBI0001", "Georgia"), ("SCO0004", "United Kingdom"), ("NO0037", "Norway"), ("EE0041", "Estonia")]
)
def test_a_city_is_in_its_country(commitment, country):
    assert PLANS.commitment(commitment).country == country


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[commitment]]\nid = "NO0001"\ncolour = 1', r"nap9\.toml, entry NO0001, field colour: unknown key"),
        ('[[commitment]]\nid = "NO0001"\nsource = "x"\nconfidence = "page"', "entry NO0001, field confirmed: is missing"),
        ('[[commitment]]\nid = "1"', "field id"),
        ("[[promise]]", "field promise: unknown key at the top"),
    ],
)
def test_a_mistake_names_file_entry_and_field(tmp_path, text, problem):
    head = '[plan]\nnumber = 9\nname_nb = "x"\nname_nn = "x"\nfirst_year = 2030\nlast_year = 2031\nsource = "x"\nconfidence = "page"\nconfirmed = true\n'
    (tmp_path / "nap9.toml").write_text(head + text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=problem):
        plans.load(tmp_path)


def test_an_id_is_described_once(tmp_path):
    head = '[plan]\nnumber = 9\nname_nb = "x"\nname_nn = "x"\nfirst_year = 2030\nlast_year = 2031\nsource = "x"\nconfidence = "page"\nconfirmed = true\n'
    entry = '[[commitment]]\nid = "NO0001"\nsource = "x"\nconfidence = "page"\nconfirmed = true\n'
    (tmp_path / "nap9.toml").write_text(head + entry + entry, encoding="utf-8")
    with pytest.raises(CatalogueError, match="NO0001, field id: is used twice"):
        plans.load(tmp_path)
