"""Edges of bins."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.report.bins import MOST, edges_for

VALUE = st.floats(-1e12, 1e12, allow_nan=False)


@settings(deadline=None)
@example([0.0, 0.0, 0.0])
@example([1.0, 1.0, 1.0])
@example([0.1, 0.2, 0.30000000000000004])
@example([0.0, 5e-324, 5e-324])
@example([1e12 - 1e-4, 1e12, 1e12])
@given(st.lists(VALUE, min_size=3, max_size=3))
def test_edges_ascend_and_enclose_the_values(values: list[float]) -> None:
    minimum, median, maximum = sorted(values)
    edges = edges_for(minimum, median, maximum)
    assert all(low < high for low, high in pairwise(edges))
    assert edges[0] <= minimum
    assert edges[-1] >= maximum
    assert 2 <= len(edges) <= MOST + 2


def test_a_column_of_one_value_has_one_bin() -> None:
    assert edges_for(1.0, 1.0, 1.0) == (1.0, 2.0)


def test_lengths_of_texts_are_binned_by_powers_of_two() -> None:
    assert edges_for(0, 300, 90_000)[:3] == (0.0, 1.0, 2.0)
    assert edges_for(0, 300, 90_000)[-1] == 2.0**17
