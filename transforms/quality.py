"""What a dataset's description is worth, by two point tables and by stars (PORTALS 1.7, 2.11, 5); pure, from the tables' own rows.

An answer is yes, no or not observed. What was not observed counts neither way: points are out of the points that could be observed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from transforms import contracts, formats, licences
from transforms.contracts import DTYPES

QUALITY_FILE = Path(__file__).parent / "data" / "quality.toml"
METHODS = ("no", "eu")
ANSWERS = {True: "yes", False: "no"}
NOT_OBSERVED = "not_observed"


@dataclass(frozen=True)
class Metric:
    """One line of a point table. `reads` empty: nobody can answer it from a description."""

    key: str
    dimension: str
    points: int
    reads: tuple[str, ...]
    nb: str


def metrics(method: str) -> tuple[Metric, ...]:
    """The metrics of a method, `no` or `eu`, in the order of its table."""
    return tuple(
        Metric(key, said["dimension"], said["points"][method], tuple(said.get("reads", ())), said["nb"])
        for key, said in _said()["metric"].items()
        if method in said["points"]
    )


def maximum(method: str) -> int:
    """The most points the method's table gives."""
    return int(_said()["method"][method]["maximum"])


def measure(datasets: DataFrame, distributions: DataFrame) -> tuple[DataFrame, DataFrame]:
    """(per dataset, per metric) of rows as `core.datasets` and `core.distributions` hold them.

    Per dataset: dataset, and `points_no`, `observed_no`, `points_eu`, `observed_eu`. Per metric: dataset, method, metric, answer
    (yes, no, not_observed), points, and the position of the distribution that counted (missing for a dataset without any).
    """
    datasets = contracts.typed(datasets, contracts.COLUMNS["datasets"]).set_index("id")
    parts = _with_empty(contracts.typed(distributions, contracts.COLUMNS["distributions"]), datasets)
    totals, lines = {"dataset": Series(datasets.index, index=datasets.index, dtype=DTYPES["VARCHAR"])}, []
    for method in METHODS:
        table = metrics(method)
        own, of_parts = _of_datasets(datasets), _of_distributions(parts, datasets, method)
        answers = DataFrame(
            {m.key: own[m.key].reindex(parts["dataset"]).set_axis(parts.index) | of_parts[m.key] for m in table}, index=parts.index
        )
        weights = Series({m.key: m.points for m in table})
        scores = answers.fillna(False).astype(int).mul(weights).sum(axis=1)
        order = DataFrame({"dataset": parts["dataset"], "position": parts["position"], "score": scores})
        best = order.sort_values(["score", "position"], ascending=[False, True], kind="stable").drop_duplicates("dataset").index
        chosen = answers.loc[best].set_axis(parts.loc[best, "dataset"]).reindex(datasets.index)
        points = chosen.fillna(False).astype(int).mul(weights)
        totals[f"points_{method}"] = points.sum(axis=1).astype("Int64")
        totals[f"observed_{method}"] = chosen.notna().astype(int).mul(weights).sum(axis=1).astype("Int64")
        counted = Series(parts.loc[best, "position"].to_numpy(), index=parts.loc[best, "dataset"]).reindex(datasets.index)
        lines.append(_lines(method, chosen, points, counted))
    return DataFrame(totals).reset_index(drop=True), pd.concat(lines, ignore_index=True)


