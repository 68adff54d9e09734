"""Where to look: one entry per body, platform and address in `sources/*.toml`, one file per platform.

A file may begin with a `[default]` table: what every entry of it says unless it says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from catalogue import authorities as bodies
from catalogue.authorities import Authorities, Authority
from catalogue.exceptions import CatalogueError, Refused
from catalogue.facts import GOOD_ENOUGH_TO_ASK, Confidence, Fact, model_from, read_toml, refuse_other_keys, tables

DIRECTORY = Path(__file__).parent / "sources"
OWN_TO_AN_ENTRY = ("slug", "authority", "url", "permission")

State = Literal["enabled", "disabled", "planned", "permission"]
Cadence = Literal["hourly", "daily", "weekly", "monthly", "once"]
RecordKind = Literal["journal_entry", "case", "meeting", "agenda_item", "dataset", "page", "notice", "register_fact"]

_ELEMENTS_TENANT = re.compile(r"/publikum/(?P<tenant>\d{9}(?![\da-z-])[^/?#]*)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d{9}(?!\d)")


class Permission(Fact):
    """A written permission to read a host whose robots.txt refuses us: who gave it, when, and where the letter is."""

    who: str = Field(min_length=1)
    when: date
    reference: str = Field(min_length=1)


class SourceEntry(Fact):
    """One body on one platform at one address.

    `state` is `enabled` (harvested), `disabled` (an extractor exists, but nobody has shown that the address answers, or it has stopped),
    `planned` (no extractor yet) or `permission` (the host is said to refuse robots: harvested only when `permission` is filled in). `fact`
    says where the address is from. `settings` are checked by the platform's extractor. `hosts` are the only host names the source may be
    asked on; the address's own host is always among them, and a website gets the body's own hosts.
    """

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    platform: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    authority: str
    url: str = Field(pattern=r"^https?://[^\s/]+")
    settings: dict[str, Any] = {}
    kinds: tuple[RecordKind, ...] = Field(min_length=1)
    cadence: Cadence = "daily"
    valid_from: date | None = None
    valid_to: date | None = None
    licence: str | None = None
    fact: str = Field(min_length=1)
    confidence: Confidence
    state: State
    permission: Permission | None = None
    hosts: tuple[str, ...] = ()
    note: str = ""

    @field_validator("authority")
    @classmethod
    def _number_holds(cls, value: str) -> str:
        if not bodies.is_organisation_number(value):
            raise bodies.refusal_of(value)
        return value

    @model_validator(mode="after")
    def _holds_together(self) -> SourceEntry:
        if self.state == "enabled" and self.confidence not in GOOD_ENOUGH_TO_ASK:
            enough, given = ", ".join(GOOD_ENOUGH_TO_ASK), self.confidence
            problem = f"enabled needs confidence {enough}; this is {given}: test the address first"
            raise Refused(problem, "not_surely_enough", enough=enough, given=given)
        if self.permission is not None and self.state != "permission":
            raise Refused('a written permission needs state = "permission"', "permission_state")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Refused("valid_to is before valid_from", "ends_before")
        if self.platform == "elements-publikum" or "elementscloud.no/publikum" in self.url.lower():
            self._tenant_is_its_own()
        return self

    def _tenant_is_its_own(self) -> None:
        """Every number in an Elements tenant (`orgnr`, `orgnr_PROD-orgnr-NAME`) is the body's own; public lists lend tenants out."""
        tenant = _ELEMENTS_TENANT.search(self.url)
        others = [n for n in _NUMBER.findall(tenant["tenant"]) if n != self.authority] if tenant else []
        if tenant is None or others:
            problem = f"the Elements tenant in the address must begin with the body's organisation number {self.authority}"
            if others:
                raise Refused(f"{problem}; {others[0]} is another's", "tenant_of_another", orgnr=self.authority, other=others[0])
            raise Refused(problem, "no_tenant", orgnr=self.authority)

    @property
    def id(self) -> str:
        return f"{self.platform}/{self.slug}"

    @property
    def is_harvested(self) -> bool:
        """Whether a harvest asks it: enabled, or with a written permission."""
        return self.state == "enabled" or self.permission is not None


