"""A paper as a row of blocks, the same for every format. All text is plain text; each format escapes it in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True)
class Run:
    """A piece of text in one manner. `href` is an address or `#anchor`; `lang` is set where it is not the paper's own."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""
    lang: str = ""
    mono: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`small` is for notes; one that `leads` stays with what follows it."""

    runs: Runs
    small: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Items:
    """A list; numbered or with bullets."""

    items: tuple[Runs, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Quote:
    """Words of a source, verbatim. `lead` says who speaks; `marks` are the words to highlight."""

    lead: str
    text: str
    lang: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the line; the first column heads its row when `row_heads`. A `quiet` caption is for those who cannot see;
    a `whole` table is not split over two pages."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[float, ...]
    row_heads: bool = False
    small: bool = False
    quiet: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels and what they say. On paper `paired` ones stand two to a line."""

    caption: str
    rows: tuple[tuple[str, Runs], ...]
    paired: bool = False


@dataclass(frozen=True)
class Chart:
    """Horizontal bars, the largest across the line. `of` says how many bodies there are behind each."""

    title: str
    label: str
    rows: tuple[tuple[str, int], ...]
    of: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Stamp:
    """A warning no reader may miss."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Items | Quote | Table | Facts | Chart | Stamp | PageBreak


@dataclass(frozen=True)
class Paper:
    """The whole paper: its title, language and blocks; `stamp` goes on every page."""

    title: str
    kind: str
    lang: str
    tag: str
    blocks: tuple[Block, ...]
    footer: str
    stamp: str = ""


ITALIC = re.compile(r"\*([^*\n]{1,60})\*")


def plain(text: str, **manner: str | bool) -> Runs:
    """One run of text as it is: for words of a source."""
    return (Run(text, **manner),) if text else ()  # ty: ignore[invalid-argument-type]


def prose(text: str) -> Runs:
    """Our own words, in which *asterisks* mark italics."""
    runs: list[Run] = []
    end = 0
    for found in ITALIC.finditer(text):
        runs += [Run(text[end : found.start()]), Run(found.group(1), italic=True)]
        end = found.end()
    runs.append(Run(text[end:]))
    return tuple(r for r in runs if r.text)


def paragraph(text: str) -> Paragraph:
    return Paragraph(prose(text))


def bold(text: str) -> Runs:
    return (Run(text, bold=True),)


def link(text: str, href: str) -> Runs:
    """A link; only web addresses, mail and anchors become one, whatever a source says."""
    return (Run(text, href=href if href.startswith(("https://", "http://", "mailto:", "#")) else ""),)


def text_of(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def lines(groups: Sequence[Runs]) -> Runs:
    """Several groups in one cell, each on its own line."""
    joined: list[Run] = []
    for group in groups:
        if group:
            joined += [Run("\n"), *group] if joined else list(group)
    return tuple(joined)


def fill(template: str, **values: str | Runs) -> Runs:
    """Our own words with words of a source set in: only ours are read for italics. Raises KeyError for a value not given."""
    runs: list[Run] = []
    for text, name, _, _ in Formatter().parse(template):
        runs += prose(text) if text else ()
        if name is not None:
            value = values[name]
            runs += plain(value) if isinstance(value, str) else value
    return tuple(runs)
