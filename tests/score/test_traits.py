"""The traits shown are the strongest, and are called low or high as they lie among other texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms.score.style import BINS, MEASURES, Curves
from transforms.score.traits import LEVELS, choose, rank


def same_edges(*edges: float) -> Curves:
    """Curves with these edges for every measure; bin b of measure k weighs k − 30."""
    weights = np.repeat(np.arange(len(MEASURES)) - 30, BINS).reshape(-1, BINS).astype(np.int8)
    return Curves(np.tile(np.array(edges, np.float32), (len(MEASURES), 1)), weights, 1.0)


def values(value: float) -> NDArray[np.float32]:
    return np.full(len(MEASURES), value, np.float32)


def test_the_strongest_of_each_sign_come_first() -> None:
    found = choose(same_edges(*range(11)), values(5.5), 2)
    root = len(MEASURES) ** 0.5
    last = len(MEASURES) - 1
    assert [(trait.measure, round(trait.weight * root)) for trait in found] == [
        (MEASURES[last], last - 30),
        (MEASURES[last - 1], last - 31),
        (MEASURES[0], -30),
        (MEASURES[1], -29),
    ]
    assert {(trait.value, trait.level) for trait in found} == {(5.5, "usual")}


def test_a_measure_that_adds_nothing_is_no_trait() -> None:
    found = choose(same_edges(*range(11)), values(1), len(MEASURES))
    assert len(found) == len(MEASURES) - 1
    assert MEASURES[30] not in [trait.measure for trait in found]


@pytest.mark.parametrize(
    ("value", "level"),
    [(-1, "very low"), (0.5, "low"), (2.5, "low"), (3.5, "usual"), (6.5, "usual"), (7.5, "high"), (99, "very high")],
)
def test_a_level_says_how_a_value_lies_among_other_texts(value: float, level: str) -> None:
    assert choose(same_edges(*range(11)), values(value), 1)[0].level == level


def test_the_lowest_value_is_low_though_most_texts_share_it_and_it_fills_many_bins() -> None:
    mostly_none = same_edges(0, 0, 0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4, 0.5)
    assert rank(mostly_none, values(0))[0] == pytest.approx(3.5 / 12)
    assert choose(mostly_none, values(0), 1)[0].level == "low"
    assert choose(mostly_none, values(0.05), 1)[0].level == "usual"
    assert choose(mostly_none, values(1), 1)[0].level == "very high"


@settings(deadline=None)
@given(st.lists(st.floats(0, 4, width=16), min_size=11, max_size=11).map(sorted), st.floats(0, 4), st.floats(0, 4))
def test_ranks_rise_with_values_within_0_and_1(edges: list[float], one: float, other: float) -> None:
    curves = same_edges(*edges)
    low, high = (float(rank(curves, values(value))[0]) for value in sorted((one, other)))
    assert 0 < low <= high < 1
    assert LEVELS.index(choose(curves, values(min(one, other)), 1)[0].level) <= LEVELS.index(
        choose(curves, values(max(one, other)), 1)[0].level
    )
