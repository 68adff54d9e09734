"""The gate: what must go, and what must stay."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from sandbox import persons
from tests.shared_data import shared
from transforms import privacy
from transforms.privacy import Tier, is_identity_number, mask, mask_series, measure

CASES = Path(__file__).parents[1] / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("file", ["privacy_cases.csv", "privacy_blind_cases.csv"])
def test_names_never_seen_are_caught_and_the_others_are_left(file):
    found = measure(rows_of(CASES / file))
    assert found["names_caught"]["share"] >= 0.98 and found["names_caught"]["m"] >= 170
    assert found["others_left"]["share"] >= 0.98 and found["others_left"]["m"] >= 300
    assert all(found[kind]["share"] >= 0.97 for kind in ("company", "place", "office", "other"))


@pytest.mark.parametrize("file", ["privacy_cases.csv", "privacy_blind_cases.csv"])
@pytest.mark.parametrize("tier", list(Tier))
def test_masking_a_masked_text_changes_nothing(file, tier):
    for row in rows_of(CASES / file):
        once = mask(row["text"], tier).text
        assert mask(once, tier) == (once, 0)


@pytest.mark.parametrize(
    ("text", "tier", "expected"),
    [
        ("Kari og Ola Bratthamnrud", Tier.PARTY, "[person] og [person]"),
        ("Granheim Grendelag v/ Kari Bratthamnrud", Tier.PARTY, "Granheim Grendelag v/ [person]"),
        ("Kari Bratthamnrud (privat)", Tier.PARTY, "[person] (privat)"),
        ("<pnavn>Xq Zt</pnavn> - klage", Tier.TITLE, "[person] - klage"),
        ("Klage på avslag - ***** ***** - Ringvik kommune", Tier.TITLE, "Klage på avslag - ***** ***** - Ringvik kommune"),
        ("ordfører Marit Høgstølen", Tier.TITLE, "ordfører Marit Høgstølen"),
        ("daglig leder Marit Høgstølen", Tier.TITLE, "daglig leder [person]"),
        ("Marit Høgstølen skole", Tier.TITLE, "Marit Høgstølen skole"),
        ("Brev fra Marit Høgstølen, varaordfører", Tier.TITLE, "Brev fra Marit Høgstølen, varaordfører"),
        ("Brev fra ordfører Marit Høgstølen", Tier.OLD_TITLE, "Brev fra ordfører [person]"),
        ("Kari Bratthamnrud", Tier.OLD_PARTY, ""),
        ("Kari Bratthamnrud og Ola Nyplogmo m.fl.", Tier.OLD_PARTY, ""),
        ("Fjordvik Bygg AS v/ Kari Bratthamnrud", Tier.OLD_PARTY, "Fjordvik Bygg AS v/ [person]"),
        ("Kari Bratthamnrud", Tier.NUMBERS, "Kari Bratthamnrud"),
        ("Ordfører Marit Høgstølen åpnet møtet. Marit Høgstølen takket Per Nyplogmo.", Tier.TEXT, "Ordfører Marit Høgstølen åpnet møtet. Marit Høgstølen takket [person]."),
        ("Torunn Bratthamnrud ba om svar. Bratthamnrud fikk det.", Tier.TEXT, "[person] ba om svar. [person] fikk det."),
        ("Les mer på https://www.x.no/Kari Bratthamnrud", Tier.NUMBERS, "Les mer på https://www.x.no/Kari Bratthamnrud"),
    ],
)  # fmt: skip
def test_a_name_is_read_by_where_it_stands(text, tier, expected):
    assert mask(text, tier).text == expected


@pytest.mark.parametrize("form", ["plain", "d", "synthetic", "tenor"])
def test_identity_numbers_of_every_form_go_however_they_are_written(form):
    dice = Random(form)
    for _ in range(60):
        number = persons.identity_number(dice, form)
        assert is_identity_number(number)
        for written in (number, f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}", f"{number[:6]}.{number[6:]}"):
            assert mask(f"Gjelder {written}, søknad", Tier.TITLE).text == "Gjelder [fødselsnummer], søknad"


def test_a_wrong_check_digit_is_no_identity_number_unless_the_text_says_it_is_one():
    number = persons.identity_number(Random(4))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not is_identity_number(wrong)
    assert mask(f"fødselsnummer: {wrong}", Tier.TEXT).text == "fødselsnummer: [fødselsnummer]"


def test_digits_in_addresses_identifiers_and_longer_numbers_are_no_identity_numbers():
    number = persons.identity_number(Random(5))
    for text in (f"https://innsyn.x.no/{number}", f"d-0a1b2c3d__8677__47ea__a757__23e14c{number}", f"1{number}", f"{number}7", f"a757-{number}", f"0,{number}"):
        assert mask(text, Tier.NUMBERS).text == text


def test_account_numbers_go_with_and_without_dots():
    dice = Random(6)
    for _ in range(60):
        number = persons.account_number(dice)
        for written in (number, number.replace(".", " "), number.replace(".", "")):
            assert mask(f"Utbetales til {written}.", Tier.TEXT).text in ("Utbetales til [kontonummer].", "Utbetales til [fødselsnummer].")
    assert mask("Konto 1234.56.78901", Tier.TEXT).text == "Konto 1234.56.78901"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Svar til kari.bratthamn@epostboks.example", "Svar til [e-post]"),
        ("Send til postmottak@fjordvik.kommune.no", "Send til postmottak@fjordvik.kommune.no"),
        ("Spør kari.bratthamn@fjordvik.kommune.no", "Spør kari.bratthamn@fjordvik.kommune.no"),
        ("post@grendelaget.example", "post@grendelaget.example"),
        ("Ring Kari Bratthamnrud, tlf. 91 23 45 67", "Ring [person], tlf. [telefon]"),
        ("Servicetorget, tlf. 51 74 30 00", "Servicetorget, tlf. 51 74 30 00"),
        ("Beløpet er 12 34 56 78 kroner", "Beløpet er 12 34 56 78 kroner"),
        ("Sak 20261234 og org.nr. 912 345 678", "Sak 20261234 og org.nr. 912 345 678"),
    ],
)  # fmt: skip
def test_contact_details_of_private_persons_go_and_those_of_offices_stay(text, expected):
    assert mask(text, Tier.TITLE).text == expected


def test_a_column_is_masked_with_counts_and_keeps_its_index():
    texts = pd.Series(["Klage fra Kari Bratthamnrud", None, "Høring", "Klage fra Kari Bratthamnrud"], index=[9, 8, 7, 6], dtype="str")
    masked, counts = mask_series(texts, Tier.TITLE)
    assert masked.tolist()[::3] == ["Klage fra [person]"] * 2 and masked.isna().tolist() == [False, True, False, False]
    assert counts.tolist() == [1, 0, 0, 1] and list(masked.index) == [9, 8, 7, 6]


def test_a_measured_name_counts_as_caught_only_when_nothing_of_it_is_left():
    rows = [{"text": "Klage fra Kari Bratthamnrud", "kind": "name", "name": "Kari Bratthamnrud"}, {"text": "Nordre Skogmo", "kind": "place"},
            {"text": "Klage fra Kari Bratthamnrud og Xq", "kind": "name", "name": "Kari Bratthamnrud klage"}]  # fmt: skip
    found = measure(rows)
    assert (found["names_caught"]["n"], found["names_caught"]["m"], found["others_left"]["share"]) == (1, 2, 1.0)


def test_real_council_titles_stay_as_they_are():
    titles = [row["tittel"] for row in rows_of(shared("postlists/acos-nye-innsyn/strand_titles_2025.csv"))]
    assert sum(mask(t, Tier.TITLE).count > 0 for t in titles) <= 1 and len(titles) == 227


def test_the_marks_are_what_the_desk_knows():
    assert all(privacy.MARKS.fullmatch(m) for m in ("[person]", "[fødselsnummer]", "[kontonummer]", "[e-post]", "[telefon]"))
