"""The judge's figures equal their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics import (
    auroc,
    calibration_error,
    estimate,
    over_folds,
    threshold_at,
    tpr_at_1_percent,
    upper_bound,
)

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
    first = estimate(auroc, [(human, machine)])
    assert first == estimate(auroc, [(human, machine)])
    assert first.low < first.value < first.high
    assert (
        first.high - first.low < 0.12
    )  # four standard errors of an AUROC of .76 with 300 a side (Hanley, McNeil 1982)


def test_the_upper_bound_is_the_rule_of_three_when_nothing_failed() -> None:
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(7, 7) == 1.0


def test_folds_weigh_as_their_machine_texts_and_are_never_pooled() -> None:
    sure = (np.array([0.0, 1.0]), np.array([2.0]))  # AUROC 1
    shifted = (np.array([10.0, 13.0]), np.array([11.0, 12.0, 14.0]))  # AUROC 4/6; pooled with the other it were less
    assert over_folds(auroc, [sure]) == 1.0
    assert over_folds(auroc, [sure, shifted]) == pytest.approx((1.0 + 3 * 4 / 6) / 4)
    assert estimate(auroc, [sure, shifted]).value == over_folds(auroc, [sure, shifted])


def test_a_fold_without_one_of_the_sides_does_not_count() -> None:
    whole, half, none = (np.zeros(2), np.ones(3)), (np.zeros(4), np.zeros(0)), (np.zeros(0), np.zeros(5))
    assert over_folds(auroc, [half, whole, none]) == 1.0
    assert np.isnan(over_folds(auroc, [half, none]))
    assert str(estimate(auroc, [half, none])) == "–"
    assert str(estimate(auroc, [whole, half])) == "1.000 [1.000, 1.000]"


def test_an_interval_is_over_texts_within_their_folds() -> None:
    """Were the folds pooled, the one whose scores are all higher would spread the figure."""
    folds = [(np.zeros(50) + shift, np.ones(50) + shift) for shift in (0.0, 5.0)]
    assert estimate(auroc, folds) == estimate(auroc, folds[:1])


def test_the_calibration_error_is_the_mean_gap_of_the_intervals() -> None:
    probability = np.array([0.05, 0.05, 0.15, 0.95, 1.0])
    happened = np.array([False, True, False, True, True])
    gaps = 2 * abs(0.5 - 0.05) + abs(0 - 0.15) + 2 * abs(1 - 0.975)  # of [0, .1), [.1, .2) and [.9, 1]
    assert calibration_error(probability, happened) == pytest.approx(gaps / 5)
    assert calibration_error(probability, happened, bins=1) == pytest.approx(abs(0.6 - 0.44))


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_calibration_error_is_between_0_and_1(pairs: list[tuple[float, bool]]) -> None:
    probability, happened = (np.array(side) for side in zip(*pairs, strict=True))
    error = calibration_error(probability, happened)
    assert abs(happened.mean() - probability.mean()) - 1e-9 <= error <= 1
