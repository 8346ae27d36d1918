from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.weigh.histogram import Histogram, histogram, merge_histograms

ITEMS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**12)), max_size=60)


def count(items: list[tuple[int, int]]) -> Histogram:
    pairs = np.array(items, np.int64).reshape(-1, 2)
    return histogram(pairs[:, 0], pairs[:, 1])


def contents(counted: Histogram) -> list[tuple[int, int]]:
    return list(zip(counted.keys.tolist(), counted.counts.tolist(), strict=True))


@settings(deadline=None)
@given(ITEMS)
def test_counts_are_the_sums_by_key_in_ascending_order(items: list[tuple[int, int]]) -> None:
    expected: Counter[int] = Counter()
    for key, amount in items:
        expected[key] += amount
    assert contents(count(items)) == sorted(expected.items())


@settings(deadline=None)
@given(st.lists(ITEMS, max_size=5), st.randoms(use_true_random=False))
def test_merging_parts_in_any_order_equals_counting_the_whole(parts: list, random: object) -> None:
    shuffled = parts.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    left = merge_histograms([merge_histograms(map(count, shuffled[:2])), *map(count, shuffled[2:])])
    assert contents(left) == contents(count([item for part in parts for item in part]))


def test_merging_nothing_gives_the_empty_histogram() -> None:
    assert contents(merge_histograms([])) == []
