"""What each table must look like: columns, their types in the warehouse, and the rules a row must keep.

`COLUMNS` says it in DuckDB's words, `TABLES` as pandera schemas over the DataFrames. The warehouse's schema equals them; a test compares.
Dates are midnights and moments are zone-less: `captured_at` in UTC, `start` and `published_at` in Norwegian wall time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import zip_longest

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandas import DataFrame, Series

from catalogue.reasons import Reason, dump
from transforms.exceptions import TransformError

COMMON = {
    "id": "VARCHAR", "authority": "VARCHAR", "source": "VARCHAR", "key": "VARCHAR", "url": "VARCHAR", "capture": "VARCHAR",
    "locator": "VARCHAR", "captured_at": "TIMESTAMP", "batch": "VARCHAR", "content_hash": "VARCHAR",
}  # fmt: skip
OWN: dict[str, dict[str, str]] = {
    "journal_entries": {
        "case_number": "VARCHAR", "document_number": "VARCHAR", "serial": "VARCHAR", "journal_date": "DATE", "document_date": "DATE",
        "published_at": "TIMESTAMP", "direction": "VARCHAR", "document_type": "VARCHAR", "title": "VARCHAR", "title_lower": "VARCHAR",
        "case_title": "VARCHAR", "sender": "VARCHAR", "recipient": "VARCHAR", "access": "VARCHAR", "legal_basis": "VARCHAR",
        "unit": "VARCHAR", "class_code": "VARCHAR", "files": "INTEGER", "open_files": "INTEGER", "masked": "INTEGER",
        "withdrawn": "BOOLEAN",
    },
    "cases": {
        "case_number": "VARCHAR", "title": "VARCHAR", "title_lower": "VARCHAR", "case_date": "DATE", "status": "VARCHAR",
        "case_type": "VARCHAR", "unit": "VARCHAR", "masked": "INTEGER", "withdrawn": "BOOLEAN",
    },
    "meetings": {
        "committee": "VARCHAR", "start": "TIMESTAMP", "place": "VARCHAR", "status": "VARCHAR", "video_url": "VARCHAR", "files": "INTEGER",
        "open_files": "INTEGER",
    },
    "agenda_items": {
        "meeting_key": "VARCHAR", "meeting": "VARCHAR", "number": "VARCHAR", "title": "VARCHAR", "title_lower": "VARCHAR",
        "item_type": "VARCHAR", "case_number": "VARCHAR", "text": "VARCHAR", "decision": "VARCHAR", "files": "INTEGER",
        "open_files": "INTEGER", "masked": "INTEGER", "withdrawn": "BOOLEAN",
    },
    "datasets": {
        "uri": "VARCHAR", "publisher": "VARCHAR", "publisher_name": "VARCHAR", "title": "VARCHAR", "title_lower": "VARCHAR",
        "description": "VARCHAR", "keywords": "VARCHAR", "themes": "VARCHAR", "access_rights": "VARCHAR", "licence": "VARCHAR",
        "licence_open": "BOOLEAN", "issued": "DATE", "modified": "DATE", "modified_kind": "VARCHAR", "frequency": "VARCHAR",
        "spatial": "VARCHAR", "contact_present": "BOOLEAN", "landing_page": "VARCHAR", "distributions": "INTEGER",
        "harvested": "DATE", "temporal_present": "BOOLEAN",
    },
    "distributions": {
        "dataset": "VARCHAR", "position": "INTEGER", "access_url": "VARCHAR", "download_url": "VARCHAR", "format": "VARCHAR",
        "media_type": "VARCHAR", "size_bytes": "BIGINT", "licence": "VARCHAR", "modified": "DATE", "issued_present": "BOOLEAN",
        "rights_present": "BOOLEAN",
    },
    "notices": {
        "publisher": "VARCHAR", "publisher_name": "VARCHAR", "title": "VARCHAR", "title_lower": "VARCHAR", "text": "VARCHAR",
        "notice_type": "VARCHAR", "subtype": "VARCHAR", "procedure": "VARCHAR", "status": "VARCHAR", "result": "VARCHAR",
        "case_number": "VARCHAR", "issued": "DATE", "deadline": "TIMESTAMP", "awarded": "DATE", "amount": "DOUBLE", "currency": "VARCHAR",
        "tenders": "INTEGER", "winners": "VARCHAR", "cpv": "VARCHAR", "places": "VARCHAR", "language": "VARCHAR", "masked": "INTEGER",
        "withdrawn": "BOOLEAN",
    },
    "register_facts": {
        "subject": "VARCHAR", "property": "VARCHAR", "value": "VARCHAR", "label": "VARCHAR", "number": "DOUBLE", "unit": "VARCHAR",
        "status": "VARCHAR", "since": "DATE", "until": "DATE",
    },
    "pages": {
        "title": "VARCHAR", "title_lower": "VARCHAR", "text": "VARCHAR", "language": "VARCHAR", "published": "DATE", "modified": "DATE",
        "breadcrumb": "VARCHAR", "shape": "VARCHAR", "media_type": "VARCHAR", "linked_from": "VARCHAR", "link_text": "VARCHAR",
        "characters": "INTEGER", "masked": "INTEGER", "withdrawn": "BOOLEAN",
    },
}  # fmt: skip
COLUMNS: dict[str, dict[str, str]] = {table: {**COMMON, **own} for table, own in OWN.items()}
QUARANTINE = {
    "id": "VARCHAR", "source": "VARCHAR", "authority": "VARCHAR", "platform": "VARCHAR", "kind": "VARCHAR", "key_hash": "VARCHAR",
    "capture": "VARCHAR", "locator": "VARCHAR", "url": "VARCHAR", "batch": "VARCHAR", "captured_at": "TIMESTAMP", "reason": "VARCHAR",
    "reason_code": "VARCHAR", "payload_hash": "VARCHAR",
}  # fmt: skip

DIRECTIONS = ("inngående", "utgående", "internt", "saksframlegg", "annet", "ukjent")
SHAPES = ("page", "shell", "document", "unreadable")
EARLIEST, LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")

DTYPES = {
    "VARCHAR": pd.StringDtype(na_value=np.nan), "DATE": "datetime64[us]", "TIMESTAMP": "datetime64[us]", "INTEGER": "Int64",
    "BIGINT": "Int64", "BOOLEAN": "boolean", "DOUBLE": "Float64",
}  # fmt: skip

# What a row cannot do without.
REQUIRED = {
    "journal_entries": ("direction", "masked", "withdrawn"), "cases": ("masked", "withdrawn"), "meetings": (),
    "agenda_items": ("masked", "withdrawn"), "datasets": ("distributions",), "distributions": ("dataset", "position"),
    "pages": ("shape", "characters", "masked", "withdrawn"), "notices": ("masked", "withdrawn"),
    "register_facts": ("subject", "property"),
}  # fmt: skip
NOT_NEGATIVE = ("files", "open_files", "masked", "characters", "distributions", "position", "size_bytes", "amount", "tenders")


def _any_of(*columns: str) -> Callable[[DataFrame], Series]:
    def holds(frame: DataFrame) -> Series:
        present = frame[list(columns)].notna().any(axis=1)
        return present | frame["withdrawn"].fillna(False).astype(bool) if "withdrawn" in frame else present

    return holds


SAYS_SOMETHING = {
    "journal_entries": ("title", "case_title", "case_number", "document_number", "serial"), "cases": ("title", "case_number"),
    "meetings": ("committee", "start"), "agenda_items": ("title", "text", "decision", "number"), "datasets": ("title",),
    "pages": ("title", "text"), "notices": ("title", "text"),
}  # fmt: skip


def _column(table: str, name: str, kind: str) -> pa.Column | None:
    """The rule for a column's values, None when any will do; its type is checked by `broken`, for all columns at once."""
    checks = []
    if name == "id":
        checks.append(pa.Check.str_matches(r"^[0-9a-f]{16}$", name="hash"))
    elif name == "authority":
        checks.append(pa.Check.str_matches(r"^\d{9}$", name="orgnr"))
    elif name == "content_hash":
        checks.append(pa.Check.str_matches(r"^[0-9a-f]{64}$", name="hash"))
    elif name == "direction":
        checks.append(pa.Check.isin(DIRECTIONS, name="known"))
    elif name == "shape":
        checks.append(pa.Check.isin(SHAPES, name="known"))
    elif name in NOT_NEGATIVE:
        checks.append(pa.Check.ge(0, name="not_negative"))
    elif kind in ("DATE", "TIMESTAMP"):
        checks.append(pa.Check.in_range(EARLIEST, LATEST, name="in_time"))
    required = (name in COMMON and name not in ("url", "locator")) or name in REQUIRED[table]
    return pa.Column(None, checks, nullable=not required, unique=name == "id") if checks or required else None


