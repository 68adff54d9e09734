"""What a table module hands back, and the few readings of merged records that all of them need."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd
from pandas import DataFrame, Series

from transforms import privacy
from transforms.contracts import DTYPES
from transforms.privacy import Tier

ROLE_PREFIX = re.compile(r"^\s*(?:avsender|avsendar|mottaker|mottakar|fra|frå|til)\s*(?:\(e\)|e|ar)?\s*:\s*", re.I)
WHITESPACE = re.compile(r"[ \t\r\f\v\u00a0\u2007\u202f]+")
UNSEEN = re.compile("[\u0000-\u0008\u000e-\u001f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


@dataclass(frozen=True)
class Draft:
    """A table before its contract is checked: its own columns, indexed like the records; why a record cannot be read
    (`catalogue.reasons.dump`; "" when it can); how many values were masked in each row; further rows that hang on it (`distributions`)."""

    frame: DataFrame
    reasons: Series
    masked: Series
    further: dict[str, DataFrame] = field(default_factory=dict)


class Gate:
    """Texts of one table on their way through the privacy gate; counts per row what was masked."""

    def __init__(self, records: DataFrame) -> None:
        self.records = records
        self.masked = Series(0, index=records.index, dtype="Int64")

    def texts(self, column: str, tier: Tier, *, old_tier: Tier | None = None, is_old: Series | None = None) -> Series:
        """The column masked; rows in `is_old` by the wider `old_tier`."""
        texts = tidy(text_of(self.records, column))
        masked, counts = by_age(texts, tier, old_tier, is_old) if is_old is not None and old_tier else privacy.mask_series(texts, tier)
        self.masked = self.masked + counts
        return masked

    def parties(self, column: str, is_old: Series) -> Series:
        """A list column of senders or recipients, each name masked by itself, joined with "; "."""
        each = list_of(self.records, column).explode().dropna()
        owners = each.index
        names = tidy(each.reset_index(drop=True).astype(DTYPES["VARCHAR"])).str.replace(ROLE_PREFIX, "", regex=True)
        masked, counts = by_age(names, Tier.PARTY, Tier.OLD_PARTY, is_old.loc[owners].reset_index(drop=True))
        self.masked = self.masked + counts.groupby(owners).sum().reindex(self.masked.index, fill_value=0)
        kept = masked.set_axis(owners).dropna()
        joined = {owner: "; ".join(group) for owner, group in kept.groupby(level=0)}
        return Series(joined, dtype=DTYPES["VARCHAR"]).reindex(self.records.index)


def by_age(texts: Series, tier: Tier, old_tier: Tier, is_old: Series) -> tuple[Series, Series]:
    """As `privacy.mask_series`, the rows in `is_old` by another tier."""
    masked, counts = privacy.mask_series(texts[~is_old], tier)
    old, old_counts = privacy.mask_series(texts[is_old], old_tier)
    return pd.concat([masked, old]).reindex(texts.index), pd.concat([counts, old_counts]).reindex(texts.index)


def text_of(records: DataFrame, column: str) -> Series:
    """A column as text; missing where no record has it."""
    if column not in records:
        return Series(None, index=records.index, dtype=DTYPES["VARCHAR"])
    return records[column].astype(DTYPES["VARCHAR"])


def tidy(texts: Series) -> Series:
    """Texts with single blanks and without signs nobody sees (soft hyphens would hide a name from the gate); empty ones missing."""
    codes, distinct = pd.factorize(texts)
    clean = [WHITESPACE.sub(" ", UNSEEN.sub("", t)).strip() or None for t in distinct]
    values = Series([*clean, None], dtype=DTYPES["VARCHAR"])
    return values.iloc[codes].set_axis(texts.index)


def list_of(records: DataFrame, column: str) -> Series:
    """A list column; an empty list where a record has none."""
    values = records[column] if column in records else Series(None, index=records.index, dtype="object")
    return Series([v if isinstance(v, list) else [] for v in values], index=records.index, dtype="object")


def file_counts(records: DataFrame) -> tuple[Series, Series]:
    """How many files each record names and how many of them are open; missing where the source said nothing about files."""
    given = records["files"] if "files" in records else Series(None, index=records.index, dtype="object")
    is_said = Series([isinstance(v, list) for v in given], index=records.index, dtype=bool)
    files = Series([len(v) if isinstance(v, list) else 0 for v in given], index=records.index, dtype="Int64")
    open_files = Series(
        [sum(f.get("is_open") is True for f in v) if isinstance(v, list) else 0 for v in given], index=records.index, dtype="Int64"
    )
    return files.where(is_said), open_files.where(is_said)


def numbers_of(records: DataFrame, column: str) -> Series:
    """Case, document and serial numbers: raw, only tidied (ATLAS 1.2), and identity numbers masked should one stand there."""
    return privacy.mask_series(tidy(text_of(records, column)), Tier.NUMBERS)[0]
