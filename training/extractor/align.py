"""Which words of a page are those of a known text: a longest common subsequence, block by block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MOST_BITS = 1 << 32  # of table: 512 MB; a page of 60,000 words beside a text of as many needs it


def recalled(blocks: Sequence[Sequence[str]], text: Sequence[str]) -> NDArray[np.float64]:
    """[blocks] the share of each block's words that a longest common subsequence with `text` takes; 0 without words."""
    words = [word for block in blocks for word in block]
    owner = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
    hits = np.bincount(owner[common(words, text)], minlength=len(blocks))
    return np.asarray(hits / np.maximum([len(block) for block in blocks], 1), np.float64)


def common(ours: Sequence[str], theirs: Sequence[str]) -> list[int]:
    """Indices into `ours` of one longest common subsequence, ascending.

    Bit-parallel (Hyyrö 2004): bit i of a row is 0 where the subsequence of ours[: i + 1] is longer than that of
    ours[: i]. All rows are kept for the way back. Raises ValueError if they are too many.

    >>> common("a b c d".split(), "b x d".split())
    [1, 3]
    """
    where: dict[str, int] = {}
    for index, word in enumerate(ours):
        where[word] = where.get(word, 0) | 1 << index
    theirs = [word for word in theirs if word in where]
    if len(ours) * len(theirs) > _MOST_BITS:
        raise ValueError(f"expected texts of at most {_MOST_BITS} pairs of words, got {len(ours)} × {len(theirs)}")
    full = (1 << len(ours)) - 1
    rows = [full]
    for word in theirs:
        row = rows[-1]
        steps = row & where[word]
        rows.append((row + steps | row - steps) & full)
    return _way_back(rows, theirs, where)


def _way_back(rows: list[int], theirs: Sequence[str], where: dict[str, int]) -> list[int]:
    """The indices, found from the last word back."""
    found: list[int] = []
    end = rows[0].bit_length()  # of ours, words that may still be taken
    for above, word in zip(reversed(range(len(theirs))), reversed(theirs), strict=True):
        # The last step within reach; if the row above has it too, this word is not needed for it.
        steps = ~rows[above + 1] & (1 << end) - 1
        if not steps:
            break
        at = steps.bit_length() - 1
        if rows[above] >> at & 1:
            if not where[word] >> at & 1:
                raise AssertionError("a step without its word")
            found.append(at)
            end = at
    return found[::-1]
