"""A journal over one month in which everything happens that loses entries in silence, and what is true of it.

A day of more than 5,000 entries, a working day with none, a day over any platform's page limit; and between the first look and the second
(`move_on`) one entry is moved to another case, one is withdrawn and one appears that was journalled twenty days before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.bank import Text
from sandbox.bodies import Body
from sandbox.journal import Case, Entry, Journal, Pool

DAYS = 30
BIG, OVER, ORDINARY = 5_120, 130, 7
BIG_AGE, EMPTY_AGE, OVER_AGE, LATE_AGE = 27, 15, 5, 20
"""How many days ago the big day, the empty one, the one over the limit and the journal date of the late entry were; the month ends at age 0.
Whoever looks again for what changed need not read the big day once more."""


@dataclass(frozen=True)
class TrueEntry:
    """What is true of one entry that is to be seen: letters and numbers as Noark has them, `case_number` as `2026/1044`."""

    index: int
    letter: str
    title: str
    journal_date: date
    document_date: date
    case_number: str
    place: int
    serial: int
    is_open: bool


class Month(Journal):
    """The month before `day`. `big` is the number of entries of the big day (smaller where a test is about something else)."""

    def __init__(self, body: Body, seed: int, day: date, *, templates: Sequence[Text] = (), pool: Pool | None = None, big: int = BIG) -> None:
        self._days = [on for on, count in _plan(day, big) for _ in range(count)]
        super().__init__(body, seed, day, len(self._days), {}, templates, pool or Pool(("Kari Fjellvik", "Ola Strandli"), (), ()))
        self.has_moved_on = False
        self._made: dict[tuple[int, bool], Entry] = {}
        late_day = day - timedelta(days=LATE_AGE)
        self.late = self.first_from(late_day) + 1
        self.withdrawn = self.first_from(day - timedelta(days=OVER_AGE)) + 3
        self.moved = self.first_from(day - timedelta(days=OVER_AGE)) + 20
        self.moved_to = super().case_of(self.moved + 40)[0]

    def move_on(self) -> None:
        """From the first look to the second."""
        self.has_moved_on = True

    def day_of(self, index: int) -> date:
        return self._days[index]

    def updated_on(self, index: int) -> date:
        """When the entry was last published: the day after it was journalled; what happens between the looks happens today."""
        return self.day if self.has_moved_on and index in (self.late, self.moved) else min(self._days[index] + timedelta(days=1), self.day)

    def is_shown(self, index: int) -> bool:
        return index != (self.withdrawn if self.has_moved_on else self.late)

    def entry(self, index: int) -> Entry:
        """As in any journal, but kept once made: servers ask for the same one many times, and a month is small."""
        key = (index, self.has_moved_on and index == self.moved)
        if key not in self._made:
            self._made[key] = super().entry(index)
        return self._made[key]

    def case_of(self, index: int) -> tuple[int, int]:
        if index == self.moved and self.has_moved_on:
            return self.moved_to, len(super()._members(*divmod(self.moved_to, 3)))
        return super().case_of(index)

    def case(self, number: int) -> Case | None:
        found = super().case(number)
        if found is None:
            return None
        members = tuple(i for i in found.members if self.is_shown(i) and (i != self.moved or not self.has_moved_on))
        if number == self.moved_to and self.has_moved_on:
            members = (*members, self.moved)
        return Case(number, found.title, found.day, members)

    def truth(self) -> list[TrueEntry]:
        """Every entry that is to be seen now, oldest first."""
        return [self._true(i) for i in range(len(self)) if self.is_shown(i)]

    def _true(self, index: int) -> TrueEntry:
        e = self.entry(index)
        return TrueEntry(index, e.direction, e.title, e.day, e.document_day, self.case_number(e.case), e.place, self.serial(index), e.is_open)


def _plan(day: date, big: int) -> list[tuple[date, int]]:
    """How many entries each day has, oldest first; weekends have none except where an age says otherwise."""
    counts = {BIG_AGE: big, EMPTY_AGE: 0, OVER_AGE: OVER, LATE_AGE: ORDINARY}
    ages = range(DAYS - 1, -1, -1)
    return [(on, counts.get(age, ORDINARY if on.weekday() < 5 else 0)) for age in ages for on in (day - timedelta(days=age),)]
