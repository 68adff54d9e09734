"""Where the rubric's words stand in a text."""

import pytest

from catalogue import rubric
from transforms import matching


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


def found(text, shipped, practice=""):
    return {(h.rule, text[h.start : h.end]) for h in matching.hits(text, shipped) if practice in ("", h.practice)}


def test_a_term_is_found_in_its_forms_with_its_place(shipped):
    assert ("term:gaveregister", "gaveregisteret") in found("Se gaveregisteret vårt.", shipped, "gaveregister")


def test_words_of_a_phrase_follow_each_other_over_line_ends_and_hyphens_but_not_paragraphs(shipped):
    for text in ("åpne data", "åpne\ndata", "Åpne  data", "åpne-data"):
        assert any(rule == "term:åpne data" for rule, _ in found(text, shipped)), text
    assert not any(rule == "term:åpne data" for rule, _ in found("Vi er åpne\n\ndata om været", shipped))


def test_signs_inside_a_term_must_stand_in_the_text(shipped):
    assert any(rule == "term:data.norge.no" for rule, _ in found("Hentes fra data.norge.no hver natt", shipped))
    assert not any(rule == "term:data.norge.no" for rule, _ in found("data norge no", shipped))


@pytest.mark.parametrize("noisy", [
    "nytt gave-\nregister i drift", "varslings-\nkanalen er ny", "vi la ut post1isten", "postIiste", "varsIingskanal", "innkjøpsreg1ement",
])
def test_words_broken_by_a_line_or_a_scanner_are_read_whole_and_places_stay_true(noisy, shipped):
    clean = noisy.replace("-\n", "").translate({ord("1"): "l", ord("I"): "l"})
    assert len(matching.cleaned(noisy)) == len(noisy) and rules(noisy, shipped) == rules(clean, shipped) and rules(clean, shipped)


def test_a_hyphen_for_what_two_words_share_breaks_no_word(shipped):
    assert matching.cleaned("gave-\nog vareregister") == "gave-\nog vareregister"
    assert matching.cleaned("10. mai, CO1a, 0slo, I alt") == "10. mai, CO1a, 0slo, I alt"


def rules(text, rubric):
    return {role.rule for span in matching.spans(text, rubric) for role in span.roles}


def test_soft_hyphens_are_passed_over_and_places_stay_true(shipped):
    text = "Nytt gave\u00adregister fra 2025"
    hit = next(h for h in matching.hits(text, shipped) if h.practice == "gaveregister" and h.weight > 0)
    assert text[hit.start : hit.end] == "gave\u00adregister"


def test_a_look_alike_takes_the_term_inside_it_away(shipped):
    rules = {rule for rule, _ in found("Velg streaming i digital konsert og gudsteneste", shipped, "kommune_tv")}
    assert any(rule.startswith("lookalike:") for rule in rules)
    assert not any(h.weight > 0 for h in matching.hits("kart over turløyper", shipped) if h.practice == "geodata_nedlasting")


def test_two_words_name_a_practice_together_in_one_sentence_but_not_across_two(shipped):
    near = "Revisor har sett på innkjøp i fire etater."
    apart = "Revisor har sett på vedlikehold. Neste år gjelder det innkjøp av møbler til kontorene."
    assert any(" + " in rule for rule, _ in found(near, shipped, "forvaltningsrevisjon_anskaffelser"))
    assert not any(" + " in rule for rule, _ in found(apart, shipped, "forvaltningsrevisjon_anskaffelser"))


def test_two_words_in_the_title_are_together_whatever_stands_between(shipped):
    text = "Innkjøp. Fjordvik. Forvaltningsrevisjon\n\nRapporten er levert."
    assert any(" + " in rule for rule, _ in found(text, shipped, "forvaltningsrevisjon_anskaffelser"))


def test_every_term_of_the_rubric_finds_itself(shipped):
    lost = []
    for practice in shipped.practices:
        for term in practice.terms.all():
            text = f"Her: {term.replace('=', '').replace('*', '')}."
            if not any(r.phrase == term for span in matching.spans(text, shipped) for r in span.roles):
                lost.append((practice.slug, term))
    assert lost == []


def test_everyday_words_are_looked_up_by_themselves(shipped):
    text = "Leverandøren må fortelle hvem som eier selskapet før den får oppdraget."
    kinds = {role.kind for span in matching.spans(text, shipped, is_everyday=True) for role in span.roles}
    assert kinds == {matching.CONCEPT, matching.FIELD}
    assert not {r.kind for span in matching.spans(text, shipped) for r in span.roles} & kinds


def test_every_word_of_a_concept_finds_itself(shipped):
    lost = []
    for concept in shipped.concepts:
        for word in concept.all():
            found = matching.spans(f"Her: {word.replace('=', '').replace('*', '')}.", shipped, is_everyday=True)
            if not any(r.kind == matching.CONCEPT and r.key == concept.key and r.phrase == word for span in found for r in span.roles):
                lost.append((concept.key, word))
    assert lost == []


def test_an_excerpt_is_cut_at_blanks_inside_its_paragraph():
    text = "Første avsnitt her.\nEn lang setning om vedtaket som ble gjort i høst.\nSiste."
    start = text.index("vedtaket")
    assert matching.excerpt(text, start, start + 8, around=12) == "setning om vedtaket som ble"
    assert "\n" not in matching.excerpt(text, start, start + 8, around=500)


def test_sentences_do_not_end_at_dates_and_abbreviations_but_at_case_numbers():
    text = "Møtet er 3. Mai kl. 18. Vedtak i sak 12/25. Neste er i 2026. Velkommen!"
    assert matching.sentences(text) == ["Møtet er 3. Mai kl. 18. Vedtak i sak 12/25.", "Neste er i 2026.", "Velkommen!"]
