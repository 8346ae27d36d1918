"""Whole-number counts by key: the monoid in which everything about a corpus is summed.

Whole numbers add up to the same total in any order and grouping, so bundles, partitions and retries cannot change a
weight by a single bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """`keys`: int64 [k], ascending, each once; `counts`: int64 [k], the sum at each key."""

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]


def histogram(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> Histogram:
    """The sums of `counts` by key; both int64 [n] in any order."""
    if keys.size == 0:
        return Histogram(np.zeros(0, np.int64), np.zeros(0, np.int64))
    order = np.argsort(keys)
    ranked = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    return Histogram(ranked[starts], np.add.reduceat(counts[order], starts))


def merge_histograms(histograms: Iterable[Histogram]) -> Histogram:
    """Their sum; of none, the empty histogram."""
    parts = list(histograms)
    keys = [np.zeros(0, np.int64), *(part.keys for part in parts)]
    counts = [np.zeros(0, np.int64), *(part.counts for part in parts)]
    return histogram(np.concatenate(keys), np.concatenate(counts))
