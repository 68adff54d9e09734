"""Meetings and their agenda items: records to rows."""

from __future__ import annotations

from datetime import date

from pandas import DataFrame, Series

from transforms import dates
from transforms.contracts import DTYPES
from transforms.drafts import Draft, Gate, file_counts, numbers_of, text_of, tidy
from transforms.privacy import Tier


def normalise_meetings(records: DataFrame, *, today: date) -> Draft:
    """Meetings; `records` are merged records with the columns of `extractors.contract.Meeting`."""
    read, reasons = dates.read_columns(records, {"start": "TIMESTAMP"})
    gate = Gate(records)
    files, open_files = file_counts(records)
    frame = DataFrame(
        {
            "committee": gate.texts("committee", Tier.TEXT), "start": read["start"], "place": gate.texts("place", Tier.TEXT),
            "status": gate.texts("status", Tier.TEXT), "video_url": text_of(records, "video_url"), "files": files,
            "open_files": open_files,
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, reasons, gate.masked)


def normalise_agenda_items(records: DataFrame, *, today: date) -> Draft:
    """Agenda items; `records` are merged records with the columns of `extractors.contract.AgendaItem`."""
    gate = Gate(records)
    files, open_files = file_counts(records)
    frame = DataFrame(
        {
            "meeting_key": tidy(text_of(records, "meeting_key")), "number": numbers_of(records, "number"),
            "title": gate.texts("title", Tier.TITLE), "item_type": gate.texts("item_type", Tier.TEXT),
            "case_number": numbers_of(records, "case_number"), "text": gate.texts("text", Tier.TEXT),
            "decision": gate.texts("decision", Tier.TEXT), "files": files, "open_files": open_files,
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, Series("", index=records.index, dtype=DTYPES["VARCHAR"]), gate.masked)
