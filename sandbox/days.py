"""Days as Norwegian systems write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

MONTHS = ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember")
DEFAULT_DAY = date(2026, 11, 24)
WINDOW_DAYS = 90
MEETING_MARGIN = timedelta(days=30)

_WRITTEN = re.compile(rf"\b(\d{{1,2}})\. ({'|'.join(MONTHS)}) (\d{{4}})\b", re.IGNORECASE)


def long(day: date) -> str:
    """12. mars 2026"""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def dotted(day: date) -> str:
    """12.03.2026"""
    return f"{day:%d.%m.%Y}"


def http_date(day: date, hour: int = 5, minute: int = 0) -> str:
    """The form of Last-Modified."""
    return format_datetime(datetime.combine(day, time(hour, minute), UTC), usegmt=True)


def on_weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() >= 5 else 0)


def written_in(text: str) -> Iterator[date]:
    """Every day a text names in full."""
    for number, month, year in _WRITTEN.findall(text):
        try:
            yield date(int(year), MONTHS.index(month.lower()) + 1, int(number))
        except ValueError:
            continue


def is_summer_time(day: date) -> bool:
    """Whether Oslo is two hours before UTC: from the last Sunday of March to the last Sunday of October."""

    def last_sunday(month: int) -> date:
        last = date(day.year, month, 31)
        return last - timedelta(days=(last.weekday() + 1) % 7)

    return last_sunday(3) <= day < last_sunday(10)


def utc(day: date, hour: int, minute: int = 0) -> str:
    """An hour in Oslo as UTC, `2026-10-01T16:00:00Z`."""
    return f"{datetime.combine(day, time(hour, minute)) - timedelta(hours=2 if is_summer_time(day) else 1):%Y-%m-%dT%H:%M:%S}Z"
