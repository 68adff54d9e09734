"""What can be wrong with the facts people edit."""

from __future__ import annotations

from pathlib import Path


class Named(Exception):
    """A fault that can be said in the reader's language: `said` is which of the sentences of its kind, `named` the names in it.

    The message itself is English; the command line looks for `fault.<class>` or `fault.<class>.<said>` among its texts.
    """

    def __init__(self, message: str, said: str = "", **named: object) -> None:
        super().__init__(message)
        self.said = said
        self.named = named


class CatalogueError(ValueError):
    """A catalogue file cannot be used. Names the file, the entry and the field, and says what to do.

    `file` is the file name, `entry` the slug, id or row it happened in ("" when the whole file), `field` the field ("" when several).
    """

    def __init__(self, file: Path | str, entry: str, field: str, problem: str) -> None:
        self.file = str(file)
        self.entry = entry
        self.field = field
        self.problem = problem
        where = [self.file]
        if entry:
            where.append(f"entry {entry}")
        if field:
            where.append(f"field {field}")
        super().__init__(f"{', '.join(where)}: {problem}")
