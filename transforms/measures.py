"""What follows from the rows of datasets and distributions: roads, licences, clocks, points and stars, as the tables that hold them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pandas import DataFrame, Series

from transforms import licences, quality
from transforms.contracts import COLUMNS, DTYPES, typed
from transforms.roads import roads

FREQUENCIES_FILE = Path(__file__).parent / "data" / "frequencies.csv"
SEEN = {"first_seen": "TIMESTAMP"}


def measures(
    datasets: DataFrame, distributions: DataFrame, *, owners: Mapping[str, str], successors: Mapping[str, tuple[str, ...]]
) -> dict[str, DataFrame]:  # fmt: skip
    """`dataset_measures`, `distribution_measures`, `dataset_metrics` and `metrics` by name, for rows as `core` holds them.

    `owners` and `successors` as for `roads.roads`.
    """
    if datasets.empty:
        return dict.fromkeys(("dataset_measures", "distribution_measures", "dataset_metrics"), DataFrame()) | {"metrics": _points_tables()}
    datasets = typed(datasets, COLUMNS["datasets"] | SEEN)
    distributions = typed(distributions, COLUMNS["distributions"])
    points, lines = quality.measure(datasets, distributions)
    best, of_parts = quality.stars(datasets, distributions)
    by_id = datasets.set_index("id")
    closed = licences_of(datasets, distributions)
    further = DataFrame(
        {
            "licence_id": closed, "open_nationally": open_nationally(datasets, distributions), "stars": best,
            "files_modified": distributions.groupby("dataset")["modified"].max().reindex(by_id.index),
            "interval_days": by_id["frequency"].map(interval_days, na_action="ignore").astype("Int64"),
        },
        index=by_id.index,
    )  # fmt: skip
    one = roads(datasets, distributions, owners=owners, successors=successors).merge(points, on="dataset")
    return {
        "dataset_measures": one.merge(further.rename_axis("dataset").reset_index(), on="dataset"),
        "distribution_measures": DataFrame(
            {
                "distribution": distributions["id"], "licence_id": distributions["licence"].map(licences.licence_id, na_action="ignore"),
                "file_types": quality.file_types(distributions), "stars": of_parts.to_numpy(),
            }
        ),
        "dataset_metrics": lines,
        "metrics": _points_tables(),
    }  # fmt: skip


def licences_of(datasets: DataFrame, distributions: DataFrame) -> Series:
    """The licence of each dataset in the closed list, by id: the strictest of what its distributions state, else its own.

    Nothing stated is `none` when there are files that could bear a licence, and `unknown` when there are none.
    """
    stated = distributions.dropna(subset=["licence"])
    each = stated["licence"].map({text: licences.licence_id(text) for text in stated["licence"].unique()})
    of_parts = each.groupby(stated["dataset"]).agg(licences.strictest).reindex(datasets["id"])
    own = datasets.set_index("id")["licence"]
    of_itself = own.map({text: licences.licence_id(text) for text in own.dropna().unique()})
    has_files = Series(datasets["id"].isin(distributions["dataset"]).to_numpy(), index=own.index)
    nothing = Series(licences.NONE, index=own.index).where(has_files, licences.UNKNOWN)
    return of_parts.fillna(of_itself).fillna(nothing).astype(DTYPES["VARCHAR"])


def open_nationally(datasets: DataFrame, distributions: DataFrame) -> Series:
    """Whether each dataset, by id, is open by the rule of data.norge.no, its own licence being that of its distributions."""
    stated = distributions.dropna(subset=["licence"]).groupby("dataset")["licence"].agg(list).to_dict()
    own = datasets.set_index("id")["licence"].dropna().map(lambda text: [text]).to_dict()
    found = [
        licences.is_open_nationally(access if isinstance(access, str) else None, [*stated.get(dataset, []), *own.get(dataset, [])])
        for dataset, access in zip(datasets["id"], datasets["access_rights"], strict=True)
    ]
    return Series(found, index=datasets["id"], dtype="boolean")


def interval_days(frequency: str) -> int | None:
    """The days between two updates that a frequency promises; None when it promises none or is not known."""
    word = frequency.strip().rstrip("/").rpartition("/")[2] if "://" in frequency else frequency.strip()
    return _intervals().get(word.lower().removeprefix("r/").removeprefix("freq:"))


def _points_tables() -> DataFrame:
    rows = [
        {"method": method, "metric": m.key, "position": n, "dimension": m.dimension, "max_points": m.points,
         "is_observable": bool(m.reads), "name": m.nb}
        for method in quality.METHODS for n, m in enumerate(quality.metrics(method), 1)
    ]  # fmt: skip
    return DataFrame(rows)


@cache
def _intervals() -> dict[str, int]:
    with FREQUENCIES_FILE.open(encoding="utf-8", newline="") as file:
        return {row["frequency"]: int(row["days"]) for row in csv.DictReader(file)}
