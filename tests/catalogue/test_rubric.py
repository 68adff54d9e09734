"""The rubric as it is shipped, and what its loader says when somebody edits it wrongly."""

import json
import shutil

import pytest

from catalogue import rubric, terms
from catalogue.exceptions import CatalogueError
from catalogue.rubric import DIRECTORY
from tests.shared_data import shared


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "practices"
    shutil.copytree(DIRECTORY, folder)
    return folder


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_there_are_sixty_one_practices_in_four_pillars(shipped):
    count = {p.key: sum(x.pillar == p.key for x in shipped.practices) for p in shipped.pillars}
    assert count == {"integrity": 21, "open_data": 6, "procurement_anticorruption": 14, "participation": 20}


def test_every_practice_can_be_found_in_both_forms_of_norwegian(shipped):
    assert [p.slug for p in shipped.practices if not p.terms.nb or not p.terms.nn] == []
    assert [p.slug for p in shipped.practices if not p.name_nn] == []
    assert all(terms.words(t) for p in shipped.practices for t in (*p.terms.all(), *p.related, *p.lookalike_terms, *p.beyond))


def test_where_the_law_asks_for_the_plain_practice_the_rubric_says_what_is_more(shipped):
    assert [p.slug for p in shipped.practices if p.floor_duty and not p.beyond] == []


def test_no_practice_has_a_term_that_is_its_own_look_alike(shipped):
    assert [(p.slug, t) for p in shipped.practices for t in p.terms.all() if t in p.lookalike_terms] == []


def test_the_practices_are_those_of_the_survey(shipped):
    survey = json.loads(shared("ogp/practices.json").read_text(encoding="utf-8"))
    assert {(p["slug"], p["pillar"]) for p in survey} <= {(p.slug, p.pillar) for p in shipped.practices}
    mine = {p.slug: p for p in shipped.practices}
    missing = [
        (p["slug"], term)
        for p in survey
        for term in (*p["nb"], *p["nn"])
        if term.lower() not in {t.lower() for t in (*mine[p["slug"]].terms.all(), *mine[p["slug"]].related)}
    ]
    assert missing == []
    assert [(p["slug"], t) for p in survey for t in p["se"] if t not in mine[p["slug"]].terms.all()] == []


def test_the_seven_tests_are_in_their_two_groups(shipped):
    assert [t.key for t in sorted(shipped.tests, key=lambda t: t.number)] == [
        "actor", "action", "object", "own", "date_or_case", "access", "numbers",
    ]  # fmt: skip
    assert {t.key for t in shipped.tests if t.group == "all"} == {"actor", "action", "object", "own"}


@pytest.mark.parametrize("key", ["retreat", "criticism", "opinion", "state", "vendor", "plan_only", "howto", "slogan", "agenda"])
def test_what_is_never_a_contribution_has_its_words_in_both_forms(shipped, key):
    cue = shipped.cue(key)
    assert cue.never_contribution and cue.phrases.nb and cue.phrases.nn and cue.meaning_nb


def test_what_nobody_has_looked_up_says_so(shipped):
    assert str(shipped.practice("postliste").legal_floor).endswith("(*ikke kontrollert*)")
    assert "ikke kontrollert" not in str(shipped.practice("lobbyregister").legal_floor.model_copy(update={"confirmed": True}))
    assert str(shipped.practice("høring").terms.se[0]) == "gulaskuddan"
    assert str(shipped.practice("ungdomsråd").terms.se[0]) == "nuoraidráđđi (*ikke kontrollert*)"


def test_every_practice_is_told_in_everyday_words_and_by_examples_in_both_forms(shipped):
    assert [p.slug for p in shipped.practices if not p.ideas] == []
    told = [e.practice for e in shipped.examples]
    assert [p.slug for p in shipped.practices if told.count(p.slug) < 2] == []
    assert told.count(rubric.NONE) >= 40
    used = {key for p in shipped.practices for idea in p.ideas for key in idea}
    assert {c.key for c in shipped.concepts} == used


def test_an_idea_of_a_concept_that_is_not_there_is_named(copy):
    edit(copy / "ideas.toml", '["gift", "councillor"]', '["gitf", "councillor"]')
    with pytest.raises(CatalogueError, match=r"ideas\.toml.*gaveregister.*no concept gitf"):
        rubric.load(copy)


def test_a_test_against_which_a_list_speaks_that_is_not_there_is_named(copy):
    edit(copy / "tests.toml", 'counter_list = "retreat"', 'counter_list = "retreet"')
    with pytest.raises(CatalogueError, match=r"tests\.toml.*own.*no cue list retreet"):
        rubric.load(copy)


def test_an_example_of_no_practice_is_named(copy):
    edit(copy / "examples.toml", 'practice = "postliste"', 'practice = "postlista"')
    with pytest.raises(CatalogueError, match=r"examples\.toml.*postlista.*no practice"):
        rubric.load(copy)


def test_any_change_of_a_word_gives_another_version(copy, shipped):
    assert rubric.load(copy).version == shipped.version
    edit(copy / "open_data.toml", '"hackathon"', '"hakkatong"')
    assert rubric.load(copy).version != shipped.version


def test_a_mistake_is_named_by_file_entry_and_field(copy):
    edit(copy / "open_data.toml", 'contribution_test = "A dataset', 'contribution_tset = "A dataset')
    with pytest.raises(CatalogueError, match=r"open_data\.toml.*åpne_data_api.*contribution_t"):
        rubric.load(copy)


def test_a_slug_used_twice_is_refused(copy):
    edit(copy / "open_data.toml", 'slug = "åpne_register"', 'slug = "postliste"')
    with pytest.raises(CatalogueError, match="used twice"):
        rubric.load(copy)


def test_a_missing_test_is_refused(copy):
    edit(copy / "tests.toml", "number = 7", "number = 6")
    with pytest.raises(CatalogueError, match="numbered 1 to 7"):
        rubric.load(copy)


@pytest.mark.parametrize(
    ("term", "word", "is_found"),
    [
        ("postliste", "postlistene", True),
        ("postliste", "epostliste", False),
        ("*strategi", "medvirkningsstrategien", True),
        ("API", "API-et", True),
        ("API", "apitekst", False),
        ("API", "api", False),
        ("=CSV", "csv", True),
        ("=CSV", "csvfil", False),
        ("SMS", "SMSer", True),
    ],
)
def test_a_word_finds_what_the_rule_says(term, word, is_found):
    token = word.split("-")[0]
    assert terms.words(term)[0].finds(token, token.lower()) is is_found


def test_a_term_without_words_is_refused():
    with pytest.raises(ValueError, match="at least one word"):
        terms.words(" – ")


def test_no_look_alike_takes_a_term_of_its_own_practice_away(shipped):
    taken = [
        (p.slug, term, look_alike)
        for p in shipped.practices
        for term in p.terms.all()
        for look_alike in p.lookalike_terms
        if len(terms.words(look_alike)) == 1
        and any(terms.words(look_alike)[0].finds(w.text, w.text.lower()) for w in terms.words(term))
    ]
    assert taken == []
