"""A month with everything that loses entries in silence: identifiers, dates, types and counts as they truly are, on every platform."""

from __future__ import annotations

import pytest

from sandbox.tenants import TENANTS
from tests.extractors.innsyn.months import differences, misread, truth_of, watching

COLUMNS = ("journal_date", "document_date", "direction", "case_number")
JOURNALS = [platform for platform, tenant in TENANTS.items() if "journal_entry" in tenant.kinds]


@pytest.mark.parametrize("platform", JOURNALS)
def test_a_month_is_read_as_it_is(platform, quick_path):
    columns = tuple(c for c in COLUMNS if c not in getattr(TENANTS[platform], "lacks", ()))
    with watching(TENANTS[platform], quick_path) as watched:
        for _ in ("first look", "second look"):
            result, rows = watched.look()
            assert (str(result.outcome), result.reasons) == ("fresh", ())
            assert differences(watched.table(rows), truth_of(watched), columns) == {}
            assert misread(watched, rows[rows["kind"] == "journal_entry"]) == []
            watched.month.move_on()
        assert watched.judge.violations == []
