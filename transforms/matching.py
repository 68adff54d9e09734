"""Where the rubric's words stand in a text: practices' terms, their look-alikes, and the cues of the seven tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from catalogue import terms
from catalogue.rubric import Rubric

TERM, RELATED, LOOKALIKE = "term", "related", "lookalike"
WEIGHTS = {TERM: 1.0, RELATED: 0.3, LOOKALIKE: -0.8}
SOFT = re.compile("[\u00ad\u200b\u2060]")
DASHES = re.compile("[\u2010\u2011\u2012\u2212]")


@dataclass(frozen=True)
class Hit:
    """A span of the text that a word of the rubric found. `weight` is negative for what speaks against the practice."""

    practice: str
    pillar: str
    rule: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class _Words:
    practice: str
    pillar: str
    kind: str
    term: str
    weight: float
    pattern: re.Pattern[str]


def cleaned(text: str) -> str:
    """The text the rubric reads: same length, typographic hyphens as plain ones and soft hyphens as such."""
    return SOFT.sub("\u00ad", DASHES.sub("-", text))


def _weight(kind: str, term: str) -> float:
    """Longer and composed terms say more: up to half as much again; very short ones less."""
    if kind == RELATED or kind == LOOKALIKE:
        return WEIGHTS[kind]
    bare = term.lstrip("*=")
    if len(bare) <= 5 and " " not in bare:
        return 0.7
    return 1.5 if len(bare) >= 15 else 1.25 if len(bare) >= 10 or " " in bare else 1.0


@lru_cache(maxsize=4)
def _all_words(rubric: Rubric) -> tuple[_Words, ...]:
    found = []
    for practice in rubric.practices:
        groups = ((TERM, practice.terms.all()), (RELATED, practice.related), (LOOKALIKE, practice.lookalike_terms))
        found += [
            _Words(practice.slug, practice.pillar, kind, term, _weight(kind, term), terms.pattern(term)) for kind, group in groups for term in group
        ]
    return tuple(found)


@lru_cache(maxsize=4)
def _any_word(rubric: Rubric) -> re.Pattern[str]:
    """One alternation of every term and related word: a text that it does not find holds nothing of the rubric."""
    words = {w.pattern.pattern for w in _all_words(rubric) if w.kind != LOOKALIKE}
    return re.compile("|".join(sorted(words)), re.IGNORECASE)


def may_hold(text: str, rubric: Rubric) -> bool:
    """Cheap: can `hits` find anything in this text?"""
    return bool(_any_word(rubric).search(text))


def hits(text: str, rubric: Rubric) -> list[Hit]:
    """Every span of the rubric's words in `text`, in order. A term inside a look-alike of its practice does not count."""
    text = cleaned(text)
    found: list[Hit] = []
    for words in _all_words(rubric):
        for match in words.pattern.finditer(text):
            found.append(Hit(words.practice, words.pillar, f"{words.kind}:{words.term}", match.start(), match.end(), words.weight))
    against = [(h.practice, h.start, h.end) for h in found if h.weight < 0]
    kept = [h for h in found if h.weight < 0 or not any(p == h.practice and s < h.end and h.start < e for p, s, e in against)]
    return sorted(_longest(kept), key=lambda h: (h.start, h.practice, h.rule))


def _longest(found: list[Hit]) -> Iterator[Hit]:
    """Of the hits of one practice that overlap, the one that weighs most, then the longest."""
    by_practice: dict[tuple[str, bool], list[Hit]] = {}
    for hit in found:
        by_practice.setdefault((hit.practice, hit.weight < 0), []).append(hit)
    for group in by_practice.values():
        taken: list[Hit] = []
        for hit in sorted(group, key=lambda h: (-abs(h.weight), h.start - h.end, h.start)):
            if all(hit.end <= t.start or t.end <= hit.start for t in taken):
                taken.append(hit)
        yield from taken


@lru_cache(maxsize=512)
def alternation(phrases: tuple[str, ...], patterns: tuple[str, ...] = ()) -> re.Pattern[str] | None:
    """One pattern of many phrases and expressions; None when there are none."""
    parts = [*(terms.expression(p) for p in phrases), *(f"(?:{p})" for p in patterns)]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def first_words(pattern: re.Pattern[str] | None, texts: Iterable[str]) -> str | None:
    """The words a pattern finds first in the texts, with the words around them; None when it finds none."""
    for text in texts:
        if pattern is not None and (match := pattern.search(text)):
            return excerpt(text, match.start(), match.end(), around=40)
    return None


def excerpt(text: str, start: int, end: int, around: int = 120) -> str:
    """A piece of the text around a span, cut at blanks, word for word as it stands."""
    left, right = max(0, start - around), min(len(text), end + around)
    if left:
        left = text.find(" ", left, start) + 1 or start
    if right < len(text):
        right = text.rfind(" ", end, right) if text.rfind(" ", end, right) > 0 else end
    return text[left:right].strip()


def sentences(text: str) -> list[str]:
    """The text in sentences; abbreviations, dates and numbers do not end one."""
    parts = re.split(r"(?<=[.!?])(?<!\bnr\.)(?<!\bkl\.)(?<!\bca\.)(?<!\bjf\.)(?<!\d\.)\s+(?=[A-ZÆØÅ«\"])|\n+", text)
    return [p.strip() for p in parts if p and p.strip()]
