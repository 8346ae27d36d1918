"""Pages that declare a machine, in cells that are nearly all machine: how often one weighs more than 1.

A weight compares a page with its cell. Where people's pages are all at the cap, what is left goes to machine pages in
proportion to p, and between p = 0.00011 and p = 0.00001, both surely machine, lies a factor of eleven.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.mixture.figures import kish
from training.mixture.pool import Pool
from training.mixture.route import Route
from training.mixture.rules import CEILING, DEFAULT, RULES, Rule, ceiling, floored_prior, floored_probability
from transforms.probability import MAX_EVIDENCE
from transforms.weigh.weight import LEVELS

SURE, FLOORED, FLOORED_PRIOR = "w ≤ 1 where p < .05", "p ≥ .01", "p̄ ≥ 1/W, not filled"
CURES: Mapping[str, Rule] = {
    DEFAULT: RULES[DEFAULT],
    CEILING: RULES[CEILING],
    SURE: ceiling(0.05),  # a declared page has no higher p where people are so few, however human its score
    FLOORED: floored_probability(0.01),
    FLOORED_PRIOR: floored_prior,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A small corpus of English pages."""

    pages: int
    share: float  # of its tokens that machines wrote
    declaring: float  # share of the machine pages that say so, as an `ai-disclosure` does


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule does to a case, over many draws of it."""

    happens: float  # share of draws in which some declared page weighs more than 1
    above: float  # share of declared pages on which the detector has an opinion that do
    doubted: float  # share of the pages with p < ½, whoever wrote them, that do
    heaviest: float  # weight of the heaviest declared page of all draws
    declared: float  # mean weight of declared pages
    people: float  # mean weight of people's pages
    after: float  # synthetic share of tokens after weighting
    size: float  # ESS/N
    mass: float  # tokens after weighting over tokens before


def try_case(route: Route, pool: Pool, case: Case, draws: int, seed: int) -> dict[str, Outcome]:
    """Every cure tried on the same draws of one case."""
    rng = np.random.default_rng([seed, case.pages, round(1000 * case.share), round(1000 * case.declaring)])
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in CURES}
    for _ in range(draws):
        rows = pool.draw(case.share, rng, resample=False)
        rows = rows[route.corpus.language[rows] == "en"][: case.pages]
        machine = route.corpus.machine[rows]
        declared = machine & (rng.random(rows.size) < case.declaring)
        rated = route.rate(rows, np.where(declared, MAX_EVIDENCE, 0.0))
        declared &= rated.opinion  # without one a page weighs 1, whatever it declares
        low = rated.opinion & (rated.block.level < LEVELS // 2)
        for name, rule in CURES.items():
            weight, tokens = rule(rated), rated.tokens
            found[name].append(
                np.array(
                    [
                        bool((weight[declared] > 1).any()),
                        _mean(weight[declared] > 1, np.ones(int(declared.sum()))),
                        _mean(weight[low] > 1, np.ones(int(low.sum()))),
                        weight[declared].max(initial=0.0),
                        _mean(weight[declared], tokens[declared]),
                        _mean(weight[~machine], tokens[~machine]),
                        _mean(machine, tokens * weight),
                        kish(tokens, weight),
                        float((tokens * weight).sum() / tokens.sum()),
                    ]
                )
            )
    return {name: _outcome(np.stack(rows)) for name, rows in found.items()}


def _outcome(draws: NDArray[np.float64]) -> Outcome:
    """Of `draws` [draws, figures]: their means, of the heaviest page the greatest."""
    means = [float(np.nanmean(column)) if np.isfinite(column).any() else float("nan") for column in draws.T]
    means[3] = float(np.nanmax(draws[:, 3]))
    return Outcome(*means)


def _mean(values: NDArray[np.float64] | NDArray[np.bool_], mass: NDArray[np.float64]) -> float:
    return float((values * mass).sum() / mass.sum()) if mass.sum() else float("nan")
