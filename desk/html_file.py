"""The paper as one self-contained HTML file: WCAG 2.1 AA, a print sheet, no script, every word of a source escaped by the template."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from desk import blocks as b
from desk.words import words

FOLDER = Path(__file__).parent / "templates"
KINDS = {
    b.Heading: "heading", b.Paragraph: "paragraph", b.Items: "items", b.Quote: "quote", b.Table: "table", b.Facts: "facts",
    b.Chart: "chart", b.Stamp: "stamp", b.PageBreak: "page_break",
}  # fmt: skip
CONTENTS_DEPTH = 2


def write(paper: b.Paper, path: Path) -> Path:
    """Writes the file and returns its path."""
    path.write_text(render(paper), encoding="utf-8")
    return path


def render(paper: b.Paper) -> str:
    """The whole page as text."""
    return environment().get_template("paper.html").render(paper=paper, say=words(paper.lang).say, contents=contents(paper))


def contents(paper: b.Paper) -> list[b.Heading]:
    """The headings a reader may jump to: sections and parts; the candidate list leads on to the arks."""
    return [block for block in paper.blocks if isinstance(block, b.Heading) and block.level <= CONTENTS_DEPTH and block.anchor]


def parts(quote: b.Quote) -> list[tuple[str, bool]]:
    """The quote in pieces, each with whether it is one of the marked words; together they are the quote, letter by letter."""
    pieces = [(quote.text, False)]
    for mark in sorted(quote.marks, key=len, reverse=True):
        split: list[tuple[str, bool]] = []
        for text, is_marked in pieces:
            before, found, after = ("", "", "") if is_marked else text.partition(mark)
            split += [(before, False), (mark, True), (after, False)] if found else [(text, is_marked)]
        pieces = [p for p in split if p[0]]
    return pieces


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates of every page we write: what is set in is escaped, what is not given is a fault."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["kind"] = lambda block: KINDS[type(block)]
    environment.filters["broken"] = lambda text: Markup("<br>").join(text.split("\n"))
    environment.filters["parts"] = parts
    return environment
