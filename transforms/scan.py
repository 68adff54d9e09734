"""Where the rubric's words stand in whole columns of texts at once: what `matching.spans` finds text by text, in columns.

A slice of texts becomes one row of bytes, a byte a character: letters without their case, and every run of other signs one gap. In it one
automaton (Aho–Corasick, `ahocorasick_rs`) finds of each phrase the piece that is rarest in the rubric's own examples; what else the phrase
needs (its other words, capitals, the signs between) is then asked of those places alone, all at once. Slices are read in two threads.

Texts in which a letter changes its length with its case, a soft hyphen stands at the edge of a word, or a line or a scanner broke a word
are given to `matching.spans`.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from ahocorasick_rs import BytesAhoCorasick, Implementation
from pyarrow.compute import call_function

from catalogue import terms
from catalogue.rubric import Rubric
from transforms import matching, verdict
from transforms.matching import Words

GAP, SOFT, ODD, OTHER = 1, 2, 3, 4
_SEPARATOR = "\0"
# Their lower case is of another length, or hangs on what follows.
_ODD_LETTERS = "İΣ"
_LAST_LETTER, _LAST_SIGN = 0x180, 0x3001
# What may stand between two words of a phrase: `matching` reads typographic hyphens as plain ones.
_BLANK = rf"\s\-–{matching.TYPOGRAPHIC}"
_WIDTH = 8
_MOST_SIGNS, _SIGN_BASE = 2, 1 << 21
SLICE_CHARACTERS, THREADS = 1 << 20, 2
NAMING = (matching.TERM, matching.TOGETHER_FIRST, matching.TOGETHER_SECOND)
COLUMNS = ("row", "practice", "pillar", "rule", "kind", "start", "end", "weight")

Texts = pa.Array | pa.ChunkedArray | pd.Series | Sequence[str | None]


@dataclass(frozen=True)
class Places:
    """Where phrases stand, one entry each: the number of the text and of the phrase, start and end in characters. By text and start."""

    row: np.ndarray
    phrase: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Alphabet:
    """`table[code point]` is the byte of a character; `bytes_of` the same for what phrases are written in."""

    table: np.ndarray
    bytes_of: dict[str, int]

    def write(self, text: str) -> bytes:
        return bytes(self.bytes_of[letter] for letter in text)


@lru_cache(maxsize=4)
def _alphabet(further: frozenset[str]) -> Alphabet:
    """Every letter below U+0180 has its byte, as have `further` ones; the others share OTHER: no phrase holds them."""
    is_word = np.fromiter((chr(c).isalnum() for c in range(0x110000)), bool, 0x110000)
    is_word[ord("_")] = True
    table = np.full(0x110000, GAP, np.uint8)
    known: dict[str, int] = {}
    for code in np.flatnonzero(is_word).tolist():
        lower = chr(code).lower()
        if len(lower) == 1 and (ord(lower) < _LAST_LETTER or lower in further):
            table[code] = known.setdefault(lower, OTHER + 1 + len(known))
        else:
            table[code] = OTHER
    table[[ord(letter) for letter in _ODD_LETTERS]] = ODD
    table[[0xAD, 0x200B, 0x2060]] = SOFT  # matching.SOFT
    return Alphabet(table, known)


@dataclass(frozen=True)
class Finder:
    """Phrases made ready for finding. Of pattern `n` the phrases are `phrases_of[starts[n]:starts[n + 1]]`; up to `said[n]` the pattern is
    all of them. Of each of the others (by its place there) the word `telling` places on is asked for first, by its first eight bytes.

    `anchor[phrase]` is the number of the word its pattern begins with, `size` how many words it has. `asked[phrase, number]` is the word to
    be asked for, -1 when the pattern says it; `signs[phrase, number]` what must stand before it. Words: how long, whether alone
    (`is_exact`), the first letter of those in capitals (`capital`, 0 for others), their bytes in pieces of eight (`pieces`, `masks`),
    whether they are read as they stand (`is_read`: capitals, words inside others).
    """

    words: Words
    alphabet: Alphabet
    automaton: BytesAhoCorasick | None
    starts: np.ndarray
    said: np.ndarray
    phrases_of: np.ndarray
    is_inner: np.ndarray
    anchor: np.ndarray
    size: np.ndarray
    asked: np.ndarray
    signs: np.ndarray
    telling: np.ndarray
    telling_masks: np.ndarray
    telling_pieces: np.ndarray
    asked_words: tuple[terms.Word, ...]
    length: np.ndarray
    is_exact: np.ndarray
    capital: np.ndarray
    is_read: np.ndarray
    pieces: np.ndarray
    masks: np.ndarray


def _pieces_of(phrase: Sequence[terms.Word], alphabet: Alphabet) -> list[tuple[int, int, bytes]]:
    """The pieces of a phrase that stand in every place of it as they are: (number of the first word, how many words, bytes)."""
    found: list[tuple[int, int, bytes]] = []
    edge = bytes([GAP])
    for first, word in enumerate(phrase):
        if word.kind == terms.INSIDE:
            found.append((first, 1, alphabet.write(word.text)))
            continue
        said = b""
        for number, following in enumerate(phrase[first:], start=1):
            if following.kind == terms.INSIDE:
                break
            said += edge + alphabet.write(following.text.lower())
            if following.kind != terms.EXACT or first + number == len(phrase):
                found.append((first, number, said + (edge if following.kind == terms.EXACT else b"")))
                break
        else:
            continue
        if not found or found[-1][0] != first:  # an exact word before one that is found inside another
            found.append((first, number - 1, said + edge))
    return found


def _signs_key(signs: str) -> int:
    """Signs as one number: how many, then what they are."""
    key = len(signs)
    for sign in signs[:_MOST_SIGNS]:
        key = key * _SIGN_BASE + ord(sign)
    return key


def finder_of(words: Words, samples: Iterable[str] = ()) -> Finder:
    """Phrases made ready; `samples` are texts in which their pieces are counted, so that a phrase is looked for by its rarest."""
    letters = {letter for phrase in words.phrases for word in phrase for letter in word.text.lower()}
    alphabet = _alphabet(frozenset(letter for letter in letters if ord(letter) >= _LAST_LETTER))
    classes = alphabet.table.take(_codes("\n".join(["", *samples, ""])))
    sample = _compact(classes, classes == GAP).tobytes()
    count, most = len(words.phrases), max((len(p) for p in words.phrases), default=1)
    anchor, size = np.zeros(count, np.int64), np.array([len(p) for p in words.phrases], np.int64)
    asked, signs = np.full((count, most), -1, np.int64), np.zeros((count, most), np.int64)
    numbers: dict[terms.Word, int] = {}
    by_pattern: dict[bytes, list[int]] = {}
    cost: dict[bytes, float] = {}
    for number, phrase in enumerate(words.phrases):
        pieces = _pieces_of(phrase, alphabet)
        for _, _, said in pieces:
            if said not in cost:
                cost[said] = (sample.count(said) + 1) / len(said)
        first, covered, said = min(pieces, key=lambda piece: cost[piece[2]])
        anchor[number] = first
        by_pattern.setdefault(said, []).append(number)
        for at, word in enumerate(phrase):
            if len(word.before) > _MOST_SIGNS:
                raise ValueError(f"{len(word.before)} signs before a word of a phrase; at most {_MOST_SIGNS} can be looked for")
            signs[number, at] = _signs_key(word.before)
            if word.kind == terms.CAPITALS or not first <= at < first + covered:
                bare = terms.Word(word.kind, word.text)
                asked[number, at] = numbers.setdefault(bare, len(numbers))
    is_said = (size == 1) & (asked[:, 0] < 0)
    groups = [sorted(group, key=lambda n: not is_said[n]) for group in by_pattern.values()]
    starts = np.cumsum([0, *(len(group) for group in groups)])
    phrases_of = np.array([n for group in groups for n in group], np.int64)
    asked_words = (*numbers, terms.Word(terms.INSIDE, ""))  # number -1 asks for nothing
    lengths = np.array([0 if w.kind == terms.INSIDE else len(w.text) for w in asked_words], np.int64)
    longest = max(1, -(-max(len(w.text) for w in asked_words) // _WIDTH))
    written = np.zeros((len(asked_words), longest * _WIDTH), np.uint8)
    masks = np.zeros_like(written)
    for number, word in enumerate(asked_words):
        if word.kind == terms.INSIDE:
            continue
        said = np.frombuffer(alphabet.write(word.text.lower()), np.uint8)
        written[number, : len(said)], masks[number, : len(said)] = said, 255
    pieces, masks = written.view(np.uint64), masks.view(np.uint64)
    telling = lengths[asked].argmax(axis=1)
    first_asked = asked[np.arange(count), telling][phrases_of]
    return Finder(
        words, alphabet, BytesAhoCorasick(list(by_pattern), implementation=Implementation.DFA) if by_pattern else None,
        starts, starts[:-1] + np.array([int(is_said[group].sum()) for group in groups], np.int64), phrases_of,
        np.array([said[0] != GAP for said in by_pattern], bool), anchor, size, asked, signs,
        (telling - anchor)[phrases_of], masks[first_asked, 0], pieces[first_asked, 0], asked_words, lengths,
        np.array([w.kind == terms.EXACT for w in asked_words], bool),
        np.array([ord(w.text[0]) if w.kind == terms.CAPITALS else 0 for w in asked_words], np.int64),
        np.array([w.kind in (terms.CAPITALS, terms.INSIDE) for w in asked_words], bool), pieces, masks,
    )  # fmt: skip


_BUILT: dict[tuple[int, str], tuple[Rubric, Finder]] = {}


def finder(rubric: Rubric, which: str = "all") -> Finder:
    """The rubric made ready for finding, built once per rubric object: `all` its words but the everyday ones, or those that are `naming` a
    practice by themselves or two together."""
    kept = _BUILT.get((id(rubric), which))
    if kept is None or kept[0] is not rubric:
        words = matching.words_of(rubric)
        if which == "naming":
            everything, words = words, Words()
            for roles in everything.roles:
                if naming := [role for role in roles if role.kind in NAMING]:
                    words.add(naming[0].phrase, naming)
        if len(_BUILT) >= 8:
            _BUILT.clear()
        kept = _BUILT[(id(rubric), which)] = (rubric, finder_of(words, (example.text for example in rubric.examples)))
    return kept[1]


def finder_of_phrases(phrases: Collection[str]) -> Finder:
    """A few phrases made ready, without what they are to a rubric."""
    words = Words()
    for phrase in phrases:
        words.add(phrase, ())
    return finder_of(words)


def array_of(texts: Texts) -> pa.Array:
    """Texts as one Arrow column; missing ones are empty."""
    if isinstance(texts, pd.Series):
        texts = pa.array(texts, type=pa.large_string(), from_pandas=True)
    elif not isinstance(texts, pa.Array | pa.ChunkedArray):
        texts = pa.array(texts, type=pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks() if texts.num_chunks != 1 else texts.chunk(0)
    return call_function("coalesce", [texts.cast(pa.large_string()), pa.scalar("", pa.large_string())])


def whole(titles: Texts, texts: Texts) -> pa.Array:
    """`verdict.whole` of two columns."""
    return call_function("binary_join_element_wise", [array_of(titles), array_of(texts), pa.scalar("\n\n", pa.large_string())])


def places(texts: Texts, ready: Finder) -> Places:
    """Where the phrases stand in the texts."""
    found = _over_slices(array_of(texts), lambda first, part: (first, _places_in(part, ready)))
    rows = np.concatenate([part.row + first for first, part in found])
    return Places(rows, *(np.concatenate([getattr(part, name) for _, part in found]) for name in ("phrase", "start", "end")))


def spans(texts: Texts, rubric: Rubric) -> pa.Table:
    """COLUMNS of every span that a phrase of the rubric finds, a line for each thing the phrase is to it: practices' words and look-alikes,
    the cues that speak for or against, the words of the tests.

    `practice` is the practice, cue list or test, `weight` negative for what speaks against; `start` and `end` count characters, as in
    `matching.spans`.
    """
    ready = finder(rubric)
    roles = [role for group in ready.words.roles for role in group]
    sizes = np.array([len(group) for group in ready.words.roles], np.int64)
    firsts = np.cumsum(sizes) - sizes
    weights = np.array([role.weight for role in roles], float)
    said = {
        column: pa.array([getattr(role, name) for role in roles], pa.string()).dictionary_encode()
        for column, name in (("practice", "key"), ("pillar", "pillar"), ("rule", "rule"), ("kind", "kind"))
    }

    def lines(first: int, part: pa.Array) -> pa.Table:
        at = _places_in(part, ready)
        which, role = expanded(firsts[at.phrase], sizes[at.phrase])
        places = {name: side.astype(np.int32)[which] for name, side in (("row", at.row + first), ("start", at.start), ("end", at.end))}
        names = {name: pa.DictionaryArray.from_arrays(np.asarray(column.indices)[role], column.dictionary) for name, column in said.items()}
        return pa.table({**places, **names, "weight": weights[role]}).select(COLUMNS)

    return pa.concat_tables(_over_slices(array_of(texts), lines))


def may_tell(texts: Texts, rubric: Rubric) -> np.ndarray:
    """For each text (`verdict.whole` of it) whether `verdict.judge` could find more in it than nothing. Never False where it does.

    A practice scores by one of its own terms, or two words that name it together (`verdict.practice_scores`: related words count beside a
    term alone); a text that names none must be as long as `verdict.SHORTEST_BY_FIELD`.
    """
    column = array_of(texts)
    mask = counts("utf8_length", column) >= verdict.SHORTEST_BY_FIELD
    short = np.flatnonzero(~mask)
    if len(short):
        mask[short] = names(column.take(pa.array(short)) if len(short) < len(column) else column, rubric)
    return mask


def names(texts: Texts, rubric: Rubric) -> np.ndarray:
    """For each text whether a term of a practice stands in it, or two words that name one together."""
    ready = finder(rubric, "naming")
    column = array_of(texts)
    mask = np.zeros(len(column), bool)
    at = places(column, ready)
    kinds = [{role.kind for role in roles} for roles in ready.words.roles]
    is_term = np.array([matching.TERM in group for group in kinds], bool)
    mask[at.row[is_term[at.phrase]]] = True
    pairs: dict[tuple[str, str, str], int] = {}
    seen: dict[str, tuple[list[int], list[int]]] = {kind: ([], []) for kind in NAMING[1:]}
    for number, roles in enumerate(ready.words.roles):
        for role in roles:
            if role.kind in seen:
                first = role.kind == matching.TOGETHER_FIRST
                pair = (role.key, *((role.phrase, role.partner) if first else (role.partner, role.phrase)))
                seen[role.kind][0].append(number)
                seen[role.kind][1].append(pairs.setdefault(pair, len(pairs)))
    first, second = (_pairs_in(at, numbers, of, len(pairs) or 1, len(ready.words.phrases)) for numbers, of in seen.values())
    together = np.intersect1d(first, second)
    mask[together // max(len(pairs), 1)] = True
    return mask


def holds(texts: Texts, ready: Finder) -> np.ndarray:
    """For each text whether any of the phrases stands in it."""
    column = array_of(texts)
    mask = np.zeros(len(column), bool)
    if ready.automaton is not None:
        mask[places(column, ready).row] = True
    return mask


def _pairs_in(at: Places, numbers: Sequence[int], pairs: Sequence[int], many: int, count: int) -> np.ndarray:
    """row x many + pair of every place of a phrase (one of `numbers`) that is one word of a pair (the one of `pairs` beside it)."""
    order = np.argsort(np.array(numbers, np.int64), kind="stable")
    sizes = np.bincount(np.array(numbers, np.int64), minlength=count)
    firsts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    which, slot = expanded(firsts[at.phrase], sizes[at.phrase])
    return at.row[which] * many + np.array(pairs, np.int64)[order][slot]


def expanded(firsts: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranges laid end to end: (which range, the number in it) of every member."""
    which = np.repeat(np.arange(len(sizes)), sizes)
    return which, (firsts - np.cumsum(sizes) + sizes)[which] + np.arange(len(which))


