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


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Innkjøpsreglementet er strengere",
         "Kommunestyret strammer inn innkjøpsreglementet 4. juni 2026 (sak 41/26). Alle kjøp over 40 000 kroner legges ut, mer enn loven krever."),
        ("Gåveregisteret på nett",
         "Gåveregisteret er ikkje lenger berre eit ark i ein perm. Formannskapet vedtok 4. juni 2026 at alle kan søkje i det. 31 gåver er førte."),
    ],
)  # fmt: skip
def test_words_for_ending_that_tell_of_more_openness_are_no_retreat(shipped, title, text):
    assert judged(shipped, title, text).is_contribution


@pytest.mark.parametrize("title", ["Kommunen slutter med strømming av møtene", "Kommunen strammer inn innsyn i postlisten"])
def test_words_for_ending_what_is_open_are_a_retreat(shipped, title):
    found = judged(shipped, title, "Formannskapet vedtok dette 4. juni 2026 i sak 41/26. Det sparer 90 000 kroner.")
    assert (found.is_contribution, found.answer("own").answer) == (False, "no")


@pytest.mark.parametrize("words", ["Det er mer enn loven krever.", "Loven krever ikke noe av dette.", "Lova krev berre rutinar for eigne tilsette."])
def test_words_that_the_law_asks_less_are_no_words_of_what_it_asks(shipped, words):
    found = judged(shipped, "Ungdomsrådet har fått talerett", f"Fra 1. januar 2026 har ungdomsrådet talerett i kommunestyret (sak 99/25). {words}")
    assert not found.cue_count("howto")
    assert found.answer("own").answer == "yes"


def test_that_payment_ends_is_no_retreat(shipped):
    found = judged(shipped, "Gratis kartdata", "Formannskapet vedtok 6. juni 2025 å slutte å ta betalt. Alle kartdata er lagt ut som åpne data.")
    assert not found.cue_count("retreat")
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


def test_the_way_to_a_page_says_nothing_of_it(shipped):
    text = "Arealdelen er ferdig. 311 barn merket veien til skolen høsten 2025, og barnetråkk endret planen kommunestyret vedtok 4. mai 2026."
    way = "Du er her: Hjem › Planer under arbeid › Høringsutkast › Hva kom ut av barnetråkk?"
    with_way, without = (judged(shipped, "Hva kom ut av barnetråkk?", told) for told in (f"{way}\n{text}", text))
    assert not with_way.cue_count("plan_only")
    assert (with_way.label, with_way.practice, with_way.probability) == (without.label, without.practice, without.probability)


@pytest.mark.parametrize(
    "stamp",
    [
        "Publisert: 12.03.2026 08:15:05 Sist endret: 03.05.2026 13:40", "Sist endra 3. mai 2026 av Servicetorget", "Siden ble sist oppdatert 03.05.2026",
        "Publisert av: Kulturkontoret. Endret: 03.05.2026. Ansvarlig redaktør: kommunedirektøren", "Oppdatert: fredag 15. mai 2026",
        "Publisert\n10.12.2025\nSist endret\n25.01.2026",
    ],
)  # fmt: skip
def test_the_day_a_page_was_changed_is_nothing_that_was_done(shipped, stamp):
    with_stamp, without = (judged(shipped, "Gaveregister", f"Her finnes gaver til folkevalgte.\n\n{told}") for told in (stamp, ""))
    assert {c.key: c.answer for c in with_stamp.checks} == {c.key: c.answer for c in without.checks}
    assert with_stamp.answer("numbers").answer != "yes"


@pytest.mark.parametrize(
    ("told", "test"),
    [
        ("Oppdatert i kommunestyret 3. mai 2026, sak 14/26: gaver til folkevalgte føres opp.", "date_or_case"),
        ("Endret 3. mai 2026 av kommunestyret, sak 14/26.", "date_or_case"),
        ("Publisert 43 gaver på nettsiden.", "numbers"),
        ("Oppdatert:\n\n43 gaver er ført opp på nettsiden.", "numbers"),
    ],
)
def test_a_decision_or_a_figure_on_a_line_of_its_own_is_no_stamp(shipped, told, test):
    assert judged(shipped, "Gaveregister", told).answer(test).answer == "yes"


def test_a_broadcast_of_something_else_is_no_council_on_the_web(shipped):
    assert judged(shipped, "Se fuglene", "Kameraet sender direktesending fra reiret. 3 000 har sett strømmingen siden 4. mai 2026.").practice != "kommune_tv"
    assert judged(shipped, "Møtene direkte", "Kommunestyret strømmes fra 4. mai 2026. Opptakene av møtene ligger ute.").practice == "kommune_tv"
    told = "Møta i kommunestyret og formannskapet blir sende direkte på sida vår. Sendingane ligg ute i to veker."
    assert judged(shipped, "Sendingar frå politiske møte", told).practice == "kommune_tv"


def test_how_a_budget_is_made_tells_of_no_open_budget(shipped):
    told = "Kvar haust legg kommunedirektøren fram budsjett og økonomiplan. Kommunestyret vedtek dei i desember. Tidlegare budsjett, vedtekne 14.12.2023 (PDF)."
    assert judged(shipped, "Budsjett og handlingsprogram", told).label == "none"


def test_a_hearing_about_a_wider_ski_track_and_with_a_map_is_no_more_than_the_law_asks(shipped):
    told = "Forslag til forskrift er sendt på høring med frist 12. juni 2026. Forslaget utvider løypa. Kart ligger ved, og frivillige merker den."
    assert judged(shipped, "Forskrift om skuterløyper på høring", told).answer("own").answer == "no"


