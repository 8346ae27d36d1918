"""How well scores tell machine from human texts, each figure with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, rankdata

Floats = NDArray[np.float64]
Sides = tuple[Floats, Floats]
"""Scores of human texts and of machine texts, by one model."""
Metric = Callable[[Floats, Floats], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % percentile interval; NaN where there is no text to measure."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return "–" if np.isnan(self.value) else f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def auroc(human: Floats, machine: Floats) -> float:
    """P(a machine text scores above a human one), ties count half (Mann–Whitney). NaN if a side is empty."""
    if not human.size or not machine.size:
        return float("nan")
    ranks = rankdata(np.concatenate([human, machine]))[human.size :]
    return float((ranks.sum() - machine.size * (machine.size + 1) / 2) / (human.size * machine.size))


def threshold_at(human: Floats, rate: float) -> float:
    """The lowest score above which at most `rate` of the human texts lie."""
    return float(np.sort(human)[max(int(np.ceil(human.size * (1 - rate))) - 1, 0)])


def tpr_at_1_percent(human: Floats, machine: Floats) -> float:
    """Share of machine texts above the threshold that at most 1 % of human texts exceed. NaN if a side is empty."""
    if not human.size or not machine.size:
        return float("nan")
    return float(np.mean(machine > threshold_at(human, 0.01)))


def over_folds(metric: Metric, folds: Sequence[Sides]) -> float:
    """The mean of the metric over folds, each fold weighing as its machine texts.

    Scores of different models are on different scales: a threshold is one model's, so folds are never pooled. Folds
    without texts of a side do not count; NaN if none has both.
    """
    both = [(human, machine) for human, machine in folds if human.size and machine.size]
    if not both:
        return float("nan")
    values = [metric(human, machine) for human, machine in both]
    return float(np.average(values, weights=[machine.size for _, machine in both]))


def estimate(metric: Metric, folds: Sequence[Sides], draws: int = 200) -> Estimate:
    """`over_folds` and its interval over `draws` resamplings of both sides within each fold (seeded)."""
    rng = np.random.default_rng(0)
    values = [over_folds(metric, [_resample(sides, rng) for sides in folds]) for _ in range(draws)]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(over_folds(metric, folds), float(low), float(high))


def _resample(sides: Sides, rng: np.random.Generator) -> Sides:
    human, machine = (side[rng.integers(0, side.size, side.size)] if side.size else side for side in sides)
    return human, machine


def upper_bound(errors: int, trials: int) -> float:
    """One-sided 95 % upper bound of a rate (Clopper and Pearson 1934): the largest rate that still explains so few."""
    return 1.0 if errors >= trials else float(beta.ppf(0.95, errors + 1, trials - errors))


def calibration_error(probability: Floats, happened: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: mean |share that happened − mean probability| over `bins` equal intervals of the
    probability, each weighing as its texts (Guo et al. 2017)."""
    place = np.minimum((probability * bins).astype(np.intp), bins - 1)
    size = np.bincount(place, minlength=bins)
    gap = np.bincount(place, weights=probability - happened, minlength=bins)
    return float(np.abs(gap).sum() / size.sum())
