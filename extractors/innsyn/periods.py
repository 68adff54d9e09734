"""Which days a journal file covers, by what its link or its name says."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        ("januar jan ođđajagemánnu", "februar feb guovvamánnu", "mars mar njukčamánnu", "april apr cuoŋománnu", "mai miessemánnu",
         "juni jun geassemánnu", "juli jul suoidnemánnu", "august aug borgemánnu", "september sept sep čakčamánnu",
         "oktober okt golggotmánnu", "november nov skábmamánnu", "desember des juovlamánnu"), start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})(?![a-zæøåáčđŋšŧž])"
DASH = r"\s*(?:-|–|—|_|til|t\.?o\.?m\.?)\s*"
COMPACT = re.compile(r"(?<!\d)(\d{8})(?!\d)")
ISO = re.compile(r"(?<!\d)(?P<y>20\d{2})[-_.](?P<m>\d{1,2})[-_.](?P<d>\d{1,2})(?!\d)")
DAY = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:\s?[. _-]\s?(?P<m>\d{{1,2}})|\.?\s*(?P<month>{MONTH}))"
    r"(?:\.?\s?[. _-]?\s?(?P<y>20\d{2}|(?<=\.)\d{2}))?(?!\d)",
    re.I,
)
FROM = re.compile(rf"(?<![\d.])(?P<d>\d{{1,2}})\.?{DASH}(?=\d{{1,2}}(?:\.|\s*{MONTH}))", re.I)
WEEK = re.compile(rf"(?:uker?|veker?|vahkku)\.?[ _-]*(?:nr\.?\s*)?(?P<w>\d{{1,2}})(?:{DASH}(?P<last>\d{{1,2}})(?!\d))?", re.I)
YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
WORD = re.compile(rf"(?<![a-zæøåáčđŋšŧž]){MONTH}", re.I)
NUMBERED = re.compile(r"(?<!\d)(?:(?P<y>20\d{2})[-_./ ]?(?P<m>0[1-9]|1[0-2])|(?P<m2>0[1-9]|1[0-2])[-_./ ](?P<y2>20\d{2}))(?!\d)")

Period = tuple[date, date]


def period_of(text: str, until: date) -> Period | None:
    """The first and the last day a text names: a day, several days, a week, a month or a year; None when it names none.

    Where it leaves the year out it means the last such days that have begun by `until`.
    """
    text = " ".join(text.split())
    for read in (_days, _week, _month, _year):
        if found := read(text, until):
            return found
    return None


def _days(text: str, until: date) -> Period | None:
    text = WEEK.sub(";", text)
    found = list(_whole_days(text))
    if not found and (named := list(DAY.finditer(text))):
        found = _named_days(text, named, until)
    return (min(found), max(found)) if found else None


def _whole_days(text: str) -> Iterator[date]:
    """Days with all their digits: `2026-10-14`, `20261014`, `14102026`."""
    for match in ISO.finditer(text):
        yield from _day(int(match["y"]), int(match["m"]), int(match["d"]))
    for digits in COMPACT.findall(text):
        forms = ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2]))
        yield from next((days for y, m, d in forms if y.startswith("20") and (days := list(_day(int(y), int(m), int(d))))), ())


def _named_days(text: str, named: list[re.Match[str]], until: date) -> list[date]:
    """Days as people write them. What stands before a dash takes month and year from what stands after it: `12.–16. oktober 2026`."""
    found: list[date] = []
    for match in reversed(named):
        month = int(match["m"]) if match["m"] else MONTHS[match["month"].lower()]
        year = int(match["y"]) if match["y"] else None
        years = [year + 2000 * (year < 100)] if year else [found[-1].year] if found else [until.year, until.year - 1]
        days = [d for y in years for d in _day(y, month, int(match["d"])) if year or found or d <= until][:1]
        if found and days and days[0] > found[-1]:
            days = list(_day(found[-1].year - 1, month, int(match["d"])))
        found += days
    first = FROM.search(text[: named[0].end()])
    if found and first and first.end() <= named[0].start("d"):
        found += _day(found[-1].year, found[-1].month, int(first["d"]))
    return found


def _week(text: str, until: date) -> Period | None:
    match = WEEK.search(text)
    if match is None:
        return None
    stated = YEAR.search(text)
    for year in [int(stated[1])] if stated else [until.year, until.year - 1]:
        try:
            monday = date.fromisocalendar(year, int(match["w"]), 1)
            last = date.fromisocalendar(year, int(match["last"] or match["w"]), 7)
        except ValueError:
            continue
        if (stated or monday <= until) and monday <= last:
            return monday, last
    return None


def _month(text: str, until: date) -> Period | None:
    year = YEAR.search(text)
    if words := WORD.findall(text):
        months = [MONTHS[w.lower()] for w in words]
    elif match := NUMBERED.search(text):
        return _whole_month(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]))
    else:
        return None
    last_year = int(year[1]) if year else until.year - (months[0] > until.month)
    return _whole_month(last_year, months[0])[0], _whole_month(last_year, months[-1])[1]


def _whole_month(year: int, month: int) -> Period:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _year(text: str, until: date) -> Period | None:
    years = [int(y) for y in YEAR.findall(text)]
    return (date(min(years), 1, 1), date(max(years), 12, 31)) if years else None


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def days_between(since: date, until: date) -> Iterator[date]:
    """Every day from the first to the last."""
    for number in range((until - since).days + 1):
        yield since + timedelta(days=number)
