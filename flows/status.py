"""What we have and why something is missing: every source chosen with its last outcome, and the last jobs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from extractors import staging
from extractors.staging import RunResult
from flows import jobs
from flows.selection import Selection, catalogue_of
from flows.settings import Settings

from flows.texts import because

def status(settings: Settings, selection: Selection, job_count: int) -> dict[str, Any]:
    """`sources` (source, body, state, outcome, ended_at, reason in words, reasons), `counts` and `jobs`.

    Without selectors only sources that have been harvested are listed; with them every entry, also those never asked.
    """
    catalogue = catalogue_of(settings.home)
    last: dict[str, RunResult] = {result.source: result for result, _ in staging.complete_batches(settings.staging)}
    wanted = {catalogue.authorities.one(text).orgnr for text in selection.authorities}
    is_narrow = bool(wanted or selection.platforms or selection.sources)
    rows = []
    for entry in catalogue.entries:
        if (wanted and entry.authority not in wanted) or (selection.platforms and entry.platform not in selection.platforms):
            continue
        if (selection.sources and entry.id not in selection.sources) or (not is_narrow and entry.id not in last):
            continue
        result = last.get(entry.id)
        rows.append({
            "source": entry.id, "authority": entry.authority, "body": catalogue.authorities[entry.authority].label, "state": entry.state,
            "confidence": entry.confidence, "url": entry.url, "outcome": str(result.outcome) if result else None,
            "ended_at": result.ended_at[:19] if result else None, "reason": because(result.reasons) if result else entry.note,
            "reasons": [reason.as_json() for reason in result.reasons] if result else [],
        })  # fmt: skip
    counts = {"entries": len(catalogue.entries), "enabled": sum(e.is_harvested for e in catalogue.entries), "harvested": len(last),
              "bodies": len(catalogue.authorities.current)}  # fmt: skip
    return {
        "sources": rows,
        "counts": counts,
        "outcomes": Counter(r["outcome"] for r in rows if r["outcome"]),
        "jobs": jobs.jobs(settings.home, job_count),
    }
