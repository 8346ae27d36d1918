"""The judge's figures equal their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics import auroc, estimate, threshold_at, tpr_at_1_percent, upper_bound

SCORES = st.lists(st.integers(-5, 5), min_size=1, max_size=30)


@settings(deadline=None)
@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_order(human: list[int], machine: list[int]) -> None:
    pairs = [(m > h) + 0.5 * (m == h) for h in human for m in machine]
    assert auroc(np.array(human, float), np.array(machine, float)) == pytest.approx(sum(pairs) / len(pairs))


@settings(deadline=None)
@given(SCORES, st.floats(0.01, 0.5))
def test_at_most_the_rate_lies_above_the_threshold_and_no_lower_score_will_do(human: list[int], rate: float) -> None:
    scores = np.array(human, float)
    threshold = threshold_at(scores, rate)
    assert np.mean(scores > threshold) <= rate + 1e-12
    lower = scores[scores < threshold]
    assert not lower.size or np.mean(scores > lower.max()) > rate - 1e-12


def test_true_positives_are_counted_above_the_first_percent_of_people() -> None:
    assert tpr_at_1_percent(np.arange(100.0), np.array([97.0, 98.0, 98.5, 99.0])) == 0.5


def test_an_empty_side_has_no_figure() -> None:
    assert np.isnan(auroc(np.zeros(0), np.ones(3)))
    assert np.isnan(tpr_at_1_percent(np.ones(3), np.zeros(0)))


def test_the_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    rng = np.random.default_rng(3)
    human, machine = rng.normal(0, 1, 300), rng.normal(1, 1, 300)
    first = estimate(auroc, human, machine)
    assert first == estimate(auroc, human, machine)
    assert first.low < first.value < first.high
    assert (
        first.high - first.low < 0.12
    )  # four standard errors of an AUROC of .76 with 300 a side (Hanley, McNeil 1982)


def test_the_upper_bound_is_the_rule_of_three_when_nothing_failed() -> None:
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(7, 7) == 1.0
