"""What the command line says, in bokmål or English: `text("harvest.help")`. The words stand in nb.toml and en.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from catalogue import labels, reasons
from catalogue.reasons import Reason

_language = "nb"


def use(language: str) -> None:
    """Speak this language from now on (nb or en)."""
    global _language
    _language = language


def language() -> str:
    """The language spoken now."""
    return _language


def named(group: str, code: str) -> str:
    """What a code is called in the language spoken (`catalogue.labels`)."""
    return labels.label(group, code, _language)


def because(found: Iterable[Reason]) -> str:
    """Reasons in the language spoken (`catalogue.reasons`)."""
    return reasons.sentences(found, _language)


@cache
def _words(spoken: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{spoken}.toml").read_text(encoding="utf-8"))


def text(key: str, /, **values: object) -> str:
    """The words of a dotted key, with `{name}` filled in. Raises KeyError for words nobody wrote."""
    found: Any = _words(_language)
    for part in key.split("."):
        found = found[part]
    return found.format(**values) if values else found
