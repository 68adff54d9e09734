"""95 % intervals in closed form, for shares counted in samples and for what is made of them.

Sources: E. B. Wilson 1927 (a share; recommended for small samples by Brown, Cai and DasGupta 2001); MOVER for a weighted sum of
independent figures (Zou, Huang and Zhang 2009, after Zou and Donner 2008); MOVER-R for their ratio (Donner and Zou 2012, eq. 9). Each is
made of the figures' own intervals, so that a share of nought in a small stratum still adds what it may hide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

Z = 1.959964


@dataclass(frozen=True)
class Figure:
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        """`value` and `interval`; what is unbounded is null."""
        return {"value": self.value, "interval": [self.low, None if self.high == inf else self.high]}


def wilson(hits: int, n: int, of: int | None = None) -> Figure:
    """The share of `hits` among `n` drawn, by Wilson's score interval; nothing drawn tells nothing (0–1).

    `of` is how many there were to draw from: when they are few the interval shrinks by the finite population correction
    (Cochran 1977, 2.6), to nothing when all were drawn.
    """
    if n == 0:
        return Figure(0.0, 0.0, 1.0)
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    left = sqrt(max(0.0, 1 - n / of)) if of else 1.0
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Figure(share, share - (share - low) * left, share + (high - share) * left)


def weighted_sum(parts: Iterable[tuple[float, Figure]]) -> Figure:
    """The sum of weight × figure over independent figures, weights not negative: MOVER."""
    listed = list(parts)
    value = sum(weight * figure.value for weight, figure in listed)
    below = sqrt(sum((weight * (figure.value - figure.low)) ** 2 for weight, figure in listed))
    above = sqrt(sum((weight * (figure.high - figure.value)) ** 2 for weight, figure in listed))
    return Figure(value, max(0.0, value - below), value + above)


def ratio(upper: Figure, lower: Figure) -> Figure:
    """upper / lower of two independent figures that are not negative: MOVER-R. Without an upper bound when `lower` may be nought."""
    product = upper.value * lower.value
    value = upper.value / lower.value if lower.value else inf
    low, high = 0.0, inf
    below = lower.high * (2 * lower.value - lower.high)
    if below > 0:
        inside = product**2 - upper.low * lower.high * (2 * upper.value - upper.low) * (2 * lower.value - lower.high)
        low = max(0.0, (product - sqrt(max(0.0, inside))) / below)
    elif lower.high:  # so uncertain a divisor that the formula has no root: the extremes are on the safe side
        low = upper.low / lower.high
    if lower.low > 0:
        inside = product**2 - upper.high * lower.low * (2 * upper.value - upper.high) * (2 * lower.value - lower.low)
        high = (product + sqrt(max(0.0, inside))) / (lower.low * (2 * lower.value - lower.low))
    return Figure(value, low, high)


def found_of(found: Figure, missed: Figure) -> Figure:
    """Recall: found / (found + missed). It falls as missed / found grows, so it has the interval of that ratio turned round."""
    odds = ratio(missed, found)
    value = found.value / (found.value + missed.value) if found.value + missed.value else 0.0
    return Figure(value, 1 / (1 + odds.high), 1 / (1 + odds.low))
