"""Shortlists: what is frozen when candidates are handed over, and what has happened since.

A frozen list holds all the dossier needs (HANDOVER section 4), so that it reads the same when the database has moved on. It is plain JSON
with a content hash; it is kept in the decision log and never changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import duckdb

from warehouse.decisions import DecisionLog, canonical, digest, standing_reviews
from warehouse.exceptions import LogTampered, NothingToFreeze, SchemaDrifted, UnknownShortlist
from warehouse.store import PUBLISHED, first

STAMP = "ikke gjennomgått"
JSON_COLUMNS = ("score_parts", "reasons", "checks", "counter_evidence", "ogp_values", "policy_areas", "commitments")
# What a quota may be counted within, and the candidate's column that says it. A group that is not known is nobody's: it fills no quota.
QUOTAS = {"size": "size", "county": "county_name", "kostra": "kostra_group"}

Row = dict[str, Any]


def freeze(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: str,
    pillar: str | None = None,
    limit: int = 20,
    name: str = "",
    lang: str = "nb",
    now: datetime,
    reviews: Iterable[Mapping[str, Any]] | None = None,
    under: duckdb.DuckDBPyConnection | None = None,
    selection: Mapping[str, Any] | None = None,
    quota: str | None = None,
    at_most: int = 3,
) -> Row:
    """A frozen list of the candidates people accepted (`source` "accepted") or of those with the highest scores ("top", stamped STAMP).

    `limit` is per pillar; `reviews` are entries of the decision log (those the database was published with when None), so that a decision
    counts at once; a decision counts while the text is the one it judged. `under` is the same copy narrowed (warehouse.narrowed): its
    candidates and its coverage are taken, documents and comparable measures from the whole; `selection` says how it is narrowed.
    With `quota` (of QUOTAS) the best of each pillar are taken with `at_most` so many from one group, and the list says who came in and who
    was left out by it.
    Raises NothingToFreeze.
    """
    standing = standing_reviews(reviews if reviews is not None else _published_reviews(connection))
    candidates = _candidates(under or connection, pillar)
    plain = _chosen(candidates, standing, source, limit)
    chosen = _chosen(candidates, standing, source, limit, (QUOTAS[quota], at_most)) if quota else plain
    if not chosen:
        what = "accepted candidate" if source == "accepted" else "candidate"
        where = f" under {pillar}" if pillar else ""
        raise NothingToFreeze(f"there is no {what}{where} to put on a list; review some, or take --from top")
    gathered = _Gathered(connection, [c["id"] for c in chosen])
    frozen = {
        "name": name, "lang": lang, "source": source, "stamp": STAMP if source == "top" else None, "pillar": pillar, "limit": limit,
        "created_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "rubric": chosen[0]["rubric"], "model": chosen[0]["model"],
        "items": [_item(at, candidate, gathered, standing) for at, candidate in enumerate(chosen, 1)],
        "coverage": _coverage(under or connection, candidates, standing),
        "selection": dict(selection or {}), "quota": _told_quota(quota, at_most, plain, chosen) if quota else None,
        "known": [[c["id"], c["text_hash"], c["authority"], c["title"]] for c in candidates],
    }  # fmt: skip
    frozen = json.loads(canonical(_plain(frozen)))
    content = digest(frozen)
    return {"id": f"L{now.astimezone(UTC):%Y%m%d}-{content[:6]}", "content_hash": content, **frozen}


def surroundings(connection: duckdb.DuckDBPyConnection, candidate: Mapping[str, Any]) -> Row:
    """What a reader wants beside a candidate (a row of ogp.candidates): `comparable` work, `prevalence` of the practice ({with, read}), the
    names of bodies it is `shared_with`, `size` and `kostra_group` of the body, what was `unobserved` of it, and its `own_plans` for OGP."""
    return _plain(_Gathered(connection, [candidate["id"]]).around(dict(candidate), {}))


def is_intact(frozen: Mapping[str, Any]) -> bool:
    """Whether a frozen list is the one that was frozen: its content still gives its hash."""
    content = {k: v for k, v in frozen.items() if k not in ("id", "content_hash")}
    return digest(content) == frozen["content_hash"]


def refuse_changed(frozen: Mapping[str, Any], log: DecisionLog) -> None:
    """Raises LogTampered when a list of the log is not the one that was frozen: then nothing may be handed over.

    A list that a take-down has emptied no longer gives its hash; the chain of the log says whether it may look so.
    """
    if frozen.get("redacted"):
        log.verify()
    elif not is_intact(frozen):
        raise LogTampered(
            f"shortlist {frozen['id']} is not the one that was frozen: its content no longer gives the hash {frozen['content_hash'][:12]};"
            f" restore {log.path} from a backup, or freeze a new list",
            "list_changed", id=frozen["id"], path=log.path,
        )  # fmt: skip


def waiting(
    connection: duckdb.DuckDBPyConnection,
    *,
    reviews: Iterable[Mapping[str, Any]] | None = None,
    pillar: str | None = None,
    limit: int = 50,
) -> list[Row]:
    """The review queue: candidates nobody has judged, or whose text has changed since; the latter first, then by score.

    Each row is the candidate's columns with `body` and `why` ("new" or "changed").
    """
    standing = standing_reviews(reviews if reviews is not None else _published_reviews(connection))
    found: list[Row] = []
    for candidate in _candidates(connection, pillar):
        review = standing.get(candidate["id"])
        if review is None or review["text_hash"] != candidate["text_hash"]:
            found.append({**_plain(candidate), "why": "changed" if review else "new"})
    return sorted(found, key=lambda c: (c["why"] != "changed", -(c["score"] or 0.0), c["id"]))[:limit]


def whats_new(
    connection: duckdb.DuckDBPyConnection,
    since: str,
    *,
    under: duckdb.DuckDBPyConnection | None = None,
    until: date | None = None,
    frozen: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Candidates that are new, changed and gone since a shortlist (by id) or a day (YYYY-MM-DD): id, body, title, pillar, score.

    A list froze every candidate there was under its pillar. Since a day, new and changed are told by when the sources were read, and gone
    are those that a list or a review named before that day. `under` is the same copy narrowed: only candidates and bodies it holds are
    told of; `until` leaves out what was read after that day; `frozen` is the list as the decision log has it, which may be younger than
    the copy. Raises UnknownShortlist.
    """
    end = datetime.combine(until, time.max) if until else datetime.max
    if not frozen and (row := first(connection, "SELECT known, pillar FROM ogp.shortlists WHERE id = ?", [since])):
        frozen = {"known": json.loads(row[0]), "pillar": row[1]}
    if frozen:
        known = {entry[0]: entry for entry in frozen["known"]}
        now = {c["id"]: c for c in _candidates(under or connection, frozen["pillar"])}
        new = [c for i, c in now.items() if i not in known and (c["first_seen"] or datetime.min) <= end]
        changed = [c for i, c in now.items() if i in known and known[i][1] != c["text_hash"] and (c["changed_at"] or datetime.min) <= end]
        return {"since": since, "new": _told(new), "changed": _told(changed), "gone": _gone(connection, known, under)}
    try:
        day = datetime.fromisoformat(since) if len(since) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise UnknownShortlist(f"{since} is no day (YYYY-MM-DD) and no shortlist; `dagslys shortlist list` names them", since=since)
    now = _candidates(under or connection, None)
    new = [c for c in now if c["first_seen"] and day <= c["first_seen"] <= end]
    changed = [c for c in now if c["first_seen"] and c["first_seen"] < day <= c["changed_at"] <= end]
    return {"since": since, "new": _told(new), "changed": _told(changed), "gone": _gone(connection, _named_before(connection, day), under)}


