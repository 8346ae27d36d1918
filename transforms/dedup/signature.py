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
_CHUNK = 128  # shingles at a time: three arrays of 128 × 256 × 4 bytes stay in the second-level cache


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
    mixed, (a, b) = mix32(hashes), permutations.tiles
    if not mixed.size:
        return np.full(permutations.a.size, EMPTY, dtype=np.uint32)
    size = -(-mixed.size // -(-mixed.size // _CHUNK))  # chunks of one size, as few as can be
    lowest: NDArray[np.uint32] | None = None
    for start in range(0, mixed.size, size):
        # The last chunk reaches back over what was seen: it changes no minimum. Multiplying two whole arrays takes a
        # third of the time of NumPy's loop over a number and a row; the copies into both are paid for by that.
        first = min(start, mixed.size - size)
        permuted = np.empty((size, permutations.a.size), dtype=np.uint32)
        permuted[:] = mixed[first : first + size, None]
        permuted *= a[:size]
        permuted += b[:size]
        lowest = permuted if lowest is None else np.minimum(lowest, permuted, out=lowest)
    assert lowest is not None  # there is one chunk or more
    return np.asarray(lowest.min(axis=0), dtype=np.uint32)


def estimate_jaccard(left: NDArray[np.unsignedinteger], right: NDArray[np.unsignedinteger]) -> NDArray[np.float64]:
    """Share of equal values along the last axis: 0–1, an unbiased estimate of the Jaccard index of the shingle sets.

    Its standard deviation is sqrt(J (1 - J) / num_hashes): .025 at J = .8 with 256 hashes.
    """
    return np.asarray((left == right).mean(axis=-1), dtype=np.float64)
