"""Documents out for the rubric to read, and what it found back in.

Only what can come out otherwise is done again: a body none of whose records changed is not read when the rubric says the same; of a rubric
that changed only the documents it can reach are judged (`transforms.changes`); candidates are made again where anything under them differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from catalogue import plans
from catalogue.authorities import whole_name
from catalogue.rubric import Rubric
from transforms import candidates, changes, code, evidence, scan
from transforms.candidates import Linked
from transforms.evidence import Found
from transforms.nearness import Near
from warehouse import kept, marking, texts
from warehouse.kept import Memory
from warehouse.load import insert
from warehouse.scope import Scope
from warehouse.store import TABLES, Store, one

FOUND = ("verdicts", "evidence", "candidates", "candidate_documents")
OF_DOCUMENT = ("document_table", "authority", "source", "source_type", "date", "case_number", "capture", "locator", "url", "captured_at")
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Flagged:
    """How a flagging went: of `documents` how many were `judged`, of `bodies` how many were `linked` again, how much `evidence` there is,
    and the `candidates` of the bodies it was about."""

    documents: int
    judged: int
    bodies: int
    linked: int
    evidence: int
    candidates: pd.DataFrame


def flag(
    store: Store,
    rubric: Rubric,
    *,
    today: date,
    bodies: Collection[str] | None = None,
    is_anew: bool = False,
    told: Told = lambda step, done, of: None,
) -> Flagged:
    """Read the documents of bodies we know by the rubric, link what is found into candidates and save both.

    With `bodies` (organisation numbers) only what was concluded about these is made anew; of the others those documents are read that
    share text with theirs, because what many bodies say word for word is a template. Over all is the same as over each in turn, and the
    same as with `is_anew`, which trusts nothing that was read before.
    `told` hears (step, done, of): documents `judged`, then bodies `linked`. A national catalogue also holds datasets of bodies we do not
    know; they are no candidates.
    """
    connection = store.connection
    names = names_of(connection)
    chosen = sorted(names if bodies is None else set(bodies) & names.keys())
    memory = kept.remember(connection, rubric, is_anew=is_anew)
    settled = [body for body in chosen if memory.is_settled(body)]
    reading = Reading(connection, memory)
    read = sorted(set(chosen) - set(settled))
    found = reading.all_of(read, partial(told, "judged"))
    with store.transaction():
        _save_found(connection, found, chosen, settled, is_all=bodies is None)
        standing = _standing(connection, chosen)
        papers = _documents(connection, standing.verdicts)
        others = reading.sharing(papers, sorted(names.keys() - set(chosen)))
        under = pd.concat([papers, others.documents]) if len(others.documents) else papers
        by = _linked_by(connection, memory, rubric, under, names, chosen, today)
        again = [body for body in chosen if not memory.is_linked(body, by[body])]
        told("linked", 0, len(again))
        linked = candidates.link(
            pd.concat([under, *_attachable(connection, papers, standing, again)]),
            _together([standing, others.found]),
            rubric,
            today=today,
            names=names,
            bodies=again,
        )
        _save_linked(connection, linked, rubric, chosen, again, is_all=bodies is None)
        kept.keep(connection, memory, read, settled, reading.judged, by)
    told("linked", len(again), len(again))
    marking.share(store, linked.shared_texts, bodies)
    marking.mark(store, names, bodies)
    marking.compare(store)
    mine = {"bodies": chosen}
    return Flagged(
        texts.count(connection, chosen),
        reading.count,
        len(chosen),
        len(again),
        int(one(connection, f"SELECT count(*) FROM ogp.evidence WHERE {texts.BY_BODY}", mine)[0]),
        connection.execute(f"FROM ogp.candidates WHERE {texts.BY_BODY} ORDER BY authority, id", mine).df(),
    )


@dataclass(frozen=True)
class Others:
    """Documents of other bodies that share text with those that are linked, and what was found in them."""

    documents: pd.DataFrame
    found: Found


@dataclass
class Reading:
    """Reads documents by the rubric, or takes what was found in them before where it cannot be otherwise.

    `judged`: the documents that were handed to the rubric, now or before (kept.JUDGED); `count`: how many of them now.
    """

    connection: duckdb.DuckDBPyConnection
    memory: Memory
    judged: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(kept.JUDGED)))
    count: int = 0

    def all_of(self, bodies: Collection[str], told: Callable[[int, int], None]) -> Found:
        """What is found in the documents of bodies."""
        chosen = self._telling(bodies)
        of, done = sum(len(ids) for ids in chosen.values()), 0
        told(0, of)
        found, judged = [], []
        for documents in texts.documents_of(self.connection, chosen):
            before = done
            found.append(self._of(documents, lambda n, _, before=before: told(before + n, of)))
            judged.append(_judged(documents, found[-1]))
            done += len(documents)
        told(of, of)
        self.judged = pd.concat(judged) if judged else self.judged
        return _together(found)

    def sharing(self, papers: pd.DataFrame, bodies: Collection[str]) -> Others:
        """The documents of bodies that share text with `papers` and tell of a practice."""
        some: list[pd.DataFrame] = []
        found: list[Found] = []
        for documents in texts.documents_of(self.connection, self._telling(bodies) if len(papers) else {}):
            near = candidates.sharing(papers, documents).reset_index(drop=True)
            found.append(self._of(near))
            some.append(near[near["document_id"].isin(found[-1].verdicts["document_id"])])
        return Others(pd.concat(some) if some else papers.head(0), _together(found))

    def _telling(self, bodies: Collection[str]) -> dict[str, pa.Array]:
        def mask(batch: pa.RecordBatch) -> np.ndarray:
            return scan.may_tell(scan.whole(batch.column("title"), batch.column("text")), self.memory.rubric)

        return texts.wanted(self.connection, bodies, mask) if bodies else {}

    def _of(self, documents: pd.DataFrame, told: Callable[[int, int], None] = lambda done, of: None) -> Found:
        """What is found in documents: judged where it may be another than before, else as it was."""
        same = self._unchanged(documents)
        is_same = documents["document_id"].isin(same)
        fresh = documents[~is_same].reset_index(drop=True)
        judged = evidence.find(fresh, self.memory.rubric, told)
        self.count += len(judged.judged)
        before = _as_before(self.connection, documents[is_same], self.memory.rubric.version)
        return Found(
            pd.concat([judged.verdicts, before.verdicts]), pd.concat([judged.evidence, before.evidence]), {**judged.judged, **same}
        )

    def _unchanged(self, documents: pd.DataFrame) -> dict[str, bool]:
        """The documents that were judged before and would be judged the same, and whether they were compared with all practices."""
        known = kept.judged(self.connection, documents["document_id"].tolist()) if self.memory.bodies else {}
        if not known:
            return {}
        touched = scan.holds(scan.whole(documents["title"], documents["text"]), scan.finder_of_phrases(self.memory.phrases))
        same = {}
        for identity, body, text_hash, length, is_touched in zip(
            documents["document_id"], documents["authority"], documents["text_hash"], documents["title"].str.len(), touched, strict=True
        ):
            was = known.get(identity)
            if was is None or is_touched or not self.memory.is_trusted(body) or was["authority"] != body:
                continue
            change = self.memory.change(str(was["rubric"]), str(was["model"]))
            is_reached = change.is_all or (change.is_compared_with and was["is_compared"])
            if not is_reached and (was["text_hash"], was["title_length"]) == (text_hash, length):
                same[identity] = bool(was["is_compared"])
        return same


def _judged(documents: pd.DataFrame, found: Found) -> pd.DataFrame:
    """What is to be kept of documents that were judged."""
    mine = documents[documents["document_id"].isin(found.judged)]
    return pd.DataFrame(
        {
            **{c: mine[c] for c in ("document_id", "authority", "text_hash")}, "title_length": mine["title"].str.len().astype("int32"),
            "is_compared": mine["document_id"].map(found.judged).astype(bool),
        }
    )  # fmt: skip


def _together(found: Collection[Found]) -> Found:
    if not found:
        return Found(pd.DataFrame(columns=list(evidence.VERDICTS)), pd.DataFrame(columns=list(evidence.EVIDENCE)))
    return Found(pd.concat([f.verdicts for f in found]), pd.concat([f.evidence for f in found]))


def _rows(connection: duckdb.DuckDBPyConnection, table: str, condition: str, values: Mapping[str, object]) -> pd.DataFrame:
    order = "authority, document_table, document_id" + (", start_at, id" if table == "evidence" else "")
    return connection.execute(f"FROM ogp.{table} WHERE {condition} ORDER BY {order}", values).df()


def _as_before(connection: duckdb.DuckDBPyConnection, documents: pd.DataFrame, version: str) -> Found:
    """What was found in documents before, under the records as they are now."""
    rows = {}
    for table in ("verdicts", "evidence"):
        mine = "document_id IN (SELECT unnest($ids::VARCHAR[]))"
        before = _rows(connection, table, mine, {"ids": documents["document_id"].tolist()}).assign(rubric=version)
        now = documents.set_index("document_id")[[c for c in OF_DOCUMENT if c in before]]
        rows[table] = before.drop(columns=now.columns).join(now, on="document_id")[list(before.columns)]
    return Found(rows["verdicts"], rows["evidence"])


def _standing(connection: duckdb.DuckDBPyConnection, bodies: Collection[str]) -> Found:
    """All that is found in the documents of bodies, as it is saved."""
    verdicts, evidence_ = (_rows(connection, table, texts.BY_BODY, {"bodies": list(bodies)}) for table in ("verdicts", "evidence"))
    return Found(verdicts, evidence_)


def _documents(connection: duckdb.DuckDBPyConnection, verdicts: pd.DataFrame) -> pd.DataFrame:
    """The documents that verdicts are about."""
    chosen = {str(table): sorted(mine) for table, mine in verdicts.groupby("document_table")["document_id"]}
    frames = list(texts.documents_of(connection, chosen))
    return pd.concat(frames) if frames else texts.no_documents()


def _attachable(
    connection: duckdb.DuckDBPyConnection, papers: pd.DataFrame, found: Found, bodies: Collection[str]
) -> Iterator[pd.DataFrame]:  # fmt: skip
    """The documents of bodies that tell of no practice by themselves, but share so much with one that does that they may tell of it."""
    full = papers[papers["authority"].isin(list(bodies)) & ~papers["document_table"].isin(candidates.THIN_TABLES)]
    if full.empty:
        return
    near = Near(full)
    judged = set(found.verdicts["document_id"])
    for documents in texts.documents_of(connection, texts.wanted(connection, sorted(set(full["authority"])), near.mask)):
        yield documents[~documents["document_id"].isin(judged)]


def _linked_by(
    connection: duckdb.DuckDBPyConnection, memory: Memory, rubric: Rubric, documents: pd.DataFrame, names: Mapping[str, str],
    bodies: Collection[str], today: date,
) -> dict[str, str]:  # fmt: skip
    """Per body a hash of all its candidates are made of."""
    found = kept.digests(connection, kept.FOUND)
    same = (today, candidates.linked_version(), code.version(), changes.told_of(rubric), [plan.model_dump_json() for plan in plans.load()])
    shared = candidates.shared_by(documents)
    return {
        body: kept.hash_of([
            *same, names[body], memory.records.get(body, ""), found.get(body, ""),
            [(sentence, [(other, names.get(other, "")) for other in others]) for sentence, others in shared.get(body, ())],
        ])
        for body in bodies
    }  # fmt: skip


def names_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The whole name of every body by organisation number."""
    rows = connection.execute("SELECT orgnr, name, roles, name_nn FROM core.authorities").fetchall()
    return {orgnr: whole_name(name, (roles or "").split("; "), name_nn or "") for orgnr, name, roles, name_nn in rows}


