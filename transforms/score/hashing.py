"""Exact 64-bit hashing of characters, words and n-grams with NumPy: no Python string is made for any of them.

All arithmetic is modulo 2^64. A character has a well-mixed code; a word is a polynomial of the codes of its characters;
an n-gram is a polynomial of its members. A bucket is the top bits of the n-gram's product with an odd constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]

GOLDEN = 0x9E3779B97F4A7C15
"""Odd multiplier, 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4): the base of every polynomial here."""

_MASK = (1 << 64) - 1


def mix(values: U64) -> U64:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection; every input bit reaches every output bit."""
    mixed: U64 = values + np.uint64(GOLDEN)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed


CHARACTER_CODES: U64 = mix(np.arange(1 << 16, dtype=np.uint64))
"""[65536] the mixed code of each character of the basic plane; features.py folds all others into it."""

_INVERSE = pow(GOLDEN, -1, 1 << 64)
_FEWEST_POWERS = 1 << 14  # of a base that are kept


@lru_cache(maxsize=64)  # two bases, lengths up to the next power of two: 8 MB at the most
def _powers(base: int, count: int) -> U64:
    """uint64 [count]: base^0, base^1, …"""
    factors = np.full(count, base, dtype=np.uint64)
    factors[0] = 1
    powers = np.multiply.accumulate(factors)
    powers.setflags(write=False)
    return powers


def hash_words(codes: U64, starts: NDArray[np.intp], inside: NDArray[np.bool_]) -> U64:
    """One hash a word: uint64 [words], Σ codes[start+k]·GOLDEN^k, mixed.

    `codes` [characters]: mixed character codes; `starts` [words]: index of each word's first character, ascending, the
    first 0; `inside` [characters]: False for characters that belong to no word (they lie after the word they follow).
    Every character is multiplied by the power of its place in the text, and each sum divided by that of its start:
    GOLDEN is odd, so it has an inverse, and no place within a word is ever needed.
    """
    room = 1 << max(codes.size - 1, _FEWEST_POWERS - 1).bit_length()
    terms = codes * _powers(GOLDEN, room)[: codes.size]
    terms *= inside
    return mix(np.add.reduceat(terms, starts) * _powers(_INVERSE, room).take(starts))


def hash_ngrams(members: U64, size: int, salt: int) -> U64:
    """Hashes of all n-grams of `size` consecutive members, in order: uint64 [max(0, len(members) − size + 1)].

    Σ members[i+k]·GOLDEN^(size−k) + salt: `salt` keeps n-grams of different sizes and views apart.
    """
    count = members.size - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    total = np.full(count, salt & _MASK, dtype=np.uint64)
    for k in range(size):
        total += members[k : k + count] * _powers(GOLDEN, 64)[size - k]
    return total


def hash_sizes(members: U64, sizes: Sequence[int], salt: int) -> list[U64]:
    """`hash_ngrams` of several sizes, ascending and from 1 on, the salt of each `salt` times its size.

    A longer n-gram is made from the shorter one that it begins with (Horner's scheme).
    """
    found = []
    total = members * np.uint64(GOLDEN)
    for size in range(1, sizes[-1] + 1):
        if size > 1:
            total = total[:-1]
            total += members[size - 1 :]
            total *= np.uint64(GOLDEN)
        if size in sizes:
            found.append(total + np.uint64(salt * size & _MASK))
    return found


def to_buckets(hashes: U64, bits: int) -> NDArray[np.uint32]:
    """The bucket of each n-gram, below 2^bits: uint32 in the shape of `hashes`."""
    spread = hashes * np.uint64(0xD6E8FEB86659FD93)
    spread >>= np.uint64(64 - bits)
    return spread.astype(np.uint32)


def buckets(hashes: U64, bits: int) -> NDArray[np.uint32]:
    """The distinct buckets that these n-grams fall into, ascending: uint32, each below 2^bits."""
    index = np.sort(to_buckets(hashes, bits))
    if index.size == 0:
        return index
    first = np.empty(index.size, dtype=np.bool_)
    first[0] = True
    np.not_equal(index[1:], index[:-1], out=first[1:])
    return index[first]


@dataclass(frozen=True, slots=True, eq=False)
class HashSet:
    """A set of hashes that answers for a thousand of them in a few microseconds; a binary search takes six times as
    long.

    A hash has a slot by 16 of its bits; one whose slot is taken has another in the next table, by other bits. Free
    slots hold a hash that is in the set, so that what they equal is in it too.
    """

    tables: tuple[tuple[int, U64], ...]  # shift of the bits, slots

    @classmethod
    def of(cls, hashes: U64) -> HashSet:
        """The set of these hashes."""
        tables, rest = [], hashes
        for shift in (48, 32, 16, 0):
            if not rest.size:
                break
            slots = np.full(1 << 16, hashes[0], dtype=np.uint64)
            slots[_slot(rest, shift)] = rest
            rest = rest[slots[_slot(rest, shift)] != rest]
            tables.append((shift, slots))
        if rest.size:
            raise ValueError(f"{rest.size} hashes crowd every slot they have: expected distinct, well-mixed ones")
        return cls(tuple(tables))

    def contains(self, hashes: U64) -> NDArray[np.bool_]:
        """For each hash whether it is in the set."""
        found = np.zeros(hashes.size, dtype=np.bool_)
        for shift, slots in self.tables:
            found |= slots.take(_slot(hashes, shift)) == hashes
        return found


def _slot(hashes: U64, shift: int) -> NDArray[np.intp]:
    return ((hashes >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.intp)
