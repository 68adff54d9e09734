"""What an address alone says of the platform behind it. The marks stand in `addresses.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ada_url

from extractors.exceptions import InvalidURL
from extractors.fetch import urls

FILE = Path(__file__).with_name("addresses.toml")
SURE = 0.7


@dataclass(frozen=True)
class AddressGuess:
    """The platform of an address, where the source begins, and the tenant on a host that bodies share ("" on a host of its own).

    `is_whole` says that the address holds all a source needs; else its page has to be seen for its settings.
    """

    platform: str
    url: str
    tenant: str
    certainty: float
    is_whole: bool

    @property
    def is_sure(self) -> bool:
        """Whether the address is enough; else the page must say it too."""
        return self.certainty >= SURE


@dataclass(frozen=True)
class Register:
    """A place that knows every body by its organisation number."""

    platform: str
    url: str


@dataclass(frozen=True)
class _Mark:
    platform: str
    certainty: float
    parts: tuple[tuple[str, re.Pattern[str]], ...]
    home: str
    is_exact: bool

    def guess(self, href: str) -> AddressGuess | None:
        url = ada_url.URL(href)
        written = {"host": url.hostname, "path": url.pathname, "query": url.search[1:], "fragment": url.hash[1:]}
        named = {"host": url.hostname, "scheme": url.protocol.removesuffix(":")}
        for part, pattern in self.parts:
            text = written[part] if self.is_exact or part == "query" else written[part].lower()
            match = pattern.search(text)
            if match is None:
                return None
            named |= {name: written[part][match.start(name) : match.end(name)] for name in pattern.groupindex}
        home = self.home.format_map(named) if self.home else href.partition("#")[0]
        return AddressGuess(self.platform, urls.parse(home), named.get("tenant", ""), self.certainty, bool(self.home))


@cache
def _marks() -> tuple[_Mark, ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["address"]
    return tuple(
        _Mark(
            row["platform"],
            row["certainty"],
            tuple((part, re.compile(row[part])) for part in ("host", "path", "query", "fragment") if part in row),
            row.get("home", ""),
            row.get("exact", False),
        )
        for row in sorted(rows, key=lambda row: -row["certainty"])
    )


@cache
def registers() -> tuple[Register, ...]:
    """The registers every body is looked up in."""
    return tuple(Register(**row) for row in tomllib.loads(FILE.read_text(encoding="utf-8")).get("register", ()))


def platforms() -> frozenset[str]:
    """Every platform that an address can name."""
    return frozenset(mark.platform for mark in _marks())


def platform_of(url: str) -> AddressGuess | None:
    """The platform an address names, by the most certain mark; None when the address says nothing, or is none."""
    try:
        href = urls.parse(url)
    except InvalidURL:
        return None
    if not href.startswith(("http://", "https://")):
        return None
    return next((guess for mark in _marks() if (guess := mark.guess(href))), None)
