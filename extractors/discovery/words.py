"""Which links of a page are worth following, by the words of `words.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import ada_url

FILE = Path(__file__).with_name("words.toml")
LETTERS = str.maketrans(dict(zip("åæøäöáčđšžŋŧ", "aaoaoacdsznt", strict=True)))
EXACT, STRONG_LABEL, STRONG_PATH, LEAD = 4, 3, 2, 1


def folded(text: str) -> str:
    """Lower case, Norwegian and Sámi letters without their marks, everything that is no letter or digit a space."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower().translate(LETTERS)).split())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return _any_of([word for words in said["strong"].values() for word in words]), _any_of(said["leads"]["any"])


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Words at the beginning of a word: an inflected form counts too."""
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")")


@cache
def elsewhere() -> frozenset[str]:
    """The domains that lead to no body's own source."""
    return frozenset(tomllib.loads(FILE.read_text(encoding="utf-8"))["elsewhere"]["hosts"])


def is_elsewhere(host: str) -> bool:
    """Whether a host, or a domain above it, is one of `elsewhere`."""
    labels = host.split(".")
    return any(".".join(labels[n:]) in elsewhere() for n in range(len(labels) - 1))


def promise_of(url: str, label: str) -> int:
    """How promising a link is: 4 when its text is one of the words, 3 when it holds one, 2 when the last part of its path does, 1 as a page
    that may lead on, 0 not. What stands further up in a path is said of every page below it."""
    strong, leads = _patterns()
    text = folded(label[:200])
    last = folded(unquote(ada_url.URL(url).pathname).rstrip("/").rpartition("/")[2])
    if match := strong.match(text):
        return EXACT if match.end() == len(text) else STRONG_LABEL
    if strong.search(text):
        return STRONG_LABEL
    if strong.search(last):
        return STRONG_PATH
    return LEAD if leads.search(text) or leads.search(last) else 0


def word_in(label: str) -> str:
    """The word of ours that a link's text holds, folded; "" when it holds none."""
    match = _patterns()[0].search(folded(label[:200]))
    return match[0] if match else ""
