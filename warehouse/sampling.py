"""How many initiatives flagging misses: a random sample of what was not flagged, read among flagged ones by people who cannot tell which.

The sample is an entry of the decision log, and so are the decisions; nothing of it is in the database, so a rebuild changes nothing.
How it is drawn and what is made of it: docs/utvalg.md.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from catalogue import terms
from catalogue.rubric import Rubric
from transforms.documents import SOURCE_TYPES, TYPE_OF_PLATFORM, documents
from transforms.intervals import Figure, found_of, weighted_sum, wilson
from warehouse.decisions import digest, standing_reviews
from warehouse.exceptions import NothingToSample, TextGone, UnknownSample
from warehouse.store import first

UNITS = Path(__file__).with_suffix(".sql")
TABLES = ("pages", "agenda_items", "journal_entries", "datasets", "notices")
FLAGGED, NEAR, FAR = "flagged", "near", "far"
ANSWERS = ("yes", "unsure", "no")
# Neyman's rule gives a stratum readings by its size times sqrt(p(1 - p)). What is missed is thought some ten times as common (say 5 of 100
# against 5 of 1,000) among texts in which a practice's term stands as among the rest: three times the readings per text.
SHARE_NEAR, LEAST = 3.0, 5
LETTERS, BETWEEN = "a-z0-9æøåáčđŋšŧž", r"[ \n–-]+"

Item = dict[str, Any]


def draw(
    connection: duckdb.DuckDBPyConnection, rubric: Rubric, *, size: int, candidates: int, seed: int,
    selection: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A stratified random sample of what the read copy holds: `size` texts that were not flagged and `candidates` that were.

    Strata of the former are source type × whether a practice's term stands in the text, of the latter the answer. Which of a stratum are
    drawn, and the order they are read in, follow from hashes of the seed and the identifiers: the same copy and seed give the same sample.
    Returns what goes into the decision log. Raises NothingToSample when nothing is left unflagged.
    """
    connection.execute(UNITS.read_text(encoding="utf-8"), {"pattern": pattern_of(rubric)})
    held = _units(connection)
    if not any(stratum["kind"] != FLAGGED for stratum in held.values()):
        raise NothingToSample("nothing the rubric has judged is left unflagged; harvest and flag first")
    for kinds, wanted in (((NEAR, FAR), size), ((FLAGGED,), candidates)):
        mine = {key: len(s["ids"]) for key, s in held.items() if s["kind"] in kinds}
        for key, n in allocate(wanted, mine, {key for key in mine if held[key]["kind"] == NEAR}).items():
            held[key]["drawn"] = sorted(held[key]["ids"], key=lambda i: _dice(seed, i))[:n]
    chosen = {i: key for key, stratum in held.items() for i in stratum["drawn"]}
    items = [row | {"stratum": chosen[row["document_id"]]} for row in _rows(connection, list(chosen))]
    strata = sorted(held.items(), key=lambda pair: (pair[1]["kind"] == FLAGGED, pair[0]))
    drawn = {
        "seed": seed, "size": size, "candidates": candidates, "selection": dict(selection or {}), "rubric": rubric.version,
        "strata": [{"key": key, "kind": s["kind"], "units": len(s["ids"]), "drawn": len(s["drawn"])} for key, s in strata],
    }  # fmt: skip
    identity = f"S{digest([drawn, sorted(items, key=lambda i: i['document_id'])])[:8]}"
    for item in items:
        item["id"] = "U" + hashlib.sha256(f"{identity}|{item['document_id']}".encode()).hexdigest()[:10]
    return {"id": identity, **drawn, "items": sorted(items, key=lambda i: _dice(seed, i["id"]))}


