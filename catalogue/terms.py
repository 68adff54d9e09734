"""What a word in the rubric means: the one rule by which a term is looked for in a text.

A term is a phrase of one or more words.
- A plain word finds every word that begins with it; a common ending (-e, -a, -en, -et, -er, -ar, -ene, -ane) is taken off first
  when at least five letters remain. So `postliste` finds postlisten, postlista and postlistesøk. A word of three letters or fewer
  (i, på, til) finds itself alone.
- `*word` also finds the word inside a longer one: `*strategi` finds medvirkningsstrategien.
- `=word` finds that word alone, without endings: `=API`.
- A word in capitals (API, WMS) is looked for in capitals, alone or with an ending after it (API-er, APIet).
- Words of a phrase follow each other with blanks or a hyphen between, and no empty line; other signs between them (`data.norge.no`)
  must stand in the text too. Soft hyphens inside a word of the text are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PREFIX, INSIDE, EXACT, CAPITALS = "prefix", "inside", "exact", "capitals"
_ENDINGS = ("ene", "ane", "en", "et", "er", "ar", "e", "a")
_SHORTEST_STEM = 5
_LONGEST_LITTLE_WORD = 3
_PARTS = re.compile(r"([=*]?)(\w+)|([^\w\s\-–=*]+)")


@dataclass(frozen=True)
class Word:
    """One word of a term.

    `text` is what is looked for (lower case except for capitals); `before` the signs between it and the word before.
    """

    kind: str
    text: str
    before: str = ""

    def finds(self, token: str, lowered: str) -> bool:
        """Does it find this word of a text? `token` as it stands there, `lowered` the same in lower case."""
        if self.kind == PREFIX:
            return lowered.startswith(self.text)
        if self.kind == EXACT:
            return lowered == self.text
        if self.kind == INSIDE:
            return self.text in lowered
        return token == self.text or (
            token.startswith(self.text) and len(token) - len(self.text) <= 4 and token[len(self.text) :].islower()
        )


def stem(word: str) -> str:
    """The word without its common ending, when at least five letters remain."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=32768)
def words(term: str) -> tuple[Word, ...]:
    """The words of a term in order. Raises ValueError for a term without one."""
    found: list[Word] = []
    before = ""
    parts = _PARTS.findall(term)
    for mark, bare, signs in parts:
        if not bare:
            before += signs
            continue
        found.append(_word(mark, bare, before if found else ""))
        before = ""
    if not found:
        raise ValueError(f"a term must have at least one word: {term!r}")
    return tuple(found)


def _word(mark: str, bare: str, before: str) -> Word:
    if mark == "=":
        return Word(EXACT, bare.lower(), before)
    if mark == "*":
        return Word(INSIDE, stem(bare.lower()), before)
    if len(bare) > 1 and bare.isupper() and bare.isalpha():
        return Word(CAPITALS, bare, before)
    if bare.isdigit() or len(bare) <= _LONGEST_LITTLE_WORD:
        return Word(EXACT, bare.lower(), before)
    return Word(PREFIX, stem(bare.lower()), before)
