"""The bodies we watch: one row per organisation number in `authorities.csv`, the living and the dissolved.

A body is keyed by its organisation number and nothing else: names are shared (two Herøy, two Våler), a kommunenummer changes with the
county, and a host name outlives the body it belonged to.

Where the columns are from: SSB Klass 131 of 2026-01-01 (numbers and names), the Brreg list of municipalities (organisation numbers), the
lists of NLNWA (homepages 2011-2023 and the numbers of dissolved bodies), norway-geodata (population, language form, postmottak), Wikidata
and green-municipalities (homepages 2026), HNygard/offpost @13c17cb2 (last days, successors, postmottak), lauriejh/regtools @580d6e1c (a
table from SSB numbers of 2016 to those of 2024, used as a second opinion on successors). "By hand" is general knowledge, not looked up.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from catalogue.exceptions import CatalogueError, Refused
from catalogue.facts import Confidence, Fact, checked, model_from

FILE = Path(__file__).parent / "authorities.csv"
OPERATORS_FILE = Path(__file__).parent / "operators.csv"
LISTS = ("roles", "hosts", "successors")

Role = Literal["kommune", "fylkeskommune", "bydel", "iks", "kf", "as", "sameting", "stat"]
LanguageForm = Literal["", "bokmål", "nynorsk", "nøytral"]

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_KIND_WORDS = re.compile(r"\b(fylkeskommune|fylkeskommuna|kommune|kommuna|herad|suohkan|gielda|tjïelte|under sletting.*)\b", re.IGNORECASE)


def is_organisation_number(digits: str) -> bool:
    """Whether nine digits are an organisation number: modulus 11 with the weights 3 2 7 6 5 4 3 2 (Enhetsregisteret)."""
    return len(digits) == 9 and digits.isascii() and digits.isdigit() and check_digit(digits[:8]) == digits[8]


def check_digit(digits: str) -> str:
    """The ninth digit that eight digits ask for; "" when no number begins with them."""
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11
    return "" if rest == 1 else str((11 - rest) % 11)


def whole_name(name: str, roles: Collection[str], name_nn: str = "") -> str:
    """'Fjordvik kommune', 'Havland fylkeskommune', 'Heiane herad': a body that calls itself herad has that in its nynorsk name."""
    if name_nn.endswith(" herad"):
        return name_nn
    if any(word.endswith("kommune") for word in name.lower().split()):
        return name
    return f"{name} {'fylkeskommune' if 'fylkeskommune' in roles and 'kommune' not in roles else 'kommune'}"


def refusal_of(digits: str) -> Refused:
    """Why digits are not an organisation number, and the way out."""
    if len(digits) != 9 or not (digits.isascii() and digits.isdigit()):
        return Refused(f"{digits} is not an organisation number: it has nine digits", "nine_digits", orgnr=digits)
    right = check_digit(digits[:8])
    hint = f"after these eight digits the last is {right}" if right else "no number begins with these eight digits"
    problem = f"{digits} is not an organisation number (modulus 11): {hint}; look it up in Enhetsregisteret"
    return Refused(problem, "last_digit" if right else "no_last_digit", orgnr=digits, right=right)


class Authority(Fact):
    """A body. `number` is the kommunenummer ("" for a county that is only a county), `county` the county's two digits.

    `name` is the Norwegian name without "kommune"; a county keeps "fylkeskommune", so that no county reads as a municipality. `name_nn`,
    `name_se`, `name_smj`, `name_sma` and `name_fkv` are the names in nynorsk, Northern, Lule and Southern Sámi and Kven, "" where there is
    none besides `name` (official names have one Norwegian form, so `name_nn` is for bodies whose name is a phrase, as "Ulvik herad").
    `valid_to` is the last day, None while the body lives; `valid_from` None when older than our sources.
    `hosts` are the host names that are the body's own today, with and without `www.`; no two bodies share one, and a dissolved body has
    none (its last `homepage` stays as a fact). `source` says where each column is from, `confidence` how good the weakest of them is.
    """

    orgnr: str
    name: str = Field(min_length=1)
    name_nn: str = ""
    name_se: str = ""
    name_smj: str = ""
    name_sma: str = ""
    name_fkv: str = ""
    roles: tuple[Role, ...] = Field(min_length=1)
    number: str = Field(default="", pattern=r"^(\d{4})?$")
    county: str = Field(default="", pattern=r"^(\d{2})?$")
    county_name: str = ""
    language_form: LanguageForm = ""
    population: int | None = Field(default=None, ge=0)
    homepage: str = Field(default="", pattern=r"^(https?://\S+)?$")
    hosts: tuple[str, ...] = ()
    postmottak: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+)?$")
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    source: str = ""
    confidence: Confidence = "listed"

    @field_validator("orgnr")
    @classmethod
    def _number_holds(cls, value: str) -> str:
        if not is_organisation_number(value):
            raise refusal_of(value)
        return value

    @field_validator("hosts")
    @classmethod
    def _hosts_are_plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if host != host.lower() or "/" in host or ":" in host or "." not in host:
                raise Refused(f"{host} is not a host name in lower case without scheme, port or path", "host_name", host=host)
        return value

    @property
    def is_current(self) -> bool:
        return self.valid_to is None

    @property
    def is_municipality(self) -> bool:
        return "kommune" in self.roles

    @property
    def is_county(self) -> bool:
        return "fylkeskommune" in self.roles

    @property
    def label(self) -> str:
        """What a reader needs to tell it from its namesakes: name, and the county or the end in brackets."""
        if not self.is_current:
            return f"{self.name} (til {self.valid_to:%Y})" if self.valid_to else self.name
        return self.name if self.is_county or not self.county_name else f"{self.name} ({self.county_name})"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the body once, bokmål first."""
        every = (self.name, self.name_nn, self.name_se, self.name_smj, self.name_sma, self.name_fkv)
        return tuple(dict.fromkeys(name for name in every if name))

    def __str__(self) -> str:
        return checked(self.label, self.confidence not in ("doubtful", "by_hand"))


