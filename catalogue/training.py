"""The labelled texts that the model is learnt from: `training/*.jsonl`, invented, one text a line."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from catalogue.exceptions import CatalogueError
from catalogue.facts import Fact, model_from

FOLDER = Path(__file__).parent / "training"
AGAIN = "relabelled.jsonl"

Label = Literal["none", "integrity", "open_data", "procurement_anticorruption", "participation"]
TextKind = Literal["page", "case", "journal_title", "dataset", "notice", "pdf", "news"]


class Text(Fact):
    """One labelled text. `label` and `contribution` by the rules of research/EVAL.md; `why` says by which; `unsure` when its writer was."""

    id: str
    municipality: str
    lang: Literal["nb", "nn", "se", "en"]
    text_kind: TextKind
    title: str
    text: str
    label: Label
    practice: str
    contribution: bool
    why: str = Field(min_length=3)
    unsure: bool = False


def load(folder: Path = FOLDER) -> tuple[Text, ...]:
    """All labelled texts of a folder, by file and line. Raises CatalogueError naming file, line and field."""
    return _load(folder, tuple((p.name, p.stat().st_mtime_ns) for p in sorted(folder.glob("*.jsonl")) if p.name != AGAIN))


@lru_cache(maxsize=2)
def _load(folder: Path, files: tuple[tuple[str, int], ...]) -> tuple[Text, ...]:
    return tuple(_text(folder / name, number, line) for name, _ in files for number, line in _lines(folder / name))


def _lines(path: Path) -> list[tuple[int, str]]:
    return [(n, line) for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if line.strip()]


def _text(path: Path, number: int, line: str) -> Text:
    try:
        values: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise CatalogueError(path, "", "", f"line {number} is not JSON: {error}", "not_json", line=number, answer=str(error)) from None
    return model_from(Text, values, path, str(values.get("id", number)))
