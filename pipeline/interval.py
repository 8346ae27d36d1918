"""Numbers with an interval: what a sample says of the whole, and sums of such."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

COVERAGE = 0.9
"""How often an interval from a sample holds the true value, as far as its parts are alike and independent."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the ends of its interval: 0 <= low <= value <= high."""

    low: float
    value: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Interval:
        """A number that is known."""
        return cls(value, value, value)

    def __add__(self, other: Interval) -> Interval:
        """The sum; its ends are the sums of the ends, which is wide where errors cancel."""
        return Interval(self.low + other.low, self.value + other.value, self.high + other.high)

    def times(self, factor: float) -> Interval:
        """Everything multiplied by a number that is not negative."""
        return Interval(self.low * factor, self.value * factor, self.high * factor)

    def widened(self, share: float) -> Interval:
        """The ends moved apart by a share of themselves, 0–1."""
        return Interval(self.low * (1 - share), self.value, self.high * (1 + share))


def expand(parts: Sequence[tuple[float, float]], total: float, *, within: bool) -> Interval:
    """The amount in `total` bytes, from parts given as (bytes, amount): their ratio, with its sampling error.

    The classical ratio estimator: its variance is that of the residuals about the ratio, times the share that was not
    seen (Cochran, Sampling Techniques, 3rd ed., chapter 6), with Student's quantile for few parts. `within` says that
    the parts are of these very bytes; parts that make them up give the sum itself. One part says nothing of the spread:
    the interval goes from nothing to twice as much.

    >>> expand([(10, 3.0), (10, 5.0)], 20, within=True)
    Interval(low=8.0, value=8.0, high=8.0)
    """
    size = sum(part for part, _ in parts)
    if size <= 0 or total <= 0:
        return Interval.exact(0.0)
    seen = sum(amount for _, amount in parts)
    value = seen * total / size
    unseen = max(0.0, 1 - size / total) if within else 1.0
    spread = _spread(parts, seen / size) * total / size if len(parts) > 1 else value
    error = spread * math.sqrt(unseen)
    return Interval(min(value, max(seen if within else 0.0, value - error)), value, value + error)


def _spread(parts: Sequence[tuple[float, float]], ratio: float) -> float:
    """Half the interval of the sum of the amounts, were there infinitely many parts."""
    count = len(parts)
    squares = sum((amount - ratio * size) ** 2 for size, amount in parts)
    return float(stdtrit(count - 1, (1 + COVERAGE) / 2)) * math.sqrt(squares * count / (count - 1))
