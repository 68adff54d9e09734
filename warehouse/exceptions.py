"""What can go wrong between tables and their readers. Each message names the thing and the way out."""


from catalogue.exceptions import Named


class WarehouseError(Named):
    """The warehouse cannot do what was asked."""


class SchemaDrifted(WarehouseError):
    """The database was made by other migrations than the ones shipped."""


class StoreBusy(WarehouseError):
    """Another process writes the database."""


class NotPublished(WarehouseError):
    """There is no read copy yet."""


class CountsDisagree(WarehouseError):
    """Rows in are not rows out plus quarantined plus duplicates."""


class LogTampered(WarehouseError):
    """The decision log is not the chain that was written."""


class UnknownQuestion(WarehouseError):
    """No saved question has that name, or a value it needs is missing."""


class QuestionRefused(WarehouseError):
    """SQL that cannot be answered: wrong, or more than a question that reads."""


class NothingToFreeze(WarehouseError):
    """No candidate answers to what the shortlist asks for."""


class InvalidDecision(WarehouseError):
    """Not a decision the log takes."""


class UnknownShortlist(WarehouseError):
    """No shortlist of that id, and not a day either."""


class NothingToSample(WarehouseError):
    """No text is left that was not flagged."""


class UnknownSample(WarehouseError):
    """No sample, or no text of one, has that identifier."""


class TextGone(WarehouseError):
    """A text of a sample is not the one that was drawn."""
