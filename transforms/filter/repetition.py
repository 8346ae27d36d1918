"""Gopher's repetition signals: how much of a text is its commonest n-gram, or n-grams seen before.

All shares are of the characters in words, each character counted once however many n-grams cover it, so they lie in
[0, 1]. The cost is that of sorting the words once: an n-gram occurs twice only where both of its (n-1)-grams do, and
after word pairs few candidates are left.

Many texts are measured at once, as one long row of words: what a page has left after pairs is so little that NumPy's
calls would cost more than the work. No two texts share a number for a word, so that no n-gram repeats in another text;
nor does one that reaches into the next text, for its two words stand side by side in that one place only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TOP = (2, 3, 4)
DUPLICATE = (5, 6, 7, 8, 9, 10)
MOST_WORDS = 1 << 17
"""Words measured at once, but for a longer text: so that what they take stays small, and its numbers below 2^63."""

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Words(NamedTuple):
    """The m words of some texts laid end to end, m < 10^6."""

    numbers: IntArray  # [m] below m, equal for equal words of the same text
    lengths: IntArray  # [m] characters in each
    bounds: IntArray  # [texts + 1] the first word of each text, and m


_ZEROS = {f"top_{n}gram_chars": 0.0 for n in TOP} | {f"dup_{n}gram_chars": 0.0 for n in DUPLICATE}


@dataclass(frozen=True, slots=True)
class _Row:
    """Texts laid end to end, m words in all."""

    words: IntArray  # [m] numbers below m
    reach: IntArray  # [m + 1] characters before each word
    bounds: IntArray  # [texts + 1] the first word of each text, and m

    def per_text(self, places: IntArray, values: IntArray) -> IntArray:
        """Sums of the values at these ascending places, one for each text: int64 [texts]."""
        total = np.concatenate(([0], np.cumsum(values)))
        sums: IntArray = np.diff(total[np.searchsorted(places, self.bounds)])
        return sums


def ngram_shares(rows: Sequence[Words]) -> list[dict[str, float]]:
    """`top_{n}gram_chars` and `dup_{n}gram_chars` of each text of these rows.

    `top_n`: characters in occurrences of the most frequent n-gram (of equals the longest, then the first), 0 if none
    occurs twice. `dup_n`: characters in n-grams that occurred before.
    """
    return [shares for some in _batches(rows) for shares in _shares(_lay(some))]


def _batches(rows: Sequence[Words]) -> Iterator[list[Words]]:
    """The rows in their order, up to `MOST_WORDS` at a time."""
    batch: list[Words] = []
    size = 0
    for row in rows:
        if batch and size + len(row.numbers) > MOST_WORDS:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += len(row.numbers)
    if batch:
        yield batch


def _shares(row: _Row) -> list[dict[str, float]]:
    all_characters = np.maximum(np.diff(row.reach[row.bounds]), 1)
    found: dict[str, list[float]] = {}
    places = np.flatnonzero(np.bincount(row.words)[row.words] > 1)
    groups = row.words[places]
    for n in range(2, DUPLICATE[-1] + 1):
        places, groups = _extend(places, groups, row.words, n)
        if not len(places):
            break
        places, groups, seen = _repeated(places, groups)
        if n in TOP:
            chosen = _most_frequent(places, groups, row, n)
            found[f"top_{n}gram_chars"] = (_covered(chosen, row, n) / all_characters).tolist()
        if n in DUPLICATE:
            found[f"dup_{n}gram_chars"] = (_covered(places[seen], row, n) / all_characters).tolist()
    return [_ZEROS | {name: values[number] for name, values in found.items()} for number in range(len(row.bounds) - 1)]


def _lay(rows: Sequence[Words]) -> _Row:
    firsts = np.cumsum([0, *(len(row.numbers) for row in rows)]).tolist()
    words = np.concatenate([row.numbers + first for row, first in zip(rows, firsts, strict=False)])
    bounds = [row.bounds[:-1] + first for row, first in zip(rows, firsts, strict=False)]
    reach = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(np.concatenate([row.lengths for row in rows]), out=reach[1:])
    return _Row(words, reach, np.concatenate([*bounds, firsts[-1:]]))


def _extend(places: IntArray, groups: IntArray, words: IntArray, n: int) -> tuple[IntArray, IntArray]:
    """From repeated (n-1)-grams the n-grams that may repeat: those that begin and end with one.

    places, groups: int64 [k], ascending places and the number of the (n-1)-gram there. The new number is exact: the
    pair (old number, last word) as one integer below m².
    """
    follows = np.flatnonzero(places[1:] == places[:-1] + 1)
    begins = places[follows]
    return begins, groups[follows] * len(words) + words[begins + n - 1]


def _repeated(places: IntArray, groups: IntArray) -> tuple[IntArray, IntArray, BoolArray]:
    """The places whose group occurs twice or more, ascending; their groups numbered anew; which occurred before."""
    # One integer below 2·m³ holds group and position: sorting values is several times faster than a stable argsort.
    bits = len(groups).bit_length()
    low = (1 << bits) - 1
    ordered = np.sort(groups << bits | np.arange(len(groups)))
    group = ordered >> bits
    again = np.zeros(len(groups) + 1, dtype=bool)
    np.equal(group[1:], group[:-1], out=again[1:-1])
    kept = np.flatnonzero(again[1:] | again[:-1])
    seen = again[kept]
    # Back in the order of the text: position, new number, whether it occurred before.
    found = ((ordered[kept] & low) << bits | np.cumsum(~seen)) << 1 | seen
    found.sort()
    return places[found >> (bits + 1)], (found >> 1) & low, (found & 1).astype(bool)


def _most_frequent(places: IntArray, groups: IntArray, row: _Row, n: int) -> IntArray:
    """Places of each text's most frequent n-gram; among equals the longest, then the first in the text."""
    if not len(places):
        return places
    counts = np.bincount(groups)[groups]
    lengths = row.reach[places + n] - row.reach[places]
    rank = counts * (int(lengths.max()) + 1) + lengths
    first = np.searchsorted(places, row.bounds)
    first = first[:-1][first[1:] > first[:-1]]  # of each text that has any
    best = np.maximum.reduceat(rank, first)
    top = np.flatnonzero(rank == np.repeat(best, np.diff(first, append=len(rank))))
    chosen = np.zeros(int(groups.max()) + 1, dtype=bool)
    chosen[groups[top[np.searchsorted(top, first)]]] = True
    found: IntArray = places[chosen[groups]]
    return found


def _covered(places: IntArray, row: _Row, n: int) -> IntArray:
    """Characters in the words that n-grams at these ascending places cover, each counted once: int64 [texts]."""
    if not len(places):
        return np.zeros(len(row.bounds) - 1, dtype=np.int64)
    ends = places + n
    np.minimum(ends[:-1], places[1:], out=ends[:-1])  # no n-gram reaches into the next text
    return row.per_text(places, row.reach[ends] - row.reach[places])
