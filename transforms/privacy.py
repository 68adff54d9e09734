"""The privacy gate: what is private in a text is replaced by a mark before anything is stored (DESIGN section 4).

`[person]` for a private person's name, `[fødselsnummer]`, `[kontonummer]`, `[e-post]`, `[telefon]`. How much evidence a name needs is the
tier's matter. Masking a masked text changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

import pandas as pd
from pandas import Series

from transforms import names, numbers
from transforms.numbers import Span, is_identity_number

__all__ = ["Masked", "Tier", "is_identity_number", "mask", "mask_series", "measure"]

PERSON_MARK = "[person]"
MARKS = re.compile(r"\[(?:person|fødselsnummer|kontonummer|e-post|telefon)\]")
# Names a source itself marked (Noark 4 exports, 360, Noark 5 requirement 5.2.34).
TAGGED = re.compile(r"<(pnavn|personnavn)>.*?</\1>", re.I | re.S)
# Two words with capitals, a capital after an initial or a comma, or what "fra", "v/" and their like lead to: without one there is no name.
MAY_HOLD_NAME = re.compile(
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w.'’`´‑-]*,?[ \u00a0]+(?:(?:\w{1,5}[ \u00a0]+){0,2})(?:al-|el-)?[A-ZÀ-ÖØ-ÞĀ-Ž]"
    r"|(?:\b(?:fra|frå|ved|søker|klager|fru|hr|herr|att|kjære|c/o)\b|v/)[.: ]*[A-ZÀ-ÖØ-ÞĀ-Ž]"
)
MAY_HOLD_NUMBER = re.compile(r"\d[\d .\-]{3,}\d")
ONLY_PERSONS = re.compile(r"[\s,;/&.()+-]*(?:\[[\wø-]+\](?:[\s,;/&.()+-]|og|m\.?fl|mfl)*)+")


class Tier(StrEnum):
    """How a field is read. `party`: a name unless it is shown to be an organisation; `title`: a name by its shape or place;
    `text`: only with a known given name; `old_…`: entries older than a year, office-holders too; `numbers`: no names at all."""

    PARTY = "party"
    TITLE = "title"
    TEXT = "text"
    OLD_PARTY = "old_party"
    OLD_TITLE = "old_title"
    NUMBERS = "numbers"


READINGS = {
    Tier.PARTY: names.PARTY, Tier.TITLE: names.TITLE, Tier.TEXT: names.TEXT, Tier.OLD_PARTY: names.OLD_PARTY,
    Tier.OLD_TITLE: names.OLD_TITLE,
}  # fmt: skip


class Masked(NamedTuple):
    """A text after the gate and how many values were masked in it."""

    text: str
    count: int


def mask(text: str, tier: Tier) -> Masked:
    """The text as it may be stored. An old party that is a person is left empty.

    A masked text is read again until nothing more is found: a name that stood beside another may only now stand alone.
    """
    masked = _mask_once(text, tier)
    count = masked.count
    while masked.count and masked.text:
        masked = _mask_once(masked.text, tier)
        count += masked.count
    return Masked(masked.text, count)


def _mask_once(text: str, tier: Tier) -> Masked:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    kept = [m.span() for m in MARKS.finditer(text)] if "[" in text else []
    spans = [Span(*m.span(), PERSON_MARK) for m in TAGGED.finditer(text)] if "<" in text else []
    has_number = bool(MAY_HOLD_NUMBER.search(text))
    if has_number:
        spans += numbers.number_spans(text)
    if "@" in text:
        spans += numbers.email_spans(text)
    if tier in READINGS and (tier in (Tier.PARTY, Tier.OLD_PARTY) or MAY_HOLD_NAME.search(text)):
        web = [m.span() for m in numbers.WEB.finditer(text)] if "://" in text or "www." in text else []
        found = names.person_spans(text, READINGS[tier])
        spans += [Span(a, b, PERSON_MARK) for a, b in found if not _touches(a, b, web) and not _touches(a, b, kept)]
    spans = [s for s in spans if not _touches(s.start, s.end, kept)]
    masked = _replaced(text, spans)
    if tier is not Tier.NUMBERS and has_number:
        phones = list(numbers.phone_spans(masked.text, near_person=tier is Tier.TEXT))
        more = _replaced(masked.text, phones)
        masked = Masked(more.text, masked.count + more.count)
    if tier is Tier.OLD_PARTY and PERSON_MARK in masked.text and ONLY_PERSONS.fullmatch(masked.text):
        return Masked("", masked.count)
    return masked


def _touches(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in spans)


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


def tier_of(row: Mapping[str, str]) -> Tier:
    """The tier a measured row is read by: its `field`, or `party` for a short text without ordinary words, else `title`."""
    if row.get("field"):
        return Tier(row["field"])
    words = row["text"].split()
    is_name_like = len(words) <= 4 and all(w[0].isupper() or w.lower() in ("og", "i", "av", "van", "von", "de", "v/", "&") for w in words)
    return Tier.PARTY if is_name_like else Tier.TITLE


def is_caught(row: Mapping[str, str], masked: Masked) -> bool:
    """Whether nothing of the row's name is left: of `name` when the row says it, else of the whole text but signs and marks."""
    name = row.get("name")
    if name:
        left = set(re.findall(r"[^\W\d_]{3,}", MARKS.sub(" ", masked.text).lower()))
        return masked.count > 0 and not left & set(re.findall(r"[^\W\d_]{3,}", name.lower()))
    return PERSON_MARK in masked.text


def measure(rows: Iterable[Mapping[str, str]]) -> dict[str, dict[str, float]]:
    """How the gate does on labelled rows (`text`, `kind`: name, company, place, office or other; optionally `field` and `name`).

    `names_caught` and `others_left`, and the same for each kind: {"n": right, "m": of, "share": n / m}.
    """
    counts: dict[str, list[int]] = {"names_caught": [0, 0], "others_left": [0, 0]}
    for row in rows:
        masked = mask(row["text"], tier_of(row))
        is_name = row["kind"] == "name"
        is_right = is_caught(row, masked) if is_name else masked.text == row["text"]
        for key in ("names_caught" if is_name else "others_left", row["kind"]):
            entry = counts.setdefault(key, [0, 0])
            entry[0] += is_right
            entry[1] += 1
    return {key: {"n": n, "m": m, "share": n / m if m else float("nan")} for key, (n, m) in counts.items()}
