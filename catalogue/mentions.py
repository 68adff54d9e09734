"""The expressions by which a text tells of Open Government Partnership, from `mentions.toml`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict, Field

from catalogue.facts import Fact, model_from, read_toml

FILE = Path(__file__).with_name("mentions.toml")


class Expressions(Fact):
    """Lists of expressions; what each is for stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = Field(min_length=1)
    national_plan: tuple[str, ...] = Field(min_length=1)
    own_plan: tuple[str, ...] = Field(min_length=1)
    membership: tuple[str, ...] = Field(min_length=1)
    stands: tuple[str, ...] = Field(min_length=1)
    own: tuple[str, ...] = Field(min_length=1)
    others: tuple[str, ...] = Field(min_length=1)
    not_yet: tuple[str, ...] = Field(min_length=1)
    denied: tuple[str, ...] = Field(min_length=1)


@lru_cache(maxsize=1)
def load() -> Expressions:
    """The shipped expressions. Raises CatalogueError for an unknown or a missing list."""
    return model_from(Expressions, read_toml(FILE), FILE, "mentions")


@lru_cache(maxsize=16)
def of(name: str) -> re.Pattern[str]:
    """Any expression of a list."""
    return re.compile("|".join(f"(?:{e})" for e in getattr(load(), name)), re.IGNORECASE)
