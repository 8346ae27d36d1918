"""Gopher's repetition signals: how much of a text is its commonest n-gram, or n-grams seen before.

All shares are of the characters in words, each character counted once however many n-grams cover it, so they lie in
[0, 1]. The cost is that of sorting the words once: an n-gram occurs twice only where both of its (n-1)-grams do, and
after word pairs few candidates are left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOP = (2, 3, 4)
DUPLICATE = (5, 6, 7, 8, 9, 10)

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def ngram_shares(words: IntArray, lengths: IntArray) -> dict[str, float]:
    """`top_{n}gram_chars` and `dup_{n}gram_chars` of a text of m words.

    words: int64 [m], numbers below m, equal for equal words; lengths: int64 [m], characters of each; m below 10^6.
    `top_n`: characters in occurrences of the most frequent n-gram (of equals the longest, then the first), 0 if none
    occurs twice. `dup_n`: characters in n-grams that occurred before.
    """
    shares = {f"top_{n}gram_chars": 0.0 for n in TOP} | {f"dup_{n}gram_chars": 0.0 for n in DUPLICATE}
    if not len(words):
        return shares
    reach = np.concatenate(([0], np.cumsum(lengths)))
    places = np.flatnonzero(np.bincount(words)[words] > 1)
    groups = words[places]
    for n in range(2, DUPLICATE[-1] + 1):
        places, groups = _extend(places, groups, words, n)
        if not len(places):
            break
        places, groups, seen = _repeated(places, groups)
        if n in TOP and len(places):
            shares[f"top_{n}gram_chars"] = _covered(_most_frequent(places, groups, reach, n), reach, n) / int(reach[-1])
        if n in DUPLICATE:
            shares[f"dup_{n}gram_chars"] = _covered(places[seen], reach, n) / int(reach[-1])
    return shares


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
    count = len(groups)
    # One integer below m³ holds group and position: sorting values is several times faster than a stable argsort.
    ordered, order = np.divmod(np.sort(groups * count + np.arange(count)), count)
    before = np.empty(count, dtype=bool)
    before[0] = False
    np.equal(ordered[1:], ordered[:-1], out=before[1:])
    repeated = before.copy()
    repeated[:-1] |= before[1:]
    number, seen, kept = np.empty_like(order), np.empty_like(before), np.empty_like(before)
    number[order], seen[order], kept[order] = np.cumsum(~before) - 1, before, repeated
    return places[kept], number[kept], seen[kept]


def _most_frequent(places: IntArray, groups: IntArray, reach: IntArray, n: int) -> IntArray:
    """Places of the most frequent n-gram; among equally frequent ones the longest, then the first in the text."""
    counts = np.bincount(groups)[groups]
    common = np.flatnonzero(counts == counts.max())
    lengths = reach[places[common] + n] - reach[places[common]]
    best = groups[common[int(lengths.argmax())]]
    found: IntArray = places[groups == best]
    return found


def _covered(places: IntArray, reach: IntArray, n: int) -> int:
    """Characters in the words that the n-grams at these ascending places cover, each counted once."""
    if not len(places):
        return 0
    overlap = np.minimum(places[1:], places[:-1] + n)
    ends = np.append(overlap, places[-1] + n)
    return int((reach[ends] - reach[places]).sum())
