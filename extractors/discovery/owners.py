"""Whose an address is: by the body's own hosts, by an organisation number in it, and by what a tenant on a shared host is called.

Public lists lend tenants out (ATLAS 4.3) and names are shared (two Herøy, two Våler), so an address that says somebody else's name or
number is never taken for the body's, and one that says nothing is taken with a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from catalogue.authorities import Authorities, Authority, is_organisation_number
from extractors.discovery.addresses import AddressGuess
from extractors.fetch import urls

NUMBER = re.compile(r"(?<!\d)\d{9}(?!\d)")
TRIMMINGS = (
    "fylkeskommune", "fylkeskommun", "fylke", "fk", "kommune", "komm", "kom", "herad", "postliste", "journal", "politikk", "innsyn", "bygg",
    "elements", "elm", "prod", "gard", "pb",
)  # fmt: skip
SPELLINGS = {"æ": ("ae", "a", "e"), "ø": ("o", "oe"), "å": ("a", "aa"), "á": ("a",), "đ": ("d",), "š": ("s",), "ŋ": ("n",)}
MOST_SPELLINGS = 24


class Owner(StrEnum):
    """What an address says of whose it is."""

    OWN = "own"
    UNSAID = "unsaid"
    ANOTHERS = "anothers"


@dataclass(frozen=True)
class Claim:
    """Whose an address is, and the organisation number of the other body when it is one's."""

    owner: Owner
    other: str = ""


def _spellings(name: str) -> set[str]:
    """The name as addresses write it, without spaces and hyphens."""
    letters = [SPELLINGS.get(c, (c,)) for c in name.lower() if c.isalnum()]
    found: set[str] = set()
    for choice in product(*letters):
        found.add("".join(choice))
        if len(found) >= MOST_SPELLINGS:
            break
    return found


class Owners:
    """Whose names and hosts are whose."""

    def __init__(self, authorities: Authorities) -> None:
        self.authorities = authorities
        self._called: dict[str, set[str]] = {}
        for authority in authorities.values():
            for word in self._words(authority):
                self._called.setdefault(word, set()).add(authority.orgnr)

    @staticmethod
    def _words(authority: Authority) -> set[str]:
        plain = [re.sub(r"\b(fylkeskommune|kommune|herad|suohkan)\b", "", name.lower()) for name in authority.names]
        words = {spelling for name in plain for spelling in _spellings(name)}
        for host in authority.hosts:
            labels = host.removeprefix("www.").split(".")
            words.add(labels[0].replace("-", ""))
        return {word for word in words if len(word) > 1}

    def at_host(self, host: str) -> Authority | None:
        """The body a host is, or lies under: `innsyn.strand.kommune.no` is Strand's."""
        labels = host.split(".")
        return next((found for n in range(len(labels) - 1) if (found := self.authorities.by_host(".".join(labels[n:])))), None)

    def claim(self, body: Authority, url: str, guess: AddressGuess | None = None) -> Claim:
        """What an address says of whose it is."""
        owner = self.at_host(urls.host_of(url))
        if owner is not None:
            return Claim(Owner.OWN) if owner.orgnr == body.orgnr else Claim(Owner.ANOTHERS, owner.orgnr)
        numbers = [n for n in NUMBER.findall(guess.tenant if guess and guess.tenant else url) if is_organisation_number(n)]
        if numbers:
            others = [n for n in numbers if n != body.orgnr]
            return Claim(Owner.ANOTHERS, others[0]) if others else Claim(Owner.OWN)
        called = self._called_so(guess.tenant) if guess and guess.tenant else set()
        if body.orgnr in called:
            return Claim(Owner.OWN if len(called) == 1 or self._is_only_living(body, called) else Owner.UNSAID)
        living = {a.orgnr for number in called for a in self.authorities.current_of(number)}
        if not called or body.orgnr in living:
            return Claim(Owner.UNSAID)
        return Claim(Owner.ANOTHERS, sorted(called)[0])

    def called(self, tenant: str) -> list[Authority]:
        """The bodies whose name a tenant bears."""
        return [self.authorities[number] for number in sorted(self._called_so(tenant))]

    def _is_only_living(self, body: Authority, called: set[str]) -> bool:
        return body.is_current and not any(self.authorities[n].is_current for n in called - {body.orgnr})

    def _called_so(self, tenant: str) -> set[str]:
        """The bodies whose name a tenant bears, with or without what vendors hang on it."""
        word = re.sub(r"[^0-9a-zæøå]", "", tenant.lower())
        found = set(self._called.get(word, ()))
        is_county = bool(re.search(r"(fylke|fylkeskommune|fk)", tenant.lower()))
        trimmed = True
        while not found and trimmed:
            trimmed = False
            for ending in TRIMMINGS:
                if word.endswith(ending) and len(word) > len(ending) + 1:
                    word, trimmed = word.removesuffix(ending), True
                    break
            found = set(self._called.get(word, ()))
        if is_county and (counties := {n for n in found if self.authorities[n].is_county}):
            return counties
        return found
