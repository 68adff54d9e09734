"""Which of very many texts share so much with a document that they could be put under it: a cheap look before `linking.Fitting`.

Never says no where Fitting would say yes: Fitting asks a document without a practice for marks of weight LEAST_SHARED_UNFLAGGED that one
document of its body has too, and here the weights can only be too large. Whole columns at once: each different word is looked at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms import linking, scan

LETTERS = "abcdefghijklmnopqrstuvwxyzæøåéáčđŋšŧž"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ"
_BASE, _PACKED, _STEM, _LONG = len(LETTERS) + 1, 12, 9, np.uint64(1 << 63)
# What a run of letters, a name, and signs of other kinds can weigh at most (linking.trace).
_SHORT, _MIDDLE, _LENGTHY, _NAME = 0.25, 0.45, 0.7, 0.9
_CASE, _FIGURE, _COUNTED, _DAY, _YEAR = 3.0, 1.6, 1.0, linking.OF_YEAR + linking.OF_DAY, 0.6
_SLIGHTLY_MORE = 1e-6
_MOST_DIGITS, _GROUP = 9, 3
_ROWS = 20_000

Said = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""(where, which mark or -1, what it weighs in a text at most, whether it is a word of the title) of many signs."""


class Near:
    """The marks of documents by body, ready to be looked for in columns of texts."""

    def __init__(self, documents: pd.DataFrame) -> None:
        """`documents`: the fuller documents that tell of practices (columns of `transforms.documents`)."""
        self.marks: dict[tuple[str, object], int] = {}
        self.bodies = {body: number for number, body in enumerate(sorted(set(documents["authority"])))}
        self.cases: dict[str, set[str]] = defaultdict(set)
        held: list[tuple[int, int, int, float]] = []
        for number, row in enumerate(documents.to_dict("records")):
            said = {name: row[name] if isinstance(row[name], str) else "" for name in ("title", "text", "case_number")}
            one = linking.trace(str(row["document_id"]), said["title"], said["text"], case_number=said["case_number"])
            weights: dict[int, float] = {}
            for mark in one.marks:
                if mark.startswith("case "):
                    self.cases[row["authority"]].add(mark[5:])
                for key, weight in _keys(mark):
                    name = self.marks.setdefault(key, len(self.marks))
                    weights[name] = max(weights.get(name, 0.0), weight)
            held += [(self.bodies[row["authority"]], mark, number, weight) for mark, weight in weights.items()]
        self.count = len(documents)
        self.is_word = np.array([kind == "word" for kind, _ in self.marks], bool)
        held.sort()
        self.places = np.array([body * (len(self.marks) + 1) + mark for body, mark, _, _ in held], np.int64)
        self.holders = np.array([number for _, _, number, _ in held], np.int64)
        self.weights = np.array([weight for _, _, _, weight in held], float)

    def mask(self, batch: pa.RecordBatch) -> np.ndarray:
        """Of rows with `authority`, `title`, `text` and `case_number` those that may be put under one of the documents of their body."""
        bodies = batch.column("authority").to_pylist()
        body = np.array([self.bodies.get(one, -1) for one in bodies], np.int64)
        mask = np.array(
            [one in self.cases.get(of, ()) for one, of in zip(batch.column("case_number").to_pylist(), bodies, strict=True)], bool
        )
        titles = scan.array_of(batch.column("title"))
        whole = scan.whole(titles, batch.column("text"))
        for first, length in _slices(whole):
            part = slice(first, first + length)
            mask[part] |= self._mask(whole.slice(first, length), scan.counts("utf8_length", titles.slice(first, length)), body[part])
        return mask & (body >= 0)

    def _mask(self, whole: pa.Array, title_lengths: np.ndarray, body: np.ndarray) -> np.ndarray:
        codes, begins = scan.joined(whole)
        mask = np.zeros(len(whole), bool)
        found = [*self._words(codes, begins, title_lengths), *self._figures(codes)]
        at, mark, weight, is_titled = (np.concatenate(column) for column in zip(*found, strict=True))
        known = mark >= 0
        row = np.searchsorted(begins, at[known], side="right") - 1
        exotic = np.flatnonzero(_kinds()[codes] == _OTHER_DIGIT)
        mask[np.searchsorted(begins, exotic, side="right") - 1] = True
        if not known.any():
            return mask
        named, which = np.unique(row * len(self.marks) + mark[known], return_inverse=True)
        row, mark, weight = named // len(self.marks), named % len(self.marks), weight[known]
        most, times = np.zeros(len(named)), np.bincount(which)
        np.maximum.at(most, which, weight)
        # A word counts once, more for each time in the title; of the other signs several marks of a text may begin alike.
        titled = np.bincount(which, is_titled[known])
        most = np.where(self.is_word[mark], most * linking.IN_TITLE**titled, most * times)
        place = body[row] * (len(self.marks) + 1) + mark
        low, high = np.searchsorted(self.places, place), np.searchsorted(self.places, place, side="right")
        which, slot = scan.expanded(low, high - low)
        own = np.where(self.weights[slot] > 0, self.weights[slot] * times[which], most[which])
        pairs, number = np.unique(row[which] * self.count + self.holders[slot], return_inverse=True)
        shared = np.bincount(number, own, minlength=len(pairs))
        mask[pairs[shared >= linking.LEAST_SHARED_UNFLAGGED - _SLIGHTLY_MORE] // self.count] = True
        return mask

    def _words(self, codes: np.ndarray, begins: np.ndarray, title_lengths: np.ndarray) -> Iterator[Said]:
        """Words and names."""
        letters = _letters()[codes]
        start, end = _runs(letters > 0)
        long = end - start >= 5
        start, end = start[long], end[long]
        size = end - start
        packed = np.zeros(len(start), np.uint64)
        for offset in range(_PACKED):
            inside = np.where(size > _PACKED, offset < _STEM, offset < size)
            packed = np.where(inside, packed * np.uint64(_BASE) + letters[np.minimum(start + offset, len(letters) - 1)], packed)
        packed = np.where(size > _PACKED, packed | _LONG, packed)
        distinct, number = np.unique(packed, return_inverse=True)
        mark = np.array([self.marks.get(("word", _mark(_unpacked(int(one)))), -1) for one in distinct], np.int64)[number]
        weight = np.where(size < 7, _SHORT, np.where(size < 10, _MIDDLE, _LENGTHY))
        is_name = _is_name(codes, start)
        weight = np.where(is_name, _NAME, weight)
        row = np.searchsorted(begins, start, side="right") - 1
        yield start, mark, weight, start - begins[row] < title_lengths[row]
        names = np.flatnonzero(_capital()[codes])
        names = names[(names >= 2) & (names + 2 < len(codes))]
        names = names[_is_name(codes, names)]
        lower = [_lower(codes[names + offset]) for offset in range(3)]
        key = (lower[0] << 42) | (lower[1] << 21) | lower[2]
        distinct, number = np.unique(key, return_inverse=True)
        mark = np.array([self.marks.get(("name", int(one)), -1) for one in distinct], np.int64)[number]
        # A name that is a plain word is told above; only what is shorter, or has other signs in it, is told by its beginning.
        ends = np.searchsorted(start, names)
        is_told = (ends < len(start)) & (start[np.minimum(ends, len(start) - 1)] == names) if len(start) else np.zeros(len(names), bool)
        if len(start):
            after = codes[np.minimum(end[np.minimum(ends, len(end) - 1)], len(codes) - 1)]
            is_told &= (_kinds()[after] == _NO_WORD) & (after != ord("-"))
        yield names, np.where(is_told, -1, mark), np.full(len(names), _NAME), np.zeros(len(names), bool)

    def _figures(self, codes: np.ndarray) -> Iterator[Said]:
        """Cases, days, years and numbers: they weigh what they do in the document."""
        start, end = _runs((codes >= 48) & (codes <= 57))
        value = np.zeros(len(start), np.int64)
        for offset in range(_MOST_DIGITS):
            inside = start + offset < end
            value = np.where(inside, value * 10 + codes[np.minimum(start + offset, len(codes) - 1)] - 48, value)
        after, following = codes[np.minimum(end, len(codes) - 1)], np.append(value[1:], 0)[: len(value)]
        is_followed = np.append(start[1:], -1)[: len(start)] == end + 1
        is_pair = is_followed & (after == ord("/"))
        is_group = is_followed & (np.append((end - start)[1:], 0)[: len(start)] == _GROUP)
        of = {
            "case": np.where(is_pair, value * 10**_MOST_DIGITS + following, -1),
            "day": np.where((after == ord(".")) & (end - start <= 2), value, -1),
            "year": np.where(end - start == 4, value, -1),
            "number": value,
            "group": np.where(is_group, value, -1),
            "decimal": np.where(is_followed & (after == ord(",")), value, -1),
        }
        for kind, values in of.items():
            yield start, self._mark_of(kind, values), np.zeros(len(start)), np.zeros(len(start), bool)

    def _mark_of(self, kind: str, values: np.ndarray) -> np.ndarray:
        distinct, number = np.unique(values, return_inverse=True)
        return np.array([self.marks.get((kind, int(one)), -1) for one in distinct], np.int64)[number]


def _keys(mark: str) -> Iterator[tuple[tuple[str, object], float]]:
    """What stands in a text that has a mark of `linking.trace`, and what it weighs there at most; 0 when that hangs on the text."""
    kind, said = mark.split(" ", 1)
    if kind == "word":
        yield ("word", said), 0.0
        yield ("name", sum(ord(letter) << shift for letter, shift in zip(said[:3], (42, 21, 0), strict=False))), 0.0
    elif kind == "case":
        numbers = said.split("/")
        if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
            yield ("case", int(numbers[0][:_MOST_DIGITS]) * 10**_MOST_DIGITS + int(numbers[1][:_MOST_DIGITS])), _CASE
    elif kind in ("day", "date"):
        yield ("day", int(said.split(".")[0])), _DAY
    elif kind == "month":
        yield ("year", int(said.split(".")[1])), _YEAR
    else:
        digits, _, unit = said.partition(" ")
        figure, _, fraction = digits.partition(",")
        weight = _COUNTED if unit else _FIGURE
        yield ("decimal" if fraction else "number", int(figure[:_MOST_DIGITS])), weight
        if len(figure) > _GROUP:  # 12 000 as well as 12000
            yield ("group", int(figure[: len(figure) % _GROUP or _GROUP])), weight


def _mark(word: str) -> str:
    return linking.stem(word) if len(word) <= _PACKED else word[:_STEM]


def _unpacked(packed: int) -> str:
    """The word of a number, longer than _PACKED letters when it is of a long one (then its first letters)."""
    is_long = bool(packed >> 63)
    packed &= (1 << 63) - 1
    letters = ""
    while packed:
        packed, letter = divmod(packed, _BASE)
        letters = LETTERS[letter - 1] + letters
    return letters.ljust(_PACKED + 1) if is_long else letters


def _runs(is_in: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of every run; the column begins and ends outside one."""
    edges = np.flatnonzero(is_in[1:] != is_in[:-1]) + 1
    return edges[::2], edges[1::2]


def _is_name(codes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Whether a capital stands here after a blank and what linking.NAME asks before it."""
    before = np.array([ord(letter) for letter in "abcdefghijklmnopqrstuvwxyzæøå,»)"])
    return _capital()[codes[at]] & (codes[np.maximum(at - 1, 0)] == 32) & np.isin(codes[np.maximum(at - 2, 0)], before)


def _lower(codes: np.ndarray) -> np.ndarray:
    distinct, number = np.unique(codes, return_inverse=True)
    return np.array([ord(chr(code).lower()[0]) for code in distinct.tolist()], np.int64)[number]


_NO_WORD, _WORD, _OTHER_DIGIT = 0, 1, 2


@lru_cache(maxsize=1)
def _letters() -> np.ndarray:
    table = np.zeros(0x110000, np.uint8)
    table[[ord(letter) for letter in LETTERS]] = np.arange(1, len(LETTERS) + 1)
    table[[ord(letter) for letter in _CAPITALS]] = [LETTERS.index(letter.lower()) + 1 for letter in _CAPITALS]
    return table


@lru_cache(maxsize=1)
def _capital() -> np.ndarray:
    table = np.zeros(0x110000, bool)
    table[[ord(letter) for letter in _CAPITALS]] = True
    return table


@lru_cache(maxsize=1)
def _kinds() -> np.ndarray:
    """Of every code point whether it stands in words, and whether it is a digit of another script."""
    table = np.array([chr(code).isalnum() for code in range(0x110000)]).astype(np.uint8)
    table[ord("_")] = _WORD
    table[[code for code in np.flatnonzero(table).tolist() if code > 127 and chr(code).isdecimal()]] = _OTHER_DIGIT
    return table


def _slices(whole: pa.Array) -> list[tuple[int, int]]:
    return [(first, min(_ROWS, len(whole) - first)) for first in range(0, len(whole), _ROWS)]