def _plain(name: str) -> str:
    return " ".join(_KIND_WORDS.sub(" ", name.casefold()).replace("-", " ").split())


class Authorities(Mapping[str, Authority]):
    """Every body by organisation number, living ones first."""

    def __init__(self, authorities: Iterable[Authority]) -> None:
        self._by_orgnr = {a.orgnr: a for a in sorted(authorities, key=lambda a: not a.is_current)}
        self._by_host = {host: a for a in self._by_orgnr.values() for host in a.hosts}
        self._by_word: dict[str, list[Authority]] = {}
        for authority in self._by_orgnr.values():
            for word in {authority.number, *(name.casefold() for name in authority.names), *map(_plain, authority.names)} - {""}:
                self._by_word.setdefault(word, []).append(authority)

    def __getitem__(self, orgnr: str) -> Authority:
        return self._by_orgnr[orgnr]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_orgnr)

    def __len__(self) -> int:
        return len(self._by_orgnr)

    @property
    def current(self) -> tuple[Authority, ...]:
        """The bodies that exist today."""
        return tuple(a for a in self._by_orgnr.values() if a.is_current)

    @property
    def historical(self) -> tuple[Authority, ...]:
        """The bodies that have been dissolved."""
        return tuple(a for a in self._by_orgnr.values() if not a.is_current)

    def by_host(self, host: str) -> Authority | None:
        """The body a host name belongs to, or None. Whole host names only: `ha.no` and `kvam.no` are public suffixes."""
        return self._by_host.get(host.lower().rstrip("."))

    def find(self, text: str) -> tuple[Authority, ...]:
        """Every body that `text` names, living ones first; () when none.

        `text` is an organisation number, a kommunenummer, or a name in any of the body's languages, with or without "kommune", "herad",
        "fylkeskommune" or "suohkan", and with the county in brackets where namesakes must be told apart.
        """
        wanted = text.strip()
        if wanted in self._by_orgnr:
            return (self._by_orgnr[wanted],)
        within = re.fullmatch(r"(.+?)\s*[(,]\s*(.+?)\)?", wanted)
        if within and (namesakes := self.find(within[1])):
            in_county = tuple(a for a in namesakes if within[2].casefold() in (a.county_name.casefold(), a.county))
            if in_county:
                return in_county
        found = self._by_word.get(wanted.casefold()) or self._by_word.get(_plain(wanted), [])
        if "fylke" in wanted.casefold():
            found = [a for a in found if a.is_county]
        elif re.search(r"\b(kommune|herad)\b", wanted, re.IGNORECASE):
            found = [a for a in found if a.is_municipality]
        return tuple(found)

    def one(self, text: str) -> Authority:
        """The one body that `text` names; a living one wins over a dissolved one. Raises CatalogueError when none or several do."""
        found = self.find(text)
        living = tuple(a for a in found if a.is_current) or found
        municipalities = tuple(a for a in living if a.is_municipality)
        if len(living) > 1 and len(municipalities) == 1 and not all(a.is_municipality for a in living):
            living = municipalities
        if len(living) == 1:
            return living[0]
        if not living:
            problem = "no body of that name or number; try the organisation number or the kommunenummer"
            raise CatalogueError(FILE.name, text, "", problem, "nobody_called")
        names = ", ".join(f"{a.label} {a.orgnr}" for a in living)
        raise CatalogueError(FILE.name, text, "", f"several bodies are called that: {names}; use the number", "several_called", names=names)

    def current_of(self, orgnr: str) -> tuple[Authority, ...]:
        """The living bodies a number leads to: itself, or those at the end of its successors. Raises KeyError for an unknown one."""
        reached: dict[str, Authority] = {}
        seen: set[str] = set()
        todo = [orgnr]
        while todo:
            number = todo.pop(0)
            if number in seen:
                continue
            seen.add(number)
            authority = self._by_orgnr[number]
            if authority.is_current:
                reached[number] = authority
            else:
                todo.extend(authority.successors)
        return tuple(reached.values())

    def label_of(self, orgnr: str) -> str:
        """What a reader calls the owner of a source: a body, or one who runs a register or catalogue for all of them (`operators`)."""
        owner = self.get(orgnr) or operators().get(orgnr)
        return owner.label if owner else orgnr

    def with_extra(self, extra: Iterable[Authority]) -> Authorities:
        """These bodies and those of an extra file. A table for a body we know is passed over, for our row says more.

        Raises CatalogueError when such a table gives the number another name.
        """
        added = []
        for authority in extra:
            known = self._by_orgnr.get(authority.orgnr)
            if known is None:
                added.append(authority)
            elif not {_plain(name) for name in known.names} & {_plain(name) for name in authority.names}:
                problem = (
                    f"{authority.orgnr} is {known.label}, not {authority.name}; correct the number or leave the [[authority]] table out"
                )
                raise CatalogueError(
                    FILE.name, authority.orgnr, "name", problem, "another_name",
                    orgnr=authority.orgnr, known=known.label, given=authority.name,
                )  # fmt: skip
        return Authorities([*self._by_orgnr.values(), *added])


