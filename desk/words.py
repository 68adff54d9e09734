"""The words of one language, from `texts/*.toml`: looked up by name, filled in strictly, written the Norwegian way."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from catalogue import labels
from catalogue.facts import UNCONFIRMED

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("nb", "nn")
UI_LANGUAGES = ("nb", "nn", "en")
OSLO = ZoneInfo("Europe/Oslo")
THIN = "\u202f"


class Words:
    """The texts of a language. `say("facts.method", rubric=…)` raises KeyError for a text that is not there or a value not given."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.texts: dict[str, Any] = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
        self.texts |= {group: labels.in_language(group, lang) for group in ("outcome", "source_type", "status", "early_results", "mention")}

    @property
    def tag(self) -> str:
        """The language tag of the paper (BCP 47)."""
        return self.texts["language"]

    def get(self, name: str) -> Any:
        """The raw text, list or table of that dotted name."""
        found: Any = self.texts
        for part in name.split("."):
            found = found[part]
        return found

    def say(self, name: str, **values: Any) -> str:
        """The text of that name, filled in. Values are set in as they are: a brace in harvested text stays a brace."""
        return self.get(name).format(**values)

    def label(self, group: str, key: str) -> str:
        """What a code is called (`in operation` in group `status`); the code itself when the texts do not know it."""
        return self.get(group).get(key.replace(" ", "_").replace("-", "_"), key)

    def translated(self, group: str, text: str) -> str:
        """How this language says a name that another room wrote in bokmål; the name itself when it is not listed."""
        return self.texts.get(group, {}).get(text, text)

    def retold(self, text: str) -> str:
        """Why a part of a score has its points, which another room wrote in bokmål; what fills the `{}` of its sentence stays as it is.

        What is no such sentence is a list of kinds of sources, or words of a text, which stand in «» and stay as they are.
        """
        if text.startswith("«"):
            return text
        if said := self._said("why", text):
            return said
        kinds = {name: self.label("source_type", code) for code, name in labels.in_language("source_type", "nb").items()}
        return ", ".join(kinds.get(part, part) for part in text.split(", "))

    def difference(self, text: str) -> str:
        """Why a document could not be made again from the archive, which is written in English."""
        return self._said("difference", text) or text

    def _said(self, group: str, text: str) -> str | None:
        """The text as one of a group's sentences, what fills its `{}` as it is but for names of parts; None when it is none of them."""
        for sentence, said in self.texts.get(group, {}).items():
            if found := _filled(sentence).fullmatch(text):
                return said.format(*(", ".join(self.translated("part", name) for name in filled.split(", ")) for filled in found.groups()))
        return None

    def reason(self, text: str) -> str:
        """One of the reasons of a candidate (`Handling: «vedtok»`) in this language."""
        name, mark, why = text.partition(": ")
        return f"{self.translated('part', name)}{mark}{self.retold(why)}"

    def count(self, what: str, n: int) -> str:
        """'3 tiltak', 'ett tiltak'."""
        return self.say(f"count.{what}_one") if n == 1 else self.say(f"count.{what}_many", n=self.number(n))

    def join(self, parts: Iterable[str]) -> str:
        """'a, b og c'."""
        listed = list(parts)
        return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {self.get('and')} {listed[-1]}" if listed else ""

    def number(self, value: float, decimals: int = 0) -> str:
        """Decimal comma, and a thin space between thousands from five digits on (Språkrådet)."""
        text = f"{value:,.{decimals}f}" if abs(value) >= 10_000 else f"{value:.{decimals}f}"
        return text.replace(",", THIN).replace(".", ",")

    def points(self, value: float, *, signed: bool = False) -> str:
        """A score or a part of one, at most two decimals, a real minus sign."""
        text = f"{value:+.2f}" if signed else f"{value:.2f}"
        return text.rstrip("0").rstrip(".").replace(".", ",").replace("-", "−")

    def day(self, value: date | datetime) -> str:
        """'15. oktober 2026'; a moment is told in Norwegian time."""
        day = local(value)
        return f"{day.day}. {self.get('months')[day.month - 1]} {day.year}"

    def month(self, value: date) -> str:
        """'oktober 2026'."""
        return f"{self.get('months')[value.month - 1]} {value.year}"

    def moment(self, iso: str) -> str:
        """'15. oktober 2026 kl. 14.03' of an ISO 8601 moment in UTC; '' for ''."""
        if not iso:
            return ""
        at = datetime.fromisoformat(iso)
        at = (at.replace(tzinfo=ZoneInfo("UTC")) if at.tzinfo is None else at).astimezone(OSLO)
        return f"{self.day(at)} {self.get('clock')} {at:%H.%M}"

    def period(self, since: date | None, until: date | None) -> str:
        """'15. september–15. oktober 2026', or '' when it is not known."""
        if since is None or until is None:
            return ""
        if since == until:
            return self.day(until)
        first = self.day(since).removesuffix(f" {until.year}")
        return f"{first}–{self.day(until)}" if since.year == until.year else f"{self.day(since)} – {self.day(until)}"

    def unchecked(self, text: str) -> str:
        """The catalogue's mark for an unconfirmed fact, in this language."""
        return text.replace(UNCONFIRMED, self.get("unchecked"))


@lru_cache(maxsize=8)
def words(lang: str) -> Words:
    """The words of nb or nn (and en, for screens only). Raises ValueError for another language."""
    if lang not in UI_LANGUAGES:
        raise ValueError(f"no texts in {lang}; choose one of {', '.join(UI_LANGUAGES)}")
    return Words(lang)


@lru_cache(maxsize=64)
def _filled(sentence: str) -> re.Pattern[str]:
    """Finds a sentence whatever its `{}` are filled with."""
    return re.compile("(.+)".join(map(re.escape, sentence.split("{}"))), re.DOTALL)


def local(value: date | datetime) -> date:
    """The day in Norway."""
    if isinstance(value, datetime):
        return value.astimezone(OSLO).date() if value.tzinfo else value.date()
    return value


def year_later(day: date) -> date:
    """The same day next year (28 February for a leap day)."""
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def is_number(value: Any) -> bool:
    """A real number, not None and not NaN."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
