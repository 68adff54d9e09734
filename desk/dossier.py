"""From one frozen shortlist to a folder of files: the committee's paper, the workbook, the machine's copy, contact list and letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from desk import blocks as b
from desk import csv_files, docx_file, html_file, json_file, letters, xlsx_file
from desk.exceptions import ShortlistIncomplete
from desk.paper import Meeting, compose
from desk.shortlist import Shortlist, read
from desk.words import LANGUAGES

FORMATS = ("docx", "html", "xlsx", "csv", "json")
CONTACTS = "kontaktliste.csv"
NOTHING = ("None", "nan", "NaN", "NaT", "TODO", "<NA>")


def write(
    frozen: Mapping[str, Any], folder: Path, *, formats: Iterable[str] = FORMATS, lang: str | None = None, meeting: Meeting = Meeting()
) -> list[Path]:
    """Writes the dossier of a frozen shortlist into `folder` and returns the files, the paper first.

    `lang` is nb or nn (the list's own when None); `meeting` is what the secretariat already knows. Raises ShortlistIncomplete when the list
    lacks a field, a quote is too long, or a text of ours would hold a placeholder.
    """
    shortlist = read(frozen)
    language = lang or (shortlist.lang if shortlist.lang in LANGUAGES else "nb")
    if language not in LANGUAGES:
        problem = f"the paper is written in {' or '.join(LANGUAGES)}, not in {language}"
        raise ShortlistIncomplete(problem, "language", languages=", ".join(LANGUAGES), given=language)
    _check_quotes(shortlist)
    paper = compose(shortlist, language, meeting)
    refuse_placeholders(paper, shortlist)
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Callable[[Path], Path]] = {
        "docx": lambda path: docx_file.write(paper, path, shortlist),
        "html": lambda path: html_file.write(paper, path),
        "xlsx": lambda path: xlsx_file.write(shortlist, path, language),
        "csv": lambda path: csv_files.write(shortlist, path, language),
        "json": lambda path: json_file.write(shortlist, frozen, path, language),
    }
    wanted = list(formats)
    if unknown := set(wanted) - set(writers):
        given, formats_ = ", ".join(sorted(unknown)), ", ".join(FORMATS)
        raise ShortlistIncomplete(f"no such format: {given}; choose among {formats_}", "format", given=given, formats=formats_)
    written = [writers[name](folder / f"{file_name(shortlist)}.{name}") for name in FORMATS if name in wanted]
    written.append(csv_files.write_contacts(shortlist, folder / CONTACTS, language))
    return written + (letters.write(shortlist, folder) if "docx" in wanted else [])


def file_name(shortlist: Shortlist) -> str:
    """`kortliste-<id>`, safe as a file name everywhere."""
    return f"kortliste-{re.sub(r'[^A-Za-z0-9._-]+', '-', shortlist.id).strip('-.')}"


def _check_quotes(shortlist: Shortlist) -> None:
    for item in shortlist.items:
        if not item.quote.strip() or len(item.quote) > 300:
            problem = f"candidate {item.id}: the quote must hold 1 to 300 characters; freeze the list again"
            raise ShortlistIncomplete(problem, "quote", id=item.id)


def refuse_placeholders(paper: b.Paper, shortlist: Shortlist) -> None:
    """Raises ShortlistIncomplete when a line or cell says nothing but that a value was missing."""
    for text in texts(paper):
        if text.strip() in NOTHING:
            words = repr(text.strip())
            problem = f"shortlist {shortlist.id}: the paper would say {words} somewhere; freeze the list again"
            raise ShortlistIncomplete(problem, "placeholder", id=shortlist.id, words=words)


def texts(paper: b.Paper) -> Iterator[str]:
    """Every text of the paper, block by block."""
    yield from (paper.title, paper.kind, paper.footer, paper.stamp)
    for block in paper.blocks:
        match block:
            case b.Heading() | b.Stamp():
                yield block.text
            case b.Paragraph():
                yield b.text_of(block.runs)
            case b.Items():
                yield from (b.text_of(item) for item in block.items)
            case b.Quote():
                yield from (block.lead, block.text)
            case b.Table():
                yield from (block.caption, *block.headers, *(b.text_of(cell) for row in block.rows for cell in row))
            case b.Facts():
                yield from (block.caption, *(text for label, runs in block.rows for text in (label, b.text_of(runs))))
            case b.Chart():
                yield from (block.title, block.label, *(label for label, _ in block.rows))
