"""One dataset that came by several roads: which rows tell of the same one (PORTALS 0.3). Pure, from the tables' own rows.

Rules, surest first: the dataset's own address; an identifier that is unique in the world; an address where it can be read or fetched, when
the titles share a word; the title. Only rows of one publisher are ever put together, and by the last two rules never two rows of one
source: a page may hold many datasets, and a title may be used twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import pandas as pd
from pandas import DataFrame, Series

from transforms.contracts import DTYPES

RULES = ("uri", "identifier", "address", "title")
WEAK = ("address", "title")
# Also ArcGIS' own form, a layer's number behind it.
GUID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}(?:_\d+)?)(?![0-9a-f-])", re.I)
WORD = re.compile(r"\w{4,}")
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def roads(
    datasets: DataFrame, distributions: DataFrame, *, owners: Mapping[str, str], successors: Mapping[str, tuple[str, ...]]
) -> DataFrame:  # fmt: skip
    """One row per dataset row: dataset, dataset_group (the id of its main row), is_main, matched_by (a rule; missing when alone or main),
    body_today (what became of its publisher).

    `datasets` and `distributions` as in `core` (with `first_seen`); `owners`: source → the body whose source it is; `successors`: dissolved
    body → the bodies that came after it. The main row is the one seen first, by the day; of one day the one of the publisher's own
    source; then the one with the smallest id.
    """
    rows = datasets.sort_values("id").to_dict("records")
    addresses = _addresses(distributions)
    groups = _Groups(str(r["source"]) for r in rows)
    publishers = [body_of_today(str(r["authority"]), successors) for r in rows]
    for rule in RULES:
        holders: dict[Hashable, list[int]] = defaultdict(list)
        for n, row in enumerate(rows):
            for key in dict.fromkeys(_keys(rule, row, addresses.get(row["id"], ()))):
                holders[(publishers[n], key)].append(n)
        for members in holders.values():
            if len(members) > 1 and (rule != "address" or _share_a_word(rows[n]["title"] for n in members)):
                groups.join(members, rule)
    frame = DataFrame(
        {
            "dataset": [r["id"] for r in rows], "group": [groups.of(n) for n in range(len(rows))], "matched_by": groups.rules,
            "body_today": publishers,
            "day": pd.to_datetime([r["first_seen"] for r in rows]).normalize(),
            "is_others": [owners.get(str(r["source"])) != r["authority"] for r in rows],
        }
    )  # fmt: skip
    frame = frame.sort_values(["group", "day", "is_others", "dataset"], kind="stable")
    frame["dataset_group"] = frame.groupby("group")["dataset"].transform("first")
    frame["is_main"] = frame["dataset"] == frame["dataset_group"]
    frame["matched_by"] = Series(frame["matched_by"], dtype=DTYPES["VARCHAR"]).mask(frame["is_main"])
    return frame[["dataset", "dataset_group", "is_main", "matched_by", "body_today"]].sort_values("dataset").reset_index(drop=True)


def body_of_today(number: str, successors: Mapping[str, tuple[str, ...]]) -> str:
    """The one body that a dissolved one became; the number itself when it lives, was split, or is not known."""
    seen = {number}
    while len(after := successors.get(number, ())) == 1 and after[0] not in seen:
        number = after[0]
        seen.add(number)
    return number


def normal_address(text: object) -> str | None:
    """An address without scheme, `www.`, default port, fragment and last slash, the host in small letters; None for anything else."""
    if not isinstance(text, str) or "://" not in text:
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    host = parts.netloc.lower().removesuffix(DEFAULT_PORTS.get(parts.scheme.lower(), "")).removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}" if host else None


def _keys(rule: str, row: Mapping[Hashable, object], addresses: Iterable[str]) -> Iterator[str]:
    if rule == "uri":
        # A key that is itself an address is the dataset's own.
        yield from (a for a in map(normal_address, (row["uri"], row["key"])) if a and "/" in a)
    elif rule == "identifier":
        for text in (row["uri"], row["key"]):
            if isinstance(text, str) and (found := GUID.findall(text)):
                yield found[-1].lower()
    elif rule == "address":
        own = map(normal_address, (row["landing_page"], row["url"], row["uri"]))
        yield from (a for a in (*own, *addresses) if a and "/" in a)
    elif isinstance(row["title"], str) and (title := " ".join(row["title"].casefold().split()).strip(" .")):
        yield title


def _addresses(distributions: DataFrame) -> dict[str, list[str]]:
    """The addresses of each dataset's distributions."""
    found: dict[str, list[str]] = defaultdict(list)
    for column in ("access_url", "download_url"):
        given = distributions[["dataset", column]].dropna()
        for dataset, text in zip(given["dataset"], given[column], strict=True):
            if address := normal_address(text):
                found[dataset].append(address)
    return found


def _share_a_word(titles: Iterable[object]) -> bool:
    words = [set(WORD.findall(t.casefold())) for t in titles if isinstance(t, str)]
    return bool(words) and bool(set.intersection(*words))


class _Groups:
    """Rows put together. `rules` says for each row which rule first put it with others."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.sources = [{source} for source in sources]
        self.group = list(range(len(self.sources)))
        self.members = [[n] for n in self.group]
        self.rules: list[str | None] = [None for _ in self.group]

    def of(self, row: int) -> int:
        return self.group[row]

    def join(self, rows: Iterable[int], rule: str) -> None:
        """Put the groups of these rows together; by a weak rule only when no source would then be in the group twice."""
        rows = list(rows)
        found = sorted({self.group[n] for n in rows})
        if len(found) < 2:
            return
        if rule in WEAK and sum(len(self.sources[g]) for g in found) > len(set().union(*(self.sources[g] for g in found))):
            return
        for n in rows:
            self.rules[n] = self.rules[n] or rule
        first, *others = found
        for other in others:
            for n in self.members[other]:
                self.group[n] = first
            self.members[first] += self.members[other]
            self.sources[first] |= self.sources[other]
