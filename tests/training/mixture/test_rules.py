"""Each rule keeps what it promises, on a mixture of known make-up."""

from __future__ import annotations

import numpy as np
import pytest

from training.mixture.pool import Pool
from training.mixture.route import PARAMS, Rated, Route, weigh
from training.mixture.rules import (
    CEILING,
    CUT,
    DEFAULT,
    NONE,
    ODDS,
    ORACLE,
    ORACLE_CAPPED,
    POWER,
    RULES,
    floored_prior,
    floored_probability,
)


@pytest.fixture(scope="module", params=[0.3, 0.95])
def rated(request: pytest.FixtureRequest, route: Route, pool: Pool) -> Rated:
    return route.rate(pool.draw(request.param, np.random.default_rng(0), resample=False))


def mass_by_cell(rated: Rated, weight: np.ndarray) -> np.ndarray:
    codes = rated.block.cell_codes
    return np.bincount(codes, weights=rated.tokens * weight) / np.bincount(codes, weights=rated.tokens)


@pytest.mark.parametrize("name", [name for name in RULES if name not in (CUT, POWER, ODDS)])
def test_rules_by_cell_keep_the_mass_of_every_cell(rated: Rated, name: str) -> None:
    mean = mass_by_cell(rated, RULES[name](rated))
    assert mean == pytest.approx(np.ones(mean.size), abs=1e-6)


@pytest.mark.parametrize("name", [CUT, POWER, ODDS])
def test_rules_over_all_keep_the_mass_of_the_mixture_alone(rated: Rated, name: str) -> None:
    weight = RULES[name](rated)
    assert (rated.tokens * weight).sum() == pytest.approx(rated.tokens.sum())
    assert np.abs(mass_by_cell(rated, weight) - 1).max() > 0.01
    assert (weight[~rated.opinion] == 1).all()


def test_the_default_is_the_weight_as_shipped(rated: Rated) -> None:
    assert RULES[DEFAULT](rated).tolist() == weigh(rated.block, rated.masses, PARAMS).tolist()
    assert set(RULES[NONE](rated)) == {1.0}


def test_who_knows_the_truth_leaves_no_machine_text(rated: Rated) -> None:
    people = np.bincount(rated.block.cell_codes, weights=~rated.machine)[rated.block.cell_codes] > 0
    weight = RULES[ORACLE](rated)
    assert weight[rated.machine & people].max() < 0.01
    assert RULES[ORACLE_CAPPED](rated).max() <= PARAMS.cap


def test_below_the_ceiling_no_page_that_is_likelier_a_machines_weighs_above_1(rated: Rated) -> None:
    weight, low = RULES[CEILING](rated), rated.opinion & (rated.block.level < 50_000)
    assert weight[low].max() <= 1 + 1e-9
    assert weight.min() >= PARAMS.rho
    assert weight.max() <= PARAMS.cap + 1e-9
    for code in np.unique(rated.block.cell_codes):
        own = np.flatnonzero((rated.block.cell_codes == code) & rated.opinion)
        ordered = weight[own[np.argsort(rated.block.level[own], kind="stable")]]
        assert (np.diff(ordered) >= -1e-9).all()


def test_the_ceiling_changes_nothing_where_nothing_is_above_it(rated: Rated) -> None:
    ours, weight = RULES[DEFAULT](rated), RULES[CEILING](rated)
    low = rated.opinion & (rated.block.level < 50_000)
    codes = rated.block.cell_codes
    lifted = np.bincount(codes, weights=low & (ours > 1)) > 0
    calm = ~lifted[codes]
    assert weight[calm] == pytest.approx(ours[calm], abs=1e-5)


def test_a_floor_of_the_probability_makes_machines_alike(rated: Rated) -> None:
    weight = floored_probability(0.01)(rated)
    low = rated.opinion & (rated.block.level <= 1000)
    for code in np.unique(rated.block.cell_codes[low]):
        assert np.unique(weight[low & (rated.block.cell_codes == code)]).size == 1


def test_a_floor_of_the_mean_loses_mass_where_people_are_few(rated: Rated) -> None:
    weight = floored_prior(rated)
    mean = mass_by_cell(rated, weight)
    assert mean.max() <= 1 + 1e-9
    if rated.machine.mean() > 0.9:
        assert mean.min() < 0.8
