"""Enhetsregisteret as Brønnøysundregistrene serves it: lists, single units, roles and changes (PORTALS 3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sandbox.answers import Answer, Question, json_answer, plain
from sandbox.bodies import Body, organisation_numbers
from sandbox.judge import HostRules

SHOWN_AT_MOST = 10_000
FORMS = {"KOMM": "Kommune", "FYLK": "Fylkeskommune", "IKS": "Interkommunalt selskap", "KF": "Kommunalt foretak", "AS": "Aksjeselskap"}
SECTORS = {"1510": "Kommunale foretak med ubegrenset ansvar", "1520": "Kommunalt eide aksjeselskaper mv.", "6500": "Kommuneforvaltningen",
           "2100": "Private aksjeselskaper mv."}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit of the register. `owners` are organisation numbers; `state` is "", `deleted` or `removed`."""

    number: str
    name: str
    form: str
    sector: str
    municipality: str
    place: str
    registered: date
    employees: int | None = None
    homepage: str = ""
    owners: tuple[str, ...] = ()
    state: str = ""
    deleted: date | None = None


@dataclass(frozen=True)
class Event:
    """One line of the list of changes."""

    identity: int
    moment: str
    number: str
    kind: str


class Brreg:
    """The register over invented bodies and their companies. `units` and `events` are the truth."""

    platform = "brreg"
    host = "data.brreg.no"
    home = "https://data.brreg.no/enhetsregisteret/api/"

    def __init__(self, bodies: Sequence[Body], day: date) -> None:
        self.day = day
        numbers = organisation_numbers(800_095_000)
        form = {"kommune": "KOMM", "fylkeskommune": "FYLK"}
        units = [
            Unit(b.orgnr, b.full_name.upper(), form[b.role], "6500", b.number, b.name.upper(), date(1995, 2, 20), 40 + len(b.name), b.host)
            for b in bodies
        ]
        first, second = bodies[0], bodies[1]
        place = {"municipality": first.number, "place": first.name.upper()}
        units += [
            Unit(next(numbers), f"{first.name} og {second.name} renovasjon IKS".upper(), "IKS", "1510", registered=date(2001, 5, 2), employees=31,
                 owners=(first.orgnr, second.orgnr), **place),
            Unit(next(numbers), f"{first.name} eiendom KF".upper(), "KF", "1510", registered=date(2005, 1, 3), employees=12, owners=(first.orgnr,), **place),
            Unit(next(numbers), f"{first.name} vekst AS".upper(), "AS", "1520", registered=date(2011, 8, 15), homepage="www.vekst.example", **place),
            Unit(next(numbers), f"{first.name} bakeri AS".upper(), "AS", "2100", registered=date(2015, 8, 15), **place),
            Unit(next(numbers), "GAMMELVIKA KOMMUNE", "KOMM", "6500", "9098", "GAMMELVIKA", date(1995, 2, 20), state="deleted", deleted=day - timedelta(days=9)),
            Unit(next(numbers), "FJERNET FORETAK KF", "KF", "1510", "9098", "GAMMELVIKA", date(1999, 2, 20), state="removed"),
        ]  # fmt: skip
        self.units = tuple(units)
        self.events = self._events(numbers)

    def _events(self, numbers: Any) -> tuple[Event, ...]:
        """Sixty days of changes in the whole country, among them those of our units; identifiers rise but have holes."""
        told = []
        ours = {9: (self.units[-2], "Sletting"), 5: (self.units[-1], "Fjernet"), 3: (self.units[0], "Endring")}
        strangers = [next(numbers) for _ in range(20)]
        for ago in range(60, -1, -1):
            when = f"{self.day - timedelta(days=ago)}T04:00:00.000Z"
            told += [(when, strangers[(ago + n) % 20], "Endring") for n in range(4)]
            if ago in ours:
                told.append((when, ours[ago][0].number, ours[ago][1]))
        return tuple(Event(20_000_000 + 3 * n, *line) for n, line in enumerate(told))

    def renamed(self, number: str, name: str) -> None:
        """A unit gets another name, and the list of changes says so."""
        self.units = tuple(replace(u, name=name) if u.number == number else u for u in self.units)
        last = self.events[-1]
        self.events = (*self.events, Event(last.identity + 3, f"{self.day}T05:00:00.000Z", number, "Endring"))

    def rules(self) -> HostRules:
        return HostRules(only=("/enhetsregisteret/api/",))

    def respond(self, question: Question) -> Answer:
        path, asked = question.path.removeprefix("/enhetsregisteret/api/"), question.query
        if path == "enheter":
            return self._list(asked)
        if path == "underenheter":  # bodies of the sandbox have none
            return self._list({**asked, "organisasjonsform": "BEDR"})
        if path == "oppdateringer/enheter":
            return self._changes(asked)
        what, _, rest = path.partition("/")
        number, _, further = rest.partition("/")
        if what != "enheter" or further not in ("", "roller"):
            return plain("", status=404)
        if not (len(number) == 9 and number.isdigit()):
            return self._refusal(f"Organisasjonsnummeret {number} er ikke gyldig")
        unit = next((u for u in self.units if u.number == number), None)
        if unit is None:
            return plain("", status=404)
        if unit.state == "removed":
            return json_answer({"organisasjonsnummer": number, "slettedato": str(self.day), "_links": {}}, status=410)
        return json_answer(self._roles(unit) if further else self._unit(unit))

    @staticmethod
    def _refusal(message: str) -> Answer:
        return json_answer({"status": 400, "feilmelding": message, "antallFeil": 1, "valideringsfeil": []}, status=400)

    def _page(self, asked: Mapping[str, str], default: int) -> tuple[int, int] | None:
        size, page = asked.get("size", str(default)), asked.get("page", "0")
        if not (size.isdigit() and page.isdigit() and int(size)) or (int(page) + 1) * int(size) > SHOWN_AT_MOST:
            return None
        return int(size), int(page)

    def _list(self, asked: Mapping[str, str]) -> Answer:
        window = self._page(asked, 20)
        if window is None:
            return self._refusal("Antall treff per side ganget med sidetallet kan ikke overstige 10 000")
        size, page = window
        found = [u for u in self.units if not u.state and self._fits(u, asked)]
        shown = found[page * size : (page + 1) * size]
        links = {"self": {"href": f"{self.home}enheter?{urlencode(asked)}"}}
        if (page + 1) * size < len(found):
            # The service names itself by the name it has inside.
            links["next"] = {"href": f"http://localhost/enhetsregisteret/api/enheter?{urlencode({**asked, 'page': page + 1})}"}
        pages = {"size": size, "totalElements": len(found), "totalPages": -(-len(found) // size), "number": page}
        return json_answer(
            {**({"_embedded": {"enheter": [self._unit(u) for u in shown]}} if shown else {}), "_links": links, "page": pages}
        )

    @staticmethod
    def _fits(unit: Unit, asked: Mapping[str, str]) -> bool:
        lists = {"organisasjonsform": unit.form, "institusjonellSektorkode": unit.sector, "kommunenummer": unit.municipality}
        return (
            all(value in asked[name].split(",") for name, value in lists.items() if asked.get(name))
            and asked.get("navn", "").upper() in unit.name
            and asked.get("fraRegistreringsdatoEnhetsregisteret", "") <= str(unit.registered)
            and str(unit.registered) <= asked.get("tilRegistreringsdatoEnhetsregisteret", "9999")
        )

    def _unit(self, unit: Unit) -> dict[str, Any]:
        link = {"self": {"href": f"{self.home}enheter/{unit.number}"}}
        form = {
            "kode": unit.form,
            "beskrivelse": FORMS[unit.form],
            "_links": {"self": {"href": f"{self.home}organisasjonsformer/{unit.form}"}},
        }
        head = {"organisasjonsnummer": unit.number, "navn": unit.name, "organisasjonsform": form}
        if unit.state == "deleted":
            return {**head, "slettedato": str(unit.deleted), "_links": link}
        address = {"land": "Norge", "landkode": "NO", "postnummer": "9900", "poststed": unit.place, "adresse": ["Torget 1"],
                   "kommune": unit.place, "kommunenummer": unit.municipality}  # fmt: skip
        return {
            **head, **({"hjemmeside": unit.homepage} if unit.homepage else {}), "registreringsdatoEnhetsregisteret": str(unit.registered),
            "registrertIMvaregisteret": False, "naeringskode1": {"kode": "84.110", "beskrivelse": "Generell offentlig administrasjon"},
            **({"antallAnsatte": unit.employees} if unit.employees is not None else {}), "harRegistrertAntallAnsatte": unit.employees is not None,
            "forretningsadresse": address, "institusjonellSektorkode": {"kode": unit.sector, "beskrivelse": SECTORS[unit.sector]},
            "telefon": "99 99 00 00", "konkurs": False, "underAvvikling": False, "underTvangsavviklingEllerTvangsopplosning": False, "maalform": "Bokmål", "_links": link,
        }  # fmt: skip

    def _roles(self, unit: Unit) -> dict[str, Any]:
        """Owners and, beside them, a board: persons with their birth dates."""
        code, words = ("EIKM", "Eierkommune") if unit.form == "KF" else ("DTPR", "Deltaker med delt ansvar")
        name_of = {u.number: u.name for u in self.units}
        owners = [
            {"type": {"kode": code, "beskrivelse": words}, "enhet": {"organisasjonsnummer": o, "navn": [name_of[o]], "erSlettet": False},
             **({"ansvarsandel": f"{100 // len(unit.owners)}%"} if code == "DTPR" else {}), "avregistrert": False, "rekkefolge": n}
            for n, o in enumerate(unit.owners)
        ]  # fmt: skip
        chair = {"type": {"kode": "LEDE", "beskrivelse": "Styrets leder"}, "avregistrert": False, "rekkefolge": 0,
                 "person": {"fodselsdato": "1961-03-04", "navn": {"fornavn": "Ragnhild", "etternavn": "Bakkevoll"}, "erDoed": False}}  # fmt: skip
        groups = [{"type": {"kode": "STYR", "beskrivelse": "Styre"}, "sistEndret": "2024-01-02", "roller": [chair]}]
        groups += (
            [{"type": {"kode": "DELT" if code == "DTPR" else code, "beskrivelse": words}, "sistEndret": "2020-01-02", "roller": owners}]
            if owners
            else []
        )
        return {"rollegrupper": groups, "_links": {"self": {"href": f"{self.home}enheter/{unit.number}/roller"}}}

    def _changes(self, asked: Mapping[str, str]) -> Answer:
        """Oldest first, from a moment or an identifier; the page's size may be 10,000."""
        window = self._page(asked, 20)
        if window is None:
            return self._refusal("size kan ikke overstige 10 000")
        if not asked.get("oppdateringsid", "0").isdigit():
            return self._refusal("oppdateringsid må være et heltall")
        size, page = window
        found = [
            e for e in self.events
            if e.moment >= asked.get("dato", "") and e.identity >= int(asked.get("oppdateringsid") or 0)
            and (not asked.get("organisasjonsnummer") or e.number in asked["organisasjonsnummer"].split(","))
        ]  # fmt: skip
        rows = [
            {"oppdateringsid": e.identity, "dato": e.moment, "organisasjonsnummer": e.number, "endringstype": e.kind,
             "_links": {"enhet": {"href": f"{self.home}enheter/{e.number}"}}}
            for e in found[page * size : (page + 1) * size]
        ]  # fmt: skip
        pages = {"size": size, "totalElements": len(found), "totalPages": -(-len(found) // size), "number": page}
        return json_answer({**({"_embedded": {"oppdaterteEnheter": rows}} if rows else {}), "_links": {}, "page": pages})
