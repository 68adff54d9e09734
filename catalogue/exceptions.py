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


class Refused(Named, ValueError):
    """A value that a fact cannot have. Its sentence stands among those of CatalogueError, which says where the value is."""


class CatalogueError(Named, ValueError):
    """A catalogue file cannot be used. Names the file, the entry and the field, and says what to do.

    `file` is the file name, `entry` the slug or id it happened in ("" when the whole file), `line` its line in a file of rows (0 when it is
    told by its entry), `field` the field ("" when several); `problem` is English, and `said` which sentence says it in any language.
    """

    def __init__(
        self, file: Path | str, entry: str, field: str, problem: str, said: str, /, *, line: int = 0, **named: object,
    ) -> None:  # fmt: skip
        self.file = str(file)
        self.entry = entry
        self.field = field
        self.problem = problem
        self.line = line
        where = [self.file]
        if entry or line:
            where.append(" ".join(filter(None, ("entry", f"line {line}" if line else "", entry))))
        if field:
            where.append(f"field {field}")
        super().__init__(f"{', '.join(where)}: {problem}", said, **named)
