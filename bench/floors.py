"""The floor under a platform's reader: the same answers read as a plain script would, by lxml with XPath or by json.loads and dict access.

The paths are those of `floors.toml`. Nothing is checked, joined or cleaned, and a field that nobody expected is not seen. Turtle is read by
rdflib into a graph and PDF by pdfium into text, for lxml knows neither.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
from lxml import etree, html
from rdflib import Graph

from bench.found import NotMeasured
from extractors.contract import Capture

FILE = Path(__file__).with_suffix(".toml")
HTML = html.HTMLParser(encoding="utf-8")


@dataclass(frozen=True)
class Part:
    """Where the rows of an answer are, and what is taken of each; `names` are the paths as they are written."""

    rows: Callable[[Any], Iterable[Any]]
    take: tuple[Callable[[Any], Any], ...]
    names: tuple[str, ...]


class Floor:
    """What is read of one platform's answers."""

    def __init__(self, platform: str) -> None:
        self.platform, self._said = platform, tomllib.loads(FILE.read_text(encoding="utf-8"))
        self._parts: dict[str, list[Part]] = {}

    def read(self, capture: Capture) -> int:
        """Read an answer. Returns how many values were found."""
        if capture.media_type == "application/pdf":
            return len(_text(capture.body))
        if capture.media_type == "text/turtle":
            return len(Graph().parse(data=capture.body, format="turtle"))
        root = _root(capture)
        return sum(len([take(row) for take in part.take]) for part in self._of(capture) for row in part.rows(root))

    def check(self, captures: Iterable[Capture]) -> None:
        """Raises NotMeasured when a path finds nothing in any of the answers: the floor would do less work than it seems to."""
        finds: dict[str, bool] = {}
        for capture in captures:
            root = _root(capture) if self._of(capture) else None
            for part in self._of(capture):
                rows = list(part.rows(root))
                for name, take in zip(part.names, part.take, strict=True):
                    place = f"{_step(capture)}: {name}"
                    finds[place] = finds.get(place, False) or any(take(row) not in (None, [], "") for row in rows)
        if stale := [place for place, is_found in finds.items() if not is_found]:
            raise NotMeasured(f"floors.toml finds nothing in {self.platform} at {'; '.join(stale)}")

    def _of(self, capture: Capture) -> list[Part]:
        step = _step(capture)
        if step not in self._parts:
            is_json = capture.media_type.endswith("json")
            path = _names if is_json else partial(_xpath, self._said["prefixes"])
            rows = _rows if is_json else path
            said = self._said.get(self.platform, {}).get(step, [])
            self._parts[step] = [Part(rows(one["rows"]), tuple(map(path, one["take"])), tuple(one["take"])) for one in said]
        return self._parts[step]


def _step(capture: Capture) -> str:
    return str(capture.context.get("step", ""))


def _root(capture: Capture) -> Any:
    if capture.media_type.endswith("json"):
        return json.loads(capture.body, strict=False)
    return etree.fromstring(capture.body) if capture.media_type.endswith("xml") else html.document_fromstring(capture.body, parser=HTML)


def _text(body: bytes) -> str:
    document = pypdfium2.PdfDocument(body)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _xpath(prefixes: dict[str, str], path: str) -> Callable[[Any], Any]:
    return etree.XPath(path, namespaces=prefixes)


def _rows(path: str) -> Callable[[Any], Iterable[Any]]:
    """As `_names`; a path without a `*` is to one row."""
    find = _names(path)
    return find if "*" in path else lambda value: [row] if (row := find(value)) is not None else []


def _names(path: str) -> Callable[[Any], Any]:
    """What stands at a path of names, None when nothing does; a list where it has a `*`."""
    names = path.split(".") if path else []
    if len(names) == 1 and names != ["*"]:
        return lambda value: value.get(names[0])
    return lambda value: _walk(value, names)


def _walk(value: Any, names: list[str]) -> Any:
    """Follow names from a value; lists in lists become one."""
    for position, name in enumerate(names):
        if name == "*":
            rest = names[position + 1 :]
            found = (_walk(one, rest) for one in (value.values() if isinstance(value, dict) else value or ()))
            return [x for many in found for x in many or ()] if "*" in rest else list(found)
        value = value.get(name) if isinstance(value, dict) else None
    return value