def _over_slices(column: pa.Array, work: Callable[[int, pa.Array], Any]) -> list[Any]:
    """What the work, given the number of the first text, makes of slices of the column, in order and at least one; in two threads."""
    if not len(column):
        return [work(0, column)]
    lengths = np.cumsum(counts("binary_length", column) + 1)
    cuts = np.searchsorted(lengths, np.arange(0, int(lengths[-1]), SLICE_CHARACTERS))
    firsts = np.unique(np.append(cuts, len(column)))
    parts = [(a, column.slice(a, b - a)) for a, b in pairwise(firsts.tolist())]
    if len(parts) == 1:
        return [work(0, column)]
    with ThreadPoolExecutor(THREADS) as pool, _uncollected():
        return list(pool.map(lambda part: work(*part), parts))


@contextmanager
def _uncollected() -> Generator[None]:
    """Without looking for circles: the matches of a slice are many small tuples, and there are none in them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def joined(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(code points of all texts one after the other, with a sign before, between and after them; where each begins)."""
    all_of_it = pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column)
    text = call_function("binary_join", [all_of_it, pa.scalar(_SEPARATOR, pa.large_string())])[0].as_py()
    begins = np.cumsum(np.append(1, counts("utf8_length", column)[:-1] + 1))
    return _codes(f"{_SEPARATOR}{text}{_SEPARATOR}"), begins


