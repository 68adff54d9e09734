"""The privacy gate: what is private in a text is replaced by a mark before anything is stored (DESIGN section 4).

`[person]` for a private person's name, `[fødselsnummer]`, `[kontonummer]`, `[e-post]`, `[telefon]`. How much evidence a name needs is the
tier's matter. Masking a masked text changes nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import pandas as pd
from pandas import Series

from transforms import numbers
from transforms.numbers import Span, is_identity_number

__all__ = ["Masked", "Tier", "is_identity_number", "mask", "mask_series"]


class Tier(StrEnum):
    """How a field is read. `party`: a name unless it is shown to be an organisation; `title`: a name by its shape or place;
    `text`: only with a known given name; `old_…`: entries older than a year, office-holders too; `numbers`: no names at all."""

    PARTY = "party"
    TITLE = "title"
    TEXT = "text"
    OLD_PARTY = "old_party"
    OLD_TITLE = "old_title"
    NUMBERS = "numbers"


class Masked(NamedTuple):
    """A text after the gate and how many values were masked in it."""

    text: str
    count: int


def mask(text: str, tier: Tier) -> Masked:
    """The text as it may be stored."""
    spans = list(numbers.number_spans(text))
    if "@" in text:
        spans += numbers.email_spans(text)
    return _replaced(text, spans)


def _replaced(text: str, spans: list[Span]) -> Masked:
    if not spans:
        return Masked(text, 0)
    pieces, place, count = [], 0, 0
    for start, end, mark in sorted(spans, key=lambda s: (s.start, -s.end)):
        if start < place:
            continue
        pieces += [text[place:start], mark]
        place, count = end, count + 1
    return Masked("".join([*pieces, text[place:]]), count)


def mask_series(texts: Series, tier: Tier) -> tuple[Series, Series]:
    """A column masked and the count per row; each distinct text is read once."""
    codes, distinct = pd.factorize(texts)
    masked = [mask(text, tier) for text in distinct]
    values = Series([*(m.text or None for m in masked), None], dtype=texts.dtype)
    counts = Series([*(m.count for m in masked), 0], dtype="Int64")
    return values.iloc[codes].set_axis(texts.index), counts.iloc[codes].set_axis(texts.index)
