"""What one text is about, and whether it is a contribution. Every body and text here is invented."""

import pytest

from catalogue import rubric
from transforms import verdict


@pytest.fixture(scope="module")
def shipped():
    return rubric.load()


def judged(shipped, title, text):
    return verdict.judge(title, text, shipped)


def test_a_register_decided_opened_and_counted_is_a_contribution(shipped):
    found = judged(
        shipped, "Gaveregisteret vårt",
        "Nesset kommunestyre vedtok 4. mars 2025 i sak 14/25 å føre et offentlig gaveregister. Registeret ligger ute på nettsiden, "
        "og 31 gaver er registrert så langt.",
    )  # fmt: skip
    assert (found.label, found.practice, found.is_contribution) == ("integrity", "gaveregister", True)
    assert {c.key: c.answer for c in found.checks} == dict.fromkeys(
        ("actor", "action", "object", "own", "date_or_case", "access", "numbers"), "yes"
    )


def test_the_words_that_show_a_test_stand_in_the_text_where_it_says(shipped):
    title, text = "Vi strømmer møtene", "Kommunestyret vedtok 2. juni 2025 å sende møtene direkte på kommune-TV. Opptak ligger på nettet."
    found = judged(shipped, title, text)
    whole = verdict.whole(title, text)
    shown = [c for c in found.checks if c.start >= 0]
    assert len(shown) >= 4
    assert all(whole[c.start : c.end] == c.words for c in shown)
    assert all(c.words in whole for c in found.cues)


def test_a_retreat_is_in_the_pillar_but_no_contribution(shipped):
    found = judged(shipped, "Kommune-TV legges ned", "Formannskapet vedtok 3. mai 2025 å spare 200 000 kroner. Strømming av møtene avvikles fra høsten.")
    assert found.label == "integrity"
    assert not found.is_contribution
    assert found.answer("own").answer == "no"


def test_what_ended_long_ago_is_no_retreat_of_what_is_new(shipped):
    found = judged(
        shipped, "Register over verv og økonomiske interesser",
        "Bystyret vedtok 8. mai 2025 et åpent register over verv. Et eldre register ble avviklet i 1999. 43 folkevalgte er registrert.",
    )  # fmt: skip
    assert found.is_contribution


def test_how_the_law_lets_anybody_do_it_is_no_contribution(shipped):
    found = judged(
        shipped, "Innbyggerforslag",
        "Kommuneloven gir innbyggere rett til å fremme forslag. Minst 300 må skrive under. Alle kommuner skal ta stilling til forslaget.",
    )  # fmt: skip
    assert (found.label, found.is_contribution) == ("participation", False)


def test_past_the_laws_floor_the_same_practice_is_one(shipped):
    found = judged(
        shipped, "Innbyggerforslag med lavere terskel",
        "Skarvik kommunestyre vedtok 12. februar 2026 (sak 7/26) at 50 underskrifter er nok til et innbyggerforslag. "
        "Her er listen: oversikt over forslag og hva som skjedde med de 14 som er behandlet.",
    )  # fmt: skip
    assert (found.practice, found.is_contribution) == ("innbyggerforslag", True)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Åpen barnehage", "Barnehagen er åpen hver tirsdag. Ta kontakt med barnehagen om åpningstid."),
        ("Varsling på SMS", "Kommunen sender SMS-varsling når vannet stenges. Registrer mobilnummeret ditt."),
        ("Informasjonskapsler", "Nettsiden bruker informasjonskapsler. Du har rett til innsyn i personopplysninger om deg selv."),
        ("Startlån", "Du kan søke om startlån hvis banken sier nei. Søknadsskjema finner du her."),
        ("Nabovarsel", "Varsel om oppstart av planarbeid for Nordjordet. Forslagsstiller er et privat selskap."),
    ],
)
def test_a_word_that_only_looks_like_it_is_none(shipped, title, text):
    assert judged(shipped, title, text).label == "none"


def test_a_journal_title_is_told_but_never_by_itself_a_deed(shipped):
    found = judged(shipped, "Oversendelse av register over gaver til folkevalgte", "")
    assert (found.label, found.practice) == ("integrity", "gaveregister")
    assert verdict.all_met(found.checks) is False


def test_a_text_that_names_no_practice_is_told_by_the_words_of_its_field(shipped):
    found = judged(
        shipped, "Se selv hvem vi betaler",
        "Siden 3. mars 2025 ligger alle utbetalinger fra Nesset kommune åpent i et regneark som alle kan hente og bruke fritt. "
        "Filene kommer den første i måneden. Kommunestyret bestemte det i sak 9/25, og 4 200 utbetalinger er lagt ut.",
    )  # fmt: skip
    assert found.label == "open_data"
    assert found.by_field
    assert found.is_contribution


def test_a_decision_about_something_else_has_not_a_fields_words(shipped):
    found = judged(
        shipped, "Ny gymsal", "Kommunestyret vedtok 3. mars 2025 i sak 9/25 å bygge gymsal for 41 millioner kroner. Salen åpner i august 2027.",
    )  # fmt: skip
    assert found.label == "none"


def test_one_mention_in_a_long_report_is_not_what_it_is_about(shipped):
    filler = "Enheten har hatt stabil drift gjennom året, og sykefraværet gikk noe ned. "
    assert judged(shipped, "Årsberetning", "Rådmannen viste til eierstrategi. " + filler * 200).label == "none"
    assert judged(shipped, "Notat", "Rådmannen viste til eierstrategi.").label == "procurement_anticorruption"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ordningen avvikles fra nyttår.", "ended"),
        ("Registeret har siden 2019 vært åpent for alle.", "in operation"),
        ("Kommunestyret vedtok å opprette et register.", "adopted"),
        ("Kommunen planlegger et register.", "planned"),
    ],
)
def test_the_status_rests_on_the_words_of_the_text(text, status):
    assert verdict.status_of(text) == status
    assert verdict.status_with_words(text)[1] in text


def test_the_same_text_gives_the_same_verdict_in_nynorsk(shipped):
    found = judged(
        shipped, "Opne data om vatnet", "Nesset kommune legg ut opne data frå målarane. Kommunestyret vedtok det 12. juni 2025. Datasettet blir oppdatert kvart døgn."
    )
    assert (found.label, found.is_contribution) == ("open_data", True)


def test_a_page_that_lists_other_pages_is_not_about_what_it_names(shipped):
    listing = "Under aktuelt finner du sidene våre.\n\nGaveregister for folkevalgte\n\nSvømmehallen åpner\n\nÅpne data om vannet\n\nNabovarsel"
    assert judged(shipped, "Aktuelt", listing).label == "none"
    assert judged(shipped, "Gaveregister", listing).label == "integrity"


def test_a_broadcast_of_something_else_is_no_council_on_the_web(shipped):
    assert judged(shipped, "Se fuglene", "Kameraet sender direktesending fra reiret. 3 000 har sett strømmingen siden 4. mai 2026.").practice != "kommune_tv"
    assert judged(shipped, "Møtene direkte", "Kommunestyret strømmes fra 4. mai 2026. Opptakene av møtene ligger ute.").practice == "kommune_tv"


def test_a_numbered_list_is_no_figure(shipped):
    found = judged(shipped, "Gaveregister", "1. Krav til den som fører registeret er satt. Kommunestyret har vedtatt det.")
    assert found.answer("numbers").answer != "yes"