def counts(what: str, column: pa.Array) -> np.ndarray:
    """How long each text is: `utf8_length` or `binary_length`."""
    return call_function(what, [column]).to_numpy(zero_copy_only=False).astype(np.int64)


def _codes(text: str) -> np.ndarray:
    """The code points of a text."""
    encoded = text.encode("utf-16-le")
    if len(encoded) == 2 * len(text):
        return np.frombuffer(encoded, np.uint16)
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _compact(classes: np.ndarray, is_gap: np.ndarray) -> np.ndarray:
    """The bytes with one gap for each run of signs and without soft hyphens."""
    kept = np.empty(len(classes), bool)
    kept[:1] = True
    np.logical_and(is_gap[1:], is_gap[:-1], out=kept[1:])
    np.logical_not(kept[1:], out=kept[1:])
    kept &= classes != SOFT
    return classes[kept]


@lru_cache(maxsize=3)
def _are(signs: str) -> np.ndarray:
    """For each code point whether it is one of the signs, written as inside the brackets of a regular expression."""
    expression = re.compile(f"[{signs}]")
    are = np.zeros(0x110000, bool)
    are[[code for code in range(_LAST_SIGN) if expression.match(chr(code))]] = True
    return are


def _broken(codes: np.ndarray) -> np.ndarray:
    """Where a line or a scanner broke a word (matching.BROKEN, matching.MISREAD), and perhaps a place more."""
    is_lower, is_hyphen = _are(matching.LOWER), _are(f"-{matching.TYPOGRAPHIC}")
    # a slice begins and ends with a separator, so that a sign stands on both sides
    misread = np.flatnonzero((codes == ord("0")) | (codes == ord("1")) | (codes == ord("I")))
    misread = misread[is_lower.take(codes.take(misread - 1))]
    lines = np.flatnonzero(codes == ord("\n"))
    lines = lines[is_hyphen.take(codes.take(lines - 1))]
    lines = lines[is_lower.take(codes.take(lines - 2))]
    found = np.concatenate([misread, lines])
    return found[is_lower.take(codes.take(found + 1))]


