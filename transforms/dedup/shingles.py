"""Shingles: the distinct n-grams of tokens in a text, as integers.

A token is a word; in scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese, …) it is a letter
with the marks attached to it. Words and letters follow each other in one sequence, so mixed text needs no rule of
its own. No string is made for a shingle: a token is hashed once, over its code points, and n token hashes are combined.
All arithmetic is modulo 2^64, exact in NumPy's uint64.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.folding import SPACE
from transforms.dedup.murmur import mix64
from transforms.powers import powers
from transforms.text import code_points, unspaced_table

_SPACE, _LETTER, _UNSPACED, _ATTACHED = 0, 1, 2, 3
# Odd multipliers; the digits of the golden ratio and of two square roots, as in SplitMix64 and xxHash.
_POINT, _PLACE, _TOKEN = (np.uint64(m) for m in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_HALF = np.uint64(32)
_INVERSE = np.uint64(pow(int(_PLACE), -1, 1 << 64))  # _PLACE is odd
_WINDOW = 1 << 15  # characters at a time, but for a longer word: what is computed of them stays in the cache


def shingle_hashes(normal: str, ngram: int = 5) -> NDArray[np.uint32]:
    """The distinct shingles of a normalised text: uint32, ascending.

    A text of fewer than `ngram` tokens is one shingle of all it has; an empty text has none. Two different shingles
    share a value with probability 2^-32, so 600 of them lose one in 24,000 texts.
    """
    return shingle_all((normal,), ngram)[0]


def shingle_all(normals: Sequence[str], ngram: int = 5) -> list[NDArray[np.uint32]]:
    """`shingle_hashes` of each of these texts, for less: NumPy is called for all of them, but for what they share."""
    starts, tokens = _tokens(" ".join(normals))
    firsts = np.searchsorted(starts, np.cumsum([0, *(len(normal) + 1 for normal in normals)]))
    values = _combine(tokens, ngram)
    found = []
    for first, end in pairwise(firsts.tolist()):
        count = end - first
        own = values[first : end - ngram + 1] if count >= ngram else _combine(tokens[first:end], count)
        found.append(_distinct(own))
    return found


def token_hashes(normal: str) -> NDArray[np.uint64]:
    """One hash for each token of a normalised text, in order: uint64 [tokens]."""
    return _tokens(normal)[1]


def _combine(tokens: NDArray[np.uint64], length: int) -> NDArray[np.uint32]:
    """The value of each `length` tokens in a row: uint32 [tokens - length + 1], none for no tokens."""
    count = tokens.size - length + 1
    if not 0 < count <= tokens.size:
        return np.empty(0, dtype=np.uint32)
    mixed = tokens[:count].copy()
    for place in range(1, length):
        mixed *= _TOKEN
        mixed += tokens[place : place + count]
    return (mix64(mixed) >> _HALF).astype(np.uint32)


def _distinct(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Each value once, ascending: a third of the time of `np.unique`."""
    ordered = np.sort(values)
    first = np.ones(ordered.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered.take(np.flatnonzero(first))


def _tokens(normal: str) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Where each token of a normalised text begins, and its hash: both [tokens]."""
    points = code_points(normal)
    classes = _classes().take(points)
    starts = np.flatnonzero(_starts(classes))
    if starts.size == 0:
        return starts, np.empty(0, dtype=np.uint64)
    edges = np.unique(np.searchsorted(starts, np.arange(0, points.size + _WINDOW, _WINDOW)))
    bounds = np.append(starts, points.size)
    parts = [
        _hash_tokens(points[bounds[i] : bounds[j]], classes[bounds[i] : bounds[j]], starts[i:j] - bounds[i])
        for i, j in pairwise(edges.tolist())
    ]
    return starts, np.concatenate(parts)


def _hash_tokens(
    points: NDArray[np.uint32], classes: NDArray[np.uint8], starts: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """The hash of each token: uint64 [tokens]; the first starts at 0."""
    # Each character is multiplied by the power of its place in `points`, and each sum divided by that of its start:
    # what comes of it are the powers of its place in the token, which need not be known.
    spread = points.astype(np.uint64)
    spread *= _POINT
    spread ^= spread >> _HALF
    spread *= powers(_PLACE, points.size)[: points.size]
    spread *= classes != _SPACE
    return mix64(np.add.reduceat(spread, starts) * powers(_INVERSE, points.size).take(starts))


def _starts(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a token begins: at an unspaced letter, and where a word or a stray mark follows something else."""
    before = np.concatenate((np.array([_SPACE], dtype=np.uint8), classes[:-1]))
    word = (classes == _LETTER) & (before != _LETTER)
    stray = (classes == _ATTACHED) & (before < _UNSPACED)
    starts: NDArray[np.bool_] = (classes == _UNSPACED) | word | stray
    return starts


@cache
def _classes() -> NDArray[np.uint8]:
    """uint8 [0x110000]: space, letter of a word, letter that is a token, mark attached to such a letter."""
    classes = np.full(0x110000, _LETTER, dtype=np.uint8)
    classes[SPACE] = _SPACE
    for point in np.flatnonzero(unspaced_table()).tolist():
        attached = unicodedata.category(chr(point)) in ("Mn", "Mc")
        classes[point] = _ATTACHED if attached else _UNSPACED
    return classes
