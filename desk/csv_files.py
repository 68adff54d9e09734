"""The list and the contact list as CSV for Norwegian Excel: `;`, decimal comma, UTF-8 with a mark, every cell inert."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from desk import rows
from desk.shortlist import Shortlist
from desk.words import Words, words

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        if listed:
            writer.writerow([names[key] for key in listed[0]])
        for row in listed:
            writer.writerow([cell(value) for value in row.values()])
    return path


def cell(value: Any) -> str:
    """A value as an inert cell: text that a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text