class Sources(Mapping[str, SourceEntry]):
    """Every entry by id (`platform/slug`), in order of platform and slug."""

    def __init__(self, entries: Iterable[SourceEntry]) -> None:
        self._by_id = {entry.id: entry for entry in sorted(entries, key=lambda e: (e.platform, e.slug))}

    def __getitem__(self, source_id: str) -> SourceEntry:
        return self._by_id[source_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def harvested(self) -> tuple[SourceEntry, ...]:
        """The entries a harvest asks."""
        return tuple(e for e in self._by_id.values() if e.is_harvested)

    def of(self, authority: str) -> tuple[SourceEntry, ...]:
        """The entries of a body, whatever their state."""
        return tuple(e for e in self._by_id.values() if e.authority == authority)

    def on(self, platform: str) -> tuple[SourceEntry, ...]:
        """The entries of a platform, whatever their state."""
        return tuple(e for e in self._by_id.values() if e.platform == platform)


def load(directory: Path | None = None, authorities: Authorities | None = None) -> Sources:
    """Reads every file of a directory (the shipped one when None), entries checked against the bodies (the shipped ones when None).

    Raises CatalogueError naming file, entry and field.
    """
    if directory is None and authorities is None:
        return _shipped()
    return _read(Path(directory) if directory is not None else DIRECTORY, authorities or bodies.load())


@lru_cache(maxsize=1)
def _shipped() -> Sources:
    return _read(DIRECTORY, bodies.load())


def _read(directory: Path, authorities: Authorities) -> Sources:
    paths = sorted(directory.glob("*.toml"))
    if not paths:
        raise CatalogueError(directory, "", "", "holds no .toml file; check the path", "no_toml_file")
    found: dict[str, SourceEntry] = {}
    for path in paths:
        document = read_toml(path)
        refuse_other_keys(document, {"platform", "default", "source"}, path)
        if document.get("platform") != path.stem:
            raise CatalogueError(path, "", "platform", f"must be {path.stem}, the name of the file", "named_as_file", name=path.stem)
        _collect(document, path, authorities, found)
    return Sources(found.values())


def load_file(path: Path | str, authorities: Authorities | None = None) -> tuple[list[Authority], list[SourceEntry]]:
    """The bodies and entries of an extra file, which may hold several platforms and `[[authority]]` tables for bodies of its own.

    `authorities` are the bodies an entry may name besides (the shipped ones when None). Raises CatalogueError for an entry whose number is
    in neither, and says what to write.
    """
    path = Path(path)
    document = read_toml(path)
    refuse_other_keys(document, {"platform", "default", "authority", "source"}, path)
    extra = [bodies.authority_from(values, path) for values in tables(document, "authority", path)]
    numbers = [a.orgnr for a in extra]
    for number in numbers:
        if numbers.count(number) > 1:
            raise CatalogueError(path, number, "orgnr", "has two [[authority]] tables; keep one", "two_tables")
    known = (authorities or bodies.load()).with_extra(extra)
    found: dict[str, SourceEntry] = {}
    _collect(document, path, known, found)
    return extra, list(found.values())


def _collect(document: Mapping[str, Any], path: Path, authorities: Authorities, found: dict[str, SourceEntry]) -> None:
    default = _default(document, path)
    for values in tables(document, "source", path):
        entry = model_from(SourceEntry, {**default, **values}, path, str(values.get("slug", "?")))
        if entry.id in found:
            problem = f"{entry.id} is used twice; give every entry of a platform its own slug"
            raise CatalogueError(path, entry.slug, "slug", problem, "entry_twice", id=entry.id)
        owner = authorities.get(entry.authority) or bodies.operators().get(entry.authority)
        if owner is None:
            raise CatalogueError(path, entry.slug, "authority", _unknown_body(entry.authority), "no_body", orgnr=entry.authority)
        found[entry.id] = entry.model_copy(update={"hosts": _hosts(entry, owner)})


def _default(document: Mapping[str, Any], path: Path) -> dict[str, Any]:
    default = document.get("default", {})
    if not isinstance(default, dict):
        raise CatalogueError(path, "default", "", "must be a [default] table", "no_default_table")
    for key in default:
        if key in OWN_TO_AN_ENTRY or key not in SourceEntry.model_fields:
            problem = "cannot be said for the whole file; say it in the entry, or correct the spelling"
            raise CatalogueError(path, "default", key, problem, "not_for_all")
    return {**({"platform": document["platform"]} if "platform" in document else {}), **default}


def _unknown_body(orgnr: str) -> str:
    return (
        f"no body has the number {orgnr}; correct it (the numbers are in catalogue/authorities.csv), or, in an extra file given with "
        f'--source-file, describe the body there: [[authority]] orgnr = "{orgnr}", name = "…", roles = ["kommune"]'
    )


def _hosts(entry: SourceEntry, authority: Authority) -> tuple[str, ...]:
    """The hosts a source may be asked on: its address's, those the entry names, and for a website those of the body."""
    own = authority.hosts if entry.platform == "website" else ()
    return tuple(dict.fromkeys((str(urlsplit(entry.url).hostname), *entry.hosts, *own)))
