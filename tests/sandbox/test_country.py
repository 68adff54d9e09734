"""The boring country: of its pages one in fifty is true, a third or more of what is true is told without a term, and a seed gives it again."""

import pytest

from sandbox import country
from sandbox.__main__ import parser
from sandbox.bank import PILLARS
from sandbox.exceptions import SandboxError


@pytest.fixture(scope="module")
def small():
    return country.build(11, pages=2_000, titles=5_000)


def test_it_has_as_many_pages_and_titles_as_asked_for_and_two_in_a_hundred_are_true(small):
    found = small.prevalence
    assert (found["pages"], found["titles"]) == (2_000, 5_000)
    assert 0.018 <= found["page_share"] <= 0.022
    assert found["true_pages"] == sum(t.table == "pages" and bool(t.initiative) for t in small.told)


def test_unasked_it_has_twenty_thousand_pages():
    found = country.build(11, titles=20_000).prevalence
    assert found["pages"] == 20_000
    assert 0.019 <= found["page_share"] <= 0.021
    asked = parser().parse_args(["serve", "--country"])
    assert (asked.pages, asked.titles) == (country.PAGES, country.TITLES)


def test_a_third_is_told_without_a_term_and_every_pillar_is_there(small):
    assert {i.pillar for i in small.initiatives} == set(PILLARS)
    assert sum(i.is_term_free for i in small.initiatives) >= len(small.initiatives) / 3


def test_a_seed_gives_the_same_country_and_another_one_moves_it(small):
    again, other = (country.build(seed, pages=2_000, titles=5_000) for seed in (11, 23))
    places = [{(t.url, t.key) for t in world.told} for world in (small, again, other)]
    assert places[0] == places[1] != places[2]


def test_a_country_too_small_for_its_demo_is_refused():
    with pytest.raises(SandboxError, match="pages or more"):
        country.build(11, pages=country.LEAST_PAGES - 1)
