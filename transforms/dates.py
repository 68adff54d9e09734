"""Dates as Norwegian sources write them (ATLAS 1.2), to dates and moments in Norwegian wall time.

Known forms: ISO with or without time and zone, `dd.mm.yyyy` with or without time, `3. november 2026` in bokmål, nynorsk, Northern Sámi
or English, `yyyymmdd` (Noark 4), milliseconds since 1970. "Udatert" and the empty text are no date and no mistake. Each distinct text is
read once: a journal of a million rows has a few thousand.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from catalogue.reasons import Reason, dump

OSLO = ZoneInfo("Europe/Oslo")
UNDATED = re.compile(r"(?:udatert|ikke datert|ikkje datert|ukjent|ingen|null|none|-+|\?+)\.?", re.I)
ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ]+(?P<H>\d{1,2})[:.](?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
WEEKDAY = r"(?:(?:man|tirs?|ons|tors?|fre|lør|laur|søn|sun)[a-zæøå]*\.?,?\s+)?(?:den\s+)?"
CLOCK = r"(?:,?\s*(?:kl\.?|klokk[ae]n?|tii?bmu)?\s*(?P<H>\d{1,2})[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2}))?)?(?:\s*[-–]\s*\d{1,2}[:.]\d{2})?"
DOTTED = re.compile(rf"{WEEKDAY}(?P<d>\d{{1,2}})\s?[./]\s?(?P<m>\d{{1,2}})\s?[./]\s?(?P<y>\d{{4}}|\d{{2}}){CLOCK}", re.I)
WORDED = re.compile(rf"{WEEKDAY}(?P<d>\d{{1,2}})\.?\s*(?P<month>[a-zæøåčđŋšŧžáA-ZÆØÅČĐŊŠŦŽÁ]{{3,}})\.?,?\s*(?P<y>\d{{4}}){CLOCK}", re.I)
COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})")
EPOCH_MS = re.compile(r"\d{12,13}")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan january ođđajagemánnu ođđajagimánnu", "februar feb februari february guovvamánnu", "mars mar march njukčamánnu",
            "april apr cuoŋománnu", "mai may miessemánnu", "juni jun june geassemánnu", "juli jul july suoidnemánnu",
            "august aug borgemánnu", "september sep sept čakčamánnu", "oktober okt october oct golggotmánnu",
            "november nov skábmamánnu", "desember des december dec juovlamánnu",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def read(text: str) -> datetime | None:
    """The moment a text names, in Norwegian wall time (midnight when it names no hour). None for "Udatert". Raises ValueError."""
    text = " ".join(text.split())
    if not text or UNDATED.fullmatch(text):
        return None
    if match := ISO.fullmatch(text):
        return _in_oslo(_moment(match, int(match["m"])), match["zone"])
    if match := COMPACT.fullmatch(text):
        return datetime(int(match["y"]), int(match["m"]), int(match["d"]))
    if match := DOTTED.fullmatch(text):
        return _moment(match, int(match["m"]))
    if (match := WORDED.fullmatch(text)) and (month := MONTHS.get(match["month"].lower().removesuffix("a.b"))):
        return _moment(match, month)
    if EPOCH_MS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, OSLO).replace(tzinfo=None)
    raise ValueError("no date that we know the form of")


def _moment(match: re.Match[str], month: int) -> datetime:
    year = int(match["y"])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    hour, minute, second = (int(match[part] or 0) for part in "HMS")
    # 24:00 is how some calendars write the end of the day.
    day = datetime(year, month, int(match["d"])) + timedelta(days=hour == 24)
    return day.replace(hour=hour % 24, minute=minute, second=second)


def _in_oslo(moment: datetime, zone: str | None) -> datetime:
    if not zone:
        return moment
    if zone not in ("Z", "UTC"):
        hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
        shift = timedelta(hours=hours, minutes=minutes)
        moment = moment - shift if zone[0] == "+" else moment + shift
    return moment.replace(tzinfo=UTC).astimezone(OSLO).replace(tzinfo=None)


def moments(texts: Series) -> tuple[Series, Series]:
    """Moments in Norwegian wall time (datetime64[us]) and, as booleans, which texts were given and could not be read."""
    codes, distinct = pd.factorize(texts.astype("object"), use_na_sentinel=True)
    values, unreadable = np.full(len(distinct) + 1, "NaT", dtype="datetime64[us]"), np.zeros(len(distinct) + 1, dtype=bool)
    for place, text in enumerate(distinct):
        try:
            if moment := read(str(text)):
                values[place] = moment
        except (ValueError, OverflowError, OSError):
            unreadable[place] = True
    return Series(values[codes], index=texts.index), Series(unreadable[codes], index=texts.index)


def days(texts: Series) -> tuple[Series, Series]:
    """As `moments`, without the hours."""
    values, unreadable = moments(texts)
    return values.dt.normalize(), unreadable


def utc(texts: Series) -> Series:
    """ISO moments with a zone as zone-less UTC; what cannot be read is NaT."""
    return pd.to_datetime(texts, utc=True, errors="coerce", format="ISO8601").dt.tz_localize(None).astype("datetime64[us]")


def read_columns(frame: DataFrame, wanted: dict[str, str]) -> tuple[DataFrame, Series]:
    """The date columns of a frame read (`wanted`: column → "DATE" or "TIMESTAMP"), and why a row has an unreadable one
    (`catalogue.reasons.dump`; "" when not)."""
    read_frame, why = {}, {}
    for column, kind in wanted.items():
        texts = frame[column] if column in frame else Series(None, index=frame.index, dtype="object")
        read_frame[column], unreadable = (days if kind == "DATE" else moments)(texts)
        for index in frame.index[unreadable]:
            why.setdefault(index, []).append(Reason("date_unreadable", column=column))
    reasons = Series({index: dump(found) for index, found in why.items()}, dtype="str").reindex(frame.index, fill_value="")
    return DataFrame(read_frame, index=frame.index), reasons
