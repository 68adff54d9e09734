"""Which practice a text is most like in its words, when it names none: parts of words shared with a practice's words and examples.

Each practice is the sum of three texts: its names and related words, the words of its ideas, and its invented examples. A text is compared
with each by the parts of its words (four and five letters, and beginnings), so that inflection, compounds and the two forms of Norwegian
matter little; parts that many examples share weigh little.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

import numpy as np

from catalogue.rubric import NONE, Practice, Rubric

_WORD = re.compile(r"[^\W\d_]{3,}")
_NAME = re.compile(r"(?<=[^\W\d_,»)] )[A-ZÆØÅČŠŽ][\w-]+")
PART_LENGTHS, BEGINNING = (4, 5), 7
NAMES_WEIGHT, IDEAS_WEIGHT, EXAMPLE_WEIGHT = 1.0, 1.0, 1.0


@dataclass(frozen=True)
class Model:
    """`weights[number of part, number of practice]`; `rarity` of each part, `unknown` that of a part never seen."""

    slugs: tuple[str, ...]
    parts: dict[str, int]
    rarity: np.ndarray
    weights: np.ndarray
    unknown: float


@lru_cache(maxsize=100_000)
def _parts_of(word: str) -> tuple[str, ...]:
    framed = f"^{word}$"
    return (framed[:BEGINNING], *(framed[i : i + n] for n in PART_LENGTHS for i in range(len(framed) - n + 1)))


def parts(text: str) -> set[str]:
    """The parts of a text's words; names inside sentences are none of them."""
    return {part for word in set(_WORD.findall(_NAME.sub(" ", text).lower())) for part in _parts_of(word)}


_BUILT: dict[int, tuple[Rubric, Model]] = {}


def model_of(rubric: Rubric) -> Model:
    """The rubric made ready for comparing; built once per rubric object."""
    kept = _BUILT.get(id(rubric))
    if kept is None or kept[0] is not rubric:
        if len(_BUILT) >= 4:
            _BUILT.clear()
        kept = _BUILT[id(rubric)] = (rubric, _built(rubric))
    return kept[1]


def _built(rubric: Rubric) -> Model:
    examples: dict[str, list[set[str]]] = defaultdict(list)
    for example in rubric.examples:
        examples[example.practice].append(parts(example.text))
    told = [found for group in examples.values() for found in group]
    count = Counter(part for found in told for part in found)
    rarity = {part: log((len(told) + 1) / (times + 1)) for part, times in count.items()}
    unknown = log(len(told) + 1)
    slugs = (*(practice.slug for practice in rubric.practices), NONE)
    sums: list[dict[str, float]] = []
    words = {concept.key: " ".join(concept.all()) for concept in rubric.concepts}
    for slug in slugs:
        total: dict[str, float] = defaultdict(float)
        if slug != NONE:
            names, ideas = _own_words(rubric.practice(slug), words)
            _add(total, parts(names), rarity, unknown, NAMES_WEIGHT)
            _add(total, parts(ideas), rarity, unknown, IDEAS_WEIGHT)
        for found in examples[slug]:
            _add(total, found, rarity, unknown, EXAMPLE_WEIGHT)
        sums.append(total)
    known = {part: number for number, part in enumerate(sorted({part for total in sums for part in total}))}
    weights = np.zeros((len(known), len(slugs)), dtype=np.float32)
    for column, total in enumerate(sums):
        length = sqrt(sum(x * x for x in total.values())) or 1.0
        for part, x in total.items():
            weights[known[part], column] = x / length
    return Model(slugs, known, np.array([rarity.get(part, unknown) for part in known], dtype=np.float32), weights, unknown)


def _own_words(practice: Practice, words: dict[str, str]) -> tuple[str, str]:
    names = (practice.name, practice.name_nn, *practice.terms.all(), *practice.related, *practice.titles)
    return " ".join(names), " ".join(words[key] for key in dict.fromkeys(key for idea in practice.ideas for key in idea))


def _add(total: dict[str, float], found: Iterable[str], rarity: dict[str, float], unknown: float, weight: float) -> None:
    weighed = {part: rarity.get(part, unknown) for part in found}
    length = sqrt(sum(x * x for x in weighed.values())) or 1.0
    for part, x in weighed.items():
        total[part] += weight * x / length


def likeness(text: str, rubric: Rubric) -> dict[str, float]:
    """How much more a text is like each practice (and `none`) than like the practices on the whole: the cosine less the mean one."""
    model = model_of(rubric)
    found = parts(text)
    numbers = [model.parts[part] for part in found if part in model.parts]
    if not numbers:
        return dict.fromkeys(model.slugs, 0.0)
    rarity = model.rarity[numbers]
    length = sqrt(float(rarity @ rarity) + (len(found) - len(numbers)) * model.unknown**2)
    cosines = (rarity @ model.weights[numbers]) / length
    return dict(zip(model.slugs, (cosines - cosines.mean()).tolist(), strict=True))
