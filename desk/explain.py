"""Rebuild a candidate from the archive and say whether it is the same: the evidence table is not asked, only compared with.

From each document of the candidate: its staged parts → their captures → the archive → the platform's parser → normalise → the text and its
hash → the rubric → spans → candidate. What depends on other documents (which belong together, text that others share) is first tried with
the candidate's own documents alone and, when that is not enough, among all documents of the body and the judged ones of the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from catalogue import rubric as rubrics
from catalogue.rubric import Rubric
from desk import seal
from desk.exceptions import CandidateUnknown
from desk.words import Words, words
from extractors import staging
from extractors.contract import Extractor, Record, Request, Source, Window
from extractors.exceptions import ArchiveDamaged, ArchiveErased
from extractors.fetch import urls
from extractors.fetch.archive import Archive
from extractors.platforms import EXTRACTORS
from transforms import candidates, code, documents, evidence, verdict
from transforms.normalise import normalise
from warehouse.decisions import log_of
from warehouse.exceptions import NotPublished
from warehouse.flagging import names_of
from warehouse.store import FILE, PUBLISHED

SAME, DIFFERENT, ERASED = "same", "different", "erased"
KIND_OF = {"pages": "page", "agenda_items": "agenda_item", "journal_entries": "journal_entry", "datasets": "dataset", "notices": "notice",
           "meetings": "meeting"}  # fmt: skip
# What of a candidate is compared; what is text of JSON is compared as data.
COMPARED = (
    "pillar", "practice", "title", "status", "status_basis", "date_of_act", "date_words", "case_number", "is_contribution",
    "score", "score_low", "score_high", "score_parts", "checks", "beyond_law", "beyond_law_words", "legal_floor", "counter_evidence",
    "quote", "quote_document", "text_hash", "copies", "shared_share", "shared_with", "in_national_plan", "in_national_plan_by",
    "in_national_plan_words", "rubric", "model",
)  # fmt: skip
# A text may also come out the same with other code; then its version is told and is no difference.
VERSIONS = ("rubric", "model", "code")
MOST_CHANGES, CONTEXT, LONGEST = 8, 3, 160
SPAN = ("rule", "start_at", "end_at", "quote")


@dataclass(frozen=True)
class Change:
    """Words that came out otherwise, with a few before and after: `at` is the first one's number in the stored text, from 1."""

    at: int
    stored: str
    rebuilt: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Detail:
    """How one document came out: `captures` were read again; `differences` say in which field and how. Its text was compared word by word:
    `words` is how many it has, `changed` where others came out."""

    document_id: str
    table: str
    url: str
    answer: str
    captures: tuple[str, ...] = ()
    spans: int | None = None
    differences: tuple[str, ...] = ()
    words: int | None = None
    changed: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """`answer` is same, different or erased; `differences` are those of the candidate itself (field, stored, rebuilt); `versions` what it
    was made with and what it was rebuilt with (of VERSIONS)."""

    candidate: str
    answer: str
    documents: tuple[Detail, ...]
    differences: tuple[tuple[str, str, str], ...] = ()
    stored: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class _Lost(Exception):
    """A document that cannot be made from the archive as it was."""


def explain(home: Path, candidate_id: str, *, rubric: Rubric | None = None) -> Explanation:
    """Rebuild one candidate of the state folder. `rubric` is the shipped one when None. Raises CandidateUnknown."""
    with _reading(home) as connection:
        stored = _candidate(connection, candidate_id)
        rebuilding = _Rebuilding(home, connection, rubric or rubrics.load())
        now = {"rubric": rebuilding.rubric.version, "model": candidates.linked_version(), "code": code.version()}
        try:
            return replace(rebuilding.explain(stored), versions={k: (stored.get(k) or "", now[k]) for k in VERSIONS})
        finally:
            rebuilding.archive.close()


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """For --json: candidate, answer, versions {rubric, model, code: {stored, now}}, documents [{document_id, table, url, answer, captures,
    spans, differences, words, changed}] and differences [{field, stored, rebuilt, changed}]; changed [{at, stored, rebuilt, before,
    after}]."""
    return {
        "candidate": explanation.candidate,
        "answer": explanation.answer,
        "versions": {name: {"stored": stored, "now": now} for name, (stored, now) in explanation.versions.items()},
        "documents": [
            {**asdict(d), "captures": list(d.captures), "differences": list(d.differences), "changed": [asdict(c) for c in d.changed]}
            for d in explanation.documents
        ],
        "differences": [
            {"field": f, "stored": s, "rebuilt": r, "changed": [asdict(c) for c in changes(s, r)]} for f, s, r in explanation.differences
        ],
    }


