"""Web pages and linked documents: records to rows. A date that cannot be read is absent: a page is not lost for its meta tags."""

from __future__ import annotations

from datetime import date

from pandas import DataFrame, Series

from transforms import dates
from transforms.contracts import DTYPES
from transforms.drafts import Draft, Gate, list_of, text_of, tidy
from transforms.privacy import Tier


def normalise_pages(records: DataFrame, *, today: date) -> Draft:
    """Pages; `records` are merged records with the columns of `extractors.contract.Page`."""
    read, _ = dates.read_columns(records, {"published": "DATE", "modified": "DATE"})
    joined = records.assign(breadcrumb=list_of(records, "breadcrumb").map(lambda names: " › ".join(map(str, names)) or None))
    gate = Gate(joined)
    text = gate.texts("text", Tier.TEXT)
    frame = DataFrame(
        {
            "title": gate.texts("title", Tier.TEXT), "text": text, "language": text_of(records, "language"), **read,
            "breadcrumb": gate.texts("breadcrumb", Tier.TEXT), "shape": tidy(text_of(records, "shape")),
            "media_type": text_of(records, "media_type"), "linked_from": text_of(records, "linked_from"),
            "link_text": gate.texts("link_text", Tier.TEXT), "characters": text.str.len().fillna(0).astype("Int64"),
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, Series("", index=records.index, dtype=DTYPES["VARCHAR"]), gate.masked)
