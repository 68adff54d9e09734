"""How a catalogue file is read: TOML in, frozen models out, every mistake named by file, entry and field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from catalogue.exceptions import CatalogueError

UNCONFIRMED = "ikke kontrollert"

# From best to worst: seen in a stored answer, asked over HTTP by a public source, used by a configured harvester, named in a list,
# read on a page, contradicted by another source, written down from general knowledge.
Confidence = Literal["payload", "tested", "used", "listed", "page", "doubtful", "by_hand"]
GOOD_ENOUGH_TO_ASK = ("payload", "tested", "used")


class Fact(BaseModel):
    """A fact as a file states it. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


F = TypeVar("F", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Reads one TOML file. Raises CatalogueError when it is missing or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(path, "", "", "the file does not exist; check the path") from None
    except UnicodeDecodeError as error:
        raise CatalogueError(path, "", "", f"the file is not UTF-8 ({error.reason}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(path, "", "", f"the file is not TOML: {error}") from None


def model_from(kind: type[F], values: Mapping[str, Any], path: Path, entry: str) -> F:
    """Builds one model of the values. Raises CatalogueError naming file, entry and the first field that is wrong.

    A misspelt key is named before the field that is missing because of it.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(kind.model_fields)
            problem = f"unknown key; remove it or correct the spelling (known keys here: {known})"
        elif first["type"] == "missing":
            problem = "is missing; add it"
        else:
            problem = first["msg"].removeprefix("Value error, ")
        raise CatalogueError(path, entry, field, problem) from None


def tables(document: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    """The `[[key]]` tables of a document. Raises CatalogueError when `key` is something else than tables."""
    found = document.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise CatalogueError(path, "", key, f"must be [[{key}]] tables")
    return found


def refuse_other_keys(document: Mapping[str, Any], allowed: set[str], path: Path) -> None:
    """Raises CatalogueError for a top-level key nobody knows."""
    for key in document:
        if key not in allowed:
            raise CatalogueError(path, "", key, f"unknown key at the top of the file (known: {', '.join(sorted(allowed))})")


def checked(text: str, confirmed: bool) -> str:
    """The text, with *ikke kontrollert* after it when nobody has checked the fact."""
    return text if confirmed else f"{text} (*{UNCONFIRMED}*)"
