"""The share of human pages from likelihood ratios alone, and invariant 12."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms.weigh.histogram import histogram
from transforms.weigh.prior import (
    BINS,
    CLIP,
    HOST_GROUPS,
    STEPS,
    Borrowed,
    CellPrior,
    estimate_prior,
    ratio_keys,
    resampling_weights,
    share_human,
    unfold_ratios,
)

Draw = Callable[[np.random.Generator, NDArray[np.bool_]], NDArray[np.float64]]
RESAMPLING = resampling_weights(200, 0)


def count(log_lr: NDArray[np.float64], host: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Pages by host group and grid step; by default every page is of its own host."""
    group = (np.arange(log_lr.size) if host is None else host) % HOST_GROUPS
    keys = ratio_keys(log_lr, group, np.zeros(log_lr.size, np.bool_))
    return unfold_ratios(histogram(keys, np.ones(keys.size, np.int64)))[0]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.floats(-6, 6), st.integers(1, 50)), min_size=1, max_size=10),
    st.sampled_from([0.0, 0.5, 50.0]),
    st.sampled_from([0.01, 0.5, 0.9]),
)
def test_no_other_share_is_likelier(ratios: list[tuple[float, int]], weight: float, lent: float) -> None:
    log_lr, times = np.array([r for r, _ in ratios]), np.array([n for _, n in ratios])
    pages = count(np.repeat(log_lr, times)).sum(axis=0, dtype=np.float64)
    ratio = np.exp((np.arange(BINS) - CLIP * STEPS) / STEPS)

    def log_likelihood(share: NDArray[np.float64]) -> NDArray[np.float64]:
        mixture = np.log(np.outer(share, np.ones(BINS)) + np.outer(1 - share, ratio)) @ pages
        return mixture + weight * (lent * np.log(share) + (1 - lent) * np.log1p(-share))

    best = share_human(pages[None, :], Borrowed(np.array([lent]), weight))
    others = log_likelihood(np.linspace(1e-6, 1 - 1e-6, 4001))
    # within 2^-22 of the maximum, where the slope is at most the number of pages, or is 0 and bends by e^12 a page
    assert log_likelihood(best)[0] >= others.max() - 1e-5 * (times.sum() + weight)


@pytest.mark.parametrize("human", [0.05, 0.5, 0.9])
def test_the_share_of_human_pages_is_recovered(human: float, draw_log_ratios: Draw) -> None:
    rng = np.random.default_rng(1)
    log_lr = draw_log_ratios(rng, rng.random(20_000) >= human)
    excess = np.expm1(log_lr)
    information = np.mean((excess / (1 + (1 - human) * excess)) ** 2)
    estimate = estimate_prior(count(log_lr), RESAMPLING)
    # five standard errors by Fisher information; the grid moves a posterior by at most 1/4 of 1/64 nat
    assert abs(estimate.prior_human - human) < 5 / np.sqrt(20_000 * information) + 1 / 256


@pytest.mark.parametrize("seed", range(5))
def test_human_pages_alone_have_no_synthetic_share_within_the_interval(seed: int, draw_log_ratios: Draw) -> None:
    rng = np.random.default_rng(seed)
    estimate = estimate_prior(count(draw_log_ratios(rng, np.zeros(4000, np.bool_))), RESAMPLING)
    assert estimate.high == 1.0
    # information at π = 1 is Var(LR) = e^(1.8124²) − 1 = 25.7: standard error .0031, six of them
    assert estimate.low > 0.98


def test_machine_pages_alone_have_no_human_share_within_the_interval(draw_log_ratios: Draw) -> None:
    estimate = estimate_prior(count(draw_log_ratios(np.random.default_rng(0), np.ones(4000, np.bool_))), RESAMPLING)
    assert estimate.low == 0.0


def test_a_detector_that_blames_people_shows_on_human_pages(draw_log_ratios: Draw) -> None:
    shifted = draw_log_ratios(np.random.default_rng(0), np.zeros(4000, np.bool_)) + 1.0
    assert estimate_prior(count(shifted), RESAMPLING).high < 0.95


