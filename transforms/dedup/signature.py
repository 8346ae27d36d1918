"""MinHash signatures: the same values as datasketch's `MinHash(scheme="affine32")`, in one NumPy expression.

Shingle hashes are mixed once by MurmurHash3's 32-bit finalizer; permutation k is then `a_k * h + b_k` modulo 2^32 with
a_k odd, a bijection that hardware computes by wrapping. The smallest value of each permutation is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.murmur import mix32

EMPTY = np.uint32(0xFFFFFFFF)  # the signature of no shingles, as in datasketch
_CHUNK = 256  # shingles at a time: 256 × 256 × 4 bytes stay in the second-level cache


@dataclass(frozen=True, slots=True)
class Permutations:
    """Parameters of the permutations `a * h + b` modulo 2^32."""

    a: NDArray[np.uint32]  # [num_hashes], odd
    b: NDArray[np.uint32]  # [num_hashes]


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
    lowest = np.full(permutations.a.size, EMPTY, dtype=np.uint32)
    for start in range(0, mixed.size, _CHUNK):
        permuted = np.multiply.outer(mixed[start : start + _CHUNK], permutations.a)
        permuted += permutations.b
        np.minimum(lowest, permuted.min(axis=0), out=lowest)
    return lowest


def estimate_jaccard(left: NDArray[np.unsignedinteger], right: NDArray[np.unsignedinteger]) -> NDArray[np.float64]:
    """Share of equal values along the last axis: 0–1, an unbiased estimate of the Jaccard index of the shingle sets.

    Its standard deviation is sqrt(J (1 - J) / num_hashes): .025 at J = .8 with 256 hashes.
    """
    return np.asarray((left == right).mean(axis=-1), dtype=np.float64)
