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
CEILING, ORACLE, ORACLE_CAPPED = "ours, w ≤ 1 where p < ½", "oracle", "oracle, W 4"
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


def ceilinged(rated: Rated, ceiling_below_half: float = 1.0) -> Floats:
    """Ours by default, with a second cap: a page that is likelier a machine's weighs at most `ceiling_below_half`.

    Water-filling as ever, to two brims. It always succeeds, for no brim is below 1.
    """
    low = (ceiling_below_half - PARAMS.rho) / (1 - PARAMS.rho)
    high = (PARAMS.cap - PARAMS.rho) / (1 - PARAMS.rho)
    weight = np.ones(rated.rows.size)
    codes = rated.block.cell_codes
    for code in range(len(rated.block.cells)):
        own = np.flatnonzero((codes == code) & (rated.block.level != ABSTAINED))
        level, tokens = rated.block.level[own] / LEVELS, rated.tokens[own]
        if tokens.sum():
            brim = np.where(level < 0.5, low, high)
            weight[own] = PARAMS.rho + (1 - PARAMS.rho) * _fill(level**PARAMS.beta, tokens, brim)
    return weight


def _fill(ratio: Floats, tokens: Floats, brim: Floats) -> Floats:
    """min(λ·ratio, brim) with λ such that its token-weighted mean is 1, by bisection on log λ."""
    low, high = -1.0, 40.0  # e^40 lifts level 1 of LEVELS, squared, above any cap
    for _ in range(80):
        middle = (low + high) / 2
        mean = float(np.average(np.minimum(np.exp(middle) * ratio, brim), weights=tokens))
        low, high = (middle, high) if mean < 1 else (low, middle)
    return np.asarray(np.minimum(np.exp(high) * ratio, brim), np.float64)


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
    CEILING: ceilinged,
    CUT: sampling(lambda p: np.asarray(p >= 0.5, np.float64)),
    POWER: sampling(lambda p: p**10),
    ODDS: sampling(lambda p: p / (1 - p)),
    ORACLE: oracle(),
    ORACLE_CAPPED: oracle(PARAMS.cap),
}
