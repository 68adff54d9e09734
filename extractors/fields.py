"""Loud reading of JSON objects: take what you know, and say what nobody took."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any


class Fields:
    """A JSON object being read. `take` consumes fields, `rest` names those nobody consumed."""

    def __init__(self, data: Any) -> None:
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self._taken: set[str] = set()

    def take(self, *names: str) -> Any:
        """The first of these fields that is present and not null; all of them count as consumed."""
        self._taken.update(names)
        return next((self.data[n] for n in names if self.data.get(n) is not None), None)

    def text(self, *names: str) -> str | None:
        """As `take`, as stripped text; None for what is empty or no scalar."""
        return as_text(self.take(*names))

    def object(self, *names: str) -> Fields:
        """As `take`, for a nested object; an empty one when it is absent or no object."""
        return Fields(self.take(*names))

    def items(self, *names: str) -> list[Any]:
        """As `take`, for a list; empty when it is absent."""
        value = self.take(*names)
        return value if isinstance(value, list) else []

    def leave(self, names: Iterable[str]) -> None:
        """Fields we know and do not want."""
        self._taken.update(names)

    def rest(self, prefix: str = "") -> tuple[str, ...]:
        """The fields nobody consumed, in order, with `prefix`."""
        return tuple(f"{prefix}{name}" for name in self.data if name not in self._taken)


def as_text(value: Any) -> str | None:
    """A scalar as stripped text with single spaces; None for what is empty or no scalar."""
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if value is None or isinstance(value, dict | list | bool):
        return None
    return str(value)


def as_plain(value: Any) -> str | None:
    """As `as_text`, without the HTML that portals leave in descriptions; a lone `<` stays."""
    text = as_text(value)
    if text is None or not re.search(r"</?[a-zA-Z][^<>]*>|&[a-zA-Z#]\w*;", text):
        return text
    return as_text(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", " ", text)))
