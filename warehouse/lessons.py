"""What people decided, as labelled texts to learn from: only where the text is still the one that was decided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from warehouse import sampling
from warehouse.decisions import standing_reviews

# A rejection teaches what a text is only when its reason is about the text: one that is old or told twice may be a contribution still.
NO_CONTRIBUTION, ABOUT_NOTHING = ("lovpålagt", "omtale"), ("feil organ",)


def lessons(connection: duckdb.DuckDBPyConnection, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One labelled item per decision that teaches something: `id`, `municipality` (organisation number), `title`, `text`, `label`,
    `practice`, `contribution`. The text is that of the candidate's main document in the read copy, of a reading the text read."""
    log = list(entries)
    reviews = standing_reviews([entry for entry in log if entry["kind"] == "review"])
    held = connection.execute(
        """SELECT c.id, c.text_hash, c.pillar, c.practice, d.document_id FROM ogp.candidates c
           JOIN ogp.candidate_documents d ON d.candidate = c.id AND d.role = 'main' ORDER BY c.id"""
    ).fetchall()
    told: dict[str, dict[str, Any]] = {}
    for candidate, text_hash, pillar, practice, document in held:
        said = reviews.get(candidate)
        if said is None or said["text_hash"] != text_hash:
            continue
        if said["decision"] == "accept":
            told[document] = {"id": candidate, "label": pillar, "practice": practice, "contribution": True}
        elif said["decision"] == "reject" and said.get("reason") in NO_CONTRIBUTION:
            told[document] = {"id": candidate, "label": pillar, "practice": practice, "contribution": False}
        elif said["decision"] == "reject" and said.get("reason") in ABOUT_NOTHING:
            told[document] = {"id": candidate, "label": "none", "practice": "", "contribution": False}
    for identity, document, text_hash in _readings(log):
        told.setdefault(document, {"id": identity, "label": "none", "practice": "", "contribution": False, "text_hash": text_hash})
    return [
        {"municipality": row["authority"], "title": row["title"], "text": row["text"], **told[row["document_id"]]}
        for row in sampling.texts(connection, list(told))
        if told[row["document_id"]].pop("text_hash", row["text_hash"]) == row["text_hash"]
    ]


def _readings(log: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """(id, document, text hash) of the unflagged texts of samples that were read and hold nothing. What one accepts is in no pillar yet."""
    decided = sampling.decided(log)
    return [
        (item["id"], item["document_id"], item["text_hash"])
        for sample in sampling.samples(log).values()
        for item in sample["items"]
        if not item["stratum"].startswith(sampling.FLAGGED) and decided.get(item["id"], {}).get("decision") == "reject"
    ]