def test_a_numbered_list_is_no_figure(shipped):
    found = judged(shipped, "Gaveregister", "1. Krav til den som fører registeret er satt. Kommunestyret har vedtatt det.")
    assert found.answer("numbers").answer != "yes"


@pytest.mark.parametrize(
    ("practice", "title", "text"),
    [
        ("innsynspraksis", "Fleire får ja, og fortare",
         "Sju av ti som bad Grunnavik kommune om dokument i 2025, fekk dei same dagen. Sidan 1. mai 2025 skal alle nei skrivast ned med grunn."),
        ("habilitet", "Når saksbehandleren kjenner søkeren",
         "I små kommuner kjenner alle alle. Flatvik innførte 1. april 2025 en fast rutine der slektskap skal meldes. 83 saker er flyttet til andre, og listen er åpen."),
        ("klarspråk", "Avslag som går an å forstå",
         "Flatvik kommune skrev i 2025 om alle vedtak om hjemmehjelp sammen med 15 mottakere. Fra 1. oktober 2025 har klagene gått ned med en tredel."),
        ("åpne_data_api", "Luftkvaliteten, time for time",
         "Målarane ved dei fire skulane i Grunnavik kommune sender tal kvar time. Sidan 1. november 2025 kan kven som helst hente dei og lage eigne tenester."),
        ("nøkkeltall_åpent", "Kor lenge ventar folk på sjukeheimsplass?",
         "Grunnavik kommune viser ventetid, fråvær og trivsel for kvar eining, med tabellar du kan hente. Sida kom 1. september 2025."),
        ("åpne_register", "Alle kommunens bygg i én liste",
         "Flatvik kommune har samlet 190 eiendommer med adresse, leietaker og leie. Siden 1. mai 2026 kan listen lastes ned og brukes av hvem som helst."),
        ("åpne_kontrakter", "Kven leverer kva, og til kva pris?",
         "Grunnavik kommune har lagt ut alle 240 kontraktar med firma, sum og sluttdato sidan 1. mars 2026. Oversynet blir fornya kvar månad."),
        ("leverandørkontroll", "Kontrollørene møter opp uten å si fra",
         "Flatvik kommune sjekket 70 oppdrag hos renholdere og håndverkere i 2025. Ni firmaer måtte gjøre jobben om igjen, og funnene er åpne siden 3. mars 2026."),
        ("etisk_handel", "Arbeidsklær uten barnearbeid",
         "Flatvik kommune undersøkte i 2025 hvor arbeidsklærne er sydd. Tre leverandører måtte bytte fabrikk etter 1. september 2025."),
        ("medvirkning_plan", "Barn og gamle tegnet torget",
         "Før Flatvik kommune laget ny plan for torget, var 200 med på vandringer og verksteder. Planen ble vedtatt 4. juni 2026, og 31 forslag kom med."),
        ("borgerpanel", "Førti tilfeldige fikk avgjøre råd om kollektivtrafikk",
         "Flatvik kommune trakk lodd blant alle over 16. Gruppa møttes fem lørdager og leverte 19 anbefalinger 2. juni 2026."),
        ("høring", "Alle 190 innspill er besvart",
         "Da Flatvik kommune endret skolekretsene, skrev 190. Hvert innspill og svaret på det er lagt ut, og 12 endringer ble gjort før vedtaket 5. mars 2026."),
        ("brukermedvirkning", "Dei som bur på sjukeheimen, styrer kvardagen",
         "Bebuarar og pårørande i Grunnavik møter leiinga kvar månad. Sidan 1. mars 2025 er 44 ting endra etter det dei bad om."),
    ],
)  # fmt: skip
def test_a_text_that_names_no_practice_is_told_by_what_it_says(shipped, practice, title, text):
    found = judged(shipped, title, text)
    assert (found.by_field, found.practice) == (True, practice)


def test_who_owns_is_of_integrity_for_a_politician_and_of_procurement_for_a_supplier(shipped):
    when = "Siden 1. mars 2026 er 40 svar lagt ut av Nesset kommune."
    politician = judged(shipped, "Hva eier de?", f"Alle folkevalgte skriver opp aksjer og styreverv. {when} Listen oppdateres hvert halvår.")
    supplier = judged(shipped, "Hvem eier dem?", f"Alle leverandører skriver opp eierne bak firmaet før de får en kontrakt. {when} Tre ble avvist.")
    assert (politician.practice, supplier.practice) == ("styrevervregister", "eierforhold_kontroll")
    assert (politician.label, supplier.label) == ("integrity", "procurement_anticorruption")


def test_the_day_a_page_was_published_is_no_day_of_an_act(shipped):
    text = (
        "Kommunen leverer tall om luftkvalitet fra fire målestasjoner. Alle kan laste ned filene og bruke dem fritt, også i egne programmer, "
        "og nye filer kommer hver time. 900 personer har brukt dem."
    )
    assert judged(shipped, "Luften vi puster i", f"{text}\n\nPublisert: 04.03.2026 12:00").label == "none"
    assert judged(shipped, "Luften vi puster i", f"{text} Det startet 4. mars 2026.").label == "open_data"


def test_a_name_in_passing_gives_way_to_what_a_text_clearly_tells(shipped):
    found = judged(
        shipped, "Boligselskapet under lupa",
        "Flatvik Bolig AS, som kommunen eier, ble gransket våren 2026. Rapporten av 4. mai viser at styret ikke fulgte eierens vedtak i tre saker.",
    )  # fmt: skip
    assert (found.label, found.practice) == ("integrity", "selskapskontroll")