def as_text(explanation: Explanation, lang: str = "nb") -> str:
    """For the terminal, in nb, nn or en."""
    w = words(lang)
    lines = [w.say(f"ui.verdict_{explanation.answer}", id=explanation.candidate)]
    for name, (stored, now) in explanation.versions.items():
        sentence = "ui.version_same" if stored == now else "ui.version_differs"
        lines.append(f"  {w.say(sentence, what=w.say(f'ui.{name}'), stored=stored or '–', now=now)}")
    for f, s, r in explanation.differences:
        if len(s.split()) > 1 and len(r.split()) > 1:
            lines += [f"  {f}:", *_told(changes(s, r), w, "    ")]
        else:
            lines.append(f"  {w.say('ui.field_differs', field=f, stored=_cut(s), rebuilt=_cut(r))}")
    for d in explanation.documents:
        lines += [f"  {w.say(f'ui.{d.answer}')}  {d.url or d.document_id}"]
        if d.captures:
            lines.append(f"    {w.say('ui.captures', captures=', '.join(d.captures))}")
        if d.answer == SAME:
            lines.append(f"    {w.say('ui.spans', spans=d.spans) if d.spans is not None else w.say('ui.no_spans')}")
        lines += [f"    {w.difference(difference)}" for difference in d.differences]
        if d.words is not None:
            lines.append(f"    {w.say('ui.words_differ' if d.changed else 'ui.words_same', words=d.words, n=len(d.changed))}")
        lines += _told(d.changed, w, "      ")
    return "\n".join(lines)


def changes(stored: str, rebuilt: str) -> tuple[Change, ...]:
    """Where two texts differ, word by word; blanks do not matter."""
    old, new = stored.split(), rebuilt.split()
    found = []
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            around = " ".join(old[max(0, first - CONTEXT) : first]), " ".join(old[last : last + CONTEXT])
            found.append(Change(first + 1, " ".join(old[first:last]), " ".join(new[begin:end]), *around))
    return tuple(found)


def _told(changed: Iterable[Change], w: Words, indent: str) -> list[str]:
    """Each change as `… before [-stored-] {+rebuilt+} after …`; the first few of many."""
    listed = list(changed)
    told = [
        f"{indent}{w.say('ui.word', n=c.at)} "
        + " ".join(filter(None, (c.before, c.stored and f"[-{_cut(c.stored)}-]", c.rebuilt and f"{{+{_cut(c.rebuilt)}+}}", c.after)))
        for c in listed[:MOST_CHANGES]
    ]
    return told + ([f"{indent}{w.say('ui.more_words', n=len(listed) - MOST_CHANGES)}"] if listed[MOST_CHANGES:] else [])


def _reading(home: Path) -> duckdb.DuckDBPyConnection:
    """The published copy; the build itself when nothing is published yet."""
    path = home / PUBLISHED if (home / PUBLISHED).exists() else home / FILE
    if not path.exists():
        raise NotPublished(f"there is no warehouse under {home}; run `dagslys harvest`, `normalise` and `flag` first", path=path)
    return duckdb.connect(str(path), read_only=True)


