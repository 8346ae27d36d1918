"""MinHash signatures: the same values as datasketch's `MinHash(scheme="affine32")`, in one NumPy expression.

Shingle hashes are mixed once by MurmurHash3's 32-bit finalizer; permutation k is then `a_k * h + b_k` modulo 2^32 with
a_k odd, a bijection that hardware computes by wrapping. The smallest value of each permutation is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.murmur import mix32

EMPTY = np.uint32(0xFFFFFFFF)  # the signature of no shingles, as in datasketch
_CHUNK = 192  # shingles at a time: four arrays of 192 × 256 × 4 bytes stay in a second-level cache of 2 MB


@dataclass(frozen=True, slots=True)
class Permutations:
    """Parameters of the permutations `a * h + b` modulo 2^32."""

    a: NDArray[np.uint32]  # [num_hashes], odd
    b: NDArray[np.uint32]  # [num_hashes]
    tiles: tuple[NDArray[np.uint32], NDArray[np.uint32]] = field(init=False, repr=False)  # [_CHUNK, num_hashes] each

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiles", (np.tile(self.a, (_CHUNK, 1)), np.tile(self.b, (_CHUNK, 1))))


def draw_permutations(num_hashes: int, seed: int) -> Permutations:
    """The permutations that datasketch 2 draws for `MinHash(num_perm=num_hashes, seed=seed)`.

    NumPy's `RandomState` is frozen: it gives the same numbers in every version.
    """
    random = np.random.RandomState(seed)
    a = random.randint(0, 1 << 31, num_hashes, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = random.randint(0, 1 << 32, num_hashes, dtype=np.uint32)
    return Permutations(a, b)


def minhash(hashes: NDArray[np.uint32], permutations: Permutations) -> NDArray[np.uint32]:
    """The signature of a set of shingle hashes: uint32 [num_hashes], `EMPTY` throughout for no shingles."""
    mixed = mix32(hashes)
    if not mixed.size:
        return np.full(permutations.a.size, EMPTY, dtype=np.uint32)
    size = -(-mixed.size // -(-mixed.size // _CHUNK))  # chunks of one size, as few as can be
    lowest, permuted = np.empty((2, size, permutations.a.size), dtype=np.uint32)
    _permute(mixed[:size], permutations, lowest)
    for start in range(size, mixed.size, size):
        first = min(start, mixed.size - size)  # the last reaches back over what was seen: it changes no minimum
        _permute(mixed[first : first + size], permutations, permuted)
        np.minimum(lowest, permuted, out=lowest)
    return np.asarray(lowest.min(axis=0), dtype=np.uint32)


def _permute(mixed: NDArray[np.uint32], permutations: Permutations, out: NDArray[np.uint32]) -> None:
    """Every value by every permutation, into `out` [mixed, num_hashes].

    Multiplying two whole arrays takes a third of the time of NumPy's loop over a number and a row; the copies into
    both are paid for by that.
    """
    a, b = permutations.tiles
    out[:] = mixed[:, None]
    out *= a[: mixed.size]
    out += b[: mixed.size]


def estimate_jaccard(left: NDArray[np.unsignedinteger], right: NDArray[np.unsignedinteger]) -> NDArray[np.float64]:
    """Share of equal values along the last axis: 0–1, an unbiased estimate of the Jaccard index of the shingle sets.

    Its standard deviation is sqrt(J (1 - J) / num_hashes): .025 at J = .8 with 256 hashes.
    """
    return np.asarray((left == right).mean(axis=-1), dtype=np.float64)
