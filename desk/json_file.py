"""The list as JSON, for machines.

    {"format": "dagslys.shortlist", "version": 1, "stamp": "" or "ikke gjennomgått",
     "shortlist": {… the frozen list, exactly as it was frozen …},
     "contacts":  [{"orgnr", "name", "number", "postmottak", "homepage", "candidates": [id]}],
     "desk":      [{"candidate", "doubts": [text], "would_change": [text],
                    "draft_report": [{"field", "evidenced": [text], "question": text}]}]}

`shortlist` is what the content hash covers; `contacts` and `desk` follow from it and are in the language of the paper.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desk import weighing
from desk.shortlist import Shortlist
from desk.words import words

FORMAT, VERSION = "dagslys.shortlist", 1


def write(shortlist: Shortlist, frozen: Mapping[str, Any], path: Path, lang: str) -> Path:
    """Writes the file and returns its path."""
    path.write_text(json.dumps(document(shortlist, frozen, lang), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    return path


def document(shortlist: Shortlist, frozen: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The object of the module's docstring."""
    w = words(lang)
    return {
        "format": FORMAT,
        "version": VERSION,
        "stamp": "" if shortlist.is_reviewed else w.say("head.stamp").lower(),
        "shortlist": dict(frozen),
        "contacts": [
            {"orgnr": b.orgnr, "name": weighing.name_of(b), "number": b.number, "postmottak": b.postmottak, "homepage": b.homepage,
             "candidates": [i.id for i in shortlist.items if i.body.orgnr == b.orgnr]}
            for b in shortlist.bodies
        ],
        "desk": [
            {"candidate": item.id, "doubts": weighing.doubts(item, shortlist, w), "would_change": weighing.changes(item, w),
             "draft_report": [
                 {"field": f.key, "evidenced": list(f.evidenced), "question": f.question} for f in weighing.draft_report(item, w)
             ]}
            for item in shortlist.items
        ],
    }  # fmt: skip