@dataclass(frozen=True)
class _Read:
    """A slice made ready: `codes` as it stands, in `compact` one gap for each run of signs, `gaps` where these stand; word `n` is what
    follows gap `n`, and stands in `codes` from `begins[n]` to `ends[n]`. `eights` are the eight bytes that begin at each of `compact`."""

    codes: np.ndarray
    gaps: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    eights: np.ndarray


def _places_in(column: pa.Array, ready: Finder) -> Places:
    """The same in one slice."""
    none = np.zeros(0, np.int64)
    nothing = Places(none, none, none, none)
    if ready.automaton is None:
        return nothing
    codes, begins = joined(column)
    classes = ready.alphabet.table.take(codes)
    is_gap = classes == GAP
    compact = _compact(classes, is_gap)
    written = compact.tobytes() + bytes([GAP]) * _WIDTH
    matches = ready.automaton.find_matches_as_indexes(written, overlapping=True)
    soft, odd = (np.flatnonzero(classes == kind) for kind in (SOFT, ODD))
    odd = np.union1d(odd, _broken(codes))
    if not matches and not len(soft) and not len(odd):
        return nothing
    eights = np.ndarray((len(compact) + 1,), np.uint64, written, strides=(1,))
    word_begins, word_ends = (np.flatnonzero(is_gap[1:] != is_gap[:-1]) + 1).reshape(-1, 2).T.copy()  # a slice begins and ends with a gap
    read = _Read(codes, np.flatnonzero(compact == GAP), word_begins, word_ends, eights)
    phrase, start, end = _phrases(read, matches, ready)
    apart = odd
    if len(soft):
        is_letter = classes > SOFT
        apart = np.union1d(odd, soft[~(is_letter[soft - 1] & is_letter[soft + 1])])
    if len(apart):
        slow = np.unique(np.searchsorted(begins, apart, side="right") - 1)
        usual = ~np.isin(np.searchsorted(begins, start, side="right") - 1, slow)
        exact = [
            (number, begin + begins[one], stop + begins[one])
            for one in slow.tolist()
            for begin, stop, number in matching.places(column[one].as_py(), ready.words)
        ]
        further = np.array(exact, np.int64).reshape(-1, 3).T
        phrase, start, end = (np.concatenate([a[usual], b]) for a, b in zip((phrase, start, end), further, strict=True))
    order = np.argsort(start * len(ready.size) + phrase)
    phrase, start, end = phrase[order], start[order], end[order]
    row = np.searchsorted(begins, start, side="right") - 1
    begin = begins[row]
    return Places(row, phrase, start - begin, end - begin)


