"""Exact 64-bit hashing of characters, words and n-grams with NumPy: no Python string is made for any of them.

All arithmetic is modulo 2^64. A character has a well-mixed code; a word is a polynomial of the codes of its characters;
an n-gram is a polynomial of its members. A bucket is the top bits of the n-gram's product with an odd constant.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]

GOLDEN = 0x9E3779B97F4A7C15
"""Odd multiplier, 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4): the base of every polynomial here."""

LONGEST_WORD = 64
"""Characters of a word from this one on share one power: a longer run of letters is no word."""

_MASK = (1 << 64) - 1


def mix(values: U64) -> U64:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection; every input bit reaches every output bit."""
    mixed = values + np.uint64(GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), dtype=np.uint64)


CHARACTER_CODES: U64 = mix(np.arange(1 << 16, dtype=np.uint64))
"""[65536] the mixed code of each character of the basic plane; features.py folds all others into it."""

_POWERS: U64 = np.array([pow(GOLDEN, k, 1 << 64) for k in range(LONGEST_WORD)], dtype=np.uint64)


def hash_words(codes: U64, starts: NDArray[np.intp], inside: NDArray[np.bool_]) -> U64:
    """One hash a word: uint64 [words].

    `codes` [characters]: mixed character codes; `starts` [words]: index of each word's first character, ascending, the
    first 0; `inside` [characters]: False for characters that belong to no word (they lie after the word they follow).
    """
    lengths = np.diff(starts, append=codes.size)
    position = np.arange(codes.size) - np.repeat(starts, lengths)
    np.minimum(position, LONGEST_WORD - 1, out=position)
    terms = codes * _POWERS[position]
    terms[~inside] = 0
    return mix(np.add.reduceat(terms, starts))


def hash_ngrams(members: U64, size: int, salt: int) -> U64:
    """Hashes of all n-grams of `size` consecutive members, in order: uint64 [max(0, len(members) − size + 1)].

    Σ members[i+k]·GOLDEN^(size−k) + salt: `salt` keeps n-grams of different sizes and views apart.
    """
    count = members.size - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    total = np.full(count, salt & _MASK, dtype=np.uint64)
    for k in range(size):
        total += members[k : k + count] * _POWERS[size - k]
    return total


def to_buckets(hashes: U64, bits: int) -> NDArray[np.uint32]:
    """The bucket of each n-gram, below 2^bits: uint32 in the shape of `hashes`."""
    return np.asarray((hashes * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(64 - bits)).astype(np.uint32)


def buckets(hashes: U64, bits: int) -> NDArray[np.uint32]:
    """The distinct buckets that these n-grams fall into, ascending: uint32, each below 2^bits."""
    index = np.sort(to_buckets(hashes, bits))
    if index.size == 0:
        return index
    first = np.empty(index.size, dtype=np.bool_)
    first[0] = True
    np.not_equal(index[1:], index[:-1], out=first[1:])
    return index[first]
