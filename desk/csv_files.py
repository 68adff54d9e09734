"""The list and the contact list as CSV for Norwegian Excel, by the warehouse's rule: `;`, decimal comma, UTF-8 mark, inert cells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from desk import rows
from desk.shortlist import Shortlist
from desk.words import Words, words
from warehouse.export import write_csv


def write(shortlist: Shortlist, path: Path, lang: str) -> Path:
    """Writes the list, one row per candidate, and returns its path."""
    w = words(lang)
    return _write(rows.candidates(shortlist, w), path, w)


def write_contacts(shortlist: Shortlist, path: Path, lang: str) -> Path:
    """Writes the contact list, one row per body, and returns its path."""
    w = words(lang)
    return _write(rows.contacts(shortlist, w), path, w)


def _write(found: Iterable[rows.Row], path: Path, w: Words) -> Path:
    listed = list(found)
    names = w.get("fields")
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_csv(stream, [names[key] for key in listed[0]] if listed else [], [list(row.values()) for row in listed])
    return path
