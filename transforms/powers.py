"""Powers of a factor, by which a hash of many characters has each at its place."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_USUAL = (1 << 15) + 1024  # powers that are kept: those of a window of shingles.py and the rest of its last word


def powers(factor: np.uint64, length: int) -> NDArray[np.uint64]:
    """Powers 0, 1, 2, … of an odd factor, modulo 2^64: uint64 [at least `length`]. Not to be written to."""
    return _usual_powers(factor) if length <= _USUAL else _compute_powers(factor, length)


@cache
def _usual_powers(factor: np.uint64) -> NDArray[np.uint64]:
    return _compute_powers(factor, _USUAL)


def _compute_powers(factor: np.uint64, length: int) -> NDArray[np.uint64]:
    factors = np.full(length, factor, dtype=np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)
