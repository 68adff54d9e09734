"""Licences as portals write them, mapped to a closed list (PORTALS 2.11).

A licence is one of LICENCE_IDS. `none`: the source states that there is none, or states none for files it has; `unknown`: it states
something the list does not know, or there is nothing a licence could be for. Neither is open, and neither is closed.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LICENCE_IDS = ("NLOD-1.0", "NLOD-2.0", "CC-BY-4.0", "CC-BY-3.0", "CC0-1.0", "ODbL", "other-open", "closed", "none", "unknown")
NONE, UNKNOWN, CLOSED, OTHER = "none", "unknown", "closed", "other-open"
ADDRESS = re.compile(r"^(?:https?:)?//(?:www\.)?")
TAIL = re.compile(r"/(?:deed|legalcode|rdf)(?:\.[a-z]{2})?$|/$")
IN_TEXT = re.compile(r"(?:https?:)?//[^\s\"'<>)]+")
LINK = re.compile(r"<a\b[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>", re.I)
TAGS = re.compile(r"<[^>]*>|&\w+;")
CREATIVE_COMMONS = re.compile(r"creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\d\.\d)(?:/[a-z]{2})?")
VERSIONS = {"4.0": "CC-BY-4.0", "3.0": "CC-BY-3.0"}
DENIES = re.compile(r"\b(?:ikke|ikkje|unntatt|unnateke|unntak|not|except|utenom)\b")


def licence_id(text: str | None) -> str:
    """The licence a text names, one of LICENCE_IDS; `none` for no text.

    A text is an address, a name, a code of a portal, or a paragraph (also HTML) that holds one of these. A paragraph that names several
    open licences is under `other-open`; one that names others, or that denies something, is `unknown`.
    """
    word = normal(text or "")
    if not word:
        return NONE
    return _of_word(word) or _in_text(text or "")


def is_open(text: str | None) -> bool | None:
    """Whether the licence a text names is open by the Open Definition; None when that is not known."""
    return is_open_id(licence_id(text))


def is_open_id(identifier: str) -> bool | None:
    """Whether a licence of the closed list is open by the Open Definition; None for `none` and `unknown`."""
    return None if identifier in (NONE, UNKNOWN) else identifier != CLOSED


def strictest(identifiers: Iterable[str]) -> str:
    """What several licences come to that all hold: closed when one is, then unknown; open ones that differ are `other-open`."""
    found = set(identifiers) - {NONE}
    for identifier in (CLOSED, UNKNOWN):
        if identifier in found:
            return identifier
    return NONE if not found else found.pop() if len(found) == 1 else OTHER


def is_in_vocabulary(text: str, method: str) -> bool:
    """Whether the licence is one that a method's predefined collection holds; `method` is `no` or `eu`."""
    word = normal(text)
    if row := _rows().get(word):
        return method in row["vocabularies"].split()
    if match := CREATIVE_COMMONS.fullmatch(word):
        return method == "eu" or (match[1], match[2]) == ("by", "4.0")
    found = licence_id(text)
    return found in [r["licence_id"] for r in _rows().values() if method in r["vocabularies"].split()] and found not in (OTHER, CLOSED)


def is_open_nationally(access_rights: str | None, licences: Iterable[str]) -> bool:
    """Open by the rule of data.norge.no (PORTALS 1.6): the access right is PUBLIC and a licence's address is on its list, to the letter."""
    is_public = (access_rights or "").rstrip("/").rpartition("/")[2].upper() == "PUBLIC"
    return is_public and any(re.sub(r"^https?://", "", x.strip()).rstrip("/").lower() in _national_list() for x in licences)


def normal(text: str) -> str:
    """A licence in small letters, an address without scheme, `www.`, `/deed.no` and the like."""
    word = ADDRESS.sub("", text.strip().lower())
    while (shorter := TAIL.sub("", word)) != word:
        word = shorter
    return word


def _of_word(word: str) -> str | None:
    if row := _rows().get(word):
        return row["licence_id"]
    if match := CREATIVE_COMMONS.fullmatch(word):
        return CLOSED if "-n" in match[1] else VERSIONS.get(match[2], OTHER) if match[1] == "by" else OTHER
    return None


def _in_text(text: str) -> str:
    """The licences a paragraph names, sentence by sentence: addresses before names; a sentence that denies something tells nothing."""
    plain = re.sub(r"\s+", " ", TAGS.sub(" ", LINK.sub(r" \1 ", text))).strip()
    found: set[str] = set()
    for sentence in re.split(r"(?<=[.!?])\s", plain):
        named = {x for address in IN_TEXT.findall(sentence) if (x := _of_word(normal(address.rstrip(".,;"))))}
        named = named or {x for match in _names().finditer(sentence.lower()) if (x := _of_word(match[0]))}
        found |= {UNKNOWN} if named and DENIES.search(IN_TEXT.sub(" ", sentence.lower())) else named
    return strictest(found or {UNKNOWN})


@cache
def _names() -> re.Pattern[str]:
    """Every name that may stand in a paragraph, longest first; not as a part of a longer name."""
    names = [n for n, row in _rows().items() if "/" not in n and row["licence_id"] != NONE]
    ordered = "|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n)))
    return re.compile(rf"(?<![\w.-])(?:{ordered})(?![\w-]|[ -](?:nc|nd|sa)\b)")


@cache
def _rows() -> dict[str, dict[str, str]]:
    with (DATA / "licences.csv").open(encoding="utf-8", newline="") as file:
        return {row["licence"]: row for row in csv.DictReader(file)}


@cache
def _national_list() -> frozenset[str]:
    return frozenset(tomllib.loads((DATA / "open_nationally.toml").read_text(encoding="utf-8"))["licences"])
