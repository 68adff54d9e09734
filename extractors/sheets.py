"""What the docstring of an extractor says: its data sheet, row by row, and what its code fills in."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from extractors.contract import Extractor, Record

ROWS = ("vendor", "recognise", "endpoints", "set-up", "paging", "windows", "limits", "quirks", "privacy", "yields", "licence", "facts from")
"""The rows of a data sheet in their order."""
OPTIONAL = ("privacy",)
OWN = frozenset(f.name for f in fields(Record))
LINE = re.compile(rf"^({'|'.join(ROWS)}) +(\S.*)$")


def sheet_of(extractor: type[Extractor]) -> dict[str, str]:
    """Row → text, in the order they stand in the docstring; what stands before the first row is left out."""
    rows: dict[str, list[str]] = {}
    for line in inspect.cleandoc(extractor.__doc__ or "").splitlines():
        if match := LINE.match(line):
            rows.setdefault(match[1], []).append(match[2].strip())
        elif rows and line.strip():
            rows[next(reversed(rows))].append(line.strip())
    return {name: " ".join(text) for name, text in rows.items()}


def faults_of(extractor: type[Extractor]) -> list[str]:
    """What is wrong with a data sheet: rows that are missing, or stand out of order."""
    rows = list(sheet_of(extractor))
    missing = [f"{name} is missing" for name in ROWS if name not in rows and name not in OPTIONAL]
    in_order = [name for name in ROWS if name in rows]
    return missing or ([f"the rows stand as {', '.join(rows)}; write them as {', '.join(in_order)}"] if rows != in_order else [])


def fields_of(extractor: type[Extractor]) -> dict[str, list[str]]:
    """Record kind → the fields the platform's code fills in, in the order of the contract."""
    classes = {record.__name__: record for record in extractor.yields}
    filled: dict[str, set[str]] = {name: set() for name in classes}
    for call in _calls(extractor.__module__, set(classes)):
        filled[call.func.id] |= {k.arg for k in call.keywords if k.arg} - OWN  # ty: ignore[missing-attribute]
    return {record.kind: [f.name for f in fields(record) if f.name in filled[name]] for name, record in classes.items()}


def _calls(module: str, names: set[str]) -> Iterator[ast.Call]:
    """Where records are made: in the platform's module and in those of its family it imports from."""
    family = module.rpartition(".")[0]
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current in seen or current not in sys.modules:
            continue
        seen.add(current)
        source = Path(str(sys.modules[current].__file__)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(family):
                waiting += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node


def settings_of(extractor: type[Extractor]) -> dict[str, Any]:
    """What an entry may say: name → `type` in words and `default` (None when there is none)."""
    said = {}
    for name, field in extractor.Settings.model_fields.items():
        kind = str(field.annotation) if not isinstance(field.annotation, type) else field.annotation.__name__
        default = None if field.is_required() else field.default
        said[name] = {"type": re.sub(r"\btyping\.", "", kind), "default": default, "is_required": field.is_required()}
    return said