def bodies_under(store: Store, scope: Scope) -> list[str] | None:
    """The bodies a scope means, None for all: those named, and with platforms, sources or days those with such a document changed then."""
    if scope == Scope(scope.authorities):
        return None if scope.authorities is None else list(scope.authorities)
    condition = scope.where(day="changed_at::DATE")
    union = " UNION ".join(f"SELECT authority FROM core.{table} WHERE {condition}" for table in TABLES)
    return [row[0] for row in store.connection.execute(f"SELECT DISTINCT authority FROM ({union}) ORDER BY ALL").fetchall()]


def _save_found(
    connection: duckdb.DuckDBPyConnection, found: Found, chosen: Collection[str], settled: Collection[str], *, is_all: bool
) -> None:  # fmt: skip
    """Replace what was found in the texts of the bodies chosen but those that are settled."""
    whose = {"chosen": list(chosen), "settled": list(settled)}
    for table, frame in (("verdicts", found.verdicts), ("evidence", found.evidence)):
        connection.execute(f"DELETE FROM ogp.{table} WHERE {_replaced(is_all)}", whose)
        _insert(connection, f"ogp.{table}", frame)


def _replaced(is_all: bool) -> str:
    """Of which bodies rows are replaced. When all are chosen, also those of bodies that are no longer known."""
    mine = "authority NOT IN (SELECT unnest($settled::VARCHAR[]))"
    return f"{mine} AND ($chosen::VARCHAR[] IS NOT NULL)" if is_all else f"{mine} AND authority IN (SELECT unnest($chosen::VARCHAR[]))"


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    columns = {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    insert(connection, table, frame[[c for c in frame.columns if c in columns]])


def _save_linked(
    connection: duckdb.DuckDBPyConnection, linked: Linked, rubric: Rubric, chosen: Collection[str], again: Collection[str], *, is_all: bool
) -> None:  # fmt: skip
    """Replace the candidates of the bodies linked again; all rows of the bodies chosen say this version of the rubric.

    A candidate was first seen with its first document and changed with its last; both are moments of batches.
    """
    whose = {"chosen": list(chosen), "settled": sorted(set(chosen) - set(again))}
    connection.execute(f"DELETE FROM ogp.candidates WHERE {_replaced(is_all)}", whose)
    connection.execute("DELETE FROM ogp.candidate_documents WHERE candidate NOT IN (SELECT id FROM ogp.candidates)")
    _insert(connection, "ogp.candidates", linked.candidates)
    _insert(connection, "ogp.candidate_documents", linked.candidate_documents)
    for table in ("verdicts", "evidence", "candidates"):
        sql = f"UPDATE ogp.{table} SET rubric = $rubric WHERE rubric <> $rubric AND {texts.BY_BODY}"
        connection.execute(sql, {"bodies": list(chosen), "rubric": rubric.version})
    documents = " UNION ALL ".join(f"SELECT id, first_seen, changed_at FROM core.{table}" for table in TABLES)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE moments AS
            SELECT candidate, min(first_seen) AS first_seen, max(changed_at) AS changed_at
            FROM ogp.candidate_documents JOIN ({documents}) d ON d.id = document_id GROUP BY candidate"""
    )
    connection.execute(
        """UPDATE ogp.candidates SET first_seen = m.first_seen, changed_at = m.changed_at
           FROM moments m WHERE m.candidate = candidates.id"""
    )
