"""What can be wrong with how a run is asked for."""


class SettingsError(ValueError):
    """An environment variable cannot be used; names it and the way out."""


class SelectionError(ValueError):
    """A selector names nothing we know, or a day that is none."""


class WrongUse(ValueError):
    """A verb was given something it cannot use; the message says what it takes."""


class ServerFailed(RuntimeError):
    """The local Prefect server or the sandbox did not come up; says where its log is."""


Faults = tuple[type[Exception], ...]


def wrong_uses() -> Faults:
    """The faults that are the user's to mend: exit code 2."""
    from catalogue.exceptions import CatalogueError
    from desk.exceptions import DecisionRefused
    from extractors.exceptions import ContactMissing, PlatformError
    from warehouse.exceptions import InvalidDecision, UnknownQuestion

    return (
        SettingsError,
        SelectionError,
        WrongUse,
        CatalogueError,
        ContactMissing,
        PlatformError,
        DecisionRefused,
        InvalidDecision,
        UnknownQuestion,
    )


def faults() -> Faults:
    """Every fault that one sentence explains."""
    from desk.exceptions import CandidateUnknown, ShortlistIncomplete
    from extractors.exceptions import ArchiveDamaged, ArchiveErased, FetchError
    from warehouse.exceptions import WarehouseError

    return (*wrong_uses(), ServerFailed, WarehouseError, CandidateUnknown, ShortlistIncomplete, ArchiveDamaged, ArchiveErased, FetchError)
