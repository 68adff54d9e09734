"""What we have and why something is missing: every source chosen with its last outcome, and the last jobs."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from extractors import staging
from extractors.staging import RunResult
from flows import jobs
from flows.selection import Catalogue, Selection, catalogue_of, scope_in
from flows.settings import Settings
from flows.texts import because

RESTING = {"permission": "needs_permission", "disabled": "unverified", "planned": "no_reader"}
"""What an entry that is not harvested answers until somebody looks."""


def status(settings: Settings, selection: Selection, job_count: int) -> dict[str, Any]:
    """`sources` (source, body, state, outcome, ended_at, reason in words, reasons), `bodies` (of those named: what we have of each side,
    and why nothing), `counts` and `jobs`.

    Without selectors only sources that have been harvested are listed; with a body, platform or source every entry, also those never
    asked; with days those whose last run ended then. Raises SelectionError.
    """
    catalogue = catalogue_of(settings.home)
    last: dict[str, RunResult] = {result.source: result for result, _ in staging.complete_batches(settings.staging)}
    scope = scope_in(catalogue, selection)
    is_narrow = bool(selection.authorities or selection.platforms or selection.sources)
    has_window = bool(selection.since or selection.until)
    rows = []
    for entry in catalogue.entries:
        result = last.get(entry.id)
        if not scope.takes(entry.id, entry.authority) or (result is None and (has_window or not is_narrow)):
            continue
        if result is not None and not scope.takes_day(date.fromisoformat(result.ended_at[:10])):
            continue
        rows.append({
            "source": entry.id, "authority": entry.authority, "body": catalogue.authorities.label_of(entry.authority), "state": entry.state,
            "confidence": entry.confidence, "url": entry.url, "outcome": str(result.outcome) if result else None,
            "ended_at": result.ended_at[:19] if result else None, "reason": because(result.reasons) if result else entry.note,
            "reasons": [reason.as_json() for reason in result.reasons] if result else [],
        })  # fmt: skip
    counts = {"entries": len(catalogue.entries), "enabled": sum(e.is_harvested for e in catalogue.entries), "harvested": len(last),
              "bodies": len(catalogue.authorities.current)}  # fmt: skip
    return {
        "sources": rows,
        "bodies": [row for number in scope.authorities or () for row in _sides(settings.home, catalogue, number)],
        "counts": counts,
        "outcomes": Counter(r["outcome"] for r in rows if r["outcome"]),
        "jobs": jobs.jobs(settings.home, job_count),
    }


def _sides(home: Path, catalogue: Catalogue, number: str) -> list[dict[str, Any]]:
    """For website, journal, meetings and datasets of a body: harvested, or the answer that looking for it gave and why."""
    from extractors.discovery.findings import SIDES, answer_from_json

    path = home / "discovery" / f"{number}.json"
    found = answer_from_json(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
    rows = []
    for side, kinds in SIDES.items():
        held = [e.id for e in catalogue.entries if e.authority == number and e.is_harvested and set(kinds) & set(e.kinds)]
        resting = [e for e in catalogue.entries if e.authority == number and not e.is_harvested and set(kinds) & set(e.kinds)]
        why = found.why(side) if found and not held else None
        said = next((e for state in RESTING for e in resting if e.state == state), None)
        answer = "harvested" if held else str(found.on(side)) if found else RESTING[said.state] if said else "not_looked"
        reason = because([why]) if why else f"{said.id}: {said.note or said.fact}" if said and not held else ""
        rows.append({
            "authority": number, "body": catalogue.authorities.label_of(number), "side": side, "sources": held, "answer": answer,
            "looked_on": found.day if found else None, "reason": reason, "reasons": [why.as_json()] if why else [],
        })  # fmt: skip
    return rows
