"""The action plans, and what is printed when nobody has checked it."""

from __future__ import annotations

import pytest

from catalogue import plans, rubric
from catalogue.exceptions import CatalogueError
from tests.shared_data import shared

PLANS = plans.load()


def test_action_plan_4_has_ten_commitments_and_plan_5_seven():
    assert [plan.number for plan in PLANS] == [4, 5]
    assert [c.id for c in PLANS.plan(4).commitments] == [f"NO{n:04}" for n in range(54, 64)]
    assert [c.id for c in PLANS.plan(5).commitments] == [f"NO{n:04}" for n in range(64, 71)]
    assert [c.number for c in PLANS.plan(4).commitments][:8] == list("12345678")


def test_what_was_inferred_prints_as_not_checked():
    assert str(PLANS.commitment("NO0063")) == "NO0063 (*ikke kontrollert*)"
    assert str(PLANS.commitment("NO0070")) == "NO0070 More strategic anti-corruption (*ikke kontrollert*)"
    assert str(PLANS.commitment("madrid-lobby-register")) == "Lobby register (*ikke kontrollert*)"
    assert str(PLANS.commitment("NO0054")) == "NO0054 Archiving Documents"
    assert [c.id for c in PLANS.plan(5).commitments if c.number] == ["NO0064"]


def test_every_fact_says_where_it_is_from():
    assert all(c.source and c.confidence for c in PLANS.commitments)
    assert all(c.confirmed is False for c in PLANS.commitments if c.confidence == "by_hand")


def test_the_commitments_abroad_answer_to_pillars_and_practices_of_the_rubric():
    practices = {p.slug: p.pillar for p in rubric.load().practices}
    assert len(PLANS.abroad) == 53
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


def imported(folder, text, name="ogp.csv"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_commitments_come_by_csv_in_other_words_for_the_columns_and_print_as_not_checked(tmp_path):
    text = (
        "Commitment ID,Country,Level,Cycle,Title,Policy areas,IRM early results,Pillar mapping,Milestones\n"
        'ZZ0001,"Fjordby, Utland",national (on local government),2022–2024,Open gifts,Open Data (first tag only); Youth,major,integrity,3\n'
    )
    plans_then = plans.load(imported=imported(tmp_path / "commitments", text))
    found = plans_then.commitment("ZZ0001")
    assert (found.member, found.level, found.year, found.policy_areas) == ("Fjordby, Utland", "national", 2022, ("Open Data", "Youth"))
    assert (found.pillar, found.early_results, found.note, found.source) == ("integrity", "major", "Milestones: 3", "ogp.csv")
    assert found.about_municipalities and str(found) == "ZZ0001 Open gifts (*ikke kontrollert*)"
    assert len(plans_then.commitments) == len(PLANS.commitments) + 1 and plans_then.plan(5).commitments == PLANS.plan(5).commitments
    assert found in plans_then.comparable("", "integrity")


def test_what_we_describe_already_stays_as_it_is(tmp_path):
    folder = imported(tmp_path / "commitments", "id,year,title\nNO0064,2023,Another title\nNO0037,2013,Another title\n")
    then = plans.load(imported=folder)
    assert [then.commitment(i) for i in ("NO0064", "NO0037")] == [PLANS.commitment(i) for i in ("NO0064", "NO0037")]
    assert plans.load(imported=tmp_path / "no such folder") is PLANS


def test_a_row_that_cannot_be_is_refused_by_its_line_and_the_others_are_read(tmp_path):
    path = (
        imported(tmp_path, "id,year,pillar\nZZ0001,2022,integrity\nZZ0002,when,integrity\nZZ0003,2022,weather\nZZ0001,2022,integrity\n")
        / "ogp.csv"
    )
    found = plans.read_csv(path)
    assert [c.id for c in found.commitments] == ["ZZ0001"]
    assert [(e.line, e.field) for e in found.refused] == [(3, "year"), (4, "pillar"), (5, "id")]
    with pytest.raises(CatalogueError, match="line 3 ZZ0002, field year"):
        plans.load(imported=tmp_path)
    path.write_text("name;year\nx;2020\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="no column of ids"):
        plans.read_csv(path)


def test_the_74_recorded_commitments_are_read_and_every_one_of_them_is_described_here():
    found = plans.read_csv(shared("ogp/ogp_commitments_codes.csv"))
    assert (len(found.commitments), found.refused) == (74, ())
    ours = {c.id: c for c in PLANS.commitments}
    assert {c.id for c in found.commitments} <= set(ours)
    assert [
        c.id
        for c in found.commitments
        if (c.member, c.year, c.level, c.pillar) != (ours[c.id].member, ours[c.id].year, ours[c.id].level, ours[c.id].pillar)
    ] == []
    assert sum(c.is_norwegian for c in found.commitments) == 24 and sum(c.level == "local" for c in found.commitments) == 27