def allocate(wanted: int, units: Mapping[str, int], near: Iterable[str] = ()) -> dict[str, int]:
    """How many to draw of each stratum: LEAST of each (all, where there are fewer), the rest by size, those `near` weighing SHARE_NEAR."""
    weights = {key: n * (SHARE_NEAR if key in set(near) else 1.0) for key, n in units.items()}
    given = {key: min(n, LEAST, max(1, wanted // max(1, len(units)))) for key, n in units.items()}
    while (left := min(wanted, sum(units.values())) - sum(given.values())) > 0:
        open_ones = sorted((k for k in units if given[k] < units[k]), key=lambda k: (-weights[k] / (given[k] + 0.5), k))
        total = sum(weights[k] for k in open_ones)
        for key in open_ones:
            more = min(units[key] - given[key], max(1, int(left * weights[key] / total)), wanted - sum(given.values()))
            given[key] += max(0, more)
    return given


def pattern_of(rubric: Rubric) -> str:
    """One RE2 pattern over lower case that finds the texts in which a practice's term stands. Letters are listed: a class of all Unicode's
    letters, for each of some thousand terms, is more than RE2 takes."""
    phrases = {phrase for practice in rubric.practices for phrase in practice.terms.all()}
    found = sorted({BETWEEN.join(_words(terms.words(phrase))) for phrase in phrases})
    return f"(?:^|[^{LETTERS}])(?:{'|'.join(found)})"


def _words(words: Sequence[terms.Word]) -> Iterator[str]:
    for place, word in enumerate(words, 1):
        bare = re.escape(word.text.lower())
        if word.kind == terms.EXACT:
            yield f"{bare}(?:[^{LETTERS}]|$)" if place == len(words) else bare
        else:
            yield f"{f'[{LETTERS}]*' if word.kind == terms.INSIDE else ''}{bare}[{LETTERS}]*"


def _dice(seed: int, identity: str) -> str:
    return hashlib.sha256(f"{seed}|{identity}".encode()).hexdigest()


def _units(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """The strata: `kind` and `ids` of all their texts, none drawn yet."""
    kinds = " ".join(f"WHEN '{table}' THEN '{SOURCE_TYPES[table]}'" for table in TABLES)
    platforms = " ".join(f"WHEN '{platform}' THEN '{kind}'" for platform, kind in TYPE_OF_PLATFORM.items())
    rows = connection.execute(
        f"""SELECT CASE split_part(source, '/', 1) {platforms} ELSE CASE document_table {kinds} END END AS source_type,
                   CASE WHEN is_near THEN '{NEAR}' ELSE '{FAR}' END AS kind, id
            FROM units WHERE NOT is_flagged AND NOT of_found AND first
            UNION ALL
            SELECT c.is_contribution, '{FLAGGED}', u.id FROM ogp.candidates c
            JOIN ogp.candidate_documents d ON d.candidate = c.id AND d.role = 'main' JOIN units u ON u.id = d.document_id
            ORDER BY ALL"""
    ).fetchall()
    held: dict[str, dict[str, Any]] = {}
    for of, kind, identity in rows:
        key = f"{FLAGGED}:{of}" if kind == FLAGGED else f"{of}:{kind}"
        held.setdefault(key, {"kind": kind, "ids": [], "drawn": []})["ids"].append(identity)
    return held


def _rows(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[Item]:
    """The texts of these documents as the log tells of them: no word of them, but the hash of what is to be read."""
    return [
        {name: row[name] for name in ("document_id", "document_table", "authority", "source", "text_hash")}
        for row in texts(connection, ids)
    ]  # fmt: skip


def texts(connection: duckdb.DuckDBPyConnection, ids: Sequence[str] | None = None) -> list[Item]:
    """The documents of the copy (columns of `transforms.documents`, `id` and the body's name), all or these, as they are judged."""
    which = "" if ids is None else "WHERE id IN (SELECT unnest($ids::VARCHAR[]))"
    values = {} if ids is None else {"ids": list(ids)}
    frames = {table: connection.execute(f"FROM core.{table} {which} ORDER BY id", values).df() for table in TABLES}
    frames["meetings"] = connection.execute("FROM core.meetings WHERE id IN (SELECT meeting FROM core.agenda_items)").df()
    found = documents(frames)
    names = dict(connection.execute("SELECT orgnr, name FROM core.authorities").fetchall())
    found = found[(found["document_table"] != "meetings") & found["authority"].isin(names)]
    return [{**_plain(row), "id": row["document_id"], "body": names[row["authority"]]} for row in found.to_dict("records")]


def _plain(row: Mapping[Any, Any]) -> Item:
    """What is missing is None; moments and days are ISO text."""
    plain = {str(k): None if v is None or v != v else v for k, v in row.items()}
    return {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in plain.items()}


def samples(entries: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The samples of the decision log by identifier, in the order they were drawn, each with when (`at`)."""
    return {e["data"]["id"]: {**e["data"], "at": e["at"]} for e in entries if e["kind"] == "sample"}


def chosen(entries: Iterable[Mapping[str, Any]], identity: str | None = None) -> dict[str, Any]:
    """The sample of that identifier, or the last. Raises UnknownSample."""
    known = samples(entries)
    if identity is not None and identity not in known:
        there = ", ".join(known) or "–"
        raise UnknownSample(f"no sample is called {identity}; there are {there}", "named", id=identity, known=there)
    if not known:
        raise UnknownSample("no sample has been drawn; `dagslys sample` draws one", "none")
    return known[identity or list(known)[-1]]


def decided(entries: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The decision that stands for each text of a sample."""
    return standing_reviews(e for e in entries if e["kind"] == "reading")


def waiting(connection: duckdb.DuckDBPyConnection, entries: Sequence[Mapping[str, Any]], limit: int) -> list[Item]:
    """What is left to read of the last sample, in its order: `id`, `body` and `title`, and nothing that tells whether it was flagged."""
    if not (known := samples(entries)):
        return []
    done = decided(entries)
    left = [item for item in known[list(known)[-1]]["items"] if item["id"] not in done]
    told = {row["document_id"]: row for row in texts(connection, [item["document_id"] for item in left])}
    there = [(item, told[item["document_id"]]) for item in left if item["document_id"] in told]
    return [{"id": i["id"], "body": row["body"], "title": row["title"]} for i, row in there if row["text_hash"] == i["text_hash"]][:limit]


def read_blind(connection: duckdb.DuckDBPyConnection, entries: Sequence[Mapping[str, Any]]) -> set[str]:
    """The candidates that wait to be read in the last sample: told of elsewhere in the queue, they would be known there."""
    if not (known := samples(entries)):
        return set()
    done = decided(entries)
    left = [item["document_id"] for item in known[list(known)[-1]]["items"] if item["id"] not in done]
    found = connection.execute(
        """SELECT candidate FROM ogp.candidate_documents
           WHERE role = 'main' AND document_id IN (SELECT unnest($ids::VARCHAR[]))""",
        {"ids": left},
    )
    return {row[0] for row in found.fetchall()}


def load(connection: duckdb.DuckDBPyConnection, entries: Sequence[Mapping[str, Any]], identity: str) -> Item:
    """One text of a sample as its reader sees it: the same fields whether it was flagged or not, and none that tells.

    Raises UnknownSample, and TextGone when the text was changed or taken down since it was drawn.
    """
    for sample in samples(entries).values():
        if item := next((i for i in sample["items"] if i["id"] == identity), None):
            row = next(iter(texts(connection, [item["document_id"]])), None)
            if row is None or row["text_hash"] != item["text_hash"]:
                raise TextGone(f"the text of {identity} was changed or taken down since it was drawn; it counts as not read", id=identity)
            sha256 = first(connection, "SELECT sha256 FROM raw.captures WHERE capture = ?", [row["capture"]])
            kept = ("body", "authority", "title", "text", "date", "language", "source_type", "url", "capture", "captured_at", "text_hash")
            said = decided(entries).get(identity)
            return {"id": identity, "sample": sample["id"], **{k: row[k] for k in kept}, "sha256": sha256[0] if sha256 else None,
                    "review": {k: said[k] for k in ("decision", "note", "reviewer", "at")} if said else None}  # fmt: skip
    raise UnknownSample(f"no text of a sample is called {identity}; `dagslys review` lists those that wait", "item", id=identity)


def estimate(sample: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the decisions about a sample tell: how many initiatives are `missed` among the unflagged, `precision` of the flags and `recall`,
    each with a 95 % interval; `recall_yes` and `precision_yes` when only candidates answered yes count as flagged.

    Null while a stratum has no decision. `missing` is how many decisions are lacking, `unsure` how many of them because the reader was;
    `strata` and `rows` (every text decided on, with the weight it stands for) show what it is made of.
    """
    said = decided(entries)
    rows, strata = [], []
    parts: dict[str, tuple[float, Figure]] = {}
    for stratum in sample["strata"]:
        mine = [(item, said.get(item["id"], {}).get("decision")) for item in sample["items"] if item["stratum"] == stratum["key"]]
        count = Counter(decision for _, decision in mine)
        n, hits = count["accept"] + count["reject"], count["accept"]
        share = wilson(hits, n, stratum["units"])
        parts[stratum["key"]] = (stratum["units"], share)
        strata.append({**stratum, "decided": n, "accepted": hits, "unsure": count["unsure"], "share": share.value if n else None,
                       "interval": [share.low, share.high]})  # fmt: skip
        weight = stratum["units"] / n if n else None
        rows += [{**item, "decision": d, "weight": None if d == "unsure" else weight} for item, d in mine if d]
    kind = {s["key"]: s["kind"] for s in sample["strata"]}
    yes = f"{FLAGGED}:yes"
    missed = weighted_sum(part for key, part in parts.items() if kind[key] != FLAGGED)
    found = weighted_sum(part for key, part in parts.items() if kind[key] == FLAGGED)
    found_yes = weighted_sum(part for key, part in parts.items() if key == yes)
    missed_yes = weighted_sum(part for key, part in parts.items() if key != yes)
    figures = {"missed": missed, "found": found, "recall": found_of(found, missed), "recall_yes": found_of(found_yes, missed_yes),
               "precision": _over(found, sum(s["units"] for s in sample["strata"] if s["kind"] == FLAGGED)),
               "precision_yes": _over(found_yes, sum(s["units"] for s in sample["strata"] if s["key"] == yes))}  # fmt: skip
    is_known = all(s["decided"] for s in strata)
    read = sum(s["decided"] for s in strata)
    return {
        "id": sample["id"], "at": sample["at"], "seed": sample["seed"], "rubric": sample["rubric"], "selection": sample["selection"],
        "items": len(sample["items"]), "decided": read, "unsure": sum(s["unsure"] for s in strata), "missing": len(sample["items"]) - read,
        **{name: figure.as_json() if is_known else None for name, figure in figures.items()}, "strata": strata, "rows": rows,
    }  # fmt: skip


def _over(figure: Figure, units: int) -> Figure:
    return Figure(*(value / units for value in (figure.value, figure.low, figure.high))) if units else Figure(0.0, 0.0, 1.0)


def as_decision(item: Mapping[str, Any], decision: str, *, reason: str, note: str, reviewer: str) -> dict[str, Any]:
    """The record of a reading for the decision log; `candidate` is the text read, whichever it was."""
    return {"candidate": item["id"], "sample": item["sample"], "text_hash": item["text_hash"], "decision": decision, "reason": reason,
            "note": note, "reviewer": reviewer}  # fmt: skip
