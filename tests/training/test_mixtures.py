"""From known scores the share of machine texts is found again, and probabilities mean what they say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.training.conftest import DISGUISED, PAGES, SEPARATION, Known
from training.fit import Floats
from training.mixtures import SHARES, mix, ratios


@pytest.fixture(scope="module")
def log_lr(known: Known) -> Floats:
    return ratios(known.corpus, known.score, known.fold)


@pytest.fixture(scope="module")
def true(known: Known) -> Floats:
    """log N(score; 2.5, 1) / N(score; 0, 1)."""
    return np.asarray(SEPARATION * known.score - SEPARATION**2 / 2)


def test_ratios_are_the_true_ones_of_each_score(known: Known, log_lr: Floats, true: Floats) -> None:
    english = known.corpus.language == "en"
    near = english & (np.abs(true) < 3)  # beyond, ratios are clipped
    assert np.abs(log_lr - true)[near].mean() < 0.3


def test_bounded_ratios_are_the_same_but_where_people_score_as_high(known: Known, log_lr: Floats) -> None:
    bounded = ratios(known.corpus, known.score, known.fold, bounded=True)
    english = known.corpus.language == "en"
    low, high = english & (log_lr <= 0), english & (log_lr > 2)
    assert bounded[low].tolist() == log_lr[low].tolist()
    assert (bounded < log_lr)[high].all()
    assert (bounded >= 0)[high].all()
    assert np.isnan(bounded).tolist() == np.isnan(log_lr).tolist()


def test_ratios_of_a_fold_come_from_the_other_folds(known: Known, log_lr: Floats) -> None:
    lied = dataclasses.replace(
        known.corpus, machine=np.where(known.fold == 0, ~known.corpus.machine, known.corpus.machine)
    )
    found = ratios(lied, known.score, known.fold)
    own = known.fold == 0
    assert found[own].tolist() == log_lr[own].tolist()
    assert not np.isclose(found[~own], log_lr[~own]).any()


def test_a_language_of_too_few_people_in_the_other_folds_has_no_ratio(known: Known) -> None:
    few = (known.corpus.language == "ru") & ~known.corpus.machine & (np.arange(known.fold.size) % 4 == 0)
    fold = np.where(few, -1, known.fold)
    found = ratios(known.corpus, known.score, fold)
    assert np.isnan(found[known.corpus.language == "ru"]).all()
    assert np.isfinite(found[known.corpus.language == "en"]).all()


@pytest.mark.parametrize("share", SHARES)
def test_by_true_ratios_the_prior_is_recovered_and_probabilities_are_calibrated(
    known: Known, true: Floats, share: float
) -> None:
    mixture = mix(known.corpus, true, share)
    assert mixture.machine.mean() == pytest.approx(share, abs=1e-3)
    # Four standard errors: a page at d' = 2.5 tells about half of what a labelled one does, 600 pages or more.
    error = 4 * np.sqrt(2 * share * (1 - share) / 600)
    assert 1 - mixture.prior.prior_human == pytest.approx(share, abs=0.01 + error)
    assert mixture.prior.low <= 1 - share + 0.01
    assert mixture.prior.high >= 1 - share - 0.01
    assert mixture.error < 0.03


@pytest.mark.parametrize("share", SHARES)
def test_by_calibrated_ratios_the_share_is_found_within_2_points(known: Known, log_lr: Floats, share: float) -> None:
    mixture = mix(known.corpus, log_lr, share)
    assert 1 - mixture.prior.prior_human == pytest.approx(share, abs=0.02)
    assert mixture.error < 0.03


@pytest.mark.parametrize("share", SHARES[1:])
def test_by_bounded_ratios_a_corpus_seems_more_human_than_it_is(known: Known, log_lr: Floats, share: float) -> None:
    plain, bounded = (
        mix(known.corpus, ratio, share)
        for ratio in (log_lr, ratios(known.corpus, known.score, known.fold, bounded=True))
    )
    assert bounded.prior.prior_human > plain.prior.prior_human + 0.01
    assert bounded.error > plain.error


def test_a_mixture_is_of_english_pages_and_undisguised_machine_texts(known: Known, log_lr: Floats) -> None:
    half = mix(known.corpus, log_lr, 0.5)
    assert np.bincount(half.machine).tolist() == [PAGES - DISGUISED] * 2  # too few machine texts for every page
    fifth = mix(known.corpus, log_lr, 0.2)
    assert np.bincount(fifth.machine).tolist() == [PAGES, PAGES // 4]


def test_a_mixture_depends_on_its_seed_alone(known: Known, log_lr: Floats) -> None:
    first, second, other = (mix(known.corpus, log_lr, 0.2, seed) for seed in (1, 1, 2))
    assert first.probability.tolist() == second.probability.tolist()
    assert first.prior == second.prior
    assert first.probability.tolist() != other.probability.tolist()
