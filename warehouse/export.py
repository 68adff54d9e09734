"""Answers as files: CSV that Norwegian Excel opens as it is, XLSX, Parquet and JSON, with licence and provenance.

Harvested text is hostile: a cell that a spreadsheet would run as a formula is made inert by `inert`, the one place for that rule.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb

FORMATS = ("csv", "xlsx", "parquet", "json")
# CWE-1236 and OWASP: what starts a formula, in half and full width, and the controls that let one hide.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROLS = ("\t", "\r", "\n", "\0")
NOTE = "Teksten er hentet fra organenes egne kilder og er maskert. Lisensen hver kilde oppgir, står i kolonnen kildelisens."


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet runs: an apostrophe before what starts a formula. A lone dash is text."""
    bare = text.lstrip(" ")
    if text.startswith(CONTROLS) or (bare.startswith(FORMULA) and bare.strip() not in ("-", "－")):
        return "'" + text.replace("\0", "")
    return text.replace("\0", "")


def cell(value: Any) -> str:
    """A value as a CSV cell: decimal comma, ja and nei, dates as year-month-day, text made inert."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return inert(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV with semicolon, every field quoted, and the mark that tells Excel it is UTF-8."""
    stream.write("\ufeff")
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([inert(column) for column in columns])
    writer.writerows([cell(value) for value in row] for row in rows)


def export(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, *, title: str = "", now: datetime | None = None) -> Path:
    """Write the answer to `sql` to a file; the format is the file's ending (FORMATS).

    An answer with a column `kilde` gets `kildelisens` beside it. Raises ValueError for another ending.
    """
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise ValueError(f"{path.name}: cannot write .{form}; use one of {', '.join(FORMATS)}")
    sql = _with_licence(connection, sql.strip().rstrip(";"))
    about = {"tittel": title, "laget": (now or datetime.now(UTC)).isoformat(timespec="seconds"), "merknad": NOTE}
    if form == "parquet":
        said = ", ".join(f"{name}: {_quoted(value)}" for name, value in about.items())
        connection.execute(f"COPY ({sql}) TO {_quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{said}}})")
        return path
    answer = connection.execute(sql)
    columns, rows = [column[0] for column in answer.description], answer.fetchall()
    if form == "csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_csv(stream, columns, rows)
    elif form == "json":
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        path.write_text(json.dumps({**about, "rader": found}, ensure_ascii=False, indent=1, default=_plain), encoding="utf-8")
    else:
        _write_xlsx(path, columns, rows, about)
    return path


def _with_licence(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    names = [column[0] for column in connection.execute(f"SELECT * FROM ({sql}) LIMIT 0").description]
    if "kilde" not in names or "kildelisens" in names:
        return sql
    return f"SELECT svar.*, kilder.lisens AS kildelisens FROM ({sql}) svar LEFT JOIN main.kilder ON kilder.kilde = svar.kilde"


def _write_xlsx(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]], about: dict[str, str]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet("Svar")
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, bold)
        for line, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(line, at, value)
                elif isinstance(value, int | float | Decimal):
                    sheet.write_number(line, at, float(value))
                elif isinstance(value, datetime):
                    sheet.write_datetime(line, at, value.replace(tzinfo=None), moment)
                elif isinstance(value, date):
                    sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), day)
                elif value is not None:
                    sheet.write_string(line, at, cell(value)[:32767])
        sheet.freeze_panes(1, 0)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_column(0, max(len(columns) - 1, 0), 18)
        told = book.add_worksheet("Om")
        for line, (name, value) in enumerate(about.items()):
            told.write_string(line, 0, name, bold)
            told.write_string(line, 1, value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else float(value) if isinstance(value, Decimal) else str(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
