"""Weighting rules, each from the same probabilities: ours, those of others, those that know the truth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from training.mixture.route import PARAMS, Rated, masses_of, weigh
from transforms.weigh.params import WeighParams
from transforms.weigh.weight import ABSTAINED, LEVELS, Level

Floats = NDArray[np.float64]
Rule = Callable[[Rated], Floats]
"""A mixture → the weight of each of its pages [pages], token-weighted mean 1 over the mixture."""

BETAS, RHOS = (0.5, 1.0, 2.0), (0.0, 0.1, 0.25)
NONE, CUT, POWER, ODDS = "no weights", "cut at ½", "p^10", "odds"
CEILING, LOW_CEILING = "w ≤ 1 where p < ½", "w ≤ 1 where p < .01"
ORACLE, ORACLE_CAPPED = "oracle", "oracle, W 4"
_UNCAPPED = 1e9


def name_of(beta: float, rho: float) -> str:
    """What a rule of ours is called.

    >>> name_of(1.0, 0.1)
    'β 1 ρ 0.1'
    """
    return f"β {beta:g} ρ {rho:g}"


DEFAULT = name_of(PARAMS.beta, PARAMS.rho)


def ours(beta: float = PARAMS.beta, rho: float = PARAMS.rho) -> Rule:
    """`human_weight` under these two settings."""
    params = dataclasses.replace(PARAMS, beta=beta, rho=rho)
    return lambda rated: weigh(rated.block, rated.masses, params)


def oracle(cap: float = _UNCAPPED) -> Rule:
    """The density ratio of one who knows who wrote each page; an abstention is none to him."""
    params = dataclasses.replace(PARAMS, rho=0.0, cap=cap)

    def rule(rated: Rated) -> Floats:
        level = np.where(rated.machine, 1, LEVELS - 1)
        return _weigh_levels(rated, level, params)

    return rule


def _weigh_levels(rated: Rated, level: Level, params: WeighParams) -> Floats:
    block = dataclasses.replace(rated.block, level=level.astype(np.int32))
    return weigh(block, masses_of(block), params)


def sampling(rate: Callable[[Floats], Floats]) -> Rule:
    """Weights in proportion to a rate of the probability, over the whole mixture as those who proposed them have it.

    Judged pages keep their tokens taken together; pages without an opinion weigh 1.
    """

    def rule(rated: Rated) -> Floats:
        probability, opinion = rated.block.level / LEVELS, rated.opinion
        raw = np.where(opinion, rate(np.where(opinion, probability, 0.5)), 0.0)
        total = float((rated.tokens * raw).sum())
        scale = float(rated.tokens[opinion].sum()) / total if total else 0.0
        return np.where(opinion, raw * scale, 1.0)

    return rule


def ceiling(below: float) -> Rule:
    """Ours by default with a second cap: a page whose probability is under `below` weighs at most 1.

    Water-filling as ever, to two brims. It always succeeds, for no brim is below 1; a page on the lower brim weighs as
    much as it did in the crawl. The level of each cell is found by bisection on its logarithm.
    """
    low, high = 1.0, (PARAMS.cap - PARAMS.rho) / (1 - PARAMS.rho)

    def rule(rated: Rated) -> Floats:
        opinion = rated.opinion
        codes, tokens = rated.block.cell_codes[opinion], rated.tokens[opinion]
        probability = rated.block.level[opinion] / LEVELS
        ratio, brim = probability**PARAMS.beta, np.where(probability < below, low, high)
        size = len(rated.block.cells)
        mass = np.bincount(codes, weights=tokens, minlength=size)
        lowest, highest = np.full(size, -1.0), np.full(size, 40.0)  # e^40 lifts any level above any cap
        for _ in range(50):
            middle = (lowest + highest) / 2
            filled = np.bincount(
                codes, weights=tokens * np.minimum(np.exp(middle)[codes] * ratio, brim), minlength=size
            )
            lowest, highest = np.where(filled < mass, middle, lowest), np.where(filled < mass, highest, middle)
        weight = np.ones(rated.rows.size)
        weight[opinion] = PARAMS.rho + (1 - PARAMS.rho) * np.minimum(np.exp(highest)[codes] * ratio, brim)
        return weight

    return rule


def floored_probability(least: float) -> Rule:
    """Ours by default, from probabilities that are nowhere below `least`."""

    def rule(rated: Rated) -> Floats:
        level = np.where(rated.opinion, np.maximum(rated.block.level, round(least * LEVELS)), ABSTAINED)
        return _weigh_levels(rated, level, PARAMS)

    return rule


def floored_prior(rated: Rated) -> Floats:
    """Ours by default, but divided by a mean probability of at least 1/W and not filled up: cells may lose mass."""
    probability, opinion = rated.block.level / LEVELS, rated.opinion
    codes, tokens = rated.block.cell_codes, rated.tokens
    size = len(rated.block.cells)
    mass = np.bincount(codes[opinion], weights=tokens[opinion], minlength=size)
    mean = np.bincount(codes[opinion], weights=(tokens * probability)[opinion], minlength=size) / np.maximum(mass, 1)
    ratio = probability / np.maximum(mean, 1 / PARAMS.cap)[codes]
    weight = np.clip(PARAMS.rho + (1 - PARAMS.rho) * ratio, PARAMS.rho, PARAMS.cap)
    return np.where(opinion, weight, 1.0)


RULES: Mapping[str, Rule] = {
    NONE: lambda rated: np.ones(rated.rows.size),
    **{name_of(beta, rho): ours(beta, rho) for beta in BETAS for rho in RHOS},
    CEILING: ceiling(0.5),
    LOW_CEILING: ceiling(0.01),
    CUT: sampling(lambda p: np.asarray(p >= 0.5, np.float64)),
    POWER: sampling(lambda p: p**10),
    ODDS: sampling(lambda p: p / (1 - p)),
    ORACLE: oracle(),
    ORACLE_CAPPED: oracle(PARAMS.cap),
}
