"""Journals as Noark writes them in XML: read without following anything the file names, its records one after another."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.exceptions import Reasoned
from extractors.fields import Fields, as_text
from extractors.innsyn.markup import MARKED_NAME

MAX_CHARACTERS = 60_000_000
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PROLOGUE = re.compile(r"(?:\s+|<\?[^>]*\?>|<!--.*?-->)*", re.S)
DOCTYPE = re.compile(r"<!DOCTYPE\s+(?P<root>[\w.]+)(?P<rest>[^>\[]*)(?P<end>[>\[])", re.I)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TAGGED = re.compile(r"<(pnavn|personnavn)>.*?</\1>", re.I | re.S)
NAMES = ("PNAVN", "PERSONNAVN")


class Unread(Reasoned, ValueError):
    """XML that is refused, or that ends in the middle."""


def looks_like_xml(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("<?xml", "<!DOCTYPE OFF")) or bool(re.match(r"\s*<[\w.:]+[^>]*xmlns", text[:500]))


def records(text: str, root: str, wanted: tuple[str, ...], *, doctype: str | None = None) -> Iterator[etree._Element]:
    """The elements with the local names `wanted` beneath the root element `root`, each once it is whole; then it is emptied.

    `text` is decoded. A document type is refused unless it is `doctype` and names its definition elsewhere, which is not fetched; one that
    defines anything itself always is. Raises Unread: another root element, which is refused before anything in it is read, or broken XML.
    """
    text = FORBIDDEN.sub(" ", DECLARATION.sub("", text.lstrip("\ufeff"), count=1))
    if len(text) > MAX_CHARACTERS:
        raise Unread(Reason("unpacks_too_large", megabytes=MAX_CHARACTERS // 1_000_000))
    _refuse_definitions(text, doctype)
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    parser = etree.iterparse(
        stream, events=("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    depth = 0
    try:
        for event, element in parser:
            name = local(element)
            if event == "start":
                depth += 1
                if depth == 1 and name != root:
                    raise Unread(Reason("root_unknown", name=name[:40] if name.isalnum() else "?"))
                continue
            depth -= 1
            if name in wanted:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise Unread(Reason("xml_broken")) from error


def root_of(text: str) -> str:
    """The local name of the root element, as far as it can be seen without parsing; "" when there is none."""
    match = re.search(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", DECLARATION.sub("", text.lstrip("\ufeff"), count=1)[:5000])
    return match[1] if match else ""


def _refuse_definitions(text: str, doctype: str | None) -> None:
    start = PROLOGUE.match(text)
    match = DOCTYPE.match(text, start.end() if start else 0)
    if match is None:
        if re.search(r"<!(?:DOCTYPE|ENTITY)", text[:5000], re.I):
            raise Unread(Reason("document_type_refused"))
        return
    if match["root"] != doctype or match["end"] == "[":
        raise Unread(Reason("document_type_refused"))


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def tree(element: etree._Element) -> dict[str, Any]:
    """The children of an element by local name, a dot in it written as `_`: the text of the first, or the list of those with children."""
    found: dict[str, Any] = {}
    for child in element:
        if not (name := local(child).replace(".", "_")):
            continue
        if all(local(c).upper() in (*NAMES, "") for c in child):
            found.setdefault(name, text_of(child))
        elif isinstance(found.setdefault(name, []), list):
            found[name].append(tree(child))
    return found


def text_of(element: etree._Element) -> str | None:
    """The text of an element; of a name the source marked as a person's only the mark is kept."""
    pieces = [element.text or ""]
    for child in element:
        pieces += [MARKED_NAME if local(child).upper() in NAMES else child.text or "", child.tail or ""]
    return as_text(TAGGED.sub(MARKED_NAME, "".join(pieces)))


def each(row: Fields, *names: str) -> list[Fields]:
    """Every object under the first of these names that has any: a list of them, or one that stands alone as in JSON."""
    value = row.take(*names)
    return [Fields(v) for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]


def first(row: Fields, name: str) -> Fields:
    """The first object of this name; an empty one when there is none."""
    return next(iter(each(row, name)), Fields(None))
