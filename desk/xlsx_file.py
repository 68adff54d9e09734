"""The list as a workbook: Kandidater, Bevis, Tester, Kontakt, Om. Every text is written as text: nothing harvested becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from desk import rows
from desk.shortlist import Shortlist
from desk.words import is_number, words

WIDTHS = {
    "title": 48, "quote": 60, "reasons": 48, "doubt": 60, "status_basis": 36, "beyond_law": 32, "legal_floor": 40, "url": 44, "links": 44,
    "sha256": 20, "capture": 20, "words": 44, "value": 80, "fact": 42, "candidates": 60, "body": 24, "practice": 26, "pillar": 26,
    "postmottak": 34, "homepage": 34, "archived_at": 28, "policy_area": 34, "rule": 26, "test": 24, "ogp_value": 26,
    "comparable": 60, "same_text": 44, "unobserved": 40, "prevalence": 34, "in_national_plan": 34, "own_plans": 34, "pages_alike": 12,
}  # fmt: skip
CELL_LIMIT = 32_767


def write(shortlist: Shortlist, path: Path, lang: str) -> Path:
    """Writes the workbook and returns its path."""
    w = words(lang)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "default_date_format": "dd.mm.yyyy"}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {"title": shortlist.name or shortlist.id, "author": "Dagslys", "created": shortlist.created_at.replace(tzinfo=None)}
        )
        formats = {
            "head": book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#17405F", "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "0.00", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "day": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"}),
        }
        for name, found in (
            ("candidates", rows.candidates(shortlist, w)), ("evidence", rows.evidence(shortlist, w)), ("tests", rows.tests(shortlist, w)),
            ("contact", rows.contacts(shortlist, w)), ("about", rows.about(shortlist, w)),
        ):  # fmt: skip
            sheet = book.add_worksheet(w.say(f"sheets.{name}"))
            _fill(sheet, list(found), w.get("fields"), formats)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.set_footer("&L&F&R&P / &N")
            if not shortlist.is_reviewed:
                sheet.set_header(f'&C&"Calibri,Bold"{w.say("head.stamp").upper()}')
    return path


def _fill(sheet: Any, found: list[rows.Row], names: dict[str, str], formats: dict[str, Any]) -> None:
    """Head, rows, frozen panes, filter and widths."""
    keys = list(found[0]) if found else ["fact", "value"]
    for column, key in enumerate(keys):
        sheet.write_string(0, column, head_of(names[key]), formats["head"])
        sheet.set_column(column, column, WIDTHS.get(key, 14))
    for number, row in enumerate(found, 1):
        for column, value in enumerate(row.values()):
            _cell(sheet, number, column, value, formats)
    sheet.freeze_panes(1, _frozen_columns(keys))
    sheet.autofilter(0, 0, max(len(found), 1), len(keys) - 1)


def head_of(name: str) -> str:
    """The name of a CSV column as people read it: 'ut_over_loven' is 'Ut over loven'."""
    words_ = name.replace("ogp_", "OGP-").replace("_", " ").replace("sha256", "SHA-256")
    return f"{words_[0].upper()}{words_[1:]}"


def _frozen_columns(keys: Iterable[str]) -> int:
    return 3 if "candidate" in keys else 1


def _cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif is_number(value):
        sheet.write_number(row, column, value, formats["whole" if isinstance(value, int) else "number"])
    elif value not in (None, ""):
        sheet.write_string(row, column, str(value)[:CELL_LIMIT], formats["text"])
    else:
        sheet.write_blank(row, column, None, formats["text"])
