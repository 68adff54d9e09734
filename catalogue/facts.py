"""How a catalogue file is read: TOML in, frozen models out, every mistake named by file, entry and field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from catalogue.exceptions import CatalogueError, Named

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

UNCONFIRMED = "ikke kontrollert"

# From best to worst: seen in a stored answer, asked over HTTP by a public source, used by a configured harvester, named in a list,
# read on a page, contradicted by another source, written down from general knowledge.
Confidence = Literal["payload", "tested", "used", "listed", "page", "doubtful", "by_hand"]
GOOD_ENOUGH_TO_ASK = ("payload", "tested", "used")

# Which sentence says what pydantic found, by its name for the mistake. Of the rest its own words are told.
SENTENCE_OF = {
    "literal_error": "one_of", "enum": "one_of", "string_pattern_mismatch": "pattern", "string_type": "no_text",
    "string_too_short": "too_short", "too_short": "too_few", "tuple_type": "no_list", "list_type": "no_list",
    "model_type": "no_table", "model_attributes_type": "no_table", "dict_type": "no_table",
    "int_type": "no_integer", "int_parsing": "no_integer", "int_from_float": "no_integer",
    "float_type": "no_number", "float_parsing": "no_number", "bool_type": "no_truth", "bool_parsing": "no_truth",
    "date_type": "no_day", "date_parsing": "no_day", "date_from_datetime_parsing": "no_day", "date_from_datetime_inexact": "no_day",
    "url_type": "no_address", "url_parsing": "no_address", "url_scheme": "no_address",
    "greater_than": "too_small", "greater_than_equal": "too_small", "less_than": "too_great", "less_than_equal": "too_great",
}  # fmt: skip


class Fact(BaseModel):
    """A fact as a file states it. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


F = TypeVar("F", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Reads one TOML file. Raises CatalogueError when it is missing or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(path, "", "", "the file does not exist; check the path", "no_file") from None
    except UnicodeDecodeError as error:
        problem = f"the file is not UTF-8 ({error.reason}); save it as UTF-8"
        raise CatalogueError(path, "", "", problem, "not_utf8", answer=error.reason) from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(path, "", "", f"the file is not TOML: {error}", "not_toml", answer=str(error)) from None


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
            raise CatalogueError(path, entry, field, problem, "unknown_key", known=known) from None
        if first["type"] == "missing":
            raise CatalogueError(path, entry, field, "is missing; add it", "missing") from None
        said, named = _sentence(first)
        raise CatalogueError(path, entry, field, first["msg"].removeprefix("Value error, "), said, **named) from None


def _sentence(found: ErrorDetails) -> tuple[str, dict[str, Any]]:
    """Which sentence says a mistake, with the names in it: that of our own rule, of the kind of mistake, or the general one."""
    given = found.get("ctx", {})
    refused = given.get("error")
    if isinstance(refused, Named):
        return refused.said, refused.named
    named = {
        "choices": str(given.get("expected", "")).replace("'", "").replace(" or ", ", "), "pattern": given.get("pattern", ""),
        "least": given.get("ge", given.get("gt", given.get("min_length", ""))), "most": given.get("le", given.get("lt", "")),
        "answer": found["msg"].removeprefix("Value error, "),
    }  # fmt: skip
    return SENTENCE_OF.get(found["type"], "unusable"), named


def tables(document: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    """The `[[key]]` tables of a document. Raises CatalogueError when `key` is something else than tables."""
    found = document.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise CatalogueError(path, "", key, f"must be [[{key}]] tables", "no_tables", key=key)
    return found


def refuse_other_keys(document: Mapping[str, Any], allowed: set[str], path: Path) -> None:
    """Raises CatalogueError for a top-level key nobody knows."""
    for key in document:
        if key not in allowed:
            known = ", ".join(sorted(allowed))
            raise CatalogueError(path, "", key, f"unknown key at the top of the file (known: {known})", "unknown_top_key", known=known)


def checked(text: str, confirmed: bool) -> str:
    """The text, with *ikke kontrollert* after it when nobody has checked the fact."""
    return text if confirmed else f"{text} (*{UNCONFIRMED}*)"
