"""What codes are called in words: outcomes, kinds of sources, platforms, kinds of records. The words stand in `labels.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "labels.toml"
FALLBACK = {"nn": "nb", "en": "nb"}


@cache
def groups() -> dict[str, dict[str, dict[str, str]]]:
    """group → code → language → words. Every code has `nb`; `nn` and `en` only where they differ."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def label(group: str, code: str, language: str) -> str:
    """What the code is called in `nb`, `nn` or `en`; the code itself when nobody has named it. Raises KeyError for an unknown group."""
    words = groups()[group].get(code, {})
    return words.get(language) or words.get(FALLBACK.get(language, "nb"), code)


def in_language(group: str, language: str) -> dict[str, str]:
    """code → words, for every code of a group."""
    return {code: label(group, code, language) for code in groups()[group]}
