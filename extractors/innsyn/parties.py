"""Senders and recipients as journals list them, without what no one may keep (ATLAS 11.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from extractors.fields import as_text

EMAIL = re.compile(r"[(<\[]?\s*(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+\s*[)>\]]?")


def names(listed: Iterable[Any]) -> tuple[str, ...] | None:
    """The names of a list of parties. E-mail addresses go, for they are mostly private persons' own; what is then empty is no party."""
    kept = (as_text(EMAIL.sub(" ", as_text(each) or "")) for each in listed)
    return tuple(name for each in kept if each and (name := each.strip(" ,;"))) or None
