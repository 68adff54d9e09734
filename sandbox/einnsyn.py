"""eInnsyn API v1 as ATLAS section 2 and its OpenAPI file describe it: one host for every body that delivers to it.

The store is a function: an identifier is read back to the thing it names and the thing is made on the spot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any
from urllib.parse import quote, unquote

from sandbox import days, pdf
from sandbox.answers import Answer, Question, json_answer, plain
from sandbox.bodies import Body, organisation_numbers
from sandbox.identifiers import einnsyn_id, guid_of, read_einnsyn_id
from sandbox.journal import UNITS, Entry, Journal
from sandbox.judge import HostRules
from sandbox.meetings import COMMITTEES, Item, Meeting

HOST = "api.einnsyn.no"
TYPES = {"I": "inngaaende_dokument", "U": "utgaaende_dokument", "X": "organinternt_dokument_uten_oppfoelging",
         "N": "organinternt_dokument_for_oppfoelging", "S": "saksframlegg"}  # fmt: skip
ENTITIES = ("Journalpost", "Moetemappe", "Moetesak", "Saksmappe")
SORTS = ("administrativEnhetNavn", "dokumentetsDato", "entity", "fulltekst", "id", "journaldato", "journalpostnummer", "journalposttype",
         "korrespondansepartNavn", "moetedato", "oppdatertDato", "publisertDato", "standardDato", "sakssekvensnummer", "score", "tittel")  # fmt: skip
DATES = {"oppdatertDato": "oppdatertDato", "publisertDato": "publisertDato", "journaldato": "journaldato", "dokumentetsDato": "dokumentetsDato",
         "moetedato": "moetedato", "standardDato": "standardDato"}  # fmt: skip
GHOST_EVERY = 53
"""Every so many hits of a search is missing in the database and dropped: the page is short although `next` follows."""
MANY = 5000
SAFE = ",:"
_RELATIVE = re.compile(r"now(?:([+-]\d+)(ms|s|m|h|d|w|M|y))?(?:/([smhdwMy]))?")
_IDENTITY = re.compile(r"\b(\d{11}|\d{6}\s\d{5}|\d{4}[. ]\d{2}[. ]\d{5})\b")
_EXPAND = frozenset("""saksmappe korrespondansepart skjerming dokumentbeskrivelse dokumentobjekt administrativEnhetObjekt journalenhet utvalgObjekt
    moetedokument moetesak moetemappe utredning saksbeskrivelse innstilling vedtak vedtakstekst parent underenhet""".split())  # fmt: skip


@dataclass(frozen=True)
class Deliverer:
    """A body that delivers to eInnsyn."""

    number: int
    body: Body
    journal: Journal
    meetings: Sequence[Meeting]
    units: Mapping[int, str] = field(default_factory=dict)


class Refused(Exception):
    """A request the interface refuses: status and body of the answer."""

    def __init__(self, status: int, kind: str, message: str, fields: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"type": kind, "message": message, **({"fieldError": list(fields)} if kind == "validationError" else {})}


class EInnsyn:
    """The interface. `drops_hits` is the quirk of short pages."""

    def __init__(self, seed: int, day: date, *, drops_hits: bool = True) -> None:
        self.seed, self.day, self.drops_hits = seed, day, drops_hits
        self.deliverers: dict[int, Deliverer] = {}
        self._unit_numbers = organisation_numbers(820_000_000)
        self._orgnr: dict[tuple[int, int], str] = {}

    def add(self, body: Body, journal: Journal, meetings: Sequence[Meeting]) -> Deliverer:
        deliverer = Deliverer(len(self.deliverers) + 1, body, journal, meetings)
        self.deliverers[deliverer.number] = deliverer
        for unit in range(1, len(self._unit_names(deliverer)) + 1):
            self._orgnr[deliverer.number, unit] = next(self._unit_numbers)
        return deliverer

    # --- what others must know of it

    def rules(self) -> HostRules:
        """Reading only, and only the interface."""
        return HostRules(closed=("/admin", "/innsynskrav", "/bruker"))

    def unit(self, deliverer: Deliverer) -> str:
        return self._id("enh", deliverer.number)

    def entry_key(self, deliverer: Deliverer, index: int) -> str:
        return self._id("jp", deliverer.number, index)

    def item_key(self, deliverer: Deliverer, meeting: int, item: int) -> str:
        return self._id("ms", deliverer.number, meeting, item)

    def entry_url(self, deliverer: Deliverer, index: int) -> str:
        case, _ = deliverer.journal.case_of(index)
        return f"https://einnsyn.no/saksmappe?id={self._id('sm', deliverer.number, case)}&jid={self.entry_key(deliverer, index)}"

    def item_url(self, deliverer: Deliverer, meeting: int, item: int) -> str:
        return f"https://einnsyn.no/moetesak?id={self.item_key(deliverer, meeting, item)}"

    # --- answers

    def respond(self, question: Question) -> Answer:
        path = question.path
        if path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /admin\nDisallow: /innsynskrav\nDisallow: /bruker\n", modified=days.http_date(self.day))
        if question.method not in ("GET", "HEAD"):
            return self._refusal(Refused(401, "authenticationError", "An API key is needed for writing."))
        if "application/rss" in question.headers.get("accept", ""):
            return plain("", status=406)
        try:
            if match := re.fullmatch(r"/dokumentobjekt/([^/]+)/download", path):
                return self._download(match[1])
            return json_answer(self._read(path, question.query), modified=days.http_date(self.day))
        except Refused as refused:
            return self._refusal(refused)

    @staticmethod
    def _refusal(refused: Refused) -> Answer:
        return json_answer(refused.body, status=refused.status)

    def _read(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        if path == "/search":
            return self._search(query)
        parts = [unquote(p) for p in path.strip("/").split("/")]
        if parts == ["enhet"]:
            return self._list(query, path, self._units(query))
        if len(parts) == 1 and parts[0] in _PREFIX:
            return self._list(query, path, self._everything(parts[0]))
        if len(parts) == 2 and parts[0] in _PREFIX:
            return self._shown(self._resolve(parts[0], parts[1]), self._expand(query))
        if len(parts) == 3 and parts[0] in _PREFIX:
            return self._sub_list(parts, path, query)
        raise Refused(404, "notFound", f"No handler found for GET {path}")

    def _sub_list(self, parts: list[str], path: str, query: Mapping[str, str]) -> dict[str, Any]:
        parent = self._object(self._resolve(parts[0], parts[1]))
        if parts[0] == "saksmappe" and parts[2] == "journalpost":
            _, number, case, _ = self._known(parent["id"])
            members = self.deliverers[number].journal.case(case)
            return self._list(query, path, [self._id("jp", number, i) for i in (members.members if members else ())])
        value = self._children(parent, parts[2])
        if value is None:
            raise Refused(404, "notFound", f"No handler found for GET {path}")
        if parts[2] in ("skjerming", "vedtak", "utredning"):
            if not value:
                raise Refused(404, "notFound", f"{parts[0]} {parts[1]} has no {parts[2]}")
            return self._shown(value[0], self._expand(query))
        return self._list(query, path, value)

    def _children(self, parent: Mapping[str, Any], name: str) -> list[str] | None:
        if name not in _EXPAND:
            return None
        value = parent.get(name)
        return [] if value is None else list(value) if isinstance(value, list) else [value]

    # --- lists

    def _limit(self, query: Mapping[str, str]) -> int:
        text = query.get("limit", "25")
        if not text.isdigit() or not 1 <= int(text) <= 100:
            raise Refused(400, "validationError", "Field validation failed", [{"fieldName": "limit", "value": text, "message": "must be between 1 and 100"}])
        return int(text)

    @staticmethod
    def _expand(query: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
        paths = tuple(tuple(p.split(".")) for p in query.get("expand", "").split(",") if p)
        unknown = [p for path in paths for p in path if p not in _EXPAND]
        if unknown or len(paths) > 100:
            raise Refused(400, "badRequest", f"Invalid expand value: {unknown[0] if unknown else 'too many'}")
        return paths

    def _list(self, query: Mapping[str, str], path: str, ids: Sequence[str]) -> dict[str, Any]:
        if wanted := query.get("ids"):
            keep = set(wanted.split(","))
            return {"items": [self._shown(i, self._expand(query)) for i in ids if i in keep]}
        ordered = sorted(ids, reverse=query.get("sortOrder", "desc") != "asc")
        if after := query.get("startingAfter"):
            ordered = ordered[ordered.index(after) + 1 :] if after in ordered else [i for i in ordered if (i > after) == (query.get("sortOrder") == "asc")]
        limit = self._limit(query)
        answer: dict[str, Any] = {"items": [self._shown(i, self._expand(query)) for i in ordered[:limit]]}
        if len(ordered) > limit:
            answer["next"] = self._next(path, query, ordered[limit - 1])
        return answer

    @staticmethod
    def _next(path: str, query: Mapping[str, str], cursor: str) -> str:
        kept = [(k, v) for k, v in query.items() if k not in ("startingAfter", "endingBefore")]
        return f"{path}?{'&'.join(f'{k}={quote(v, safe=SAFE)}' for k, v in [*kept, ('startingAfter', cursor)])}"

    def _units(self, query: Mapping[str, str]) -> list[str]:
        found = [self._id("enh", n, u) for n, d in self.deliverers.items() for u in range(len(self._unit_names(d)) + 1)]
        if number := query.get("orgnummer"):
            found = [i for i in found if self._object(i)["orgnummer"] in number.split(",")]
        if words := query.get("query", "").lower():
            found = [i for i in found if words in self._object(i)["navn"].lower()]
        return found

    def _everything(self, kind: str) -> list[str]:
        """Every identifier of a kind, up to MANY for each body; the small things that hang on others are not listed by themselves."""
        found = []
        for number, d in self.deliverers.items():
            if kind == "journalpost":
                found += [self._id("jp", number, i) for i in range(max(len(d.journal) - MANY, 0), len(d.journal))]
            elif kind == "saksmappe":
                found += list(dict.fromkeys(self._id("sm", number, d.journal.case_of(i)[0]) for i in range(max(len(d.journal) - MANY, 0), len(d.journal))))
            elif kind == "moetemappe":
                found += [self._id("mm", number, m) for m in range(len(d.meetings))]
            elif kind == "moetesak":
                found += [self._id("ms", number, m, n) for m, meeting in enumerate(d.meetings) for n in range(len(meeting.items))]
        return found

    # --- search

    def _search(self, query: Mapping[str, str]) -> dict[str, Any]:
        limit, expand = self._limit(query), self._expand(query)
        entities = tuple(query["entity"].split(",")) if query.get("entity") else ENTITIES
        for name, value, allowed in (("entity", entities, ENTITIES), ("sortBy", (query.get("sortBy", "score"),), SORTS), ("sortOrder", (query.get("sortOrder", "desc"),), ("asc", "desc"))):  # fmt: skip
            for given in value:
                if given not in allowed:
                    raise Refused(400, "validationError", "Field validation failed", [{"fieldName": name, "value": given, "message": f"must be one of {', '.join(allowed)}"}])
        if _IDENTITY.search(query.get("query", "")):
            raise Refused(400, "badRequest", "The query may not hold a national identity number.")
        is_rising = query.get("sortOrder", "desc") == "asc"
        hits = self._hits(entities, query, is_rising)
        if after := query.get("startingAfter"):
            value, _, last = after.rpartition(",")
            edge = (_cursor_value(value), last)
            hits = (h for h in hits if (h > edge if is_rising else h < edge))
        page = list(islice(hits, limit + 1))
        shown = [i for _, i in page[:limit] if not self._is_ghost(i)]
        answer: dict[str, Any] = {"items": [self._shown(i, expand) for i in shown]}
        if len(page) > limit:
            value, last = page[limit - 1]
            answer["next"] = self._next("/search", query, f"{value},{last}")
        if query.get("startingAfter") and page:
            answer["previous"] = self._next("/search", {k: v for k, v in query.items() if k != "startingAfter"}, f"{page[0][0]},{page[0][1]}").replace("startingAfter", "endingBefore")
        return answer

    def is_dropped(self, deliverer: Deliverer, index: int) -> bool:
        """Whether an entry is found by the search and missing in the database."""
        return self.drops_hits and index not in deliverer.journal.planted and is_ghost(index)

    def dropped_in(self, deliverer: Deliverer, window: range) -> int:
        """How many entries of a window are dropped."""
        first = window.start + (GHOST_EVERY - 2 - window.start) % GHOST_EVERY
        return sum(self.is_dropped(deliverer, i) for i in range(first, window.stop, GHOST_EVERY))

    def _is_ghost(self, identifier: str) -> bool:
        prefix, number, index, _ = self._known(identifier)
        return prefix == "jp" and self.is_dropped(self.deliverers[number], index)

    def _hits(self, entities: Sequence[str], query: Mapping[str, str], is_rising: bool) -> Iterator[tuple[Any, str]]:
        """(sort value, identifier) in the order asked for. Journals are walked lazily when sorted by a date that follows their order."""
        sort = query.get("sortBy", "score")
        bodies = self._wanted(query)
        if entities == ("Journalpost",) and sort in ("oppdatertDato", "publisertDato"):
            streams = [self._journal_hits(d, unit, query, is_rising) for d, unit in bodies]
            return merge(*streams, reverse=not is_rising)
        found = []
        for d, unit in bodies:
            for identifier in self._identifiers(d, entities):
                thing = self._object(identifier)
                if self._matches(thing, d, unit, query):
                    found.append((self._sort_value(thing, sort), identifier))
        return iter(sorted(found, key=lambda h: (str(type(h[0])), h), reverse=not is_rising))

    def _wanted(self, query: Mapping[str, str]) -> list[tuple[Deliverer, int]]:
        """The bodies (and sub-units, 0 for the whole) that administrativEnhet names; unknown ones find nothing."""
        named = query.get("administrativEnhet") or query.get("administrativEnhetExact") or query.get("journalenhet")
        if not named:
            without = {self._unit_of(t) for t in (query.get("excludeAdministrativEnhet") or "").split(",") if t}
            return [(d, 0) for n, d in self.deliverers.items() if (n, 0) not in without]
        found = [unit for t in named.split(",") if (unit := self._unit_of(t)) is not None]
        return [(self.deliverers[n], u) for n, u in dict.fromkeys(found)]

    def _unit_of(self, text: str) -> tuple[int, int] | None:
        known = read_einnsyn_id(text, self.seed)
        if known and known[0] == "enh" and known[1] in self.deliverers:
            return known[1], known[2]
        return next(((n, 0) for n, d in self.deliverers.items() if d.body.orgnr == text), None)

    def _journal_hits(self, d: Deliverer, unit: int, query: Mapping[str, str], is_rising: bool) -> Iterator[tuple[int, str]]:
        journal = d.journal
        low, high = 0, len(journal)
        for name in ("oppdatertDato", "publisertDato"):
            if start := self._moment(query, f"{name}From"):
                low = max(low, journal.first_from(start.date(), journal.updated_on))
            if end := self._moment(query, f"{name}To", is_end=True):
                high = min(high, journal.first_from(end.date() + timedelta(days=1), journal.updated_on))
        if cursor := query.get("startingAfter"):
            known = read_einnsyn_id(cursor.rpartition(",")[2], self.seed)
            if known and known[0] == "jp" and known[1] == d.number:
                low, high = (known[2] + 1, high) if is_rising else (low, known[2])
        others = [k for k in query if k in FILTERS and not k.startswith(("oppdatertDato", "publisertDato"))]
        for index in range(low, high) if is_rising else range(high - 1, low - 1, -1):
            identifier = self._id("jp", d.number, index)
            if (others or unit) and not self._matches(self._object(identifier), d, unit, query):
                continue
            yield milliseconds(journal.updated_on(index)), identifier

    def _identifiers(self, d: Deliverer, entities: Sequence[str]) -> Iterator[str]:
        if "Journalpost" in entities:
            yield from (self._id("jp", d.number, i) for i in range(len(d.journal)))
        if "Saksmappe" in entities:
            yield from dict.fromkeys(self._id("sm", d.number, d.journal.case_of(i)[0]) for i in range(len(d.journal)))
        for m, meeting in enumerate(d.meetings):
            if "Moetemappe" in entities:
                yield self._id("mm", d.number, m)
            if "Moetesak" in entities:
                yield from (self._id("ms", d.number, m, n) for n in range(len(meeting.items)))

    def _matches(self, thing: Mapping[str, Any], d: Deliverer, unit: int, query: Mapping[str, str]) -> bool:
        """Does a thing pass the filters the interface knows? Unknown parameters are ignored in silence."""
        if unit and self._unit_name(d, unit)[0] not in (thing.get("administrativEnhet"), thing.get("utvalg")):
            return False
        for name in DATES:
            value = self._date_of(thing, name)
            start, end = self._moment(query, f"{name}From"), self._moment(query, f"{name}To", is_end=True)
            if (start or end) and value is None:
                return False
            if value is not None and ((start and value < start) or (end and value > end)):
                return False
        for name, key in _EXACT.items():
            if query.get(name) and str(thing.get(key)) not in query[name].split(","):
                return False
        text = str(thing.get("offentligTittel", "")).lower()
        if query.get("tittel") and not any(t.lower() in text for t in query["tittel"].split(",")):
            return False
        return all(_has_word(text, w) for w in re.findall(r'-?"[^"]+"|\S+', query.get("query", "").lower()))

    def _date_of(self, thing: Mapping[str, Any], name: str) -> datetime | None:
        key = {"standardDato": {"Journalpost": "journaldato", "Moetemappe": "moetedato", "Saksmappe": "saksdato"}.get(str(thing["entity"]), "oppdatertDato")}.get(name, name)
        value = thing.get(key)
        if not isinstance(value, str):
            return None
        return datetime.fromisoformat(value.replace("Z", "+00:00")) if "T" in value else datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)

    def _moment(self, query: Mapping[str, str], name: str, *, is_end: bool = False) -> datetime | None:
        """A date filter: ISO date (its end for …To), ISO moment, or `now-7d/d`."""
        text = query.get(name)
        if not text:
            return None
        if match := _RELATIVE.fullmatch(text):
            now = datetime.combine(self.day, datetime.min.time(), UTC) + timedelta(hours=12)
            amount, unit = int(match[1] or 0), match[2] or "d"
            span = {"ms": timedelta(milliseconds=1), "s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
                    "w": timedelta(weeks=1), "M": timedelta(days=30), "y": timedelta(days=365)}[unit]  # fmt: skip
            moment = now + amount * span
            return moment.replace(hour=23 if is_end else 0, minute=59 if is_end else 0) if match[3] else moment
        try:
            if "T" in text:
                moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
                return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return datetime.combine(date.fromisoformat(text), datetime.max.time() if is_end else datetime.min.time(), UTC)
        except ValueError:
            raise Refused(400, "validationError", "Field validation failed", [{"fieldName": name, "value": text, "message": "must be a date"}]) from None

    def _sort_value(self, thing: Mapping[str, Any], sort: str) -> Any:
        if sort in DATES:
            moment = self._date_of(thing, sort)
            return int(moment.timestamp() * 1000) if moment else 0
        if sort == "tittel":
            return str(thing.get("offentligTittel"))
        return thing["id"] if sort in ("id", "score") else str(thing.get(sort, ""))

    # --- things

    def _id(self, prefix: str, number: int, first: int = 0, second: int = 0) -> str:
        return einnsyn_id(prefix, self.seed, number, first, second)

    def _known(self, identifier: str) -> tuple[str, int, int, int]:
        known = read_einnsyn_id(identifier, self.seed)
        if known is None or known[1] not in self.deliverers:
            raise Refused(404, "notFound", f"No object found with id {identifier}")
        return known

    def _resolve(self, kind: str, identifier: str) -> str:
        """The identifier of a thing of a kind; a unit may be named by its organisation number."""
        if kind == "enhet" and (unit := self._unit_of(identifier)):
            return self._id("enh", *unit)
        prefix, number, index, _ = self._known(identifier)
        if prefix != _PREFIX[kind] or (prefix == "jp" and self.is_dropped(self.deliverers[number], index)):
            raise Refused(404, "notFound", f"No object found with id {identifier}")
        return identifier

    def _shown(self, identifier: str, expand: Sequence[tuple[str, ...]]) -> dict[str, Any]:
        thing = self._object(identifier)
        for name in {p[0] for p in expand}:
            below = [p[1:] for p in expand if p[0] == name and len(p) > 1]
            value = thing.get(name)
            if isinstance(value, list):
                thing[name] = [self._shown(v, below) for v in value]
            elif isinstance(value, str) and read_einnsyn_id(value, self.seed):
                thing[name] = self._shown(value, below)
        return thing

    def _object(self, identifier: str) -> dict[str, Any]:
        """A thing with references as identifiers. Raises Refused 404."""
        prefix, number, first, second = self._known(identifier)
        d = self.deliverers[number]
        make: dict[str, Callable[[Deliverer, int, int], dict[str, Any] | None]] = {
            "enh": self._enhet, "jp": self._journalpost, "sm": self._saksmappe, "kp": self._party, "db": self._description, "do": self._file,
            "skj": self._shield, "mm": self._moetemappe, "ms": self._moetesak, "utr": self._study, "ved": self._decision, "msb": self._text,
            "mdok": self._meeting_document,
        }  # fmt: skip
        try:
            thing = make[prefix](d, first, second)
        except IndexError:
            thing = None
        if thing is None:
            raise Refused(404, "notFound", f"No object found with id {identifier}")
        entity = _ENTITY[prefix]
        own = {} if prefix == "enh" else {"journalenhet": self._id("enh", number)}
        return {"entity": entity, "id": identifier, "deleted": False, "externalId": f"https://noark.example/{guid_of(self.seed, identifier)}", **own, **thing}

    @staticmethod
    def _unit_names(d: Deliverer) -> list[tuple[str, str, str]]:
        """(code, name, kind) of the sub-units: departments, then committees."""
        departments = [(code, name, "AVDELING") for code, name in UNITS[d.body.language]]
        committees = COMMITTEES[(d.body.role, d.body.language)]
        return departments + [("".join(w[0] for w in name.split()).upper() + str(n), name, "UTVALG") for n, name in enumerate(committees)]

    def _unit_name(self, d: Deliverer, unit: int) -> tuple[str, str, str]:
        return self._unit_names(d)[unit - 1]

    def _enhet(self, d: Deliverer, unit: int, _: int) -> dict[str, Any]:
        mail = f"post@{d.body.domain}"
        shared = {"kontaktpunktEpost": mail, "innsynskravEpost": mail, "kontaktpunktTelefon": "", "skjult": False, "teknisk": False}
        if unit == 0:
            kind = "KOMMUNE" if d.body.role == "kommune" else "FYLKE"
            names = {"navnNynorsk": d.body.full_name} | ({"navnSami": d.body.name_se} if d.body.name_se else {})
            return {"navn": d.body.full_name, **names, "orgnummer": d.body.orgnr, "slug": d.body.slug, "enhetstype": kind,
                    "underenhet": [self._id("enh", d.number, u) for u in range(1, len(self._unit_names(d)) + 1)], **shared}  # fmt: skip
        code, name, kind = self._unit_name(d, unit)
        return {"navn": name, "orgnummer": self._orgnr[d.number, unit], "enhetskode": code, "enhetstype": kind, "parent": self._id("enh", d.number), **shared}

    def _committee(self, d: Deliverer, meeting: Meeting) -> tuple[str, str]:
        unit = len(UNITS[d.body.language]) + 1 + meeting.committee
        return self._unit_name(d, unit)[0], self._id("enh", d.number, unit)

    def _public(self, entry: Entry, text: str) -> str:
        """A text as it may be read by all: three of four hide private names, word by word, as `*****`."""
        if entry.index % 4 == 0:
            return text
        for name in entry.names:
            text = text.replace(name, " ".join("*****" for _ in name.split()))
        return text

    def _journalpost(self, d: Deliverer, index: int, _: int) -> dict[str, Any] | None:
        if not 0 <= index < len(d.journal):
            return None
        entry = d.journal.entry(index)
        moment = f"{d.journal.updated_on(index)}T06:00:00Z"
        code = self._unit_name(d, entry.unit + 1)[0]
        parties = [self._id("kp", d.number, index, role) for role in ((0, 1) if entry.recipient else (0,))]
        shield = {"skjerming": self._id("skj", d.number, index)} if entry.legal_basis else {}
        return {
            "offentligTittel": self._public(entry, entry.title), "offentligTittelSensitiv": entry.title, "journalaar": self.day.year,
            "journalsekvensnummer": d.journal.serial(index), "journalpostnummer": entry.place + 1, "journalposttype": TYPES[entry.direction],
            "journaldato": entry.day.isoformat(), "dokumentetsDato": entry.document_day.isoformat(), "publisertDato": moment, "oppdatertDato": moment,
            "saksmappe": self._id("sm", d.number, entry.case), "korrespondansepart": parties, "dokumentbeskrivelse": [self._id("db", d.number, index, 0)],
            "administrativEnhet": code, "administrativEnhetObjekt": self._id("enh", d.number, entry.unit + 1), **shield,
        }  # fmt: skip

    def _saksmappe(self, d: Deliverer, number: int, _: int) -> dict[str, Any] | None:
        case = d.journal.case(number)
        if case is None:
            return None
        first = d.journal.entry(case.members[0])
        sequence = d.journal.case_sequence(number)
        return {
            "offentligTittel": case.title, "offentligTittelSensitiv": case.title, "saksaar": self.day.year, "sakssekvensnummer": sequence,
            "saksnummer": f"{self.day.year}/{sequence}", "saksdato": case.day.isoformat(), "administrativEnhet": self._unit_name(d, first.unit + 1)[0],
            "administrativEnhetObjekt": self._id("enh", d.number, first.unit + 1), "publisertDato": f"{case.day}T06:00:00Z", "oppdatertDato": f"{case.day}T06:00:00Z",
        }  # fmt: skip

    def _party(self, d: Deliverer, index: int, role: int) -> dict[str, Any]:
        entry = d.journal.entry(index)
        name = entry.recipient if role else entry.sender
        own = {"saksbehandler": entry.worker, "administrativEnhet": self._unit_name(d, entry.unit + 1)[0]} if name == d.body.full_name else {}
        return {"korrespondansepartNavn": self._public(entry, name), "korrespondansepartNavnSensitiv": name,
                "korrespondanseparttype": "mottaker" if role else "avsender", **own}  # fmt: skip

    def _shield(self, d: Deliverer, index: int, _: int) -> dict[str, Any] | None:
        basis = d.journal.entry(index).legal_basis
        return {"tilgangsrestriksjon": "UO", "skjermingshjemmel": basis} if basis else None

    def _description(self, d: Deliverer, index: int, item: int) -> dict[str, Any]:
        """The main document of an entry (item 0), or of item number `item` - 1 of meeting `index`."""
        if item == 0:
            entry = d.journal.entry(index)
            title, full, is_open = self._public(entry, entry.title), entry.title, entry.is_open
        else:
            title = full = d.meetings[index].items[item - 1].title
            is_open = True
        files = {"dokumentobjekt": [self._id("do", d.number, index, item)]} if is_open else {}
        return {"tittel": title, "tittelSensitiv": full, "dokumentnummer": 1, "tilknyttetRegistreringSom": "hoveddokument", **files}

    def _file(self, d: Deliverer, index: int, item: int) -> dict[str, Any]:
        identifier = self._id("do", d.number, index, item)
        # The address leads to a page of scripts; /download is the file (ATLAS trap 10).
        return {"referanseDokumentfil": f"https://einnsyn.no/fil?id={identifier}", "format": "PDF", "url": f"https://einnsyn.no/fil?id={identifier}",
                "dokumentbeskrivelse": self._id("db", d.number, index, item)}  # fmt: skip

    def _moetemappe(self, d: Deliverer, number: int, _: int) -> dict[str, Any]:
        meeting = d.meetings[number]
        code, committee = self._committee(d, meeting)
        title = f"Møte i {meeting.committee_name} {days.dotted(meeting.day)}"
        published = min(meeting.day - timedelta(days=8), self.day)
        video = {"videoLink": f"https://{d.body.slug}.kommunetv.example/archive/{number}"} if meeting.committee == 0 else {}
        return {
            "offentligTittel": title, "offentligTittelSensitiv": title, "moetenummer": f"{number}/{meeting.day.year}", "utvalg": code, "utvalgObjekt": committee,
            "moetedato": days.utc(meeting.day, meeting.hour), "moetested": meeting.place, "publisertDato": f"{published}T06:00:00Z",
            "oppdatertDato": f"{published}T06:00:00Z", "moetedokument": [self._id("mdok", d.number, number)],
            "moetesak": [self._id("ms", d.number, number, n) for n in range(len(meeting.items))], **video,
        }  # fmt: skip

    def _item(self, d: Deliverer, meeting: int, item: int) -> tuple[Meeting, Item]:
        return d.meetings[meeting], d.meetings[meeting].items[item]

    def _moetesak(self, d: Deliverer, number: int, item: int) -> dict[str, Any]:
        meeting, told = self._item(d, number, item)
        code, committee = self._committee(d, meeting)
        sequence, year = told.number.split("/")
        published = min(meeting.day - timedelta(days=8), self.day)
        more = {}
        if told.text:
            more = {"utredning": self._id("utr", d.number, number, item), "dokumentbeskrivelse": [self._id("db", d.number, number, item + 1)]}
            if meeting.is_held(self.day):
                more["vedtak"] = self._id("ved", d.number, number, item)
        return {
            "offentligTittel": told.title, "offentligTittelSensitiv": told.title, "moetesakstype": "referat" if told.sort == "RS" else "politisk",
            "moetesaksaar": 2000 + int(year), "moetesakssekvensnummer": int(sequence), "utvalg": code, "utvalgObjekt": committee,
            "moetemappe": self._id("mm", d.number, number), "publisertDato": f"{published}T06:00:00Z", "oppdatertDato": f"{published}T06:00:00Z", **more,
        }  # fmt: skip

    def _study(self, d: Deliverer, number: int, item: int) -> dict[str, Any]:
        self._item(d, number, item)
        return {"saksbeskrivelse": self._id("msb", d.number, number, item * 4), "innstilling": self._id("msb", d.number, number, item * 4 + 1)}

    def _decision(self, d: Deliverer, number: int, item: int) -> dict[str, Any]:
        meeting, _ = self._item(d, number, item)
        return {"vedtakstekst": self._id("msb", d.number, number, item * 4 + 2), "dato": meeting.day.isoformat()}

    def _text(self, d: Deliverer, number: int, packed: int) -> dict[str, Any]:
        item, which = divmod(packed, 4)
        _, told = self._item(d, number, item)
        closing = {"nb": ("Det vises til saksframlegget.", "Innstillingen er vedtatt."), "nn": ("Det blir vist til saksframlegget.", "Innstillinga er vedteken.")}
        text = told.text if which == 0 else closing[d.body.language][which - 1]
        return {"tekstInnhold": text, "tekstFormat": "text/plain"}

    def _meeting_document(self, d: Deliverer, number: int, _: int) -> dict[str, Any]:
        meeting = d.meetings[number]
        title = f"Innkalling til {meeting.committee_name}"
        return {"offentligTittel": title, "offentligTittelSensitiv": title, "moetedokumenttype": "innkalling", "moetemappe": self._id("mm", d.number, number)}

    def _download(self, identifier: str) -> Answer:
        self._resolve("dokumentobjekt", identifier)
        _, number, first, item = self._known(identifier)
        d = self.deliverers[number]
        if item == 0:
            title, text = d.journal.entry(first).title, ""
        else:
            title, text = d.meetings[first].items[item - 1].title, d.meetings[first].items[item - 1].text
        name = (("Content-Disposition", 'inline; filename="dokument.pdf"'),)
        return Answer(200, pdf.write(title, text), "application/pdf", name, days.http_date(self.day))


_PREFIX = {
    "enhet": "enh", "journalpost": "jp", "saksmappe": "sm", "korrespondansepart": "kp", "dokumentbeskrivelse": "db", "dokumentobjekt": "do", "skjerming": "skj",
    "moetemappe": "mm", "moetesak": "ms", "utredning": "utr", "vedtak": "ved", "moetesaksbeskrivelse": "msb", "moetedokument": "mdok",
}  # fmt: skip
_ENTITY = {prefix: kind.capitalize() for kind, prefix in _PREFIX.items()}
_EXACT = {"saksaar": "saksaar", "sakssekvensnummer": "sakssekvensnummer", "saksnummer": "saksnummer", "journalpostnummer": "journalpostnummer",
          "journalsekvensnummer": "journalsekvensnummer", "moetesaksaar": "moetesaksaar", "moetesakssekvensnummer": "moetesakssekvensnummer",
          "journalposttype": "journalposttype", "ids": "id", "externalIds": "externalId"}  # fmt: skip
FILTERS = {*_EXACT, "tittel", "query", *(f"{name}{end}" for name in DATES for end in ("From", "To"))}


def is_ghost(index: int) -> bool:
    """Whether an entry at this place of a journal is one of those that get lost."""
    return index % GHOST_EVERY == GHOST_EVERY - 2


def _has_word(text: str, word: str) -> bool:
    wanted = word.lstrip("-").strip('"')
    return (wanted in text) != word.startswith("-")


def _cursor_value(text: str) -> Any:
    return int(text) if text.isdigit() else text


def milliseconds(day: date) -> int:
    return int(datetime.combine(day, datetime.min.time(), UTC).timestamp() + 6 * 3600) * 1000
