"""One polite probe: the first questions the platform's own extractor would ask, until they give a first record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from catalogue.reasons import Reason
from extractors.contract import Capture, Claim, Extractor, Known, Outcome, Record, Request, Source, Trouble, Window
from extractors.exceptions import AccessDenied, AllowanceSpent, FetchError, LoginRequired, RobotsRefused, RobotsUnreachable
from extractors.fetch.client import Client

MOST_QUESTIONS = 5
FIRST_QUESTIONS = 12


class Answer(StrEnum):
    """What looking for a source came to."""

    FOUND = "found"
    EMPTY = "empty"
    LOGIN = "login"
    NEEDS_PERMISSION = "needs_permission"
    UNVERIFIED = "unverified"
    NO_READER = "no_reader"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Probe:
    """What a probe gave: the first record when there is one, and the capture it was read from. `moved` is where an answer sent us on to."""

    answer: Answer
    reason: Reason
    record: Record | None = None
    capture: Capture | None = None
    moved: str = ""


def answer_to(error: FetchError) -> Answer:
    """What a question without an answer means for a source."""
    if isinstance(error, LoginRequired):
        return Answer.LOGIN
    if isinstance(error, AccessDenied) or (isinstance(error, RobotsRefused) and not isinstance(error, RobotsUnreachable)):
        return Answer.NEEDS_PERMISSION
    return Answer.UNVERIFIED


def probe(client: Client, source: Source, extractor: Extractor, window: Window) -> Probe:
    """Ask what the extractor asks first, follow what it makes of the answers, and stop at the first record, or after MOST_QUESTIONS.

    A source that counts zero, or shows an older entry and none in the window, is `empty`. Raises AllowanceSpent.
    """
    waiting = list(islice(extractor.start(source, window, Known()), FIRST_QUESTIONS))
    asked: set[str] = set()
    claims: list[Claim] = []
    first: Probe | None = None
    while waiting and len(asked) < MOST_QUESTIONS:
        request = waiting.pop(0)
        if request.key in asked:
            continue
        asked.add(request.key)
        try:
            capture = client.fetch(source, request)
        except AllowanceSpent:
            raise
        except FetchError as error:
            first = first or Probe(answer_to(error), error.reason)
            if first.answer != Answer.UNVERIFIED:
                return first
            continue
        if capture.status >= 500 or capture.status == 429:
            first = first or Probe(Answer.UNVERIFIED, Reason("server_answered", status=capture.status))
            continue
        follow: list[Request] = []
        for item in _items(extractor, source, window, capture):
            if isinstance(item, Request):
                follow.append(item)
            elif isinstance(item, Trouble):
                first = first or Probe(_answer_of(item), item.reason)
            elif isinstance(item, Claim):
                claims.append(item)
            else:
                return Probe(Answer.FOUND, Reason("first_record", kind=item.kind), item, capture)
        waiting = [*follow, *waiting]
    if empty := _proof_of_nothing(claims):
        return Probe(Answer.EMPTY, empty)
    return first or Probe(Answer.UNVERIFIED, Reason("nothing_recognised"))


def _items(extractor: Extractor, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
    """What the platform makes of an answer, as far as it comes."""
    try:
        yield from extractor.parse(source, window, capture)
    except Exception as error:  # noqa: BLE001 - a stranger's answer may do anything to a parser
        yield Trouble(key=capture.url, reason=Reason("parser_stopped", place=type(error).__name__))


def _answer_of(trouble: Trouble) -> Answer:
    is_login = any("login" in code for code in trouble.reason.codes())
    if trouble.outcome == Outcome.BLOCKED:
        return Answer.LOGIN if is_login else Answer.NEEDS_PERMISSION
    return Answer.UNVERIFIED


def _proof_of_nothing(claims: Iterable[Claim]) -> Reason | None:
    """The reason to believe that the source is there and has nothing to show now."""
    claims = list(claims)
    if any(c.scope == "probe" and c.count > 0 for c in claims):
        return Reason("older_entry_found")
    if any(c.scope in ("window", "total", "day") and c.count == 0 for c in claims):
        return Reason("counts_zero")
    return None
