"""Dates as Norwegian sources write them."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from transforms import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05.10.2026", datetime(2026, 10, 5)),
        ("5.10.2026 18:00", datetime(2026, 10, 5, 18)),
        ("05.10.26", datetime(2026, 10, 5)),
        ("mandag 5. oktober 2026 kl. 18.30", datetime(2026, 10, 5, 18, 30)),
        ("3. november 2026", datetime(2026, 11, 3)),
        ("3. november 2026 kl. 09:00 - 15:00", datetime(2026, 11, 3, 9)),
        ("laurdag 3. januar 2026", datetime(2026, 1, 3)),
        ("17. mai 2026", datetime(2026, 5, 17)),
        ("8. čakčamánnu 2026", datetime(2026, 9, 8)),
        ("2026-10-05", datetime(2026, 10, 5)),
        ("2026-10-05T00:00:00", datetime(2026, 10, 5)),
        ("2026-10-01T22:30:00Z", datetime(2026, 10, 2, 0, 30)),
        ("2026-01-01T22:30:00+00:00", datetime(2026, 1, 1, 23, 30)),
        ("2026-04-24T12:47:49.616004+02:00", datetime(2026, 4, 24, 12, 47, 49)),
        ("20150330", datetime(2015, 3, 30)),
        ("1767222000000", datetime(2026, 1, 1)),
        ("Udatert", None),
        ("", None),
    ],
)
def test_a_date_is_read(text, expected):
    assert dates.read(text) == expected


@pytest.mark.parametrize("text", ["31.02.2026", "2026-13-01", "i går", "3. juleaften 2026", "12", "Kari Skogmarksli"])
def test_what_is_no_date_is_said(text):
    with pytest.raises(ValueError):
        dates.read(text)


def test_a_column_is_read_and_the_unreadable_are_named():
    days, unreadable = dates.days(pd.Series(["05.10.2026 18:00", None, "Udatert", "tull"], index=[4, 5, 6, 7], dtype="str"))
    assert list(days) == [pd.Timestamp("2026-10-05"), pd.NaT, pd.NaT, pd.NaT] and list(unreadable) == [False, False, False, True]
    assert days.dtype == "datetime64[us]" and list(days.index) == [4, 5, 6, 7]


def test_captures_are_kept_in_utc():
    assert dates.utc(pd.Series(["2026-10-15T08:00:00+02:00"], dtype="str"))[0] == pd.Timestamp("2026-10-15 06:00")
