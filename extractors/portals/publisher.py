"""Who publishes a dataset: the organisation number in an address or identifier, else the body of that name."""

from __future__ import annotations

import re
from typing import Any

from catalogue import authorities

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


def organisation_number(value: Any) -> str | None:
    """The nine-digit number with a right check digit (modulus 11) in a text such as `https://data.brreg.no/…/enhet/958935420`."""
    if not isinstance(value, str | int):
        return None
    for match in re.finditer(r"(?<!\d)\d{9}(?!\d)", str(value).replace(" ", "")):
        digits = [int(d) for d in match[0]]
        if (11 - sum(d * w for d, w in zip(digits, WEIGHTS, strict=False)) % 11) % 11 == digits[8]:
            return match[0]
    return None


WHOLE_NAME = re.compile(r"\b(?:fylkes)?kommune\b|\bherad\b|\b(?:suohkan|gielda|tj[iï]elte)\b", re.I)


def body_named(name: str | None, authority: str) -> str | None:
    """The organisation number of the body of this whole name ("Gjesdal kommune"), for portals that know publishers by name only.

    None when no body or several have it; of namesakes the one whose source it is (`authority`). Names of agencies are none of a body.
    """
    if not name or not WHOLE_NAME.search(name):
        return None
    found = authorities.load().find(name)
    numbers = [a.orgnr for a in found if a.is_current] or [a.orgnr for a in found]
    return authority if authority in {a.orgnr for a in found} else numbers[0] if len(numbers) == 1 else None


MAIL = re.compile(r"(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)


def without_mail(text: str | None) -> str | None:
    """A licence or an address as it is written, without the mail addresses of people; None when it is nothing else."""
    if text is None or "@" not in text:
        return text
    return MAIL.sub("", text).strip() or None
