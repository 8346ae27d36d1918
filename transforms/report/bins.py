"""Edges of bins that a person can read."""

from __future__ import annotations

import math

MOST = 20  # bins
_SKEWED = 20.0  # a maximum so many times the median is drawn over powers of two
_NOTHING = 1e-300  # a difference that no column has


def edges_for(minimum: float, median: float, maximum: float) -> tuple[float, ...]:
    """Ascending edges, at least two, that enclose the values: round numbers in equal steps, or powers of two.

    >>> edges_for(0.12, 0.5, 0.97)[:4], edges_for(0.12, 0.5, 0.97)[-1]
    ((0.1, 0.15, 0.2, 0.25), 1.0)
    >>> edges_for(3, 10, 900)
    (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)
    """
    if minimum >= 0 and maximum >= 64 and maximum >= _SKEWED * median:
        return _powers(minimum, maximum)
    return _steps(minimum, maximum)


def _powers(minimum: float, maximum: float) -> tuple[float, ...]:
    mantissa, last = math.frexp(maximum)
    last -= mantissa == 0.5  # a power of two is its own upper edge
    first = max(math.frexp(max(minimum, 1.0))[1] - 1, last - MOST + 1)
    below = [] if minimum >= 2.0**first else [0.0]
    return (*below, *(2.0**k for k in range(first, last + 1)))


def _steps(minimum: float, maximum: float) -> tuple[float, ...]:
    step = _round_step((maximum - minimum) / MOST)
    first, last = math.floor(minimum / step), math.ceil(maximum / step)
    if last - first > MOST:  # rounding outwards took one more
        step = _round_step(step * 1.5)
        first, last = math.floor(minimum / step), math.ceil(maximum / step)
    told = [float(f"{k * step:.15g}") for k in range(first, max(last, first + 1) + 1)]
    low, high = min(told[0], minimum), max(told[-1], maximum)
    if low == high:  # one value, so large that a step is nothing to it
        high = low + (abs(low) or 1.0)
    return (low, *sorted({edge for edge in told if low < edge < high}), high)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`; 1 if that is next to nothing."""
    if least < _NOTHING:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(least))
    return next(factor * scale for factor in (1, 2, 2.5, 5, 10) if factor * scale >= least * (1 - 1e-9))
