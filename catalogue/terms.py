"""What a word in the rubric means: the one rule by which a term is looked for in a text.

A term is a phrase of one or more words.
- A plain word finds every word that begins with it; a common ending (-e, -a, -en, -et, -er, -ar, -ene, -ane) is taken off first
  when at least five letters remain. So `postliste` finds postlisten, postlista and postlistesøk.
- `*word` also finds the word inside a longer one: `*strategi` finds medvirkningsstrategien.
- `=word` finds that word alone, without endings: `=API`.
- A word in capitals (API, WMS) is looked for in capitals, alone or with an ending after it (API-er, APIet).
- Words of a phrase follow each other with blanks or a hyphen between; soft hyphens in the text are passed over by whoever cleans it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ENDINGS = ("ene", "ane", "en", "et", "er", "ar", "e", "a")
_SHORTEST_STEM = 5


def stem(word: str) -> str:
    """The word without its common ending, when at least five letters remain."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _word_pattern(word: str) -> str:
    if word.startswith("="):
        return rf"(?<!\w){re.escape(word[1:])}(?!\w)"
    inside = word.startswith("*")
    bare = word.lstrip("*")
    if len(bare) > 1 and bare.isupper() and bare.isalpha():
        return rf"(?<!\w)(?-i:{re.escape(bare)})(?:[-:]?[a-zæøå]{{1,4}})?(?!\w)"
    before = "" if inside else r"(?<!\w)"
    return rf"{before}{re.escape(stem(bare))}\w*"


@lru_cache(maxsize=8192)
def pattern(term: str) -> re.Pattern[str]:
    """The compiled pattern of a term; searches a text of any letter case. Raises ValueError for an empty term."""
    words = term.split()
    if not words:
        raise ValueError("a term must have at least one word")
    return re.compile(r"[\s\-–]+".join(_word_pattern(word) for word in words), re.IGNORECASE)


def expression(term: str) -> str:
    """The same rule as a regular expression in text, for engines that compile their own."""
    return pattern(term).pattern