def _schema(table: str) -> pa.DataFrameSchema:
    says = SAYS_SOMETHING.get(table)
    rules = [pa.Check(_any_of(*says), name="says_something", ignore_na=False)] if says else []
    if "open_files" in COLUMNS[table]:
        rules.append(pa.Check(lambda f: (f["open_files"] <= f["files"]).fillna(True).astype(bool), name="open_files"))
    columns = {name: _column(table, name, kind) for name, kind in COLUMNS[table].items()}
    return pa.DataFrameSchema({name: column for name, column in columns.items() if column}, checks=rules, name=table)


TABLES: dict[str, pa.DataFrameSchema] = {table: _schema(table) for table in COLUMNS}
TYPES = {table: [(name, str(DTYPES[kind])) for name, kind in columns.items()] for table, columns in COLUMNS.items()}


def typed(frame: DataFrame, columns: dict[str, str]) -> DataFrame:
    """The frame with exactly these columns, in this order and with the contract's types; a column it lacks is empty."""
    return DataFrame(
        {
            name: (frame[name] if name in frame else Series(None, index=frame.index, dtype="object")).astype(DTYPES[kind])
            for name, kind in columns.items()
        },
        index=frame.index,
    )


@cache
def empty(table: str) -> DataFrame:
    """The table without rows, the same frame each time."""
    return typed(DataFrame(index=pd.RangeIndex(0)), COLUMNS[table])