def _named_before(connection: duckdb.DuckDBPyConnection, day: datetime) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for candidate, text_hash in connection.execute("SELECT candidate, text_hash FROM ogp.reviews WHERE decided_at < ?", [day]).fetchall():
        named[candidate] = [candidate, text_hash, None, None]
    for (known,) in connection.execute("SELECT known FROM ogp.shortlists WHERE frozen_at < ? ORDER BY frozen_at", [day]).fetchall():
        named |= {entry[0]: entry for entry in json.loads(known)}
    return named


def _told(candidates: list[Row]) -> list[Row]:
    ordered = sorted(candidates, key=lambda c: (-(c["score"] or 0.0), c["id"]))
    return [{name: c[name] for name in ("id", "body", "title", "pillar", "score")} for c in ordered]


def _gone(
    connection: duckdb.DuckDBPyConnection, known: Mapping[str, list[Any]], under: duckdb.DuckDBPyConnection | None
) -> list[Row]:  # fmt: skip
    now = {row[0] for row in connection.execute("SELECT id FROM ogp.candidates").fetchall()}
    names = dict((under or connection).execute("SELECT orgnr, name FROM core.authorities").fetchall())
    return [
        {"id": i, "body": names.get(entry[2], entry[2]), "title": entry[3], "pillar": None, "score": None}
        for i, entry in sorted(known.items())
        if i not in now and (under is None or entry[2] in names)
    ]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> list[Row]:
    """The rows of an answer. Raises SchemaDrifted for a copy of before the tables that are asked."""
    try:
        answer = connection.execute(sql, values)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        problem = "the read copy was published with other tables than are asked; run `dagslys flag`"
        raise SchemaDrifted(problem, name=PUBLISHED.name) from error
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _published_reviews(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    rows = _rows(connection, "FROM ogp.reviews ORDER BY entry")
    return [{"entry": row["entry"], "at": row["decided_at"].isoformat(), "data": row} for row in rows]


def _candidates(connection: duckdb.DuckDBPyConnection, pillar: str | None) -> list[Row]:
    """Every candidate with its body's name, JSON columns read, in the plan's order of pillars and by score."""
    rows = _rows(
        connection,
        """SELECT c.*, coalesce(a.name, c.authority) AS body, a.county_name, nullif(g.size, 'unknown') AS size, g.kostra_group
           FROM ogp.candidates c LEFT JOIN core.authorities a ON a.orgnr = c.authority
           LEFT JOIN core.body_groups g ON g.orgnr = c.authority LEFT JOIN ogp.pillars p ON p.key = c.pillar
           WHERE $pillar IS NULL OR c.pillar = $pillar
           ORDER BY p.position NULLS LAST, c.pillar, c.proposed DESC, c.score DESC, c.id""",
        {"pillar": pillar},
    )
    return [{k: json.loads(v) if k in JSON_COLUMNS and v else v for k, v in row.items()} for row in rows]


def _chosen(
    candidates: list[Row], standing: Mapping[str, Row], source: str, limit: int, quota: tuple[str, int] | None = None
) -> list[Row]:
    """The best of each pillar. `quota` is a column and how many of a pillar may have the same value in it."""

    def decision(candidate: Row) -> str | None:
        review = standing.get(candidate["id"])
        return review["decision"] if review and review["text_hash"] == candidate["text_hash"] else None

    held: Counter[Any] = Counter()
    chosen = []
    for candidate in candidates:
        said, pillar = decision(candidate), candidate["pillar"]
        group = (pillar, candidate[quota[0]]) if quota and candidate[quota[0]] else None
        is_full = held[pillar] >= limit or (group is not None and quota is not None and held[group] >= quota[1])
        if (said == "accept" if source == "accepted" else said != "reject") and not is_full:
            held.update([pillar, group] if group else [pillar])
            chosen.append(candidate)
    return chosen


def _told_quota(quota: str, at_most: int, plain: list[Row], chosen: list[Row]) -> Row:
    """What the quota did: how many of each group are on the list, who came in by it and who was left out of the plain list."""

    def those(some: list[Row], others: list[Row]) -> list[Row]:
        ids = {c["id"] for c in others}
        return [{n: c[n] for n in ("id", "body", "title", "pillar", "score")} for c in some if c["id"] not in ids]

    groups = Counter(str(c[QUOTAS[quota]] or "unknown") for c in chosen)
    return {"group": quota, "at_most": at_most, "by_group": dict(sorted(groups.items())), "taken_in": those(chosen, plain),
            "left_out": those(plain, chosen)}  # fmt: skip


class _Gathered:
    """What the tables say about the chosen candidates, by candidate, body and practice."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, ids: list[str]) -> None:
        self.bodies = {row["orgnr"]: row for row in _rows(connection, "FROM core.authorities")}
        self.practices = {row["slug"]: row for row in _rows(connection, "FROM ogp.practices")}
        self.commitments = {row["id"]: row for row in _rows(connection, "FROM ogp.commitments")}
        self.documents: dict[str, list[Row]] = {}
        for row in _rows(connection, DOCUMENTS, {"ids": ids}):
            self.documents.setdefault(row.pop("candidate"), []).append(row)
        self.evidence: dict[str, list[Row]] = {}
        for row in _rows(connection, EVIDENCE, {"ids": ids}):
            self.evidence.setdefault(row.pop("candidate"), []).append(row)
        self.comparables: dict[str, list[Row]] = {}
        for row in _rows(connection, COMPARABLES, {"ids": ids}):
            self.comparables.setdefault(row.pop("kandidat"), []).append(row)
        self.groups = {row["orgnr"]: row for row in _rows(connection, "FROM core.body_groups")}
        self.prevalence = {row["praksis"]: row for row in _rows(connection, "FROM main.utbredelse")}
        self.unobserved: dict[str, list[Row]] = {}
        for row in _rows(connection, UNOBSERVED, {"ids": ids}):
            self.unobserved.setdefault(row.pop("organisasjonsnummer"), []).append(row)
        self.own_plans: dict[str, list[Row]] = {}
        for row in _rows(connection, OWN_PLANS, {"ids": ids}):
            self.own_plans.setdefault(row.pop("authority"), []).append(row)

    def around(self, candidate: Row, standing: Mapping[str, Row]) -> Row:
        """What stands beside a candidate: see `surroundings`."""
        authority = candidate["authority"]
        shared = [orgnr for orgnr in (candidate.get("shared_with") or "").split("; ") if orgnr]
        return {
            "comparable": self.comparable(candidate, standing), "prevalence": self.prevalence_of(candidate["practice"]),
            "shared_with": [self.bodies.get(orgnr, {"name": orgnr})["name"] for orgnr in shared],
            "size": self.groups.get(authority, {}).get("size"), "kostra_group": self.groups.get(authority, {}).get("kostra_group"),
            "unobserved": self.unobserved.get(authority, []), "own_plans": self.own_plans.get(authority, []),
        }  # fmt: skip

    def prevalence_of(self, practice: str) -> Row | None:
        """How many bodies have a candidate of the practice (`with`), of those whose relevant sources were read (`read`)."""
        found = self.prevalence.get(practice)
        return {"with": found["organer_med"], "read": found["organer_lest"]} if found else None

    def comparable(self, candidate: Row, standing: Mapping[str, Row]) -> list[Row]:
        """The same practice at up to three other bodies, nearest in size first, and three commitments abroad (main.sammenlikninger)."""
        return [
            {
                "title": r["tittel"], "where": r["hvor"], "reference": _reference(r), "url": r["adresse"], "result": r["resultat_kode"],
                "size": r["size"], "chosen_by": r["valgt_etter"],
            }
            for r in self.comparables.get(candidate["id"], [])
            if standing.get(r["sammenlikning"], {}).get("decision") != "reject"
        ]  # fmt: skip


def _reference(comparable: Row) -> str:
    """How a comparable is named: a candidate or a commitment by its id, with the mark of what nobody has checked."""
    named = comparable["sammenlikning"] if comparable["sammenlikning"][0].isupper() else ""
    return named if comparable["kontrollert"] else f"{named} (ikke kontrollert)".strip()


# Where a candidate's texts stand: one row per document, its title and language from its own table, the archived answer's digest.
DOCUMENTS = """
    SELECT cd.candidate, cd.document_id, cd.document_table, d.source, cd.source_type, cd.role, d.title, d.url, d.capture, d.locator,
        d.captured_at, c.sha256, cd.text_hash, d.language, s.licence, d.date
    FROM ogp.candidate_documents cd
    JOIN (
        SELECT id, source, title, url, capture, locator, captured_at, language, coalesce(modified, published) AS date FROM core.pages
        UNION ALL SELECT id, source, title, url, capture, locator, captured_at, NULL, journal_date FROM core.journal_entries
        UNION ALL SELECT i.id, i.source, i.title, i.url, i.capture, i.locator, i.captured_at, NULL, m.start::DATE
            FROM core.agenda_items i LEFT JOIN core.meetings m ON m.id = i.meeting
        UNION ALL SELECT id, source, title, url, capture, locator, captured_at, NULL, coalesce(modified, issued) FROM core.datasets
        UNION ALL SELECT id, source, title, url, capture, locator, captured_at, language, issued FROM core.notices
        UNION ALL SELECT id, source, committee, url, capture, locator, captured_at, NULL, start::DATE FROM core.meetings
    ) d ON d.id = cd.document_id
    LEFT JOIN raw.captures c ON c.capture = d.capture
    LEFT JOIN core.sources s ON s.id = d.source
    WHERE list_contains($ids::VARCHAR[], cd.candidate)
    ORDER BY cd.candidate, cd.role <> 'main', d.captured_at, cd.document_id"""
EVIDENCE = """
    SELECT cd.candidate, e.document_id, e.quote, e.rule, e.weight, e.start_at, e.end_at, e.quote_start, e.quote_end, e.url, e.capture,
        e.locator, e.captured_at, e.text_hash
    FROM ogp.evidence e
    JOIN ogp.candidate_documents cd ON cd.document_id = e.document_id
    JOIN ogp.candidates c ON c.id = cd.candidate AND c.practice = e.practice
    WHERE list_contains($ids::VARCHAR[], cd.candidate)
    ORDER BY cd.candidate, e.weight DESC, e.document_id, e.start_at, e.id"""
# `slag` in words sorts Norway before abroad.
COMPARABLES = """
    SELECT s.*, g.size FROM main.sammenlikninger s LEFT JOIN core.body_groups g ON g.orgnr = s.organisasjonsnummer
    WHERE list_contains($ids::VARCHAR[], kandidat) ORDER BY kandidat, slag, plass"""
UNOBSERVED = """
    SELECT organisasjonsnummer, slag_kode AS kind, hvorfor_ikke_kode AS why, hvorfor_ikke AS reason FROM main.kildedekning
    WHERE NOT observert AND organisasjonsnummer IN (SELECT authority FROM ogp.candidates WHERE list_contains($ids::VARCHAR[], id))
    ORDER BY organisasjonsnummer, plass"""
OWN_PLANS = """
    SELECT authority, kind, claim, quote, url, capture FROM ogp.mentions
    WHERE kind <> 'national_plan' AND authority IN (SELECT authority FROM ogp.candidates WHERE list_contains($ids::VARCHAR[], id))
    ORDER BY authority, claim <> 'stands', kind, document_id, start_at"""


def _item(position: int, candidate: Row, gathered: _Gathered, standing: Mapping[str, Row]) -> Row:
    practice = gathered.practices.get(candidate["practice"], {})
    review = standing.get(candidate["id"])
    body = gathered.bodies.get(candidate["authority"], {"orgnr": candidate["authority"], "name": candidate["authority"]})
    return {
        "position": position,
        **candidate,
        "body": {k: body.get(k) for k in ("orgnr", "name", "name_nn", "roles", "number", "county", "county_name", "population",
                                           "language_form", "homepage", "postmottak")},
        "practice_name": practice.get("name") or candidate["practice"], "practice_name_nn": practice.get("name_nn"),
        "contribution_test": practice.get("contribution_test"),
        "commitments": [_commitment(i, gathered) for i in candidate["commitments"] or ()],
        "documents": gathered.documents.get(candidate["id"], []), "evidence": gathered.evidence.get(candidate["id"], []),
        **gathered.around(candidate, standing),
        "review": {k: review.get(k) or "" for k in ("decision", "reason", "note", "reviewer", "at", "text_hash")} if review else None,
    }  # fmt: skip


def _commitment(identity: str, gathered: _Gathered) -> Row:
    found = gathered.commitments.get(identity)
    if found is None:
        return {"id": identity, "title": "", "confirmed": False}
    return {"id": identity, "title": found["title_nb"] or found["title"] or "", "confirmed": bool(found["confirmed"])}


def _coverage(connection: duckdb.DuckDBPyConnection, candidates: list[Row], standing: Mapping[str, Row]) -> Row:
    """What was looked at on the day of the list, and whom we could not look at: `bodies` are those asked, the rest of the catalogue is told
    by number, for nothing can be said of whom nobody asked."""
    known = _rows(
        connection,
        """SELECT navn, county_name, size, observert, r.outcome, hvorfor_ikke_observert FROM main.kommuner
            JOIN core.authorities a ON a.orgnr = organisasjonsnummer JOIN core.body_groups g ON g.orgnr = a.orgnr
            LEFT JOIN (SELECT authority, max_by(outcome, ended_at) AS outcome FROM raw.runs GROUP BY authority) r ON r.authority = a.orgnr
            WHERE finnes_i_dag ORDER BY navn, a.orgnr""",
    )
    bodies = [body for body in known if body["outcome"]]
    last = _rows(
        connection,
        """SELECT source, max_by(outcome, ended_at) AS outcome, min(since) AS since, max(until) AS until
           FROM raw.runs GROUP BY source""",
    )

    def count(table: str) -> int:
        return _rows(connection, f"SELECT count(*) AS n FROM {table}")[0]["n"]

    pages = count("core.pages")
    languages = _rows(connection, "SELECT language, count(*) AS n FROM core.pages WHERE language <> '' GROUP BY language")
    return {
        "since": min((r["since"] for r in last if r["since"]), default=None),
        "until": max((r["until"] for r in last if r["until"]), default=None),
        "bodies": len(bodies), "bodies_reached": sum(bool(b["observert"]) for b in bodies), "bodies_not_asked": len(known) - len(bodies),
        "sources": len(last),
        "sources_by_outcome": dict(sorted(Counter(r["outcome"] for r in last).items())), "pages": pages,
        "documents": pages + sum(count(f"core.{table}") for table in ("journal_entries", "agenda_items", "datasets", "notices")),
        "quarantined": count("raw.quarantine"), "candidates": len(candidates),
        "rejected": sum(standing.get(c["id"], {}).get("decision") == "reject" for c in candidates),
        "languages": {row["language"]: row["n"] for row in sorted(languages, key=lambda r: (-r["n"], r["language"]))},
        "not_reached": [
            {"name": b["navn"], "outcome": b["outcome"], "reason": b["hvorfor_ikke_observert"]} for b in bodies if not b["observert"]
        ],
        "bodies_by_size": dict(sorted(Counter(b["size"] for b in bodies).items())),
        "bodies_by_county": dict(sorted(Counter(b["county_name"] for b in bodies if b["county_name"]).items())),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Moments as text in UTC, days as text, all else as it is."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat(timespec="seconds") if value.tzinfo is None else value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
