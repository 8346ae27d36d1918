"""How well scores tell machine from human texts, each figure with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]
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


def estimate(metric: Metric, human: Floats, machine: Floats, draws: int = 200) -> Estimate:
    """The metric and its interval over `draws` resamplings of both sides (seeded)."""
    rng = np.random.default_rng(0)
    values = [metric(rng.choice(human, human.size), rng.choice(machine, machine.size)) for _ in range(draws)]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(metric(human, machine), float(low), float(high))


def upper_bound(errors: int, trials: int) -> float:
    """One-sided 95 % upper bound of a rate (Clopper and Pearson 1934): the largest rate that still explains so few."""
    from scipy.stats import beta

    return 1.0 if errors >= trials else float(beta.ppf(0.95, errors + 1, trials - errors))
