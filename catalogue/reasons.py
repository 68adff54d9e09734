"""Why something went as it did: a code and its values, and the sentence made of them in the reader's language.

The sentences stand in `reasons.toml`, in bokmål and English, each with what can be done about it. Code says `Reason("server_answered",
status=500)` and never a sentence. A value is a number, a host, a place in an answer, the name of a field, an error's class, or another
Reason; never text of a source.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from catalogue.labels import label

FILE = Path(__file__).parent / "reasons.toml"
# Values that are codes themselves, by their name, and the group of labels that says what they are called.
NAMED = {"kind": "kind", "step": "step", "column": "column", "columns": "column"}


@dataclass(frozen=True, init=False)
class Reason:
    """One reason. `values` fill the `{names}` of its sentence; a value may be another reason."""

    code: str
    values: dict[str, Any] = field(hash=False)

    def __init__(self, code: str, /, **values: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """The reason in words (`nb` or `en`), without capital and full stop; code and values where the data have no words for them."""
        said = {name: _in_words(name, value, language) for name, value in self.values.items()}
        try:
            return entries()[self.code].words[language].format_map(said)
        except KeyError:
            return f"{self.code} ({', '.join(f'{name}: {value}' for name, value in said.items())})" if said else self.code

    def codes(self) -> list[str]:
        """Its code, then those of the reasons inside it."""
        return [self.code, *(code for value in self.values.values() if isinstance(value, Reason) for code in value.codes())]

    def as_json(self) -> dict[str, Any]:
        """`code` and `values`, reasons inside values likewise."""
        return asdict(self)


@dataclass(frozen=True)
class Entry:
    """What the data say of a code: the sentence and what can be done, per language. `group` is the heading it stands under."""

    code: str
    group: str
    words: Mapping[str, str]
    way_out: Mapping[str, str]


@cache
def entries() -> dict[str, Entry]:
    """Every code with its words, in the order of the file. Raises ValueError for a code that stands there twice."""
    found: dict[str, Entry] = {}
    for group in tomllib.loads(FILE.read_text(encoding="utf-8")).values():
        for code, said in group.items():
            if code in ("heading", "way_out"):
                continue
            if code in found:
                raise ValueError(f"{FILE.name}: {code} stands there twice")
            found[code] = Entry(code, group["heading"], {"nb": said["nb"], "en": said["en"]}, said.get("way_out") or group["way_out"])
    return found


def _in_words(name: str, value: Any, language: str) -> str:
    if isinstance(value, Reason):
        return value.sentence(language)
    group = NAMED.get(name)
    return ", ".join(label(group, part, language) for part in str(value).split(", ")) if group else str(value)


def reason_from_json(said: Any) -> Reason:
    """The reason that `as_json` wrote; a sentence of a version that knew no codes is kept as `older_words`."""
    if not isinstance(said, Mapping):
        return Reason("older_words", words=str(said))
    values = {name: reason_from_json(v) if isinstance(v, Mapping) else v for name, v in said.get("values", {}).items()}
    return Reason(str(said.get("code", "")), **values)


def dump(reasons: Iterable[Reason]) -> str:
    """Reasons as the tables hold them: a JSON list, the weightiest first; "" for none. Equal reasons give equal text."""
    said = [reason.as_json() for reason in reasons]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str) if said else ""


def load(text: str) -> tuple[Reason, ...]:
    """The reasons that `dump` wrote."""
    return tuple(reason_from_json(said) for said in json.loads(text)) if text else ()


def sentences(reasons: Iterable[Reason], language: str) -> str:
    """The reasons in words, parted by semicolons."""
    return "; ".join(reason.sentence(language) for reason in reasons)
