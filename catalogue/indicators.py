"""What a body's openness is measured by: `indicators.toml`. The measuring itself is SQL, in `warehouse/views/31_measurements.sql`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from catalogue.exceptions import CatalogueError, Refused
from catalogue.facts import Fact, model_from, read_toml, refuse_other_keys, tables

FILE = Path(__file__).parent / "indicators.toml"


class Name(Fact):
    """What the indicator is called, in bokmål, nynorsk and English."""

    nb: str = Field(min_length=3)
    nn: str = Field(min_length=3)
    en: str = Field(min_length=3)


class Indicator(Fact):
    """One indicator, in the order in which people read it.

    `kind` is the kind of record that must have been read; `good` and `partly` are thresholds in `unit`, on the side `direction` tells.
    `least` is how many observations a value needs. `is_counted`: one found is enough to show it, whatever else was not read; shares,
    medians and spans need a source that was read whole. `may_be_absent`: whether a whole reading of all we know proves it missing.
    `silence` is the cause (labels, group `unobserved`) when sources were read and gave no value.
    """

    key: str = Field(pattern=r"^[a-z][a-z_]+$")
    pillar: Literal["integrity", "open_data", "procurement_anticorruption", "participation"]
    kind: Literal["journal_entry", "meeting", "agenda_item", "dataset", "page", "notice"]
    name: Name
    measures: str = Field(min_length=20)
    unit: Literal["antall", "andel", "dager"]
    direction: Literal["higher", "lower"] = "higher"
    good: float
    partly: float
    weight: float = Field(default=1.0, gt=0)
    least: int = Field(default=1, ge=1)
    is_counted: bool = False
    may_be_absent: bool = True
    silence: Literal["not_told", "not_in_window", "too_few_readings", "no_enterprises"] = "not_in_window"
    idea: str = Field(min_length=3)

    @model_validator(mode="after")
    def _partly_is_less_than_good(self) -> Indicator:
        if (self.good < self.partly) if self.direction == "higher" else (self.good > self.partly):
            raise Refused("good must be stricter than partly; swap them or correct direction", "unusable", answer="good, partly, direction")
        return self


class Method(Fact):
    """What holds for all: the version (raise it when a measure, threshold or weight changes), for how many days a reading counts, and how
    large a share of the weights must be observed before there is a grade."""

    version: str
    valid_days: int = Field(gt=0)
    least_share: float = Field(gt=0, le=1)

    @field_validator("version")
    @classmethod
    def _is_named(cls, value: str) -> str:
        if not value.strip():
            raise Refused("must not be empty", "too_short")
        return value


class Indicators(Fact):
    """The method and the indicators, in the order of the file."""

    method: Method
    indicators: tuple[Indicator, ...]

    def rows(self) -> list[dict[str, object]]:
        """The rows of core.indicators."""
        method = {"method": self.method.version, "valid_days": self.method.valid_days, "least_share": self.method.least_share}
        return [
            {**i.model_dump(exclude={"name"}), **{f"name_{language}": words for language, words in i.name.model_dump().items()},
             "position": position, **method}
            for position, i in enumerate(self.indicators, 1)
        ]  # fmt: skip


def load(path: Path = FILE) -> Indicators:
    """The indicators of a file. Raises CatalogueError naming file, entry and field."""
    document = read_toml(path)
    refuse_other_keys(document, {"method", "indicator"}, path)
    found = [model_from(Indicator, entry, path, str(entry.get("key", ""))) for entry in tables(document, "indicator", path)]
    keys = [indicator.key for indicator in found]
    for key in keys:
        if keys.count(key) > 1:
            raise CatalogueError(path, key, "key", "stands there twice; remove one", "unusable", answer=key)
    return Indicators(method=model_from(Method, document.get("method", {}), path, "method"), indicators=tuple(found))