def load(path: Path | None = None) -> Authorities:
    """Reads the bodies of a CSV (the shipped one when None).

    Raises CatalogueError for an unknown or missing column, a number used twice, a host that two bodies claim, a successor that is not
    there, or a dissolved body without successors.
    """
    return _shipped() if path is None else _read(Path(path))


@lru_cache(maxsize=1)
def _shipped() -> Authorities:
    return _read(FILE)


@lru_cache(maxsize=1)
def operators() -> Authorities:
    """Those who run a register or a catalogue for all bodies, from `operators.csv`: they own sources and are not watched themselves.

    What such a source holds belongs to whoever each record names; without a name it is the operator's, which makes it nobody's candidate.
    """
    return _read(OPERATORS_FILE)


def _read(path: Path) -> Authorities:
    found: dict[str, Authority] = {}
    owner: dict[str, str] = {}
    for values in _rows(path):
        authority = authority_from(values, path)
        if authority.orgnr in found:
            raise CatalogueError(path, authority.orgnr, "orgnr", "is used twice; a body has one row", "body_twice")
        found[authority.orgnr] = authority
        for host in authority.hosts:
            if host in owner:
                problem = f"{host} belongs to {owner[host]} already; no two bodies share a host"
                raise CatalogueError(path, authority.orgnr, "hosts", problem, "host_taken", host=host, owner=owner[host])
            owner[host] = authority.orgnr
    for authority in found.values():
        _check_end(authority, found, path)
    return Authorities(found.values())


def authority_from(values: Mapping[str, Any], path: Path) -> Authority:
    """One body of a CSV row or an `[[authority]]` table. Raises CatalogueError naming file, number and field."""
    return model_from(Authority, values, path, str(values.get("orgnr") or values.get("name") or "?"))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            for line, row in enumerate(reader, start=2):
                if None in row or None in row.values():
                    problem = "has not as many cells as the header; quote a cell that holds a comma"
                    raise CatalogueError(path, "", "", problem, "cells", line=line)
                yield {k: tuple(v.split()) if k in LISTS else v for k, v in row.items() if v != "" or k in LISTS}
    except FileNotFoundError:
        raise CatalogueError(path, "", "", "the file does not exist; check the path", "no_file") from None
    except UnicodeDecodeError as error:
        problem = f"the file is not UTF-8 ({error.reason}); save it as UTF-8 (CSV UTF-8 in Excel)"
        raise CatalogueError(path, "", "", problem, "not_utf8", answer=error.reason) from None


def _check_end(authority: Authority, found: Mapping[str, Authority], path: Path) -> None:
    if authority.is_current and authority.successors:
        raise CatalogueError(path, authority.orgnr, "valid_to", "is missing: a body with successors has a last day", "no_last_day")
    if not authority.is_current and not authority.successors:
        raise CatalogueError(path, authority.orgnr, "successors", "is missing: name the bodies that took over", "no_successors")
    for successor in authority.successors:
        if successor not in found:
            problem = f"{successor} has no row; add it or correct the number"
            raise CatalogueError(path, authority.orgnr, "successors", problem, "successor_unknown", orgnr=successor)
