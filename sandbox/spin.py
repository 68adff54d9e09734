"""Seeded variation of hand-written text: `{one|another}` picks one, `<name>` is filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([a-z_]+)>")


def spin(text: str, dice: Random, slots: Mapping[str, object]) -> str:
    """`text` with every `{a|b}` decided (inner ones first) and every `<slot>` filled.

    A slot whose value is a tuple gives a member at random; an unknown slot is a KeyError naming it.
    """
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda m: dice.choice(m.group(1).split("|")), text)

    def fill(match: re.Match[str]) -> str:
        value = slots[match.group(1)]
        if isinstance(value, tuple):
            return str(dice.choice(value))
        return str(value() if callable(value) else value)

    return _SLOT.sub(fill, text)
