"""A mixture goes the way of `firsthand curate`, each text by the detector and calibration that had not seen it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from training.mixture.judges import calibrations
from training.mixture.pool import Pool
from training.mixture.route import PARAMS, Rated, Route, weigh
from transforms.weigh.passes import weigh_corpus


@pytest.fixture(scope="module")
def rated(route: Route, pool: Pool) -> Rated:
    return route.rate(pool.draw(0.6, np.random.default_rng(0), resample=False))


def test_one_calibration_for_all_folds_gives_the_weights_of_curate(route: Route, pool: Pool) -> None:
    one = dataclasses.replace(route, calibrations=[route.calibrations[0]] * 3)
    rated = one.rate(pool.draw(0.6, np.random.default_rng(0), resample=False))
    block = one._block(rated.rows, np.arange(rated.rows.size), np.zeros(rated.rows.size))
    curated, _ = weigh_corpus([block], route.calibrations[0].corpus_log_ratio, PARAMS)
    assert weigh(rated.block, rated.masses, PARAMS).tolist() == curated[0].human_weight.tolist()


def test_each_text_is_judged_by_its_own_fold(route: Route, rated: Rated) -> None:
    folds = [calibration.lines["en"] for calibration in route.calibrations]
    assert len({line.slope for line in folds}) == 3
    assert set(route.judged.fold[rated.rows]) == {0, 1, 2}


def test_a_calibration_does_not_know_the_fold_it_serves(route: Route) -> None:
    lied = dataclasses.replace(
        route.corpus, machine=np.where(route.judged.fold == 0, ~route.corpus.machine, route.corpus.machine)
    )
    found = calibrations(lied, route.judged)
    assert found[0] == route.calibrations[0]
    assert found[1] != route.calibrations[1]


def test_the_mean_weight_of_every_cell_is_1(rated: Rated) -> None:
    weight = weigh(rated.block, rated.masses, PARAMS)
    codes = rated.block.cell_codes
    mean = np.bincount(codes, weights=rated.tokens * weight) / np.bincount(codes, weights=rated.tokens)
    assert mean == pytest.approx(np.ones(mean.size), abs=2**-22)  # float32


def test_the_prior_of_the_mixture_is_found_again(rated: Rated) -> None:
    opinion = rated.opinion
    assert 1 - rated.prior[opinion].mean() == pytest.approx(rated.machine[opinion].mean(), abs=0.05)  # some 1,000 pages


def test_evidence_beside_the_texts_lowers_their_probability(route: Route, rated: Rated) -> None:
    told = route.rate(rated.rows, np.where(rated.machine, 3.0, 0.0))
    inside = (rated.block.level > 100) & rated.machine
    assert inside.any()
    assert (told.block.level < rated.block.level)[inside].all()
    assert told.block.level[~rated.machine].tolist() == rated.block.level[~rated.machine].tolist()