def stars(datasets: DataFrame, distributions: DataFrame) -> tuple[Series, Series]:
    """(stars per dataset by id, stars per distribution by id), 0 to 4, missing where the licence or the format is not known.

    The first star is an open licence; a dataset has those of its best distribution. Five need links to others' data, which a description
    does not show.
    """
    licence = _licence_of(distributions, datasets.set_index("id"))
    is_open = licence.map(lambda x: licences.is_open(x) if isinstance(x, str) else None).astype("boolean")
    by_format = _each(distributions, lambda f, m: max((x.stars for x in formats.formats_in(f, m) if x.stars), default=None)).astype("Int64")
    of_parts = by_format.where(is_open.fillna(False).astype(bool)).mask(is_open.eq(False).fillna(False).astype(bool), 0)
    of_parts = of_parts.set_axis(distributions["id"])
    grouped = of_parts.groupby(distributions["dataset"].to_numpy())
    best, is_known = grouped.max(), of_parts.notna().groupby(distributions["dataset"].to_numpy()).all()
    return best.where((best > 0).fillna(False) | is_known).reindex(datasets["id"]).astype("Int64"), of_parts


def file_types(distributions: DataFrame) -> Series:
    """The file types of each distribution, joined by "; "; missing where none is known."""
    return _each(distributions, lambda f, m: "; ".join(x.code for x in formats.formats_in(f, m)) or None).astype(DTYPES["VARCHAR"])


def _of_datasets(rows: DataFrame) -> DataFrame:
    """Each dataset's own answer to every metric."""
    unread = _unread(rows["source"], rows["contact_present"])
    vocabulary = tuple(_said()["vocabulary"]["access_rights"])
    access = rows["access_rights"].map(lambda x: x.rstrip("/").rpartition("/")[2].upper(), na_action="ignore")
    dated = rows["modified"].notna() & rows["modified_kind"].fillna("data").ne("harvest")
    answers = {
        "keywordAvailability": _given(rows["keywords"], unread["keywords"]),
        "categoryAvailability": _given(rows["themes"], unread["themes"]),
        "spatialAvailability": _given(rows["spatial"], unread["spatial"]),
        "temporalAvailability": rows["temporal_present"].astype("boolean"),
        "accessRightsAvailability": _given(rows["access_rights"], unread["access_rights"]),
        "accessRightsVocabularyAlignment": access.isin(vocabulary).astype("boolean").mask(unread["access_rights"]),
        "contactPointAvailability": rows["contact_present"].astype("boolean"),
        "publisherAvailability": _given(rows["publisher"].fillna(rows["publisher_name"]), unread["publisher_name"]),
        "dateIssuedAvailability": _given(rows["issued"], unread["issued"]),
        "dateModifiedAvailability": dated.astype("boolean").mask(unread["modified"] & ~dated),
    }
    return DataFrame({key: answers.get(key, Series(False, index=rows.index, dtype="boolean")) for key in _said()["metric"]})


def _of_distributions(parts: DataFrame, datasets: DataFrame, method: str) -> DataFrame:
    """Each distribution's own answer to every metric; a dataset's licence is that of its distributions when they state none."""
    unread = _unread(parts["source"], _of_owner(parts, datasets, "contact_present"))
    is_there = parts["id"].notna()
    licence = _licence_of(parts, datasets).where(is_there)
    found = _each(parts, formats.formats_in)
    either = unread["format"] & unread["media_type"]
    is_unknown = (parts["format"].notna() | parts["media_type"].notna() | either) & (found.map(len) == 0)
    known = licence.map(lambda x: licences.is_in_vocabulary(x, method) if isinstance(x, str) else False).astype("boolean")
    nothing = ~is_there & ~either
    answers = {
        "downloadUrlAvailability": _given(parts["download_url"], unread["download_url"]),
        "formatAvailability": _given(parts["format"], unread["format"]),
        "mediaTypeAvailability": _given(parts["media_type"], unread["media_type"]),
        "formatMediaTypeVocabularyAlignment": _each(parts, formats.is_aligned).astype("boolean").mask(either),
        "formatMediaTypeNonProprietary": _any(found, "is_non_proprietary").mask(is_unknown),
        "formatMediaTypeMachineInterpretable": _any(found, "is_machine_readable").mask(is_unknown),
        "licenseAvailability": licence.map(lambda x: licences.licence_id(x) != licences.NONE if isinstance(x, str) else False)
        .astype("boolean").mask(unread["licence"]),
        "knownLicense": known.mask(unread["licence"]),
        "rightsAvailability": parts["rights_present"].astype("boolean").mask(nothing, False),
        "byteSizeAvailability": _given(parts["size_bytes"], unread["size_bytes"]),
        "dateIssuedAvailability": parts["issued_present"].astype("boolean").mask(nothing, False),
        "dateModifiedAvailability": _given(parts["modified"], unread["modified"]),
    }  # fmt: skip
    never = {m.key for m in metrics("no") if not m.reads}
    blank = {key: Series(pd.NA if key in never else False, index=parts.index, dtype="boolean") for key in _said()["metric"]}
    return DataFrame(blank | answers)