def _phrases(read: _Read, matches: list[tuple[int, int, int]], ready: Finder) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(phrase, start, end in the codes) where all of a phrase stands."""
    pattern, first = (np.fromiter(map(itemgetter(side), matches), np.int64, len(matches)) for side in (0, 1))
    token = np.searchsorted(read.gaps, first, side="right") - 1
    begins, said, ends = ready.starts[pattern], ready.said[pattern], ready.starts[pattern + 1]
    which, slot = expanded(begins, said - begins)
    single_phrase, single = ready.phrases_of[slot], token[which]
    inner = np.flatnonzero(ready.is_inner[pattern][which])
    if len(inner):  # a word may hold it twice
        once = np.ones(len(single), bool)
        once[inner] = False
        once[inner[np.unique(single[inner] * len(ready.size) + single_phrase[inner], return_index=True)[1]]] = True
        single_phrase, single = single_phrase[once], single[once]
    which, slot = expanded(said, ends - said)
    several, token = _several(read, slot, token[which], ready)
    phrase, begin = np.concatenate([single_phrase, several]), np.concatenate([single, token])
    last = begin + ready.size[phrase]
    return phrase, read.begins[begin], read.ends[last - 1]


def _several(read: _Read, slot: np.ndarray, token: np.ndarray, ready: Finder) -> tuple[np.ndarray, np.ndarray]:
    """Of phrases of which a piece stands at a word those that stand there whole: (phrase, its first word)."""
    telling = np.clip(token + ready.telling[slot], 0, len(read.gaps) - 1)  # the word that tells most of the rest is asked first
    begins = read.eights[read.gaps[telling] + 1]
    alike = np.flatnonzero((begins & ready.telling_masks[slot]) == ready.telling_pieces[slot])
    phrase = ready.phrases_of[slot[alike]]
    token = token[alike] - ready.anchor[phrase]
    there = np.flatnonzero((token >= 0) & (token + ready.size[phrase] < len(read.gaps)))
    phrase, token = phrase[there], token[there]
    for number in range(ready.asked.shape[1]):
        if number:
            longer = np.flatnonzero(ready.size[phrase] > number)
            good = np.ones(len(phrase), bool)
            good[longer] = _signs_stand(read, token[longer] + number, ready.signs[phrase[longer], number])
            phrase, token = phrase[good], token[good]
        word = ready.asked[phrase, number]
        here = np.flatnonzero(word >= 0)
        if len(here):
            good = np.ones(len(phrase), bool)
            good[here] = _words_stand(read, token[here] + number, word[here], ready)
            phrase, token = phrase[good], token[good]
    doubled = np.unique(token * len(ready.size) + phrase, return_index=True)[1]
    return phrase[doubled], token[doubled]


def _signs_stand(read: _Read, token: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Whether between these words and the ones before stand blanks and hyphens, the signs wanted, and not too much of it."""
    begin, end = read.ends[token - 1], read.begins[token]
    size = end - begin
    good = (size == 1) & (wanted == 0) & (read.codes[begin] == 32)
    rest = np.flatnonzero(~good & (size <= matching.LONGEST_GAP))
    begin, size = begin[rest], size[rest]
    count, key, before = np.zeros(len(rest), np.int64), np.zeros(len(rest), np.int64), np.zeros(len(rest), read.codes.dtype)
    is_near = np.ones(len(rest), bool)
    for offset in range(int(size.max(initial=0))):
        inside = offset < size
        code = read.codes[np.where(inside, begin + offset, 0)]
        is_near &= ~(inside & (code == 10) & (before == 10))
        is_sign = inside & ~_are(_BLANK).take(code)
        count += is_sign
        key = np.where(is_sign & (count <= _MOST_SIGNS), key * _SIGN_BASE + code.astype(np.int64), key)
        before = code
    scale = np.array([_SIGN_BASE**n for n in range(_MOST_SIGNS + 1)], np.int64)[np.minimum(count, _MOST_SIGNS)]
    good[rest] = is_near & (count * scale + key == wanted[rest])
    return good


def _words_stand(read: _Read, token: np.ndarray, word: np.ndarray, ready: Finder) -> np.ndarray:
    """Whether these words of the texts are what is asked for."""
    begin, end = read.gaps[token] + 1, read.gaps[token + 1]
    good = ~ready.is_exact[word] | (end - begin == ready.length[word])
    good &= (ready.capital[word] == 0) | (ready.capital[word] == read.codes[read.begins[token]])
    for piece in range(ready.pieces.shape[1]):
        longer = np.flatnonzero(good & (ready.length[word] > piece * _WIDTH))
        if not len(longer):
            break
        said = read.eights[np.minimum(begin[longer] + piece * _WIDTH, len(read.eights) - 1)]
        good[longer] = (said & ready.masks[word[longer], piece]) == ready.pieces[word[longer], piece]
    for one in np.flatnonzero(good & ready.is_read[word]).tolist():
        said = "".join(map(chr, read.codes[read.begins[token[one]] : read.ends[token[one]]]))
        said = matching.SOFT.sub("", said)
        good[one] = ready.asked_words[word[one]].finds(said, said.lower())
    return good