def _candidate(connection: duckdb.DuckDBPyConnection, candidate_id: str) -> dict[str, Any]:
    found = _rows(connection, "FROM ogp.candidates WHERE id = ?", [candidate_id])
    if not found:
        raise CandidateUnknown(f"no candidate is called {candidate_id}; `dagslys review` lists those that wait", id=candidate_id)
    return found[0]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> list[dict[str, Any]]:
    answer = connection.execute(sql, values)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _settled(home: Path, connection: duckdb.DuckDBPyConnection) -> date:
    """The day the privacy tiers were counted from; while a writer holds a build whose read copy does not say, today."""
    found = _rows(connection, "SELECT day FROM raw.settled")
    if not found and (home / FILE).exists():
        try:
            with duckdb.connect(str(home / FILE), read_only=True) as build:
                found = _rows(build, "SELECT day FROM raw.settled")
        except duckdb.IOException:
            found = []
    return found[0]["day"] if found else date.today()


class _Rebuilding:
    """One rebuild: the state folder, a reading connection, the archive and the rubric."""

    def __init__(self, home: Path, connection: duckdb.DuckDBPyConnection, rubric: Rubric) -> None:
        self.home, self.connection, self.rubric = home, connection, rubric
        self.archive = Archive(home / "archive")
        self.today = _settled(home, connection)
        self.takedowns = log_of(home).takedowns()
        self.windows = {
            (r["source"], r["batch"]): Window(r["since"], r["until"])
            for r in _rows(connection, "SELECT source, batch, since, until FROM raw.runs")
        }
        self.staged: dict[str, list[dict[str, Any]]] = {}

    def explain(self, stored: dict[str, Any]) -> Explanation:
        members = _rows(
            self.connection, "FROM ogp.candidate_documents WHERE candidate = ? ORDER BY role <> 'main', document_id", [stored["id"]]
        )
        details, frames = [], []
        for member in members:
            detail, frame = self._document(member)
            details.append(detail)
            frames.append(frame)
        whole = [f for f in frames if f is not None]
        answers = {d.answer for d in details}
        if DIFFERENT in answers or ERASED in answers or not whole:
            return Explanation(stored["id"], DIFFERENT if DIFFERENT in answers or not whole else ERASED, tuple(details), (), stored)
        rebuilt = pd.concat(whole, ignore_index=True)
        details = self._with_spans(details, rebuilt)
        differences = self._compared(stored, rebuilt)
        if differences:
            differences = self._compared(stored, rebuilt, self._others(stored["authority"], rebuilt))
        is_same = not differences and all(d.answer == SAME for d in details)
        return Explanation(stored["id"], SAME if is_same else DIFFERENT, tuple(details), tuple(differences), stored)

    def _document(self, member: Mapping[str, Any]) -> tuple[Detail, pd.DataFrame | None]:
        """One document made again, with its verdict by text hash; no frame when it could not be made."""
        table, identity = member["document_table"], member["document_id"]
        rows = _rows(self.connection, f"FROM core.{table} WHERE id = ?", [identity]) if table in KIND_OF else []
        if not rows:
            return Detail(identity, table, "", DIFFERENT, differences=("the warehouse no longer holds the row",)), None
        row = rows[0]
        read: list[str] = []
        try:
            frame = self._made_again(table, row, read)
        except ArchiveErased as error:
            return Detail(identity, table, row["url"] or "", ERASED, tuple(read), differences=(str(error),)), None
        except (ArchiveDamaged, _Lost) as error:
            return Detail(identity, table, row["url"] or "", DIFFERENT, tuple(read), differences=(str(error),)), None
        made = _whole(frame)
        if frame["text_hash"].iloc[0] != member["text_hash"]:
            detail = Detail(identity, table, row["url"] or "", DIFFERENT, tuple(read), differences=("the text has another hash",))
            return replace(detail, words=len(made.split()), changed=changes(self._stored_text(table, row), made)), frame
        return Detail(identity, table, row["url"] or "", SAME, tuple(read), words=len(made.split())), frame

    def _stored_text(self, table: str, row: Mapping[str, Any]) -> str:
        """The text of a document as the warehouse holds it."""
        meetings = self.connection.execute("FROM core.meetings WHERE id = ?", [row.get("meeting") or ""]).df()
        stored = self.connection.execute(f"FROM core.{table} WHERE id = ?", [row["id"]]).df()
        return _whole(documents.documents({"meetings": meetings, table: stored}))

    def _made_again(self, table: str, row: Mapping[str, Any], read: list[str]) -> pd.DataFrame:
        """The row of `transforms.documents` for a stored record. Appends the captures that were read to `read`."""
        parts = self._parts(row["source"], KIND_OF[table], row["key"], read)
        if table == "agenda_items" and row["meeting_key"]:
            parts += self._parts(row["source"], "meeting", row["meeting_key"], read)
        tables = normalise(pd.DataFrame(parts, columns=list(staging.ENVELOPE)), today=self.today, takedowns=self.takedowns).tables
        made = tables.get(table)
        if made is None or made[made["id"] == row["id"]].empty:
            raise _Lost("the archived answer no longer gives this record")
        first_seen = pd.Series(pd.Timestamp(row["first_seen"]), index=made.index).astype("datetime64[us]")
        found = documents.documents({**tables, table: made.assign(first_seen=first_seen)})
        found = found[found["document_id"] == row["id"]]
        if found.empty:
            raise _Lost("the record has neither title nor text")
        return found.reset_index(drop=True)

    def _parts(self, source_id: str, kind: str, key: str, read: list[str]) -> list[dict[str, str]]:
        """The latest parts of a record, each parsed out of its capture again."""
        source, extractor = self._source(source_id)
        wanted = self._latest(source_id, kind, key)
        if not wanted:
            raise _Lost("nothing is staged under the record's key")
        made: list[dict[str, str]] = []
        for capture, batch in dict.fromkeys((part["capture"], part["batch"]) for part in wanted):
            seal.check(self.archive, capture)
            answer = self.archive.read(capture)
            read.append(capture)
            window = self.windows.get((source_id, batch))
            if window is None:
                raise _Lost(f"no run is known for batch {batch}")
            needed = {staging.part_of(part) for part in wanted if part["capture"] == capture}
            for record in extractor.parse(source, window, answer):
                row = None if isinstance(record, Request) else self._row(record, source, batch, answer)
                if row is not None and staging.part_of(row) in needed:
                    made.append(row)
        if {staging.part_of(part) for part in wanted} - {staging.part_of(part) for part in made}:
            raise _Lost("the archived answer no longer gives every part of this record")
        return made

    def _row(self, record: Record, source: Source, batch: str, answer: Any) -> dict[str, str]:
        return staging.envelope(
            replace(record, capture=answer.id), source=source.id, authority=source.authority, platform=source.platform, batch=batch,
            captured_at=answer.fetched_at, url=answer.url,
        )  # fmt: skip

    def _latest(self, source_id: str, kind: str, key: str) -> list[dict[str, Any]]:
        """Of each part of the record the row of the latest loaded batch."""
        if source_id not in self.staged:
            loaded = {batch for of, batch in self.windows if of == source_id}
            columns = ["kind", "key", "locator", "capture", "batch"]
            self.staged[source_id] = [
                row
                for result, path in staging.complete_batches(self.home / "staging", source_id)
                if result.batch in loaded
                for row in pq.read_table(path, columns=columns).to_pylist()
            ]
        latest: dict[tuple[str, str, str], dict[str, Any]] = {}
        for row in self.staged[source_id]:
            if row["kind"] == kind and row["key"] == key:
                latest[staging.part_of(row)] = row
        return list(latest.values())

    def _source(self, source_id: str) -> tuple[Source, Extractor]:
        """The source as it was harvested, with its platform."""
        rows = _rows(self.connection, "FROM core.sources WHERE id = ?", [source_id])
        if not rows:
            raise _Lost(f"the source {source_id} is no longer in the catalogue")
        row = rows[0]
        extractor = EXTRACTORS[row["platform"]]()
        settings = extractor.Settings.model_validate(json.loads(row["settings"] or "{}"))
        hosts = tuple(host for host in (row["hosts"] or "").split("; ") if host)
        return Source(
            id=row["id"], authority=row["authority"], platform=row["platform"], url=urls.parse(row["url"]), settings=settings, hosts=hosts
        ), extractor

    def _with_spans(self, details: Iterable[Detail], rebuilt: pd.DataFrame) -> list[Detail]:
        """Compares the spans with the evidence table, where it still has rows of the document."""
        found = evidence.find(rebuilt, self.rubric).evidence
        has_table = bool(
            _rows(self.connection, "SELECT 1 FROM information_schema.tables WHERE table_schema = 'ogp' AND table_name = 'evidence'")
        )
        checked = []
        for detail in details:
            sql = f"SELECT {', '.join(SPAN)} FROM ogp.evidence WHERE document_id = ?"
            kept = {tuple(r.values()) for r in _rows(self.connection, sql, [detail.document_id])} if has_table else set()
            made = {tuple(r) for r in found.loc[found["document_id"] == detail.document_id, list(SPAN)].itertuples(index=False, name=None)}
            if not kept:
                checked.append(detail)
            elif kept == made:
                checked.append(replace(detail, spans=len(made)))
            else:
                said = f"{len(kept - made)} stored spans were not found again, {len(made - kept)} new ones were"
                checked.append(replace(detail, answer=DIFFERENT, spans=len(kept & made), differences=(*detail.differences, said)))
        return checked

    def _compared(self, stored: Mapping[str, Any], rebuilt: pd.DataFrame, others: pd.DataFrame | None = None) -> list[tuple[str, str, str]]:
        """(field, stored, rebuilt) for every field of the candidate that came out otherwise."""
        among = rebuilt if others is None or others.empty else pd.concat([rebuilt, others], ignore_index=True)
        weighed_on = stored.get("flagged_on") or self.today
        linked = candidates.link(among, evidence.find(among, self.rubric), self.rubric, today=weighed_on, names=names_of(self.connection))
        made = linked.candidates[linked.candidates["id"] == stored["id"]]
        if made.empty:
            return [("id", stored["id"], "–")]
        row = made.iloc[0]
        held = [name for name in COMPARED if name in stored]  # a copy of before has fewer
        return [(name, _shown(stored[name]), _shown(row[name])) for name in held if _comparable(stored[name]) != _comparable(row[name])]

    def _others(self, authority: str, rebuilt: pd.DataFrame) -> pd.DataFrame:
        """The body's other documents and the judged ones of other bodies, as the warehouse holds them."""
        judged = "SELECT document_id FROM ogp.verdicts"
        tables = {
            table: self.connection.execute(f"FROM core.{table} WHERE authority = ? OR id IN ({judged}) ORDER BY id", [authority]).df()
            for table in KIND_OF
        }
        tables["meetings"] = self.connection.execute("FROM core.meetings ORDER BY id").df()
        found = documents.documents(tables)
        return found[~found["document_id"].isin(rebuilt["document_id"])]


def _whole(frame: pd.DataFrame) -> str:
    """The text that a document was judged by."""
    return verdict.whole(frame["title"].iloc[-1] or "", frame["text"].iloc[-1] or "") if len(frame) else ""


def _comparable(value: Any) -> Any:
    """A value as data: absent is None, JSON is read, days are days."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in "[{" and value:
        return json.loads(value)
    return value.item() if hasattr(value, "item") else value


def _shown(value: Any) -> str:
    """A value as a reader compares it: text of JSON with a blank after each part, so that its words can be told apart."""
    if _comparable(value) is None:
        return "–"
    return re.sub(r'(?<=["\]}\d]),(?=["\[{])', ", ", str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"
