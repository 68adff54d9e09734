"""Journal entries and cases: records to rows (ATLAS 1.1, 1.2). The case worker is dropped: nobody needs the name (data minimisation)."""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series

from transforms import dates
from transforms.contracts import DTYPES
from transforms.drafts import Draft, Gate, file_counts, numbers_of, tidy
from transforms.privacy import Tier

DIRECTIONS_FILE = Path(__file__).parent / "data" / "directions.csv"
DAYS_WITH_NAMES = 365  # offentlegforskrifta § 6: no hits on personal names in entries older than one year
SUFFIX = re.compile(r"\s*\((?:gradert|ikke publisert|ikkje publisert|unntatt.*)\)$")


def normalise_journal_entries(records: DataFrame, *, today: date) -> Draft:
    """Journal entries; `records` are merged records with the columns of `extractors.contract.JournalEntry`."""
    read, reasons = dates.read_columns(records, {"journal_date": "DATE", "document_date": "DATE", "published_at": "TIMESTAMP"})
    is_old = older_than_a_year(read["journal_date"].fillna(read["document_date"]).fillna(read["published_at"]), today)
    gate = Gate(records)
    files, open_files = file_counts(records)
    document_type = gate.texts("document_type", Tier.TEXT)
    frame = DataFrame(
        {
            "case_number": numbers_of(records, "case_number"), "document_number": numbers_of(records, "document_number"),
            "serial": numbers_of(records, "serial"), **read, "direction": directions(document_type), "document_type": document_type,
            "title": gate.texts("title", Tier.TITLE, old_tier=Tier.OLD_TITLE, is_old=is_old),
            "case_title": gate.texts("case_title", Tier.TITLE, old_tier=Tier.OLD_TITLE, is_old=is_old),
            "sender": gate.parties("senders", is_old), "recipient": gate.parties("recipients", is_old),
            "access": gate.texts("access", Tier.TEXT), "legal_basis": gate.texts("legal_basis", Tier.TEXT),
            "unit": gate.texts("unit", Tier.TEXT), "class_code": gate.texts("class_code", Tier.TITLE), "files": files,
            "open_files": open_files,
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, reasons, gate.masked)


def normalise_cases(records: DataFrame, *, today: date) -> Draft:
    """Cases; `records` are merged records with the columns of `extractors.contract.CaseFile`."""
    read, reasons = dates.read_columns(records, {"case_date": "DATE"})
    is_old = older_than_a_year(read["case_date"], today)
    gate = Gate(records)
    frame = DataFrame(
        {
            "case_number": numbers_of(records, "case_number"),
            "title": gate.texts("title", Tier.TITLE, old_tier=Tier.OLD_TITLE, is_old=is_old), "case_date": read["case_date"],
            "status": gate.texts("status", Tier.TEXT), "case_type": gate.texts("case_type", Tier.TEXT),
            "unit": gate.texts("unit", Tier.TEXT),
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, reasons, gate.masked)


def older_than_a_year(days: Series, today: date) -> Series:
    """Which rows must have lost the names. A row without any date counts as old, as in eInnsyn (ATLAS 2.7)."""
    return days.isna() | (days < pd.Timestamp(today) - pd.Timedelta(days=DAYS_WITH_NAMES))


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    with DIRECTIONS_FILE.open(encoding="utf-8", newline="") as file:
        rows = [(row["prefix"], row["direction"]) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


def direction(document_type: str) -> str:
    """The direction a raw document type means; a type that is no letter (sakskart, møteprotokoll) is `annet`."""
    last = re.split(r"[/#]", document_type)[-1] if "://" in document_type else document_type
    word = SUFFIX.sub("", last.strip().lower().replace("_", " "))
    for prefix, meant in _prefixes():
        if word == prefix or (len(prefix) > 1 and word.startswith(prefix)):
            return meant
    return "annet"


def directions(document_types: Series) -> Series:
    """`direction` over a column; `ukjent` where the source names no type."""
    types = tidy(document_types)
    known = {text: direction(text) for text in types.dropna().unique()}
    return types.map(known).fillna("ukjent").astype(DTYPES["VARCHAR"])


