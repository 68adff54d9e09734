"""Asking Digdem's GraphQL services and reading what they answer.

A service knows the texts its own application sends and refuses any other, be it a space that differs. The texts in `queries/` are those
texts: facts of the protocol, one file for each operation, without the line end at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from catalogue.reasons import Reason
from extractors.contract import Capture, File, Outcome, Request, Source, Trouble
from extractors.fetch import urls
from extractors.fields import Fields
from extractors.innsyn import parties
from extractors.innsyn.einnsyn import read_json

QUERIES = Path(__file__).parent / "queries"
OSLO = ZoneInfo("Europe/Oslo")
OUTDATED = re.compile(r"last(?:e)? siden p(?:å|aa) ny", re.I)
ERROR_CODE = re.compile(r"[A-Z][A-Z_]{2,39}")
STEPS = {"days": "journal", "part": "journal", "more": "journal"}


@cache
def query(operation: str) -> str:
    """The text of an operation, as it must be sent."""
    return (QUERIES / f"{operation}.graphql").read_text(encoding="utf-8").strip()


def ask(source: Source, operation: str, variables: Mapping[str, Any], context: Mapping[str, Any], *, role: str = "data") -> Request:
    """One call of an operation."""
    return Request(
        url=urls.parse("/graphql", source.url), method="POST", role=role, context=context,
        headers=(("Accept", "*/*"), ("apollo-require-preflight", "true"), ("Referer", source.url)),
        json={"operationName": operation, "variables": variables, "query": query(operation)},
    )  # fmt: skip


def answer_of(capture: Capture) -> tuple[Fields, Trouble | None]:
    """The `data` of an answer, or the Trouble that says why there is none. An error comes with status 200."""
    answer, trouble = read_json(capture)
    if trouble:
        return Fields(None), trouble
    step = capture.context["step"]
    errors, data = (answer.get("errors"), answer.get("data")) if isinstance(answer, dict) else (None, None)
    if errors:
        return Fields(None), _trouble_of(capture, errors)
    if not isinstance(data, dict):
        return Fields(None), Trouble(key=capture.url, reason=Reason("no_content", step=STEPS.get(step, step)))
    return Fields(data), None


def _trouble_of(capture: Capture, errors: Any) -> Trouble:
    """What an error means: the text of a query is no longer the application's, or something else, of which only its code is told."""
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    operation = str((capture.request.json or {}).get("operationName", ""))
    if OUTDATED.search(str(first.get("message", ""))):
        return Trouble(key=capture.url, reason=Reason("query_outdated", operation=operation))
    code = str(Fields(first.get("extensions")).data.get("code", ""))
    error = code if ERROR_CODE.fullmatch(code) else "-"
    return Trouble(key=capture.url, outcome=Outcome.FAILED, reason=Reason("query_refused", operation=operation, error=error))


def page_of(source: Source, path: str) -> str:
    """A page of the portal that a person opens."""
    parts = urlsplit(source.url)
    return f"{parts.scheme}://{parts.netloc}{path}"


def day_of(text: str | None) -> date | None:
    """The day in Norway that an ISO moment falls on; None when it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(OSLO).date() if moment.tzinfo else moment.date()


def nested(row: Fields, *names: str) -> dict[str, Fields]:
    """Objects within a row by name, so that what nobody took of them can be told."""
    found = {name: row.object(name) for name in names}
    for each in found.values():
        each.leave(("__typename",))
    return found


def rest(row: Fields, parts: Mapping[str, Fields]) -> tuple[str, ...]:
    """What nobody took of a row and of the objects within it."""
    row.leave(("__typename",))
    return (*row.rest(), *(left for name, part in parts.items() for left in part.rest(f"{name}.")))


def names(values: Iterable[Any]) -> tuple[str, ...] | None:
    """Parties without their e-mail addresses (ATLAS 11.3)."""
    return parties.names(values)


def documents(source: Source, rows: Iterable[Any], folder: str, *, is_shut: bool = False) -> tuple[tuple[File, ...], tuple[str, ...]]:
    """The documents of a row, and what nobody took of them. Only one that is said not to be classified has an address, and none of a row
    that is itself shut."""
    files, left = [], {}
    for each in rows:
        row = Fields(each)
        key, is_open = row.text("id"), row.take("classified") is False
        row.leave(("__typename", "order", "type", "azureCustomLink", "registrationCode", "journalArchiveId"))
        url = urls.parse(f"{folder}{key}", source.url) if key and is_open and not is_shut else None
        files.append(File(title=row.text("title"), url=url, is_open=url is not None))
        left |= dict.fromkeys(row.rest("documents."))
    return tuple(files), tuple(left)
