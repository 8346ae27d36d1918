"""Mixtures drawn again and again: every figure with its 95 % interval over human sources and machine prompts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.metrics import Estimate
from training.mixture.figures import Figure, measure, parts_of
from training.mixture.pool import Pool
from training.mixture.route import Route
from training.mixture.rules import Rule

Results = Mapping[Figure, Estimate]


@dataclass(frozen=True, slots=True)
class Effort:
    """How often a mixture is drawn."""

    draws: int = 30  # of the texts as they are; figures are their mean: R varies by .02 from one to another
    replicates: int = 40  # of sources and prompts drawn anew and a mixture of each, for the intervals
    seed: int = 0


def try_share(route: Route, pool: Pool, share: float, rules: Mapping[str, Rule], effort: Effort) -> Results:
    """Every figure of mixtures of one share. A figure that fewer than half the replicates have gets no interval.

    A value is a mean over draws, an interval one of single mixtures: which texts of the ampler side they hold counts.
    """
    rng = np.random.default_rng([effort.seed, round(1000 * share)])
    drawn = [_one(route, pool, share, rules, rng, resample=False) for _ in range(effort.draws)]
    again = [_one(route, pool, share, rules, rng, resample=True) for _ in range(effort.replicates)]
    figures = list(dict.fromkeys(figure for one in drawn for figure in one))
    values, spread = (
        np.array([[one.get(figure, np.nan) for figure in figures] for one in many]) for many in (drawn, again)
    )
    return {figure: _estimate(values[:, k], spread[:, k]) for k, figure in enumerate(figures)}


def _one(
    route: Route, pool: Pool, share: float, rules: Mapping[str, Rule], rng: np.random.Generator, *, resample: bool
) -> dict[Figure, float]:
    rated = route.rate(pool.draw(share, rng, resample=resample))
    return measure(rated, parts_of(rated, route.corpus, pool.mixed()), rules)


def _estimate(values: NDArray[np.float64], spread: NDArray[np.float64]) -> Estimate:
    known, ordered = values[~np.isnan(values)], np.sort(spread[~np.isnan(spread)])
    value = float(known.mean()) if known.size else float("nan")
    if ordered.size == 0 or 2 * ordered.size < spread.size:
        return Estimate(value, float("nan"), float("nan"))
    aside = round(0.025 * ordered.size)
    return Estimate(value, float(ordered[aside]), float(ordered[-1 - aside]))
