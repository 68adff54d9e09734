"""Statements of registers: records to rows (PORTALS 3.1 to 3.3, 3.6). They are about organisations and areas, not about persons."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pandas import DataFrame, Series

from transforms import dates
from transforms.drafts import Draft, Gate, text_of, tidy
from transforms.privacy import Tier


def normalise_register_facts(records: DataFrame, *, today: date) -> Draft:
    """Register facts; `records` are merged records with the columns of `extractors.contract.RegisterFact`.

    A fact with a unit is a figure: its value also stands as a number. Names of organisations stay; identity numbers and addresses of mail
    do not pass, should one stand there.
    """
    read, reasons = dates.read_columns(records, {"since": "DATE", "until": "DATE"})
    gate = Gate(records)
    value = gate.texts("value", Tier.NUMBERS)
    unit = tidy(text_of(records, "unit"))
    number = Series(pd.to_numeric(value.where(unit.notna()), errors="coerce"), index=records.index)
    frame = DataFrame(
        {
            "subject": tidy(text_of(records, "subject")), "property": tidy(text_of(records, "property")), "value": value,
            "label": gate.texts("label", Tier.NUMBERS), "number": number.astype("Float64"), "unit": unit,
            "status": tidy(text_of(records, "status")), **read,
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, reasons, gate.masked)
