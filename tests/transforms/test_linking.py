"""What two documents share that could be found again."""

import pytest

from transforms import linking


def marks(text, title=""):
    return linking.trace("d", title, text).marks


@pytest.mark.parametrize(
    ("sami", "norwegian"),
    [
        ("Stivra dohkkehii dan čakčamánu 14. beaivvi 2025.", "Styret vedtok det 14. september 2025."),
        ("Čoahkkin lea 3. juovlamánu 2025.", "Møtet er 3. desember 2025."),
        ("Mearrádus: ášši 31/25.", "Vedtak: sak 31/25."),
    ],
)
def test_a_day_and_a_case_are_the_same_in_northern_sami(sami, norwegian):
    same = {mark for mark in marks(sami).keys() & marks(norwegian).keys() if mark.startswith(("date ", "case "))}
    assert len(same) == 1


def test_a_day_is_found_again_where_the_year_is_left_out():
    assert "day 14.9" in marks("Møtet var 14. september 2025.").keys() & marks("Oppfølging av møtet 14. september").keys()


def test_the_size_of_a_file_is_no_figure():
    assert not any(mark.startswith("number") for mark in marks("Rapporten ligger her.", "Årsrapport (PDF, 612 kB)"))


def test_an_archives_case_that_a_page_does_not_name_leaves_a_title_as_like_it():
    page = linking.trace("p", "Gaveregisteret er åpent for alle", "Formannskapet vedtok gaveregisteret 4. mai 2026. 31 gaver er ført.", kind="pages")
    numbered, bare = (
        linking.trace("e", "Gaveregister for folkevalgte – innføring", "", case_number=case, kind="journal_entries", is_thin=True)
        for case in ("26/1187", "")
    )
    assert linking.likeness(page, numbered) == linking.likeness(page, bare) > 0


def test_an_archives_case_ties_two_documents_that_have_it():
    first, other = (linking.trace(t, t, "", case_number="26/1187", is_thin=True) for t in ("Oversending av rapport", "Svar fra nemnda"))
    assert linking.likeness(first, other) > linking.SAME_PILLAR
