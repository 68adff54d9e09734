"""The rubric over documents: one verdict for each that is about a practice, and the spans of text under it."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from catalogue.rubric import Rubric
from transforms import documents as texts_read
from transforms import matching, scan, verdict
from transforms.evaluation import model_version

VERDICTS = (
    "document_id", "document_table", "authority", "source", "source_type", "pillar", "practice", "is_contribution",
    "score", "checks", "cues",
    "status", "date", "case_number", "text_hash", "rubric", "model",
)  # fmt: skip
EVIDENCE = (
    "id", "document_id", "document_table", "authority", "source", "practice", "pillar", "rule", "start_at", "end_at",
    "quote", "quote_start",
    "quote_end", "weight", "text_hash", "capture", "locator", "url", "captured_at", "rubric",
)  # fmt: skip
LONGEST_QUOTE = 300
MOST_OF_A_RULE = 3


@dataclass(frozen=True)
class Found:
    """`verdicts` and `evidence` of documents whose pillar is not none. Rows are in the order of the documents.

    `judged` are the documents that were judged, and whether it was asked which practice is nearest to them (`Verdict.is_compared`).
    """

    verdicts: pd.DataFrame
    evidence: pd.DataFrame
    judged: Mapping[str, bool] = field(default_factory=dict)


def reading_version() -> str:
    """A hash of the code that makes texts of records, judges and quotes them: the same code makes the same rows of the same records."""
    parts = (texts_read, scan, sys.modules[__name__])
    return hashlib.sha256("".join([model_version(), *map(inspect.getsource, parts)]).encode()).hexdigest()[:12]


def find(documents: pd.DataFrame, rubric: Rubric, told: Callable[[int, int], None] = lambda done, of: None) -> Found:
    """The documents (columns of `transforms.documents`) that tell of a practice by the rubric. Short ones that name none are passed over
    (`scan.may_tell`), the others are judged. `told` hears how many are done, of how many."""
    verdicts: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    version, model = rubric.version, model_version()
    asked: dict[str, bool] = {}
    may_tell = scan.may_tell(scan.whole(documents["title"], documents["text"]), rubric)
    for done, row in zip((may_tell.nonzero()[0] + 1).tolist(), documents[may_tell].to_dict("records"), strict=True):
        judged = verdict.judge(_text(row, "title"), _text(row, "text"), rubric)
        asked[str(row.get("document_id"))] = judged.is_compared
        if judged.label != "none":
            verdicts.append(_verdict_row(row, judged, version, model))
            evidence += _evidence_rows(row, judged, version)
        told(done, len(documents))
    told(len(documents), len(documents))
    return Found(pd.DataFrame(verdicts, columns=list(VERDICTS)), pd.DataFrame(evidence, columns=list(EVIDENCE)), asked)


def text_hash(title: str, text: str) -> str:
    """SHA-256 of the text that offsets count in."""
    return hashlib.sha256(verdict.whole(title, text).encode()).hexdigest()


def _text(row: Mapping[Hashable, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _verdict_row(row: Mapping[Hashable, Any], judged: verdict.Verdict, version: str, model: str) -> dict[str, Any]:
    whole = verdict.whole(_text(row, "title"), _text(row, "text"))
    checks = [{"key": c.key, "answer": c.answer, "words": c.words} for c in judged.checks]
    cues = [{"key": c.key, "count": c.count, "words": c.words} for c in judged.cues]
    return {
        **{key: row.get(key) for key in ("document_id", "document_table", "authority", "source", "source_type", "date", "case_number")},
        "pillar": judged.label, "practice": judged.practice, "is_contribution": judged.is_contribution, "score": round(judged.score, 3),
        "checks": json.dumps(checks, ensure_ascii=False), "cues": json.dumps(cues, ensure_ascii=False), "status":
        verdict.status_of(whole),
        "text_hash": row.get("text_hash") or text_hash(_text(row, "title"), _text(row, "text")), "rubric": version, "model": model,
    }  # fmt: skip


def _evidence_rows(row: Mapping[Hashable, Any], judged: verdict.Verdict, version: str) -> list[dict[str, Any]]:
    """The practice's own hits, the other practices' terms of the pillar, the tests' words and the cue lists that speak."""
    whole = verdict.whole(_text(row, "title"), _text(row, "text"))
    sentences = matching.sentence_spans(whole)
    spans: list[tuple[str, str, int, int, float]] = []
    seen: dict[str, int] = {}
    for hit in judged.hits:
        is_own = hit.practice == judged.practice
        if is_own or (hit.pillar == judged.label and hit.rule.startswith(matching.TERM)):
            key = f"{hit.practice} {hit.rule}"
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= MOST_OF_A_RULE:
                spans.append((hit.practice, hit.rule, hit.start, hit.end, hit.weight))
    spans += [(judged.practice, f"test:{c.key}={c.answer}", c.start, c.end, 0.0) for c in judged.checks if c.start >= 0]
    spans += [(judged.practice, f"cue:{c.key}", c.start, c.end, c.points) for c in judged.cues if c.points]
    rows = []
    for practice, rule, start, end, weight in spans:
        quote_start, quote_end = quote_span(whole, start, end, sentences)
        identity = hashlib.sha256(f"{row.get('document_id')}|{practice}|{rule}|{start}".encode()).hexdigest()[:16]
        rows.append({
            "id": identity, "practice": practice, "pillar": judged.label, "rule": rule, "start_at": start, "end_at": end,
            "quote": whole[quote_start:quote_end], "quote_start": quote_start, "quote_end": quote_end, "weight": weight,
            "text_hash": row.get("text_hash") or text_hash(_text(row, "title"), _text(row, "text")), "rubric": version,
            **{k: row.get(k) for k in ("document_id", "document_table", "authority", "source", "capture", "locator",
            "url", "captured_at")},
        })  # fmt: skip
    return rows


def quote_span(whole: str, start: int, end: int, sentences: list[tuple[int, int]] | None = None) -> tuple[int, int]:
    """Start and end of the quote around a span: its sentence when that is short enough, else a piece of it cut at blanks."""
    for left, right in sentences if sentences is not None else matching.sentence_spans(whole):
        if left <= start < right:
            piece = whole[left:right]
            left += len(piece) - len(piece.lstrip())
            right = max(left, right - (len(piece) - len(piece.rstrip())))
            if end <= right and right - left <= LONGEST_QUOTE:
                return left, right
            break
    around = max(0, (LONGEST_QUOTE - (end - start)) // 2)
    left, right = matching.excerpt_span(whole, start, end, around=around)
    return left, min(right, left + LONGEST_QUOTE)
