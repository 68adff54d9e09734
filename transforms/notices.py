"""Notices of procurement: records to rows (PORTALS 3.4). Contact persons never come this far; winners and texts go through the gate."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pandas import DataFrame, Series

from transforms import dates
from transforms.contracts import DTYPES
from transforms.drafts import Draft, Gate, list_of, numbers_of, text_of, tidy
from transforms.privacy import Tier

CODES = ("notice_type", "subtype", "procedure", "status", "result", "currency", "language")


def normalise_notices(records: DataFrame, *, today: date) -> Draft:
    """Notices; `records` are merged records with the columns of `extractors.contract.Notice`.

    A notice belongs to its buyer, whoever that is: the database is the whole country's. Without a number it belongs to the source's body.
    A winner is an organisation, but one may be a person's own firm, so winners are read as parties are.
    """
    read, reasons = dates.read_columns(records, {"issued": "DATE", "deadline": "TIMESTAMP", "awarded": "DATE"})
    lists = {name: list_of(records, name).map(lambda words: "; ".join(map(str, words)) or None) for name in ("cpv", "places")}
    gate = Gate(records)
    publisher = tidy(text_of(records, "publisher"))
    frame = DataFrame(
        {
            "authority": publisher.where(publisher.str.fullmatch(r"\d{9}").fillna(False), records["authority"]),
            "publisher": publisher, "publisher_name": gate.texts("publisher_name", Tier.TEXT), "title": gate.texts("title", Tier.TEXT),
            "text": gate.texts("text", Tier.TEXT),
            **{name: tidy(text_of(records, name)) for name in CODES},
            "case_number": numbers_of(records, "case_number"), **read, "amount": _numeric(records, "amount").astype("Float64"),
            "tenders": _numeric(records, "tenders").astype("Int64"),
            "winners": gate.parties("winners", Series(False, index=records.index, dtype=bool)),
            **{name: values.astype(DTYPES["VARCHAR"]) for name, values in lists.items()},
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, reasons, gate.masked)


def _numeric(records: DataFrame, name: str) -> Series:
    return pd.to_numeric(text_of(records, name), errors="coerce")
