"""What can be wrong with how a run is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalogue.exceptions import CatalogueError


class SettingsError(ValueError):
    """An environment variable cannot be used; names it and the way out."""


class SelectionError(ValueError):
    """A selector names nothing we know, or a day that is none."""


class WrongUse(ValueError):
    """A verb was given something it cannot use; the message says what it takes."""


class ServerFailed(RuntimeError):
    """The local Prefect server or the sandbox did not come up; says where its log is."""


def words(error: Exception) -> str:
    """What went wrong, in the language spoken; the fault's own English where nobody has put it into words."""
    from catalogue.exceptions import CatalogueError, Named
    from extractors.exceptions import ArchiveDamaged, ArchiveErased, Reasoned
    from flows.texts import language, text

    if isinstance(error, Reasoned):
        return error.words(language())
    if isinstance(error, ArchiveDamaged | ArchiveErased):
        from desk.words import words as written

        return written(language()).difference(str(error))
    if not isinstance(error, Named):
        return str(error)
    try:
        sentence = text(".".join(filter(None, ("fault", type(error).__name__, error.said))), **error.named)
    except KeyError:
        return str(error)
    return f"{_place(error)}: {sentence}" if isinstance(error, CatalogueError) else sentence


def _place(error: CatalogueError) -> str:
    """Where in a catalogue file it is: file, line, entry, field."""
    from flows.texts import text

    where = [
        text("place.line", line=error.line) if error.line else "",
        text("place.entry", entry=error.entry) if error.entry else "",
        text("place.field", field=error.field) if error.field else "",
    ]
    return ", ".join([error.file, *filter(None, where)])


Faults = tuple[type[Exception], ...]


def wrong_uses() -> Faults:
    """The faults that are the user's to mend: exit code 2."""
    from catalogue.exceptions import CatalogueError
    from desk.exceptions import DecisionRefused
    from extractors.exceptions import ContactMissing, InvalidURL, PlatformError
    from warehouse.exceptions import InvalidDecision, QuestionRefused, UnknownQuestion, UnknownSample, UnknownShortlist

    return (
        SettingsError,
        SelectionError,
        WrongUse,
        CatalogueError,
        ContactMissing,
        InvalidURL,
        PlatformError,
        DecisionRefused,
        InvalidDecision,
        QuestionRefused,
        UnknownQuestion,
        UnknownSample,
        UnknownShortlist,
    )


def faults() -> Faults:
    """Every fault that one sentence explains."""
    from desk.exceptions import CandidateUnknown, ShortlistIncomplete
    from extractors.exceptions import ArchiveDamaged, ArchiveErased, FetchError
    from warehouse.exceptions import WarehouseError

    return (*wrong_uses(), ServerFailed, WarehouseError, CandidateUnknown, ShortlistIncomplete, ArchiveDamaged, ArchiveErased, FetchError)
