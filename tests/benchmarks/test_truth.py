"""Found components beside planted ones."""

from __future__ import annotations

import numpy as np

from benchmarks.truth import Agreement, compare


def labels(*values: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def test_labels_that_differ_in_name_only_agree() -> None:
    assert compare(labels(5, 5, 9, 7), labels(1, 1, 0, 3)) == Agreement(1, 1, 1.0, 1.0, 2, 0)


def test_a_component_in_two_parts_costs_recall() -> None:
    assert compare(labels(1, 1, 1, 1), labels(2, 2, 3, 3)) == Agreement(1, 0, 1.0, 2 / 6, 0, 0)


def test_two_components_in_one_cost_precision() -> None:
    assert compare(labels(1, 1, 2, 2), labels(3, 3, 3, 3)) == Agreement(2, 0, 2 / 6, 1.0, 0, 0)
