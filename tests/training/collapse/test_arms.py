"""The rules that weights are compared with."""

from __future__ import annotations

import numpy as np
import pytest

from training.collapse.arms import CUT, ODDS, ORACLE, OURS, POWER, RULES, effective_share, params_of, weights
from training.collapse.weigh import Weighed

RNG = np.random.default_rng(3)
P = np.concatenate([RNG.beta(6, 2, 200), RNG.beta(2, 6, 300), np.full(20, np.nan)])
MACHINE = np.concatenate([np.zeros(200, np.bool_), np.ones(300, np.bool_), np.zeros(20, np.bool_)])
MIXTURE = Weighed(P, np.linspace(0.1, 1.9, P.size), RNG.integers(60, 500, P.size).astype(np.float64))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in OURS])
def test_weights_have_mean_one_in_tokens(rule: str) -> None:
    found = weights(rule, MIXTURE, MACHINE, seed=1)
    assert found @ MIXTURE.tokens == pytest.approx(MIXTURE.tokens.sum())
    assert (found >= 0).all()


@pytest.mark.parametrize("rule", [CUT, POWER, ODDS])
def test_a_document_without_an_opinion_weighs_as_in_the_crawl(rule: str) -> None:
    assert (weights(rule, MIXTURE, MACHINE, seed=1)[np.isnan(P)] == 1).all()


def test_the_cut_keeps_what_is_likelier_human() -> None:
    found = weights(CUT, MIXTURE, MACHINE, seed=1)
    assert ((found > 0) == (np.isnan(P) | (P >= 0.5))).all()


def test_odds_are_unbounded() -> None:
    found = weights(ODDS, MIXTURE, MACHINE, seed=1)
    likelier, less = np.nanargmax(P), np.nanargmin(P)
    assert found[likelier] / found[less] == pytest.approx(P[likelier] / (1 - P[likelier]) * (1 - P[less]) / P[less])


def test_resampling_draws_whole_documents_by_the_tenth_power() -> None:
    copies = np.mean([weights(POWER, MIXTURE, MACHINE, seed=seed) for seed in range(300)], axis=0)
    known = ~np.isnan(P)
    share = copies[known] / copies[known].sum()
    expected = P[known] ** 10 / (P[known] ** 10).sum()
    # 500 draws, 300 times: the standard error of a share of at most 1.5 % is below 0.0004.
    np.testing.assert_allclose(share, expected, atol=0.002)
    one = weights(POWER, MIXTURE, MACHINE, seed=1)[known]
    assert np.allclose(one / one[one > 0].min() % 1, 0)


def test_the_oracle_takes_people_only() -> None:
    found = weights(ORACLE, MIXTURE, MACHINE, seed=1)
    assert ((found > 0) == ~MACHINE).all()
    people = float(MIXTURE.tokens[~MACHINE].sum() / MIXTURE.tokens.sum())
    assert effective_share(found, MIXTURE.tokens) == pytest.approx(people)


def test_ours_are_the_weights_of_the_path() -> None:
    for rule in OURS:
        assert weights(rule, MIXTURE, MACHINE, seed=1) is MIXTURE.weight
    assert [(params_of(rule).beta, params_of(rule).rho) for rule in OURS] == [
        (beta, rho) for beta in (1.0, 2.0) for rho in (0.0, 0.1, 0.25)
    ]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="median"):
        weights("median", MIXTURE, MACHINE, seed=1)
