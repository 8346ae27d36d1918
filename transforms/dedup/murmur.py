"""MurmurHash3's finalizers: bijections in which every input bit moves every output bit (Appleby, 2011)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FACTORS_32 = (np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35))
_FACTORS_64 = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT_64 = np.uint64(33)


def mix32(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """`fmix32` of every value; same shape."""
    values = (values ^ (values >> np.uint32(16))) * _FACTORS_32[0]
    values = (values ^ (values >> np.uint32(13))) * _FACTORS_32[1]
    return values ^ (values >> np.uint32(16))


def mix64(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`fmix64` of every value; same shape."""
    values = values.copy()
    for factor in _FACTORS_64:
        values ^= values >> _SHIFT_64
        values *= factor
    values ^= values >> _SHIFT_64
    return values
