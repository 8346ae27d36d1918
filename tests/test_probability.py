"""The fusion of score, evidence and date keeps its directions and its cap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.probability import MAX_MACHINE_BEFORE_EPOCH, fuse, logit, seen_before_chatbots, sigmoid

RATIO = st.floats(-20, 20)
PRIOR = st.floats(0.001, 0.999)


@settings(deadline=None)
@given(RATIO, PRIOR)
def test_no_sign_leaves_the_prior(ratio: float, prior: float) -> None:
    assert fuse(0.0, 0.0, prior, False) == pytest.approx(prior, rel=1e-12)
    small = ratio / 4  # within what evidence may weigh
    assert fuse(small, -small, prior, False) == pytest.approx(prior, rel=1e-12)


@settings(deadline=None)
@given(RATIO, RATIO, RATIO, PRIOR, st.booleans())
def test_more_machine_evidence_never_raises_the_human_probability(
    low: float, high: float, evidence: float, prior: float, before: bool
) -> None:
    low, high = sorted((low, high))
    assert fuse(high, evidence, prior, before) <= fuse(low, evidence, prior, before)
    assert fuse(evidence, high, prior, before) <= fuse(evidence, low, prior, before)


@settings(deadline=None)
@given(RATIO, RATIO, PRIOR)
def test_a_date_before_chatbots_caps_the_machine_probability(ratio: float, evidence: float, prior: float) -> None:
    free, capped = fuse(ratio, evidence, prior, np.array([False, True]))
    assert 0.0 <= free <= 1.0
    assert 1.0 - capped <= MAX_MACHINE_BEFORE_EPOCH + 1e-15
    assert capped >= free


def test_many_signs_weigh_no_more_than_a_thousand_to_one() -> None:
    assert fuse(0.0, 30.0, 0.5, False) == pytest.approx(1 / 1001)
    assert fuse(0.0, -30.0, 0.5, False) == pytest.approx(1000 / 1001)


def test_score_and_evidence_add_in_log_odds() -> None:
    odds = np.exp(2.0) * np.exp(-0.5) * 0.2 / 0.8
    assert fuse(2.0, -0.5, 0.8, False) == pytest.approx(1 / (1 + odds), rel=1e-12)


def test_an_abstention_stays_without_probability() -> None:
    fused = fuse([np.nan, 0.0], 0.0, 0.5, True)
    assert np.isnan(fused[0])
    assert fused[1] == 1.0 - MAX_MACHINE_BEFORE_EPOCH


def test_extreme_log_odds_neither_overflow_nor_leave_the_range() -> None:
    assert sigmoid([-1e4, 0.0, 1e4]).tolist() == [0.0, 0.5, 1.0]
    assert sigmoid(logit([0.0, 0.25, 1.0])) == pytest.approx([0.0, 0.25, 1.0])


@pytest.mark.parametrize(
    ("date", "before"),
    [("2022-11-29T23:59:59Z", True), ("2022-11-30", False), ("2022-11-30T00:00:00Z", False), ("", False)],
)
def test_the_epoch_is_the_first_day_of_chatbots(date: str, before: bool) -> None:
    assert seen_before_chatbots(date) is before
