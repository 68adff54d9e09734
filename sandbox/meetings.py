"""A body's committees, their meetings and what stands on the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sandbox import days
from sandbox.bodies import Body

COMMITTEES = {
    ("kommune", "nb"): ("Kommunestyret", "Formannskapet", "Hovedutvalg for oppvekst og kultur", "Utvalg for plan og miljø"),
    ("kommune", "nn"): ("Kommunestyret", "Formannskapet", "Utval for oppvekst og kultur", "Utval for plan og miljø"),
    ("fylkeskommune", "nb"): ("Fylkestinget", "Fylkesutvalget", "Hovedutvalg for samferdsel", "Hovedutvalg for utdanning"),
    ("fylkeskommune", "nn"): ("Fylkestinget", "Fylkesutvalet", "Hovudutval for samferdsel", "Hovudutval for opplæring"),
}
OPENERS = {
    "nb": ("Godkjenning av innkalling og saksliste", "Godkjenning av protokoll fra forrige møte", "Referatsaker", "Spørsmål fra representantene"),
    "nn": ("Godkjenning av innkalling og sakliste", "Godkjenning av protokoll frå førre møte", "Referatsaker", "Spørsmål frå representantane"),
}
AGES = (79, 61, 47, 33, 19, 8, -12)
"""How many days ago the meetings were; the last is still to come."""
OLD_AGE = 260


@dataclass(frozen=True)
class Item:
    """One item. `text` is what the case presentation says, empty when only the title is published."""

    number: str
    title: str
    text: str
    sort: str = "PS"


@dataclass(frozen=True)
class Meeting:
    committee: int
    committee_name: str
    day: date
    hour: int
    place: str
    items: tuple[Item, ...]

    def is_held(self, today: date) -> bool:
        return self.day < today


def agenda(body: Body, seed: int, today: date, texts: Sequence[tuple[str, str]]) -> tuple[tuple[Meeting, ...], list[tuple[int, int]]]:
    """The meetings of a body, oldest first, and for each (title, text) of `texts` its place as (meeting, item).

    A text that names a day of the last three months is put at the meeting nearest that day; others are spread.
    """
    dice = Random(f"meetings {seed} {body.slug}")
    names = COMMITTEES[(body.role, body.language)]
    held = [on for on in (days.on_weekday(today - timedelta(days=age + dice.randrange(-2, 3))) for age in AGES)]
    wanted: dict[int, list[int]] = {}
    for position, (_, text) in enumerate(texts):
        named = [d for d in days.written_in(text) if held[0] <= d <= held[-2]]
        slot = min(range(len(held) - 1), key=lambda s, d=named[-1]: abs(held[s] - d)) if named else position % (len(held) - 1)
        wanted.setdefault(slot, []).append(position)
    meetings = [_meeting(body, 0, names, days.on_weekday(today - timedelta(days=OLD_AGE)), dice, [], 1)]
    places: list[tuple[int, int]] = [(0, 0)] * len(texts)
    number = 20
    for slot, on in enumerate(held):
        chosen = wanted.get(slot, [])
        committee = (0, 1, 2, 3, 1, 0, 1)[slot]
        meeting = _meeting(body, committee, names, on, dice, [texts[p] for p in chosen], number)
        number += len(meeting.items)
        first = len(meeting.items) - len(chosen)
        for offset, position in enumerate(chosen):
            places[position] = (len(meetings), first + offset)
        meetings.append(meeting)
    return tuple(meetings), places


def _meeting(body: Body, committee: int, names: Sequence[str], on: date, dice: Random, texts: Sequence[tuple[str, str]], number: int) -> Meeting:
    openers = dice.sample(OPENERS[body.language], 1)
    rows = [(title, "") for title in openers] + list(texts)
    items = tuple(
        Item(f"{number + n}/{on.year % 100:02d}", title, text, "RS" if title == "Referatsaker" else "PS") for n, (title, text) in enumerate(rows)
    )
    hall = {"nb": ("Kommunestyresalen", "Formannskapssalen", "Møterom 2, rådhuset"), "nn": ("Kommunestyresalen", "Formannskapssalen", "Møterom 2, rådhuset")}
    return Meeting(committee, names[committee], on, dice.choice((9, 10, 12, 17, 18)), dice.choice(hall[body.language]), items)
