"""Given these texts, this is the sentence a candidate is known by."""

import pytest

from transforms import titles


def title(
    body,
    heading="Gaver og verv",
    *,
    name="Fjordvik kommune",
    terms=("gaveregister",),
    status="in operation",
    date="",
    language="nb",
    also=(),
):
    texts = [titles.Text(heading, body, terms), *(titles.Text("Saksframlegg", text, terms) for text in also)]
    return titles.of(texts, name=name, practice="Gaveregister", status=status, date_words=date, language=language)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        # the body itself, by its name
        ("Kommunen har et gaveregister som alle kan lese.", "Fjordvik kommune har et gaveregister som alle kan lese."),
        ("Siden 2. mai 2025 fører vi et gaveregister på nett.", "Siden 2. mai 2025 fører Fjordvik kommune et gaveregister på nett."),
        ("I 2024 laget Fjordvik kommune et gaveregister over alt vi tok imot.", "I 2024 laget Fjordvik kommune et gaveregister over alt kommunen tok imot."),
        # a council gets its place, and only when it has none
        ("Kommunestyret vedtok 3. mars 2026 et gaveregister.", "Kommunestyret i Fjordvik vedtok 3. mars 2026 et gaveregister."),
        ("Fjordvik kommunestyre vedtok 3. mars 2026 et gaveregister.", "Fjordvik kommunestyre vedtok 3. mars 2026 et gaveregister."),
        # what refers back gives way to what can stand alone
        (
            "Alt begynte med et leserbrev. Kommunestyret vedtok det i sak 3/26. Dette har vi gjort siden 2024. Fjordvik kommune fører et gaveregister på nett.",
            "Fjordvik kommune fører et gaveregister på nett.",
        ),
        # two sentences are two also when the second begins with a number; a list after a colon is left out of a long one
        (
            "Fjordvik kommune fører et gaveregister for alle valgte. 42 gaver står der nå.",
            "Fjordvik kommune fører et gaveregister for alle valgte.",
        ),
        # lines that a page of a file broke
        ("Fjordvik kommune fører et gaveregister som er\nåpent for alle.", "Fjordvik kommune fører et gaveregister som er åpent for alle."),
    ],
)
def test_one_sentence_says_who_did_what(body, told):
    assert title(body) == told


@pytest.mark.parametrize(
    "body",
    [
        "Den er åpen for alle fra 3. mars 2026.",
        "Kommunestyret bestemte 24. april 2025 at den skal være åpen for alle.",
        "Kommunestyret gjorde vedtaket i sak 84/24.",
        "Kommunestyret bevilget 60 000 kroner i sak 71/24.",
        "Fjordvik kommune, rapport lagt fram 21. mai 2026, sak 40/26.",
        "Mandatet var vedtatt i kommunestyret 10. desember 2025 (sak 88/25).",
        "Våre regler gjelder alle, og vi sier fra når vi ser brudd.",
    ],
)
def test_when_no_sentence_stands_alone_the_title_is_put_together(body):
    assert (
        title(body, "Åpent gaveregister (PDF, 385 kB)", date="3. mars 2026")
        == "Fjordvik kommune har gaveregister: «Åpent gaveregister» (3. mars 2026)."
    )
    assert title(body, "Hvem fikk hva?", language="nn") == "Fjordvik kommune opplyser om «Hvem fikk hva?»."


def test_the_date_is_added_where_the_sentence_has_none():
    assert (
        title("Kommunen fører et gaveregister på nett.", date="3. mars 2026")
        == "Fjordvik kommune fører et gaveregister på nett (3. mars 2026)."
    )
    assert (
        title("Kommunen har siden 2021 ført et gaveregister.", date="3. mars 2026")
        == "Fjordvik kommune har siden 2021 ført et gaveregister."
    )


def test_another_text_of_the_candidate_may_say_it_better():
    told = title("Her finner du listen.", also=["Formannskapet vedtok 3. mars 2026 å opprette et gaveregister."])
    assert told == "Formannskapet i Fjordvik vedtok 3. mars 2026 å opprette et gaveregister."


def test_a_herad_and_a_county_keep_their_kind():
    assert title("Kommunen fører eit gaveregister på nett.", name="Heiane herad").startswith("Heiane herad fører")
    assert title("Fylkestinget vedtok 3. mars 2026 et gaveregister.", name="Vestre fylkeskommune").startswith(
        "Fylkestinget i Vestre vedtok"
    )


def test_a_body_is_not_said_to_have_what_its_text_does_not_show_it_doing():
    for kind, told in (("journal_entries", "har journalført"), ("agenda_items", "har på sakslisten"), ("pages", "opplyser om")):
        texts = [titles.Text("Spørsmål om gaveregister", "Spørsmål om gaveregister.", ("gaveregister",), kind=kind)]
        facts = {"name": "Fjordvik kommune", "practice": "Gaveregister", "status": "planned", "date_words": ""}
        assert titles.of(texts, **facts, is_shown=False) == f"Fjordvik kommune {told} «Spørsmål om gaveregister»."
    assert titles.of(texts, **facts) == "Fjordvik kommune planlegger gaveregister: «Spørsmål om gaveregister»."


def test_a_passage_that_shows_a_practice_without_its_name_is_told_before_the_heading():
    body = "Alle kan være med. Fjordvik kommune har samlet 2 640 stedsnavn på tre språk og lagt dem ut på nett. Kaffe serveres."
    shown = ("Fjordvik kommune har samlet 2 640 stedsnavn på tre språk og lagt dem ut på nett.",)
    facts = {"name": "Fjordvik kommune", "practice": "Åpne registre", "status": "in operation", "date_words": ""}
    assert titles.of([titles.Text("Vet du hva det heter?", body, shown=shown)], **facts) == shown[0]
    assert titles.of([titles.Text("Vet du hva det heter?", body)], **facts) == "Fjordvik kommune opplyser om «Vet du hva det heter?»."


def test_under_a_heading_that_tells_nothing_stands_what_the_page_says():
    body = "Møteplan og sakspapirer ligger i møtekalenderen. Velkommen."
    text = titles.Text("Kommunestyret", body, shown=("Møteplan og sakspapirer ligger i møtekalenderen.",))
    told = titles.of([text], name="Fjordvik kommune", practice="Møtedokumenter", status="in operation", date_words="", is_shown=False)
    assert told == "Fjordvik kommune opplyser under «Kommunestyret»: «Møteplan og sakspapirer ligger i møtekalenderen.»"
