"""The texts searched for evidence: one row per page, agenda item, journal entry, dataset and notice, as masked as the tables are.

A portal of films has no text that tells of itself: the first meeting we saw of each that can be watched stands for it, with its address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from transforms.contracts import DTYPES
from transforms.drafts import text_of

COLUMNS = {
    "document_id": "VARCHAR", "document_table": "VARCHAR", "authority": "VARCHAR", "source": "VARCHAR", "source_type": "VARCHAR",
    "title": "VARCHAR", "text": "VARCHAR", "date": "DATE", "language": "VARCHAR", "case_number": "VARCHAR", "url": "VARCHAR",
    "capture": "VARCHAR", "locator": "VARCHAR", "captured_at": "TIMESTAMP", "first_seen": "TIMESTAMP", "breadcrumb": "VARCHAR",
    "text_hash": "VARCHAR",
}  # fmt: skip
SOURCE_TYPES = {
    "pages": "own_page", "agenda_items": "council_case", "journal_entries": "mail_journal", "datasets": "portal", "notices": "notice",
    "meetings": "recording",
}  # fmt: skip
# A source that is no body's own platform says so in its identifier.
TYPE_OF_PLATFORM = {"by-hand": "by_hand", "press": "press"}
TEXTS = {
    "pages": ("text",), "agenda_items": ("text", "decision"), "journal_entries": ("case_title",),
    "datasets": ("description", "keywords", "themes"), "notices": ("text",), "meetings": ("video_url",),
}  # fmt: skip
DATES = {
    "pages": ("published", "modified"), "journal_entries": ("document_date", "journal_date"), "datasets": ("modified", "issued"),
    "notices": ("issued", "awarded"), "meetings": ("start", "start"),
}  # fmt: skip


def documents(tables: Mapping[str, DataFrame]) -> DataFrame:
    """One row per searchable text (COLUMNS). `tables` as `normalise` gives them or as the store holds them (then with `first_seen`).

    `text` is everything but the title, parts parted by a blank line. Withdrawn rows, and rows without title and text, are left out.
    """
    found = [_of_table(table, tables) for table in SOURCE_TYPES if table in tables and len(tables[table])]
    if not found:
        return DataFrame({c: Series(dtype=DTYPES[kind]) for c, kind in COLUMNS.items()})
    return pd.concat(found, ignore_index=True)


def _of_table(table: str, tables: Mapping[str, DataFrame]) -> DataFrame:
    rows = _watched(tables[table]) if table == "meetings" else tables[table]
    if "withdrawn" in rows:
        rows = rows[~rows["withdrawn"].fillna(False).astype(bool)]
    platform = rows["source"].str.split("/").str[0]
    title = text_of(rows, "committee" if table == "meetings" else "title").fillna("")
    text = _joined(rows, TEXTS[table], title)
    frame = DataFrame(
        {
            "document_id": rows["id"], "document_table": table,
            "source_type": platform.map(TYPE_OF_PLATFORM).fillna(SOURCE_TYPES[table]), "title": title, "text": text,
            "date": _date(table, rows, tables), "first_seen": rows["first_seen"] if "first_seen" in rows else rows["captured_at"],
            "text_hash": text_hashes(title, text),
            **{c: rows[c] for c in ("authority", "source", "url", "capture", "locator", "captured_at")},
            **{c: rows.get(c) for c in ("language", "case_number", "breadcrumb")},
        },
        index=rows.index,
    )  # fmt: skip
    frame["first_seen"] = frame["first_seen"].fillna(frame["captured_at"])
    frame = DataFrame({c: frame[c].astype(DTYPES[kind]) for c, kind in COLUMNS.items()})
    return frame[(title != "") | (text != "")]


def _watched(meetings: DataFrame) -> DataFrame:
    """Of each source the first meeting seen that can be watched. The first stays the first: later films do not make the finding new."""
    seen = "first_seen" if "first_seen" in meetings else "captured_at"
    films = meetings[meetings["video_url"].notna()].sort_values([seen, "start", "id"], kind="stable")
    return films.drop_duplicates("source").sort_index()


def _joined(rows: DataFrame, columns: tuple[str, ...], title: Series) -> Series:
    """The columns' texts, a blank line between them; one that only repeats the title is left out."""
    text = Series("", index=rows.index, dtype=DTYPES["VARCHAR"])
    for column in columns:
        part = text_of(rows, column).fillna("")
        part = part.where(part != title, "")
        text = text + Series("\n\n", index=rows.index, dtype=DTYPES["VARCHAR"]).where((text != "") & (part != ""), "") + part
    return text


def _date(table: str, rows: DataFrame, tables: Mapping[str, DataFrame]) -> Series:
    """The best known date of each row; an agenda item has its meeting's."""
    if table == "agenda_items":
        if "meetings" not in tables:
            return Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
        starts = tables["meetings"].drop_duplicates("id").set_index("id")["start"]
        return rows["meeting"].map(starts).astype("datetime64[us]").dt.normalize()
    first, second = (rows[c].astype("datetime64[us]") for c in DATES[table])
    return first.fillna(second)


def text_hashes(titles: Series, texts: Series) -> Series:
    """sha256 of title, blank line, text: what a human decision is keyed to."""
    hashes = [hashlib.sha256(f"{title}\n\n{text}".encode()).hexdigest() for title, text in zip(titles, texts, strict=True)]
    return Series(hashes, index=titles.index, dtype=DTYPES["VARCHAR"])
