"""File formats as portals write them: which file type it is, whether lists of the EU call it machine-readable and free, and its stars."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FORMATS_FILE = Path(__file__).parent / "data" / "formats.csv"
BETWEEN = re.compile(r"\s*(?:[;,|+]|/| og | and )\s*")
MEDIA = ("application", "text", "image", "audio", "video", "model")
PARAMETER = re.compile(r"\s*;\s*[\w-]+=.*")
OUTSIDE = re.compile(r"^\w+/x[.-]")


@dataclass(frozen=True)
class Format:
    """A file type. `stars` None: the type does not say how well the data can be used (a container, an interface)."""

    code: str
    is_machine_readable: bool
    is_non_proprietary: bool
    stars: int | None


def formats_in(*texts: str | None) -> tuple[Format, ...]:
    """The file types that a format and a media type name, each once; empty when none of the words is known."""
    found: dict[str, Format] = {}
    for text in texts:
        for word in words_in(text):
            if known := _by_word().get(word):
                found[known[0].code] = known[0]
    return tuple(found.values())


def words_in(text: str | None) -> tuple[str, ...]:
    """The words to look up: the whole text when it is known, else its parts; an address stands for its last part or media type."""
    word = PARAMETER.sub("", re.sub(r"\s+", " ", text or "")).strip().lower().removeprefix(".")
    if "://" in word:
        kind, last = (["", *word.rstrip("/").split("/")])[-2:]
        word = f"{kind}/{last}" if kind in MEDIA else last
    if not word or word in _by_word() or word.partition("/")[0] in MEDIA:
        return (word,) if word else ()
    parts = (p.strip().removeprefix(".") for p in BETWEEN.split(re.sub(r"\([^)]*\)", "", word)))
    return tuple(w for p in parts if p for w in _known_words(p))


def _known_words(part: str) -> tuple[str, ...]:
    """`xlsx` of `excel-ark xlsx`: the words that are known when the whole is not."""
    return (part,) if part in _by_word() else tuple(w for w in part.split() if w in _by_word()) or (part,)


def is_aligned(format_text: str | None, media_type: str | None) -> bool | None:
    """Whether a format or a media type is of the EU's list of file types or IANA's of media types; None when a media type is written
    that our excerpt of IANA's list does not hold."""
    words = (*words_in(format_text), *words_in(media_type))
    known = [_by_word()[w][1] for w in words if w in _by_word()]
    if any(known):
        return True
    is_open = any("/" in w and w not in _by_word() and not OUTSIDE.match(w) for w in words)
    return None if is_open else False


@cache
def _by_word() -> dict[str, tuple[Format, bool]]:
    """Every word by which a file type goes, with whether that word is one of a vocabulary."""
    found: dict[str, tuple[Format, bool]] = {}
    with FORMATS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        stars = int(row["stars"]) if row["stars"] else None
        one = Format(row["format"], row["machine_readable"] == "yes", row["non_proprietary"] == "yes", stars)
        found[one.code.lower()] = one, row["vocabulary"] == "file-type"
        found |= dict.fromkeys(row["media_types"].lower().split(), (one, True))
        found |= {w: (one, False) for w in row["unregistered_media_types"].lower().split() if w not in found}
        found |= {w: (one, False) for w in row["names"].split("; ") if w and w not in found}
    return found
