"""Invariants 1–7 and 10 of the weight within one cell.

A float32 weight is within 2^-24 of its value, relatively: sums of weights are allowed twice that, plus nothing, since
the float64 arithmetic before it is 2^-29 times finer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms.weigh.histogram import histogram
from transforms.weigh.params import WeighParams
from transforms.weigh.weight import (
    ABSTAINED,
    LEVELS,
    expected_repeats,
    fit_lift,
    to_levels,
    to_probability,
    weigh_levels,
    weight_bucket,
)

ROUNDING = 2.0**-23

LEVEL = st.one_of(st.integers(0, LEVELS - 1), st.integers(0, 20), st.integers(LEVELS - 20, LEVELS - 1))
CELLS = st.lists(st.tuples(LEVEL, st.integers(1, 5000)), min_size=1, max_size=40)
PARAMS = st.builds(
    WeighParams,
    rho=st.floats(0, 1),
    beta=st.sampled_from([0.0, 0.5, 1.0, 2.0, 10.0, 16.0]),
    cap=st.one_of(st.just(1.0), st.floats(1, 100)),
)


@dataclass(frozen=True)
class Weighed:
    """The pages of one cell."""

    level: NDArray[np.int64]
    tokens: NDArray[np.int64]
    weight: NDArray[np.float32]


def weigh(cell: list[tuple[int, int]], params: WeighParams) -> Weighed:
    level, tokens = np.array(cell, np.int64).T
    lift = fit_lift(histogram(level, tokens), params)
    return Weighed(level, tokens, weigh_levels(level, np.full(level.size, lift), params))


@settings(deadline=None, max_examples=300)
@given(CELLS, PARAMS)
def test_weights_are_finite_and_between_floor_and_cap(cell: list[tuple[int, int]], params: WeighParams) -> None:
    weight = weigh(cell, params).weight
    assert weight.dtype == np.float32
    assert np.isfinite(weight).all()
    assert (weight >= np.float32(params.rho)).all()
    assert (weight <= np.float32(params.cap)).all()


@settings(deadline=None, max_examples=300)
@given(CELLS, PARAMS)
def test_the_cell_keeps_its_tokens(cell: list[tuple[int, int]], params: WeighParams) -> None:
    weighed = weigh(cell, params)
    total = int(weighed.tokens.sum())
    assert abs(float((weighed.tokens * weighed.weight.astype(np.float64)).sum()) - total) <= ROUNDING * total


@settings(deadline=None, max_examples=300)
@given(CELLS, PARAMS)
def test_a_likelier_human_never_weighs_less(cell: list[tuple[int, int]], params: WeighParams) -> None:
    weighed = weigh([page for page in cell if page[0] != ABSTAINED] or [(1, 1)], params)
    assert (np.diff(weighed.weight[np.argsort(weighed.level, kind="stable")]) >= 0).all()


@settings(deadline=None)
@given(LEVEL, st.lists(st.integers(1, 5000), min_size=1, max_size=20), PARAMS)
def test_one_probability_for_all_gives_weight_1(level: int, tokens: list[int], params: WeighParams) -> None:
    assert (weigh([(level, n) for n in tokens], params).weight == 1).all()


@settings(deadline=None)
@given(CELLS, PARAMS)
def test_abstained_pages_weigh_exactly_1(cell: list[tuple[int, int]], params: WeighParams) -> None:
    weighed = weigh([*cell, (ABSTAINED, 7)], params)
    assert (weighed.weight[weighed.level == ABSTAINED] == 1).all()


@settings(deadline=None)
@given(CELLS, st.floats(1, 100))
def test_a_floor_of_1_gives_weight_1(cell: list[tuple[int, int]], cap: float) -> None:
    assert (weigh(cell, WeighParams(rho=1.0, cap=cap)).weight == 1).all()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, LEVELS // 10), st.integers(1, 5000)), min_size=1, max_size=40),
    st.integers(2, 9),
    PARAMS,
)
def test_scaling_all_probabilities_changes_nothing(
    cell: list[tuple[int, int]], factor: int, params: WeighParams
) -> None:
    scaled = weigh([(level * factor, tokens) for level, tokens in cell], params)
    np.testing.assert_allclose(scaled.weight, weigh(cell, params).weight, rtol=ROUNDING)


@settings(deadline=None, max_examples=300)
@given(CELLS, PARAMS)
def test_the_effective_sample_size_is_at_least_one_over_the_cap(
    cell: list[tuple[int, int]], params: WeighParams
) -> None:
    weighed = weigh(cell, params)
    weight, tokens = weighed.weight.astype(np.float64), weighed.tokens
    effective = (tokens * weight).sum() ** 2 / (tokens * weight**2).sum()
    # Σ n·w² ≤ W·Σ n·w, and Σ n·w is within ROUNDING of Σ n, as W is of its float32
    assert effective / tokens.sum() >= (1 - 3 * ROUNDING) / params.cap


@settings(deadline=None, max_examples=300)
@given(CELLS, PARAMS)
def test_weighting_never_raises_the_expected_synthetic_share(cell: list[tuple[int, int]], params: WeighParams) -> None:
    weighed = weigh([page for page in cell if page[0] != ABSTAINED] or [(1, 1)], params)
    synthetic = weighed.tokens * (1 - weighed.level / LEVELS)
    after = float((synthetic * weighed.weight.astype(np.float64)).sum()) / float(
        (weighed.tokens * weighed.weight).sum()
    )
    assert after <= synthetic.sum() / weighed.tokens.sum() * (1 + 3 * ROUNDING)


@settings(deadline=None)
@given(CELLS, PARAMS, st.data())
def test_splitting_a_page_into_duplicates_keeps_the_mass_of_the_cell(
    cell: list[tuple[int, int]], params: WeighParams, data: st.DataObject
) -> None:
    level, tokens = cell[0]
    part = data.draw(st.integers(0, tokens))
    whole, split = weigh(cell, params), weigh([(level, part), (level, tokens - part), *cell[1:]], params)
    assert split.weight[0] == split.weight[1] == whole.weight[0]
    assert (split.weight[2:] == whole.weight[1:]).all()


def water_filling(cell: list[tuple[int, int]], params: WeighParams) -> list[float]:
    """The weights by exact fractions, page by page: cap whoever exceeds the ceiling, raise the rest, again."""
    rho, cap = Fraction(params.rho), Fraction(params.cap)
    ceiling = (cap - rho) / (1 - rho)
    power = {i: Fraction(level, LEVELS) ** int(params.beta) for i, (level, _) in enumerate(cell) if level != ABSTAINED}
    mass = {i: cell[i][1] for i in power}
    ratio: dict[int, Fraction] = {}
    while len(ratio) < len(power):
        rest = [i for i in power if i not in ratio]
        left = sum(mass.values()) - ceiling * sum(mass[i] for i in ratio)
        lift = left / sum(mass[i] * power[i] for i in rest)
        above = [i for i in rest if lift * power[i] > ceiling]
        ratio |= dict.fromkeys(above, ceiling) if above else {i: lift * power[i] for i in rest}
    return [float(rho + (1 - rho) * ratio[i]) if i in ratio else 1.0 for i in range(len(cell))]


@settings(deadline=None, max_examples=300)
@given(
    CELLS,
    st.builds(WeighParams, rho=st.floats(0, 0.99), beta=st.sampled_from([1.0, 2.0, 3.0]), cap=st.floats(1.01, 8)),
)
def test_weights_equal_exact_water_filling(cell: list[tuple[int, int]], params: WeighParams) -> None:
    np.testing.assert_allclose(weigh(cell, params).weight, water_filling(cell, params), rtol=ROUNDING)


def test_what_the_cap_takes_goes_to_the_others_in_proportion() -> None:
    # mean p = .0604; r of the last page would be 14.9, its ceiling is (4 − .1)/.9 = 13/3
    weighed = weigh([(1000, 50), (2000, 45), (90000, 5)], WeighParams())
    left = 100 - 5 * 13 / 3
    low, middle = 0.1 + 0.9 * left / 140, 0.1 + 0.9 * 2 * left / 140
    np.testing.assert_allclose(weighed.weight, [low, middle, 4], rtol=ROUNDING)


def test_a_single_page_weighs_1() -> None:
    assert weigh([(12345, 600)], WeighParams()).weight.tolist() == [1.0]


def test_pages_without_tokens_still_get_ordered_weights_within_bounds() -> None:
    weight = weigh([(1000, 0), (90000, 0), (ABSTAINED, 0)], WeighParams()).weight
    assert 0.1 <= weight[0] < weight[1] <= 4
    assert weight[2] == 1


def test_a_page_without_tokens_takes_no_part_in_the_mean() -> None:
    weighed = weigh([(20000, 100), (40000, 100), (99000, 0)], WeighParams())
    assert weighed.weight[:2].tolist() == weigh([(20000, 100), (40000, 100)], WeighParams()).weight.tolist()


def test_probabilities_are_kept_in_steps_of_a_hundred_thousandth() -> None:
    probability = np.array([0.0, 4e-6, 0.123456, 0.9999999, 1.0, np.nan])
    assert to_levels(probability).tolist() == [1, 1, 12346, LEVELS - 1, LEVELS - 1, ABSTAINED]


def test_levels_survive_the_way_through_float32() -> None:
    level = np.arange(LEVELS, dtype=np.int32)
    assert (to_levels(to_probability(level).astype(np.float64)) == level).all()
    assert np.isnan(to_probability(level)[ABSTAINED])


def test_a_bucket_edge_begins_its_band() -> None:
    weight = np.array([0.1, 0.25, 0.79, 0.8, 1.0, 1.25, 2.9, 3.0, 4.0], np.float32)
    assert weight_bucket(weight, WeighParams()).tolist() == [0, 1, 2, 3, 3, 4, 5, 6, 6]


def test_an_edge_that_float32_rounds_down_still_begins_its_band() -> None:
    edges = (0.1, 0.7)
    assert weight_bucket(np.array(edges, np.float32), WeighParams(bucket_edges=edges)).tolist() == [1, 2]


def test_expected_repeats_are_proportional_to_the_weight() -> None:
    weight = np.array([0.1, 1.0, 4.0], np.float32)
    assert expected_repeats(weight, WeighParams()).tolist() == weight.tolist()
    assert expected_repeats(weight, WeighParams(repeats=2.5)).tolist() == (weight * np.float32(2.5)).tolist()
