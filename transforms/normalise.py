"""Records to tables: the latest parts merged into records, read by their table's module, masked, and held against the contract.

Every part that comes in is accounted for: it is a row, in quarantine, or a duplicate (a repeated part, or one merged into its record).
Claims are what a source says about itself and no rows; `claims` returns them. Nothing of a source's text leaves by the quarantine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from catalogue.reasons import Reason, dump, load, reason_from_json
from extractors.staging import part_of
from transforms import contracts, dates, privacy
from transforms.contracts import COLUMNS, DTYPES, OWN, QUARANTINE
from transforms.datasets import normalise_datasets
from transforms.drafts import Draft, text_of
from transforms.exceptions import TransformError
from transforms.journals import normalise_cases, normalise_journal_entries
from transforms.meetings import normalise_agenda_items, normalise_meetings
from transforms.notices import normalise_notices
from transforms.pages import normalise_pages
from transforms.privacy import Tier
from transforms.registers import normalise_register_facts

TABLE_OF = {
    "journal_entry": "journal_entries", "case": "cases", "meeting": "meetings", "agenda_item": "agenda_items", "dataset": "datasets",
    "page": "pages", "notice": "notices", "register_fact": "register_facts",
}  # fmt: skip
MODULES: dict[str, Callable[..., Draft]] = {
    "journal_entries": normalise_journal_entries, "cases": normalise_cases, "meetings": normalise_meetings,
    "agenda_items": normalise_agenda_items, "pages": normalise_pages, "datasets": normalise_datasets,
    "notices": normalise_notices, "register_facts": normalise_register_facts,
}  # fmt: skip
# What a take-down removes; key, dates and where it came from stay.
TAKEN_DOWN = {
    "journal_entries": ("title", "case_title", "sender", "recipient", "class_code"), "cases": ("title",),
    "agenda_items": ("title", "text", "decision"), "pages": ("title", "text", "breadcrumb", "link_text"),
    "notices": ("title", "text", "winners"),
}  # fmt: skip
NOT_HASHED = ("title_lower",)
PLACE = ["source", "kind", "key"]


@dataclass(frozen=True)
class Normalised:
    """`tables` by name, each keeping its contract; `quarantine` with reasons. `rows_in` counts parts (claims apart), `rows_out` the
    rows of the tables (distributions hang on datasets and are not counted), `duplicates` the parts repeated or merged away."""

    tables: dict[str, DataFrame]
    quarantine: DataFrame
    rows_in: int
    rows_out: int
    duplicates: int


def normalise(
    rows: DataFrame,
    *,
    today: date,
    takedowns: frozenset[tuple[str, str]] = frozenset(),
) -> Normalised:
    """Tables of staged rows.

    `rows`: columns of `extractors.staging.ENVELOPE`, all parts of each record that is to be written; `today` decides which entries are
    older than a year; `takedowns`: (source, key) whose rows lose title, text and parties. Raises TransformError when the sum does not hold.
    """
    parts = rows[rows["kind"] != "claim"].reset_index(drop=True)
    latest = _latest_parts(parts)
    records, unreadable = _records(latest[latest["kind"].isin(TABLE_OF)])
    quarantine = [unreadable, _troubles(latest[~latest["kind"].isin(TABLE_OF)])]
    tables = {table: contracts.empty(table) for table in COLUMNS}
    for kind, group in records.groupby("kind", sort=False):
        table = TABLE_OF[str(kind)]
        kept, refused = _held_against_contract(table, _expanded(group), MODULES[table], today, takedowns)
        tables |= kept
        quarantine.append(refused)
    rows_out = sum(len(frame) for table, frame in tables.items() if table != "distributions")
    refused = _quarantine(pd.concat(quarantine, ignore_index=True))
    duplicates = len(parts) - len(latest) + len(latest[latest["kind"].isin(TABLE_OF)]) - len(unreadable) - len(records)
    if len(parts) != rows_out + len(refused) + duplicates:
        out = f"{rows_out} rows, {len(refused)} in quarantine and {duplicates} duplicates"
        raise TransformError(f"{len(parts)} parts came in, {out} went out")
    return Normalised(tables, refused, len(parts), rows_out, duplicates)


def claims(rows: DataFrame) -> DataFrame:
    """What the sources state about themselves: source, authority, batch, captured_at, capture, about, scope, count."""
    said = rows[rows["kind"] == "claim"].reset_index(drop=True)
    fields = DataFrame.from_records([json.loads(p) for p in said["payload"]], index=said.index)
    return DataFrame(
        {
            **{c: said[c].astype(DTYPES["VARCHAR"]) for c in ("source", "authority", "batch", "capture")},
            "captured_at": dates.utc(said["captured_at"]), "about": text_of(fields, "about"), "scope": text_of(fields, "scope"),
            "count": pd.to_numeric(text_of(fields, "count"), errors="coerce").astype("Int64"),
        },
        index=said.index,
    )  # fmt: skip


def _latest_parts(parts: DataFrame) -> DataFrame:
    """Of each part of a record the latest one, oldest first; a row that moved in its list is the same part."""
    ordered = parts.sort_values(["batch", "captured_at"], kind="stable")
    shapes = {text: part_of({"kind": "", "key": "", "locator": text})[2] for text in ordered["locator"].fillna("").unique()}
    ordered = ordered.assign(part=ordered["locator"].fillna("").map(shapes))
    return ordered.drop_duplicates([*PLACE, "part"], keep="last")


def _records(parts: DataFrame) -> tuple[DataFrame, DataFrame]:
    """(merged records, parts whose payload is no JSON object). A later part's fields win; lists are replaced, but not by empty ones.

    A record's provenance is that of the part that carries most of its text, so that a quote can be found in that capture.
    """
    fields: dict[tuple[str, str, str], dict[str, Any]] = {}
    bearer: dict[tuple[str, str, str], tuple[int, int]] = {}
    unreadable = []
    columns = zip(parts["source"], parts["kind"], parts["key"], parts["payload"], strict=True)
    for position, (source, kind, key, payload) in enumerate(columns):
        try:
            said = json.loads(payload)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            unreadable.append(position)
            continue
        place = (source, kind, key)
        merged = fields.setdefault(place, {})
        merged.pop("withdrawn", None)
        merged.update((name, value) for name, value in said.items() if value is not None and (value != [] or name not in merged))
        length = sum(len(v) for name in ("title", "text", "decision", "description") if isinstance(v := said.get(name), str))
        if place not in bearer or length >= bearer[place][0]:
            bearer[place] = (length, position)
    chosen = parts.iloc[[position for _, position in bearer.values()]].assign(fields=list(fields.values()))
    refused = parts.iloc[unreadable].assign(reason=dump([Reason("payload_broken")]))
    return chosen.reset_index(drop=True), refused


def _troubles(parts: DataFrame) -> DataFrame:
    """Answers the extractors could not read, and rows of a kind nobody knows, with their reasons."""
    reasons = []
    for kind, payload in zip(parts["kind"], parts["payload"], strict=True):
        try:
            said = json.loads(payload) if kind == "trouble" else {}
        except ValueError:
            said = {}
        found = reason_from_json(said["reason"]) if "reason" in said else Reason("payload_broken" if kind == "trouble" else "kind_unknown")
        reasons.append(dump([_masked(found)]))
    return parts.assign(reason=Series(reasons, index=parts.index, dtype=DTYPES["VARCHAR"]))


def _masked(reason: Reason) -> Reason:
    """The reason, its values masked: they hold no text of a source, and should one ever do, it stops here."""
    values = {
        name: _masked(value) if isinstance(value, Reason) else privacy.mask(value, Tier.TEXT).text if isinstance(value, str) else value
        for name, value in reason.values.items()
    }
    return Reason(reason.code, **values)


def _expanded(records: DataFrame) -> DataFrame:
    """Records with a column for each field."""
    records = records.reset_index(drop=True)
    fields = DataFrame.from_records(list(records["fields"]), index=records.index)
    clash = [c for c in fields.columns if c in records.columns]
    return records.drop(columns=["fields", "payload", "leftovers"]).join(fields.drop(columns=clash)).assign(payload=records["payload"])


def _held_against_contract(
    table: str, records: DataFrame, module: Callable[..., Draft], today: date, takedowns: frozenset[tuple[str, str]]
) -> tuple[dict[str, DataFrame], DataFrame]:
    """({table: rows that keep the contract, and what hangs on them}, the records that do not, with the reason)."""
    draft = module(records, today=today)
    frame = draft.frame.assign(**{k: v for k, v in _common(records).items() if k not in draft.frame})
    if "masked" in OWN[table]:
        frame["masked"] = draft.masked
    if "withdrawn" in OWN[table]:
        by_source = records["withdrawn"].eq(True) if "withdrawn" in records else Series(False, index=records.index)
        taken_down = [pair in takedowns for pair in zip(records["source"], records["key"], strict=True)]
        frame["withdrawn"] = (by_source | Series(taken_down, index=records.index)).astype("boolean")
        gone = frame["withdrawn"].astype(bool)
        for column in TAKEN_DOWN[table]:
            frame[column] = frame[column].astype(DTYPES["VARCHAR"]).mask(gone)
        for column in ("characters", "masked"):
            if column in frame:
                frame[column] = frame[column].mask(gone, 0)
    if "title_lower" in OWN[table]:
        frame["title_lower"] = frame["title"].str.lower()
    if table == "agenda_items":
        frame["meeting"] = ids(records["source"], frame["meeting_key"])
    typed = with_hash(table, contracts.typed(frame, COLUMNS[table]))
    broken = contracts.broken(table, typed)
    reasons = draft.reasons.astype(DTYPES["VARCHAR"]).where(draft.reasons != "", broken)
    is_kept = reasons == ""
    tables = {table: typed[is_kept].reset_index(drop=True)}
    for further, hanging in draft.further.items():
        tables[further] = _hanging(further, hanging, records[is_kept], typed[is_kept])
    return tables, records[~is_kept].assign(reason=reasons[~is_kept])


def _common(records: DataFrame) -> dict[str, Series]:
    human = text_of(records, "source_url")
    return {
        "id": ids(records["source"], records["key"]), "authority": records["authority"], "source": records["source"], "key": records["key"],
        "url": human.fillna(records["url"].astype(DTYPES["VARCHAR"])), "capture": records["capture"], "locator": records["locator"],
        "captured_at": dates.utc(records["captured_at"]), "batch": records["batch"],
    }  # fmt: skip


def _hanging(table: str, rows: DataFrame, records: DataFrame, owners: DataFrame) -> DataFrame:
    """Rows that hang on others (distributions on datasets): provenance of the owner, key of the owner and the position."""
    rows = rows[rows.index.isin(records.index)]
    owned = owners.loc[rows.index]
    keys = owned["key"].reset_index(drop=True) + "#" + rows["position"].reset_index(drop=True).astype(DTYPES["VARCHAR"])
    frame = owned[["authority", "source", "url", "capture", "locator", "captured_at", "batch"]].reset_index(drop=True)
    frame = frame.assign(**{name: rows[name].reset_index(drop=True) for name in rows}, dataset=owned["id"].reset_index(drop=True), key=keys)
    frame["id"] = ids(frame["source"], frame["key"])
    return with_hash(table, contracts.typed(frame, COLUMNS[table]))


def ids(sources: Series, keys: Series) -> Series:
    """The id of each row: the first 16 hexadecimal digits of sha256("source|key"); missing where the key is."""
    values = [
        None if pd.isna(k) else hashlib.sha256(f"{s}|{k}".encode()).hexdigest()[:16] for s, k in zip(sources, keys, strict=True)
    ]
    return Series(values, index=sources.index, dtype=DTYPES["VARCHAR"])


def with_hash(table: str, frame: DataFrame) -> DataFrame:
    """The typed frame with `content_hash`: sha256 over the table's own columns, after masking."""
    own = [frame[name].astype("object").where(frame[name].notna(), None) for name in OWN[table] if name not in NOT_HASHED]
    own = [frame["authority"], *own] if table in ("datasets", "notices") else own
    texts = ("\x1f".join("" if v is None else str(v) for v in values) for values in zip(*own, strict=True))
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    return frame.assign(content_hash=Series(hashes, index=frame.index, dtype=DTYPES["VARCHAR"]))[list(COLUMNS[table])]


def _quarantine(parts: DataFrame) -> DataFrame:
    """Refused parts as rows of the quarantine: where they came from and why, hashes in place of key and payload."""
    place = parts["source"] + "|" + parts["kind"] + "|" + parts["key"] + "|" + parts["part"] + "|" + parts["batch"]
    frame = parts.assign(
        id=_hashes(place, 16), key_hash=_hashes(parts["key"], 16), payload_hash=_hashes(parts["payload"], 64),
        captured_at=dates.utc(parts["captured_at"]), reason_code=[load(reason)[0].code for reason in parts["reason"]],
    )  # fmt: skip
    return contracts.typed(frame, QUARANTINE)


def _hashes(texts: Series, length: int) -> Series:
    return Series([hashlib.sha256(str(t).encode()).hexdigest()[:length] for t in texts], index=texts.index, dtype=DTYPES["VARCHAR"])
