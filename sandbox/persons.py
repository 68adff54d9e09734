"""Invented private persons and identity numbers that nobody alive can have.

Family names are made of parts no register holds together. Identity numbers carry dates of birth in 1855–1899 (individual numbers
500–749), so both check digits are right and no living person owns one.
"""

from __future__ import annotations

from random import Random

GIVEN = ("Kari", "Ola", "Ingrid", "Lars", "Marte", "Eirik", "Silje", "Håvard", "Åse", "Tormod", "Live", "Sindre", "Randi", "Even", "Guro", "Jostein",
         "Ragnhild", "Steinar", "Oda", "Vegard", "Bente", "Øystein", "Hanne", "Kjetil", "Mari", "Aslak", "Synnøve", "Petter", "Inga", "Magnus",
         "Berit", "Tarjei", "Astrid", "Jørn", "Vilde", "Halvor", "Amina", "Nils-Aslak", "Anne Lise", "Per Kristian")  # fmt: skip
FAMILY_FIRST = ("Skogmark", "Fjellglytt", "Bratthamn", "Tjeldvoll", "Nyplog", "Grønskar", "Vassrønning", "Kvistebakk", "Solbrekkå", "Lyngtveit",
                "Rabbestø", "Havnekjær", "Teigmyr", "Bekkelø", "Steinrusta", "Ørreholt")  # fmt: skip
FAMILY_LAST = ("sli", "haugen", "rud", "set", "dokken", "vang", "eng", "mo", "lund", "ås", "seter", "stad")


def person(dice: Random) -> str:
    """A full name such as "Kari Skogmarksli"."""
    return f"{dice.choice(GIVEN)} {dice.choice(FAMILY_FIRST)}{dice.choice(FAMILY_LAST)}"


def as_written(name: str, dice: Random) -> str:
    """A name the way journals write it: plain, reversed with a comma, or in capitals."""
    given, family = name.rsplit(" ", 1)
    return dice.choices((name, f"{family}, {given}", f"{family} {given}", name.upper()), (8, 2, 2, 1))[0]


def identity_number(dice: Random, form: str = "plain") -> str:
    """Eleven digits with both check digits right. `form`: plain, d (day + 40), synthetic (month + 80), tenor (month + 40)."""
    while True:
        day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(55, 100)
        day += 40 if form == "d" else 0
        month += {"synthetic": 80, "tenor": 40}.get(form, 0)
        digits = [int(d) for d in f"{day:02d}{month:02d}{year:02d}{dice.randrange(500, 750):03d}"]
        first = -sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
        second = -sum(d * w for d, w in zip([*digits, first], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if first < 10 and second < 10:
            return "".join(map(str, [*digits, first, second]))


def account_number(dice: Random) -> str:
    """A bank account number, eleven digits with the modulus 11 check digit, written 9999.99.99999 (a register no bank has)."""
    while True:
        digits = [9, 9, 9, *[dice.randrange(10) for _ in range(7)]]
        check = -sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < 10:
            text = "".join(map(str, [*digits, check]))
            return f"{text[:4]}.{text[4:6]}.{text[6:]}"