def test_the_interval_covers_the_share_where_pages_of_a_host_are_alike(draw_log_ratios: Draw) -> None:
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(200):
        machine_hosts = rng.random(100) >= 0.6
        host = rng.integers(0, 100, 500)
        prior = estimate_prior(count(draw_log_ratios(rng, machine_hosts[host]), host), RESAMPLING)
        covered += prior.low <= 0.6 <= prior.high
    # a 95 % interval from 64 groups covers about 93 %; P(Binomial(200, .93) < 170) < 1e-4
    assert covered >= 170


def test_one_host_however_large_leaves_the_share_open(draw_log_ratios: Draw) -> None:
    log_lr = draw_log_ratios(np.random.default_rng(0), np.zeros(5000, np.bool_))
    estimate = estimate_prior(count(log_lr, np.zeros(5000, np.int64)), RESAMPLING)
    assert (estimate.low, estimate.high) == (0.0, 1.0)


def test_without_pages_the_estimate_is_what_was_lent() -> None:
    estimate = estimate_prior(count(np.zeros(0)), RESAMPLING, Borrowed(np.array([0.8]), 50.0), "script")
    assert estimate == CellPrior(0.8, 0.0, 1.0, 0, "script")


def test_ratios_of_1_leave_the_share_open() -> None:
    estimate = estimate_prior(count(np.zeros(500)), RESAMPLING)
    assert (estimate.prior_human, estimate.low, estimate.high) == (0.5, 0.0, 1.0)


def test_the_interval_of_a_borrower_holds_the_doubts_of_its_lender() -> None:
    own = count(np.full(200, -0.1))
    sure = Borrowed(np.full(201, 0.6), 50.0)
    doubtful = Borrowed(np.concatenate(([0.6], np.linspace(0.4, 0.8, 200))), 50.0)
    narrow, wide = (estimate_prior(own, RESAMPLING, lent) for lent in (sure, doubtful))
    assert narrow.prior_human == wide.prior_human
    assert wide.low < narrow.low
    assert wide.high > narrow.high


def test_who_borrows_is_never_certain() -> None:
    estimate = estimate_prior(count(np.full(10**6, -CLIP)), RESAMPLING, Borrowed(np.array([0.999999]), 0.5))
    assert estimate.prior_human == 1 - 1e-6


def test_ratios_beyond_the_clip_count_as_the_clip() -> None:
    extreme = count(np.array([-np.inf, -99.0, 99.0, np.inf])).sum(axis=0)
    assert (extreme[0], extreme[-1], extreme.sum()) == (2, 2, 4)


def test_a_ratio_goes_to_the_nearest_grid_step() -> None:
    [[step]] = np.nonzero(count(np.array([1.01])).sum(axis=0))[:1]
    assert step - CLIP * STEPS == 32


def test_age_and_host_group_of_a_page_are_kept() -> None:
    keys = ratio_keys(np.zeros(3), np.array([0, 63, 63]), np.array([False, False, True]))
    pages = unfold_ratios(histogram(keys, np.ones(3, np.int64)))
    assert np.argwhere(pages).tolist() == [[0, 0, 384], [0, 63, 384], [1, 63, 384]]


def test_replicates_draw_each_group_once_on_average() -> None:
    weights = resampling_weights(1000, 0)
    # 64,000 Poisson(1) draws: standard error of mean .004, of variance √(3/64000) = .0068; six of each
    assert abs(weights.mean() - 1) < 0.024
    assert abs(weights.var() - 1) < 0.042
    # P(0) = 1/e, standard error .0019
    assert abs((weights == 0).mean() - np.exp(-1)) < 0.012


def test_the_bootstrap_is_a_function_of_its_seed() -> None:
    assert (resampling_weights(20, 4) == resampling_weights(20, 4)).all()
    assert (resampling_weights(20, 4) != resampling_weights(20, 5)).any()
