"""Datasets and their distributions: records to rows (PORTALS 2.11). A date that cannot be read is absent: many portals state years only."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pandas import DataFrame, Series

from transforms import dates
from transforms.contracts import DTYPES
from transforms.drafts import Draft, Gate, list_of, text_of, tidy
from transforms.licences import is_open
from transforms.privacy import Tier

YES_OR_NO = {"True": True, "False": False}


def normalise_datasets(records: DataFrame, *, today: date) -> Draft:
    """Datasets; `records` are merged records with the columns of `extractors.contract.Dataset`.

    A dataset belongs to its publisher, whoever that is: a national catalogue holds those of many. Without one it belongs to the body whose
    source it came from.
    """
    read, _ = dates.read_columns(records, {"issued": "DATE", "modified": "DATE", "harvested": "DATE"})
    distributions = _distributions(records)
    joined = records.assign(
        **{name: list_of(records, name).map(lambda words: "; ".join(map(str, words)) or None) for name in ("keywords", "themes")}
    )
    gate = Gate(joined)
    licences = _licences(records, distributions)
    publisher = tidy(text_of(records, "publisher"))
    frame = DataFrame(
        {
            "authority": publisher.where(publisher.str.fullmatch(r"\d{9}").fillna(False), records["authority"]),
            "uri": text_of(records, "uri"), "publisher": publisher, "publisher_name": gate.texts("publisher_name", Tier.TEXT),
            "title": gate.texts("title", Tier.TEXT), "description": gate.texts("description", Tier.TEXT),
            "keywords": gate.texts("keywords", Tier.TEXT), "themes": gate.texts("themes", Tier.TEXT),
            "access_rights": text_of(records, "access_rights"), **licences, **read, "modified_kind": text_of(records, "modified_kind"),
            "frequency": text_of(records, "frequency"), "spatial": gate.texts("spatial", Tier.TEXT),
            **{name: _yes_or_no(records, name) for name in ("contact_present", "temporal_present")},
            "landing_page": text_of(records, "landing_page"),
            "distributions": list_of(records, "distributions").map(len).astype("Int64"),
        },
        index=records.index,
    )  # fmt: skip
    return Draft(frame, Series("", index=records.index, dtype=DTYPES["VARCHAR"]), gate.masked, {"distributions": distributions})


def _distributions(records: DataFrame) -> DataFrame:
    """One row per distribution, indexed like its dataset's record."""
    each = list_of(records, "distributions").explode().dropna()
    given = DataFrame.from_records([d if isinstance(d, dict) else {} for d in each], index=each.index)
    frame = DataFrame(
        {
            "position": each.groupby(level=0).cumcount().astype("Int64"),
            **{name: tidy(text_of(given, name)) for name in ("access_url", "download_url", "format", "media_type", "licence")},
            "size_bytes": pd.to_numeric(text_of(given, "size_bytes"), errors="coerce").astype("Int64"),
            "modified": dates.days(text_of(given, "modified"))[0],
            **{name: _yes_or_no(given, name) for name in ("issued_present", "rights_present")},
        },
        index=each.index,
    )
    return frame.assign(size_bytes=frame["size_bytes"].where(frame["size_bytes"] >= 0))


def _licences(records: DataFrame, distributions: DataFrame) -> dict[str, Series]:
    """The dataset's licence, or the first its distributions state; open when every stated one is, closed when one is, else missing."""
    own = tidy(text_of(records, "licence"))
    first = distributions["licence"].dropna().groupby(level=0).first().reindex(records.index)
    licence = own.fillna(first)
    of_parts = distributions["licence"].dropna().map(is_open).astype("boolean")
    are_open = of_parts.groupby(level=0).min().reindex(records.index).astype("boolean")
    is_known = of_parts.notna().groupby(level=0).all().reindex(records.index)
    says = own.map(is_open, na_action="ignore").astype("boolean")
    combined = says.fillna(are_open.where(is_known.fillna(False).astype(bool) | (are_open == False).fillna(False)))  # noqa: E712
    return {"licence": licence, "licence_open": combined}


def _yes_or_no(records: DataFrame, column: str) -> Series:
    return text_of(records, column).map(YES_OR_NO).astype("boolean")
