"""Invariant 8: whole copies are unbiased, and depend on nothing but the page and the seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.weigh.weight import whole_copies

IDS = [f"{i:032x}" for i in range(20_000)]


@pytest.mark.parametrize("expected", [0.1, 0.5, 1.0, 1.75, 3.999])
def test_copies_average_to_the_expected_repeats(expected: float) -> None:
    copies = whole_copies(np.full(len(IDS), expected, np.float32), IDS, seed=7)
    assert set(copies.tolist()) <= {int(expected), int(expected) + 1}
    # Hoeffding: P(|mean − e| > .0163) ≤ 2·exp(−2·20000·.0163²) < 5e-5
    assert abs(copies.mean() - expected) < 0.0163


@settings(deadline=None)
@given(st.permutations(range(50)), st.integers(0, 50))
def test_copies_do_not_depend_on_order_or_bundle(order: list[int], cut: int) -> None:
    expected = np.linspace(0, 4, 50).astype(np.float32)
    bundles = [whole_copies(expected[part], [IDS[i] for i in part], seed=3) for part in (order[:cut], order[cut:])]
    assert np.concatenate(bundles).tolist() == whole_copies(expected, IDS[:50], seed=3)[order].tolist()


def test_another_seed_draws_other_copies() -> None:
    expected = np.full(1000, 0.5, np.float32)
    assert (whole_copies(expected, IDS[:1000], seed=1) != whole_copies(expected, IDS[:1000], seed=2)).any()


def test_no_copy_of_what_is_expected_never_and_no_page_is_no_error() -> None:
    assert whole_copies(np.zeros(100, np.float32), IDS[:100], seed=0).sum() == 0
    assert whole_copies(np.zeros(0, np.float32), [], seed=0).shape == (0,)
