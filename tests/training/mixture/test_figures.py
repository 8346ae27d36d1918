"""Figures of mixtures small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.mixture.figures import (
    ESS,
    ESTIMATED,
    LOWEST,
    MOVED,
    PAGES,
    PEOPLE,
    RECOVERY,
    RECOVERY_CAPPED,
    SHARE,
    TRUE,
    Figure,
    kish,
    measure,
    name,
    parts_of,
)
from training.mixture.pool import Pool
from training.mixture.route import Rated, Route
from training.mixture.rules import CUT, DEFAULT, NONE, ORACLE, ORACLE_CAPPED, RULES


@pytest.fixture(scope="module")
def rated(route: Route, pool: Pool) -> Rated:
    return route.rate(pool.draw(0.4, np.random.default_rng(0), resample=False))


@pytest.fixture(scope="module")
def found(rated: Rated, route: Route, pool: Pool) -> dict[Figure, float]:
    return measure(rated, parts_of(rated, route.corpus, pool.mixed()), RULES)


def test_the_effective_size_of_equal_weights_is_all_of_it() -> None:
    assert kish(np.array([3.0, 5.0]), np.array([2.0, 2.0])) == 1.0
    assert kish(np.array([1.0, 1.0]), np.array([1.0, 0.0])) == 0.5
    assert np.isnan(kish(np.array([1.0]), np.array([0.0])))


def test_means_are_taken_by_name_and_mass() -> None:
    names = name(np.array(["a", "", "b", "a"]))
    found = names.means(np.array([1.0, 9.0, 4.0, 3.0]), np.array([3.0, 1.0, 2.0, 1.0]))
    assert found == {"a": 1.5, "b": 4.0}


def test_shares_are_those_of_the_truth(found: dict[Figure, float], rated: Rated) -> None:
    tokens, weight = rated.tokens, RULES[CUT](rated)
    assert found[Figure(NONE, SHARE)] == pytest.approx(tokens[rated.machine].sum() / tokens.sum())
    expected = (tokens * weight)[rated.machine].sum() / (tokens * weight).sum()
    assert found[Figure(CUT, SHARE)] == pytest.approx(expected)
    assert found[Figure(CUT, ESS)] == pytest.approx(kish(tokens, weight))
    assert found[Figure("", TRUE)] == pytest.approx(rated.machine[rated.opinion].mean())
    assert found[Figure("", ESTIMATED)] == pytest.approx(found[Figure("", TRUE)], abs=0.06)  # some 700 pages
    assert (
        found[Figure("", PAGES, "en")] + found[Figure("", PAGES, "ru")] == found[Figure("", PAGES)] == rated.rows.size
    )


def test_who_knows_the_truth_recovers_all_and_no_weights_nothing(found: dict[Figure, float]) -> None:
    for part in ("", "en", "ru"):
        assert found[Figure(ORACLE, RECOVERY, part)] == pytest.approx(1)
        assert found[Figure(ORACLE_CAPPED, RECOVERY_CAPPED, part)] == pytest.approx(1)
        assert found[Figure(NONE, RECOVERY, part)] == 0
        assert 0.2 < found[Figure(DEFAULT, RECOVERY, part)] < 1


def test_ours_moves_no_language_and_a_cut_does(found: dict[Figure, float]) -> None:
    assert found[Figure(DEFAULT, MOVED)] < 1e-6
    assert found[Figure(CUT, MOVED)] > 1e-3


def test_the_tail_is_lighter_than_people_are(found: dict[Figure, float]) -> None:
    assert found[Figure(DEFAULT, LOWEST)] < 1 < found[Figure(DEFAULT, PEOPLE)]
