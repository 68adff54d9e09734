"""Reading the HTML of journals and meetings: texts, labelled values, links to files and the names a source marks itself.

Labelled values are read as `Fields` by their label in small letters, so that a label nobody knows is a leftover like an unknown field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import SplitResult, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.contract import Capture, Claim, File
from extractors.exceptions import InvalidURL
from extractors.fetch import urls
from extractors.fields import Fields, as_text
from extractors.innsyn.acos import MEDIA_TYPES, norwegian_date
from extractors.websites.page import strange_metas

MARKED_NAME = "<pnavn></pnavn>"
"""A name the source itself marked as a person's: only the mark is kept, and the privacy gate makes it `[person]` whatever it thinks."""


def tree_of(html: str) -> LexborHTMLParser:
    """The page, every marked name emptied."""
    tree = LexborHTMLParser(html)
    for name in tree.css("pnavn, personnavn"):
        around = name.parent
        name.replace_with(MARKED_NAME)
        if around is not None:
            around.merge_text_nodes()
    return tree


def text(node: LexborNode | None) -> str | None:
    """The text of an element with single spaces; None when there is no element or it is empty."""
    return as_text(node.text(separator=" ")) if node is not None else None


def first(node: LexborNode | LexborHTMLParser, selector: str) -> str | None:
    """The text of the first element a selector finds."""
    return text(node.css_first(selector))


def labels(pairs: Iterable[tuple[LexborNode | None, LexborNode | None]]) -> Fields:
    """Labelled values by label in small letters without a colon; of a label that stands there twice the first value that says something."""
    found: dict[str, str | None] = {}
    for label, value in pairs:
        if name := (text(label) or "").rstrip(" :").lower():
            found[name] = found.get(name) or text(value)
    return Fields(found)


def split(target: str | None) -> SplitResult:
    """The parts of an address as it stands in a page; those of an empty one when it is none (`http://[`)."""
    try:
        return urlsplit(target or "")
    except ValueError:
        return urlsplit("")


def file_of(link: LexborNode, base: str, title: str | None, address: str | None = None) -> File:
    """The open file a link leads to (`address` where it is not the href); its kind by the ending of the address, else of the title."""
    target = address or link.attributes.get("href") or ""
    try:
        url = urls.parse(target, base) if target else None
    except InvalidURL:
        url = None
    ending = PurePosixPath(split(target).path).suffix or PurePosixPath(title or "").suffix
    return File(title=title, url=url, media_type=MEDIA_TYPES.get(ending.lower().lstrip(".")), is_open=url is not None)


def unknown_metas(capture: Capture, step: str) -> Iterator[Claim]:
    """What the head of a page says that nobody has heard of: how a new version of the vendor's shows itself."""
    head, _, _ = capture.text.partition("</head>")
    if strange := strange_metas(head):
        yield Claim(key=f"{step} answer", about=step, scope="answer", leftovers=tuple(f"meta.{name}" for name in strange))


def is_within(day: date | None, since: date, until: date) -> bool:
    """Whether a day lies in a window; one that could not be read does, for it may."""
    return day is None or since <= day <= until


def days_of(texts: Iterable[str | None]) -> list[date]:
    """The days that could be read."""
    return [day for each in texts if (day := norwegian_date(each))]
