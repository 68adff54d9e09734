"""What the words of a journal mean."""

from __future__ import annotations

import pytest

from transforms.journals import direction
from transforms.licences import is_open


@pytest.mark.parametrize(
    ("document_type", "expected"),
    [
        ("inngaaende_dokument", "inngående"), ("Inngående dokument", "inngående"), ("Inngåande dokument", "inngående"), ("Innkommende dokument (Gradert)", "inngående"),
        ("I", "inngående"), ("http://www.arkivverket.no/standarder/noark5/arkivstruktur/inngåendeDokument", "inngående"), ("Utgående dokument", "utgående"), ("U", "utgående"),
        ("organinternt_dokument_uten_oppfoelging", "internt"), ("Internt notat (X)", "internt"), ("Internt notat / e-post MED oppfølging (N)", "internt"), ("Notat", "internt"),
        ("N", "internt"), ("X", "internt"), ("Saksframlegg", "saksframlegg"), ("S", "saksframlegg"), ("Sakskart", "annet"), ("Møteprotokoll", "annet"), ("moetebok", "annet"), ("ukjent", "ukjent"),
    ],
)  # fmt: skip
def test_the_direction_of_a_document_type(document_type, expected):
    assert direction(document_type) == expected


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("http://data.norge.no/nlod/", True), ("https://data.norge.no/nlod/no/2.0", True), ("http://creativecommons.org/licenses/by/4.0/deed.no", True),
        ("https://creativecommons.org/publicdomain/zero/1.0/", True), ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", True), ("NLOD-2.0", True),
        ("Norsk lisens for offentlige data (NLOD)", True), ("cc-by", True), ("other-open", True), ("other-closed", False),
        ("https://creativecommons.org/licenses/by-nc/4.0/", False), ("egen avtale med kommunen", None), ("notspecified", None),
    ],
)  # fmt: skip
def test_a_licence_is_open_closed_or_unknown(licence, expected):
    assert is_open(licence) is expected
