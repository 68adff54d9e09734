"""Who publishes a dataset: the organisation number in an address or identifier."""

from __future__ import annotations

import re
from typing import Any

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
