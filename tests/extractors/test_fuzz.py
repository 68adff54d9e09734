"""Every stored answer, spoilt in every place, one at a time: no parser stops, and no record goes missing without a word.

What an answer leaves out without contradicting itself (a row of a list, a day without entries) nobody can see. It is looked for only what
an object lacks that has it elsewhere.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from extractors.contract import CaseFile, Claim, Record, Request, Trouble
from extractors.fetch.charset import decode
from tests.extractors.stored import PAYLOADS, STORED, read

JOURNALS = [name for name, (extractor, *_) in STORED.items() if extractor.__module__.startswith("extractors.innsyn.")]
WRONG = (None, "x", 1e30, [None])
NO_ADDRESS = "x://[ %zz"
CUTS = 25
LISTS = [
    f"{name}.json" for name in (
        "ckan-search", "datanorge-list", "datanorge-records", "arcgis-hub-items", "arcgis-hub-online", "opendatasoft-datasets", "opendatasoft-wrapped",
        "socrata-catalog", "udata-datasets", "geonorge-search", "brreg-units", "brreg-changes",
    )
]  # fmt: skip
"""Answers of portals and registers that count what they list."""
MAY_BE_LEFT_OUT = {"postliste-json-api-journal.json": (2, 3), "bergen-custom-meetings.json": (1,), "firstagenda-meetings.json": (2,)}
"""At these depths stand days, types, months and periods, which are left out when they have nothing."""

Place = tuple[Any, ...]


def json_of(name: str) -> Any:
    return json.loads(decode((PAYLOADS / name).read_bytes()).text)


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    """The paths to everything in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*above, name)
        yield from places(each, (*above, name))


def at(value: Any, path: Place) -> Any:
    for name in path:
        value = value[name]
    return value


def spoilt_json(name: str) -> Iterator[tuple[object, bytes]]:
    data = json_of(name)
    for path in list(places(data)):
        parent, kept = at(data, path[:-1]), at(data, path)
        for wrong in WRONG:
            parent[path[-1]] = wrong
            yield (path, wrong), json.dumps(data, ensure_ascii=False).encode()
        parent[path[-1]] = kept
    yield from ((("all", wrong), json.dumps(wrong).encode()) for wrong in WRONG)


def spoilt_html(text: str) -> Iterator[tuple[object, bytes]]:
    """Without each element, and with each address broken."""
    for place in range(len(LexborHTMLParser(text).css("body *"))):
        tree = LexborHTMLParser(text)
        node = tree.css("body *")[place]
        what = f"{node.tag} {place}"
        node.decompose()
        yield f"without {what}", (tree.html or "").encode()
    for place in range(len(LexborHTMLParser(text).css("a[href]"))):
        tree = LexborHTMLParser(text)
        tree.css("a[href]")[place].attrs["href"] = NO_ADDRESS
        yield f"address {place}", (tree.html or "").encode()


def spoilt_text(body: bytes) -> Iterator[tuple[object, bytes]]:
    """Without each element that holds only text, without each line, and cut off."""
    for match in re.finditer(rb"<([\w.:]+)[^<>]*>[^<]*</\1>", body):
        yield match[0], body[: match.start()] + body[match.end() :]
        yield (match[0], "x"), body[: match.start()] + b"<%b>x</%b>" % (match[1], match[1]) + body[match.end() :]
    lines = body.split(b"\n")
    yield from ((f"line {n}", b"\n".join(lines[:n] + lines[n + 1 :])) for n in range(len(lines)))
    yield from ((f"cut {n}", body[: len(body) * n // CUTS]) for n in range(CUTS))


@pytest.mark.parametrize("name", STORED)
def test_no_parser_stops(name):
    body = (PAYLOADS / name).read_bytes()
    spoilt = (
        spoilt_json(name) if name.endswith(".json") else spoilt_html(decode(body).text) if name.endswith(".html") else spoilt_text(body)
    )
    for what, answer in spoilt:
        try:
            read(name, answer)
        except Exception as error:  # noqa: BLE001 - any exception at all is the finding
            pytest.fail(f"{type(error).__name__} when this is spoilt: {what}")


def kept(items: list[Record | Request]) -> set[tuple[str, str]]:
    """What the platform is read for; a case is what an entry says of it besides."""
    return {(i.kind, i.key) for i in items if not isinstance(i, Request | Claim | Trouble | CaseFile)}


def told(items: list[Record | Request]) -> int:
    return sum(isinstance(i, Trouble) + len(i.leftovers) for i in items if not isinstance(i, Request))


@pytest.mark.parametrize("name", [name for name in JOURNALS if name.endswith(".json")] + LISTS)
def test_what_an_object_lacks_is_told(name):
    """A field that is gone takes no record with it in silence: it is told, or asked for in another way."""
    data, whole = json_of(name), read(name)
    asked = {i.key for i in whole if isinstance(i, Request)}
    for path in places(data):
        parent = at(data, path[:-1])
        if not isinstance(parent, dict) or len(path) in MAY_BE_LEFT_OUT.get(name, ()):
            continue
        spoilt = copy.deepcopy(data)
        del at(spoilt, path[:-1])[path[-1]]
        items = read(name, json.dumps(spoilt, ensure_ascii=False).encode())
        is_told = told(items) > told(whole) or bool({i.key for i in items if isinstance(i, Request)} - asked)
        assert is_told or len(kept(items)) >= len(kept(whole)), path
