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
