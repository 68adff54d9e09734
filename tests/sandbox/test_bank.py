"""The texts of the miniature Norway: as many and as varied as the truth needs, and refused when they break the form.

The sandbox may not know the rubric. This test may, and asks here what the sandbox cannot: whether the texts that are said to use
no name of a practice really use none.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from catalogue import rubric as rubrics
from catalogue.terms import words
from sandbox import bank as texts
from sandbox.bodies import all_bodies
from sandbox.exceptions import BankError

DAY = date(2026, 11, 1)
SOURCE_OF_KIND = {"page": "website", "pdf": "website", "item": "meetings", "entry": "journal", "dataset": "portal"}


@pytest.fixture(scope="module")
def bank() -> texts.Bank:
    return texts.load()


@pytest.fixture(scope="module")
def rubric() -> rubrics.Rubric:
    return rubrics.load()


@pytest.fixture(scope="module")
def answering():
    return [body for body in all_bodies(7) if not body.trouble and not body.is_filler]


def names_in(text: str, terms: list[str]) -> list[str]:
    """The terms of the rubric that stand in a text, by the rule of `catalogue.terms` read strictly (no empty line between words)."""
    found = []
    for paragraph in text.replace("\u00ad", "").split("\n\n"):
        tokens = re.findall(r"\w+", paragraph)
        lowered = [token.lower() for token in tokens]
        for term in terms:
            parts = words(term)
            for start in range(len(tokens) - len(parts) + 1):
                if all(part.finds(tokens[start + i], lowered[start + i]) for i, part in enumerate(parts)):
                    found.append(term)
                    break
    return found


def test_every_pillar_has_enough_true_initiatives_and_a_third_of_them_name_no_practice(bank):
    for pillar in texts.PILLARS:
        own = [i for i in bank.initiatives if i.pillar == pillar]
        assert len(own) >= 27, pillar
        assert 0.3 <= sum(i.is_term_free for i in own) / len(own) <= 0.5, pillar


def test_initiatives_called_free_use_no_name_of_any_practice_of_their_pillar(bank, rubric):
    names = {p: [t for practice in rubric.practices if practice.pillar == p for t in practice.terms.all()] for p in texts.PILLARS}
    guilty = {
        (i.id, d.kind): hits
        for i in bank.initiatives
        if i.is_term_free
        for d in i.documents
        if (hits := names_in(f"{d.title}\n\n{d.text}", names[i.pillar]))
    }
    assert guilty == {}


def test_the_other_initiatives_name_their_practice_somewhere(bank, rubric):
    silent = [
        i.id
        for i in bank.initiatives
        if not i.is_term_free
        and not any(names_in(f"{d.title}\n\n{d.text}", list(rubric.practice(i.practice).terms.all())) for d in i.documents)
    ]
    assert silent == []


def test_every_practice_named_is_one_of_the_rubric_and_of_that_pillar(bank, rubric):
    pillar_of = {practice.slug: practice.pillar for practice in rubric.practices}
    assert {(i.practice, i.pillar) for i in bank.initiatives} <= set(pillar_of.items())
    assert {t.practice for t in bank.lookalikes if t.practice} <= set(pillar_of)
    untold = set(pillar_of) - {i.practice for i in bank.initiatives}
    assert untold == set(), "no true initiative of these practices"
    assert set(pillar_of) - {t.practice for t in bank.lookalikes} == set(), "nothing looks like these practices"


def test_every_answering_body_has_initiatives_and_only_bodies_with_a_portal_have_datasets(bank, answering):
    told = Counter(i.body for i in bank.initiatives)
    assert set(told) == {body.slug for body in answering}
    assert min(told.values()) >= 4
    portals = {body.slug for body in answering if body.portal}
    assert {i.body for i in bank.initiatives for d in i.documents if d.kind == "dataset"} <= portals


def test_initiatives_speak_the_language_of_their_body_and_some_speak_northern_sami(bank, answering):
    by_slug = {body.slug: body for body in answering}
    for initiative in bank.initiatives:
        for document in initiative.documents:
            assert document.fits(by_slug[initiative.body]), f"{initiative.id}: {document.kind} in {document.language}"
    languages = Counter(d.language for i in bank.initiatives for d in i.documents)
    assert languages["nn"] >= 50
    assert languages["se"] >= 5
    assert any(i.language == "se" for i in bank.initiatives)


def test_ten_initiatives_are_told_by_three_sources_and_ten_pairs_share_body_and_practice(bank):
    thrice = [i for i in bank.initiatives if len({SOURCE_OF_KIND[d.kind] for d in i.documents}) >= 3]
    assert len(thrice) >= 10
    by_id = {i.id: i for i in bank.initiatives}
    assert len(bank.pairs) >= 10
    for one, other in bank.pairs:
        assert one != other
        assert (by_id[one].body, by_id[one].practice) == (by_id[other].body, by_id[other].practice)


def test_sources_tell_of_one_initiative_in_words_of_their_own(bank):
    sentence = re.compile(r"[^.!?\n]{40,}[.!?]")
    for initiative in bank.initiatives:
        said = Counter(s.strip() for d in initiative.documents for s in sentence.findall(d.text))
        assert [s for s, times in said.items() if times > 1] == [], initiative.id


def test_no_title_and_no_id_stands_twice(bank):
    titles = Counter((i.body, d.title.lower()) for i in bank.initiatives for d in i.documents)
    assert [title for title, times in titles.items() if times > 1] == []
    assert len({i.id for i in bank.initiatives}) == len(bank.initiatives)
    templates = Counter((t.kind, t.language, t.meta.get("role"), t.title, t.text) for t in (*bank.lookalikes, *bank.fillers))
    assert [template for template, times in templates.items() if times > 1] == []


def test_a_page_of_an_initiative_tells_when_or_which_case_and_how_much(bank):
    for initiative in bank.initiatives:
        whole = " ".join(f"{d.title} {d.text}" for d in initiative.documents)
        assert re.search(r"\b20[12]\d\b|\b\d{1,3}/\d{2}\b", whole), f"{initiative.id} has neither year nor case"
        assert re.search(r"\d", whole), initiative.id


def test_lookalikes_cover_every_pillar_kind_and_reason(bank):
    assert len(bank.lookalikes) >= 150
    assert {t.reason for t in bank.lookalikes} == set(texts.REASONS)
    assert {t.kind for t in bank.lookalikes} == set(texts.KINDS)
    by_pillar = Counter(t.pillar for t in bank.lookalikes)
    assert all(by_pillar[pillar] >= 40 for pillar in texts.PILLARS)


def test_fillers_are_many_enough_to_bore(bank, answering):
    kinds = Counter(t.kind for t in bank.fillers)
    assert kinds["entry"] >= 120
    assert kinds["item"] >= 40
    assert kinds["page"] >= 60
    assert kinds["dataset"] >= 20
    for body in answering:
        for kind in texts.KINDS:
            assert bank.fillers_of(kind, body), f"{body.slug} has no boring {kind}"


def test_lookalikes_spread_ten_to_one_without_repeating_themselves_and_alike_for_one_seed(bank, answering):
    wanted = 10 * len(bank.initiatives)
    names: set[str] = set()
    one = texts.spread(bank, answering, 7, wanted, DAY, names)
    assert len(one) == wanted
    assert one == texts.spread(bank, answering, 7, wanted, DAY)
    assert one != texts.spread(bank, answering, 8, wanted, DAY)
    assert len({(t.body, t.kind, t.title, t.text) for t in one}) == wanted
    by_slug = {body.slug: body for body in answering}
    for text in one:
        assert not re.search(r"[{}<>|]", f"{text.title} {text.text}"), text
        assert text.language in (by_slug[text.body].language, "se")
    assert names
    assert all(any(name in f"{t.title} {t.text}" for t in one) for name in names)


def test_every_template_can_be_filled_for_some_body(bank, answering):
    from random import Random

    for template in (*bank.lookalikes, *bank.fillers):
        body = next(b for b in answering if template.fits(b))
        text = texts.spun(template, body, Random(1), DAY)
        assert text.title
        assert not re.search(r"[{}<>|]", f"{text.title} {text.text}"), f"{template.title}: {text}"


def test_loading_twice_gives_the_same(bank):
    assert texts.load() == bank


@pytest.mark.parametrize(
    ("file", "content", "names"),
    [
        ("integrity.txt", "### fjordvik gaveregister nb\npage: A\nb\n", ("integrity.txt", "line 1", "heading")),
        ("integrity.txt", "page: A\nb\n", ("integrity.txt", "line 1", "heading")),
        ("integrity.txt", "### fjordvik gaveregister nb term\nsak: A\nb\n", ("fjordvik gaveregister", "kind", "sak")),
        ("integrity.txt", "### fjordvik gaveregister nb term\npage:\nb\n", ("fjordvik gaveregister", "title")),
        ("integrity.txt", "### fjordvik gaveregister nb term\npage: A\n", ("fjordvik gaveregister", "text")),
        ("integrity.txt", "### fjordvik gaveregister nb term\nentry: A\nb\n", ("fjordvik gaveregister", "text")),
        ("integrity.txt", "### fjordvik gaveregister nb term\n", ("fjordvik gaveregister", "documents")),
        ("integrity.txt", "### ingenstad gaveregister nb term\npage: A\nb\n", ("body", "ingenstad")),
        ("integrity.txt", "### * gaveregister nb term\npage: A\nb\n", ("body", "*")),
        ("integrity.txt", "### fjordvik - nb term\npage: A\nb\n", ("practice",)),
        ("integrity.txt", "### fjordvik gaveregister sv term\npage: A\nb\n", ("language", "sv")),
        ("integrity.txt", "### fjordvik gaveregister nb sann\npage: A\nb\n", ("sort", "sann")),
        ("integrity.txt", "### fjordvik gaveregister nb floor\npage: A\nb\n", ("sort", "lookalikes_")),
        ("annet.txt", "### fjordvik gaveregister nb term\npage: A\nb\n", ("annet.txt", "sort")),
        ("integrity.txt", "### fjordvik gaveregister nb term\npage: {A|B}\nb\n", ("text", "template")),
        ("integrity.txt", "### fjordvik gaveregister nb term\ndataset: A [CSV]\nb\n", ("dataset", "formats")),
        ("lookalikes_integrity.txt", "### * gaveregister nb floor\npage: A <by>\nb\n", ("slot", "by")),
        ("lookalikes_integrity.txt", "### * gaveregister nb floor\npage: {A|B\nb\n", ("text", "brace")),
        ("fillers.txt", "### * gaveregister nb filler\npage: A\nb\n", ("practice",)),
    ],
)
def test_a_broken_bank_is_refused_by_file_entry_and_field(tmp_path, file, content, names):
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(BankError) as error:
        texts.load(tmp_path)
    assert file in str(error.value)
    for name in names:
        assert name in str(error.value)


def test_a_folder_without_texts_is_refused(tmp_path):
    with pytest.raises(BankError, match="no file"):
        texts.load(tmp_path)