def _with_empty(distributions: DataFrame, datasets: DataFrame) -> DataFrame:
    """The distributions, and one that says nothing for every dataset without any."""
    bare = datasets.index.difference(distributions["dataset"], sort=False)
    added = DataFrame({"dataset": bare, "source": datasets.loc[bare, "source"].to_numpy()})
    return pd.concat([distributions, added.reindex(columns=distributions.columns).astype(distributions.dtypes)], ignore_index=True)


def _unread(sources: Series, contact: Series) -> Mapping[str, Series]:
    """For each field, whether the row's platform does not read it."""
    platform = sources.map(lambda source: source.partition("/")[0])
    is_short = contact.isna()
    found: dict[str, Series] = {}
    for name in {n for m in _said()["metric"].values() for n in m.get("reads", ())}:
        of = [p for p, names in _said()["unread"].items() if name in names]
        when_short = [p for p, names in _said()["unread_when_short"].items() if name in names]
        found[name] = (platform.isin(of) | (platform.isin(when_short) & is_short)).astype(bool)
    return found


def _given(values: Series, unread: Series) -> Series:
    return values.notna().astype("boolean").mask(unread & values.isna())


def _of_owner(parts: DataFrame, datasets: DataFrame, column: str) -> Series:
    return datasets[column].reindex(parts["dataset"]).set_axis(parts.index)


def _licence_of(parts: DataFrame, datasets: DataFrame) -> Series:
    """A distribution's licence; the dataset's when none of its distributions states one, as portals do whose datasets have the licence."""
    is_stated = parts["licence"].notna().groupby(parts["dataset"].to_numpy()).transform("any")
    return parts["licence"].where(is_stated, _of_owner(parts, datasets, "licence"))


def _each(parts: DataFrame, told: Any) -> Series:
    """What is told of each distinct pair of format and media type, spread over the rows."""
    pairs = list(zip(parts["format"], parts["media_type"], strict=True))
    known = {pair: told(*(x if isinstance(x, str) else None for x in pair)) for pair in set(pairs)}
    return Series([known[pair] for pair in pairs], index=parts.index, dtype="object")


def _any(found: Series, attribute: str) -> Series:
    return found.map(lambda them: any(getattr(x, attribute) for x in them)).astype("boolean")


def _lines(method: str, answers: DataFrame, points: DataFrame, counted: Series) -> DataFrame:
    rows = answers.rename_axis("dataset").reset_index().melt("dataset", var_name="metric", value_name="answer")
    worth = points.rename_axis("dataset").reset_index().melt("dataset", var_name="metric", value_name="points")
    return DataFrame(
        {
            "dataset": rows["dataset"].astype(DTYPES["VARCHAR"]), "method": method, "metric": rows["metric"].astype(DTYPES["VARCHAR"]),
            "answer": rows["answer"].map(ANSWERS, na_action="ignore").fillna(NOT_OBSERVED).astype(DTYPES["VARCHAR"]),
            "points": worth["points"].astype("Int64"), "distribution": rows["dataset"].map(counted).astype("Int64"),
        }
    )  # fmt: skip


@cache
def _said() -> Mapping[str, Any]:
    return tomllib.loads(QUALITY_FILE.read_text(encoding="utf-8"))