def broken(table: str, frame: DataFrame) -> Series:
    """Why each row breaks the contract of its table (`catalogue.reasons.dump`), "" for those that keep it. Names columns, never a value.

    Raises TransformError when the frame as a whole has the wrong columns or types: that is our mistake and no row's.
    """
    reasons = Series("", index=frame.index, dtype=DTYPES["VARCHAR"])
    held = [(name, str(kind)) for name, kind in frame.dtypes.items()]
    if held != TYPES[table]:
        differing = next(one for one in zip_longest(held, TYPES[table]) if one[0] != one[1])
        raise TransformError(f"{table}: the frame breaks its contract: {differing[0]} stands where {differing[1]} should")
    if frame.empty:
        return reasons
    try:
        TABLES[table].validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        why: dict[object, dict[str, Reason]] = {}
        for index, column, check in zip(cases["index"], cases["column"], cases["check"], strict=True):
            reason = _why(table, str(column), str(check))
            why.setdefault(index, {})[dump([reason])] = reason
        for index, found in why.items():
            reasons[index] = dump(found.values())
    return reasons


def _why(table: str, column: str, check: str) -> Reason:
    """The reason behind a broken check, by the check's name."""
    if check == "says_something":
        return Reason("says_nothing", columns=", ".join(SAYS_SOMETHING[table]))
    if check == "open_files":
        return Reason("more_open_than_files")
    return {
        "not_nullable": Reason("value_missing", column=column), "field_uniqueness": Reason("value_twice", column=column),
        "hash": Reason("hash_malformed", column=column), "orgnr": Reason("orgnr_malformed", column=column),
        "known": Reason("value_unknown", column=column), "not_negative": Reason("value_negative", column=column),
        "in_time": Reason("date_out_of_range", column=column),
    }[check]  # fmt: skip
