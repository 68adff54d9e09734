"""A body's mail journal: any entry can be made from its number alone, so that a million of them take no memory."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sandbox import days
from sandbox.bank import Text, slots
from sandbox.bodies import Body
from sandbox.persons import as_written
from sandbox.spin import spin

BLOCK, CASES_IN_BLOCK = 12, 3
UNLISTED = (9, 10)
"""Which entries of a block stand in their case only: a list of documents misses them (ATLAS trap 4)."""
LISTED = tuple(n for n in range(BLOCK) if n not in UNLISTED)
OLD, OLD_FROM, OLD_TO, RECENT = 12, 230, 100, 58
"""Twelve entries are 230 to 100 days old, older than any window; the others lie within 58 days."""
PLANTED_CASES = 900_000

UNITS = {
    "nb": (("POL", "Politisk sekretariat"), ("DOK", "Dokumentsenteret"), ("PLAN", "Plan og byggesak"), ("OPP", "Oppvekst"), ("HELSE", "Helse og velferd"),
           ("TEK", "Teknisk drift"), ("KULT", "Kultur"), ("ØKO", "Økonomi")),
    "nn": (("POL", "Politisk sekretariat"), ("DOK", "Dokumentsenteret"), ("PLAN", "Plan og byggesak"), ("OPP", "Oppvekst"), ("HELSE", "Helse og velferd"),
           ("TEK", "Teknisk drift"), ("KULT", "Kultur"), ("ØKO", "Økonomi")),
}  # fmt: skip
WORKERS = ("Gro Nordvik", "Arne Tveito", "Lise Helgeland", "Bjarte Sæle", "Hege Rønnevik", "Odd Myhre", "Tone Brekke", "Frode Vågen")
LEGAL_BASES = ("Offl. § 13 jf. fvl. § 13 (1) nr. 1", "Offl. § 14", "Offl. § 23", "Offl. § 13 jf. fvl. § 13 (1) nr. 2")
INSTITUTIONS = ("Statsforvalteren", "Kystverket", "Husbanken", "Riksarkivet", "Vegdirektoratet", "Kulturdirektoratet", "Bufdir", "Miljødirektoratet")
PERSONAL = ("Søknad om {ansvarsrett|tiltak uten ansvarsrett|fradeling|dispensasjon} – gnr/bnr <gnr> – <person>", "Nabovarsel <gnr> – <person>",
            "Klage på vedtak om {gebyr|eiendomsskatt|skoleskyss} – <person>", "Svar på henvendelse fra <person>", "Ferdigattest <gnr> – <street> – <person>",
            "<person> – søknad om {skjenkebevilling for en anledning|ledig stilling|redusert foreldrebetaling}",
            "Oversendelse av klage fra <person> – <gnr>", "Kjøpekontrakt – <person>, <street>")  # fmt: skip
PERSONAL_NN = ("Søknad om {ansvarsrett|tiltak utan ansvarsrett|frådeling|dispensasjon} – gnr/bnr <gnr> – <person>", "Nabovarsel <gnr> – <person>",
               "Klage på vedtak om {gebyr|eigedomsskatt|skuleskyss} – <person>", "Svar på førespurnad frå <person>",
               "Ferdigattest <gnr> – <street> – <person>", "<person> – søknad om ledig stilling", "Oversending av klage frå <person> – <gnr>")  # fmt: skip
IDENTITY = ("Politiattest – {identity}", "Melding om flytting, fødselsnr. {identity}", "Legeerklæring {identity} – til saksbehandling",
            "Søknad om TT-kort ({identity})")  # fmt: skip
ACCOUNT = ("Endring av kontonummer til {account}", "Utbetaling av depositum til konto {account}", "Tilbakebetaling – kontonr. {account}")
DECOYS = ("Faktura 20260 417733 – purring", "Referanse 2026-0041-7733 – mottaksbekreftelse", "Vedlegg til sak 26001234567", "Målerbytte, anleggsnr. 707057500012345678")


@dataclass(frozen=True)
class Entry:
    """One entry. `title` names persons in full; `names` are the names as they stand there and in the parties.

    `direction` is the letter of Noark (I, U, X, N, S). `case` is the number of the case within the journal, `place` of the entry in it.
    """

    index: int
    title: str
    names: tuple[str, ...]
    direction: str
    day: date
    document_day: date
    sender: str
    recipient: str
    case: int
    place: int
    worker: str
    unit: int
    legal_basis: str
    is_open: bool


@dataclass(frozen=True)
class Case:
    """A case: `members` are indexes of entries, oldest first."""

    number: int
    title: str
    day: date
    members: tuple[int, ...]


@dataclass(frozen=True)
class Planted:
    """A title that must stand in the journal. Titles with the same `case` share one case with nothing else in it; "" is a case among others."""

    title: str
    case: str = ""


@dataclass
class Pool:
    """Private names and numbers a journal may use. `written` collects every form that was handed out; None when nobody counts."""

    persons: Sequence[str]
    identity_numbers: Sequence[str]
    account_numbers: Sequence[str]


class Journal:
    """Entries 0 (oldest) to `len` - 1 (newest); journal dates never fall.

    `planted` maps indexes to titles; every other entry is spun from the boring templates, from its number alone.
    """

    def __init__(self, body: Body, seed: int, day: date, count: int, planted: Mapping[int, Planted], templates: Sequence[Text], pool: Pool) -> None:
        self.body, self.seed, self.day, self.count = body, seed, day, count
        self.planted = dict(planted)
        grouped: dict[str, list[int]] = {}
        for index in sorted(planted):
            if planted[index].case:
                grouped.setdefault(planted[index].case, []).append(index)
        self._own_cases = {members[0]: tuple(members) for members in grouped.values()}
        self._own_case_of = {index: members[0] for members in grouped.values() for index in members}
        self.templates = templates
        self.pool = pool
        self._dice = Random()
        self._lock = threading.Lock()
        self._names: list[str] = []
        self._slots = {**slots(body, self._dice, day), "person": self._person}

    def __len__(self) -> int:
        return self.count

    def day_of(self, index: int) -> date:
        """The journal date of an entry."""
        if index < OLD:
            return days.on_weekday(self.day - timedelta(days=OLD_FROM - index * (OLD_FROM - OLD_TO) // OLD))
        recent = max(self.count - OLD - 1, 1)
        return days.on_weekday(self.day - timedelta(days=RECENT - (index - OLD) * (RECENT - 2) // recent))

    def updated_on(self, index: int) -> date:
        """When the entry was published: the day after it was journalled, never later than today."""
        return min(self.day_of(index) + timedelta(days=1), self.day)

    def first_from(self, day: date, of: Callable[[int], date] | None = None) -> int:
        """The lowest index whose date (of journal when `of` is None) is `day` or later."""
        return bisect_left(range(self.count), day, key=of or self.day_of)

    def is_shown(self, index: int) -> bool:
        """Is the entry published now? A journal that lives hides what is late or withdrawn (`sandbox.month`)."""
        return True

    def shown_in(self, since: date, until: date) -> list[int]:
        """Indexes of the published entries whose journal date lies in the window, oldest first."""
        return [i for i in self.in_window(since, until) if self.is_shown(i)]

    def is_listed(self, index: int) -> bool:
        return index in self.planted or index % BLOCK not in UNLISTED

    def listed_count(self) -> int:
        whole, rest = divmod(self.count, BLOCK)
        return whole * len(LISTED) + sum(n < rest for n in LISTED)

    def listed_from_newest(self, start: int, stop: int) -> Iterator[int]:
        """Indexes of the listed entries, newest first, from position `start` to before `stop`."""
        total = self.listed_count()
        for position in range(start, min(stop, total)):
            whole, rest = divmod(total - 1 - position, len(LISTED))
            yield whole * BLOCK + LISTED[rest]

    def case_of(self, index: int) -> tuple[int, int]:
        """(number of the case, place in it)."""
        if (first := self._own_case_of.get(index)) is not None:
            return PLANTED_CASES + first, self._own_cases[first].index(index)
        block, place = divmod(index, BLOCK)
        members = self._members(block, place % CASES_IN_BLOCK)
        return block * CASES_IN_BLOCK + place % CASES_IN_BLOCK, members.index(index)

    def _members(self, block: int, which: int) -> tuple[int, ...]:
        stop = min((block + 1) * BLOCK, self.count)
        return tuple(i for i in range(block * BLOCK + which, stop, CASES_IN_BLOCK) if i not in self._own_case_of)

    def case(self, number: int) -> Case | None:
        """A case by its number; None when there is none."""
        if number >= PLANTED_CASES:
            own = self._own_cases.get(number - PLANTED_CASES)
            return Case(number, self.planted[own[0]].title, self.day_of(own[0]), own) if own else None
        members = self._members(*divmod(number, CASES_IN_BLOCK)) if number >= 0 else ()
        if not members:
            return None
        first = self.entry(members[0])
        return Case(number, first.title if not first.names else self._without(first), self.day_of(members[0]), members)

    @staticmethod
    def _without(entry: Entry) -> str:
        """A case's title after its first document, without the person."""
        title = entry.title
        for name in entry.names:
            title = title.replace(name, "")
        return title.strip(" –,-") or "Henvendelse"

    def case_number(self, number: int) -> str:
        """Year and sequence, `2026/1044`."""
        return f"{self.day.year}/{self.case_sequence(number)}"

    def case_sequence(self, number: int) -> int:
        return number + 412 if number < PLANTED_CASES else number - PLANTED_CASES + 90_000

    def serial(self, index: int) -> int:
        return 2_000 + index

    def entry(self, index: int) -> Entry:
        """One entry, the same every time."""
        with self._lock:
            self._dice.seed(f"{self.seed} {self.body.slug} {index}")
            self._names.clear()
            return self._make(index)

    def _make(self, index: int) -> Entry:
        dice = self._dice
        direction = dice.choices("IUXNS", (40, 34, 14, 3, 9))[0]
        day = self.day_of(index)
        case, place = self.case_of(index)
        legal_basis, is_open = "", dice.random() < 0.6
        private = ""
        if index in self.planted:
            title, is_open = self.planted[index].title, True
            direction = "X" if direction in "NS" else direction
        else:
            title = self._boring_title(index)
            if self._names:
                private, is_open = self._names[0], dice.random() < 0.3
                legal_basis = "" if is_open else dice.choice(LEGAL_BASES)
            elif not is_open and dice.random() < 0.4:
                legal_basis = dice.choice(LEGAL_BASES)
        other = private or (dice.choice(INSTITUTIONS) if dice.random() < 0.3 else str(self._slots["company"]()))  # type: ignore[operator]
        own = self.body.full_name
        sender, recipient = {"I": (other, own), "U": (own, other)}.get(direction, (own, ""))
        return Entry(index, title, tuple(dict.fromkeys(self._names)), direction, day, day - timedelta(days=dice.randrange(0, 6)), sender, recipient, case, place,
                     dice.choice(WORKERS), dice.randrange(len(UNITS["nb"])), legal_basis, is_open)  # fmt: skip

    def _boring_title(self, index: int) -> str:
        dice = self._dice
        if index % 29 == 6 and self.pool.identity_numbers:
            number = dice.choice(self.pool.identity_numbers)
            return dice.choice(IDENTITY).format(identity=number)
        if index % 29 == 18 and self.pool.account_numbers:
            return dice.choice(ACCOUNT).format(account=dice.choice(self.pool.account_numbers))
        if index % 43 == 7:
            return dice.choice(DECOYS)
        if index % 3 == 0 or not self.templates:
            return spin(dice.choice(PERSONAL_NN if self.body.language == "nn" else PERSONAL), dice, self._slots)
        return spin(dice.choice(self.templates).title, dice, self._slots)

    def _person(self) -> str:
        name = as_written(self._dice.choice(self.pool.persons), self._dice)
        self._names.append(name)
        return name

    def in_window(self, since: date, until: date, of: Callable[[int], date] | None = None) -> range:
        """Indexes whose date lies in the window, both ends included."""
        stop = self.count if until == date.max else self.first_from(until + timedelta(days=1), of)
        return range(self.first_from(since, of), stop)

    def found_by_list_and_cases(self, since: date, until: date) -> int:
        """How many entries of a window one sees who reads the list of documents and every case a listed one belongs to."""
        window = self.in_window(since, until)
        inner, edges = self._blocks(window)
        return len(inner) + sum(self._is_found(i, window) for i in edges)

    def count_cases(self, window: range, is_shown: Callable[[int], bool]) -> int:
        """How many cases the shown entries of a window belong to. In a whole block without planted cases every case shows itself."""
        inner, edges = self._blocks(window)
        if self._own_cases:
            inner, edges = range(0), list(window)
        return len(inner) // BLOCK * CASES_IN_BLOCK + len({self.case_of(i)[0] for i in edges if is_shown(i)})

    @staticmethod
    def _blocks(window: range) -> tuple[range, list[int]]:
        """The whole blocks within a window, and the indexes outside them."""
        inner = range(-(-window.start // BLOCK) * BLOCK, window.stop // BLOCK * BLOCK)
        if not inner:
            return range(0), list(window)
        return inner, [*range(window.start, inner.start), *range(inner.stop, window.stop)]

    def _is_found(self, index: int, window: range) -> bool:
        if self.is_listed(index):
            return True
        members = self._members(index // BLOCK, index % BLOCK % CASES_IN_BLOCK)
        return any(i in window and self.is_listed(i) for i in members)
