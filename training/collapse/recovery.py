"""What the arms came to at the last generation, over seeds: means with intervals, and recovery R."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from training.collapse.arms import ORACLE, RULES, UNWEIGHTED, Arm
from training.collapse.results import Record

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over seeds and its 95 % interval, mean ± t·s/√n (Student); without one if there is a single seed."""

    value: float
    half: float  # half of the interval's width; NaN for one seed

    def text(self, digits: int) -> str:
        """As it stands in a table."""
        if np.isnan(self.value):
            return "–"
        half = "" if np.isnan(self.half) else f" ± {self.half:,.{digits}f}"
        return f"{self.value:,.{digits}f}{half}"


def mean(values: Floats) -> Mean:
    """Of one value a seed [seeds]."""
    if values.size < 2:
        return Mean(float(values.mean()) if values.size else float("nan"), float("nan"))
    half = student.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return Mean(float(values.mean()), float(half))


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """All records by arm, seed and generation."""

    found: dict[tuple[Arm, int, int], Record]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Outcomes:
        """Of equal ones the last counts."""
        return cls({(record.arm, record.seed, record.generation): record for record in records})

    @property
    def last(self) -> int:
        """The last generation any lineage has reached."""
        return max(generation for _, _, generation in self.found)

    def arms(self) -> list[Arm]:
        """The arms that reached the last generation: people only, none of them, then by share and by rule."""
        found = {arm for arm, _, generation in self.found if generation == self.last}
        return sorted(found, key=lambda arm: (-arm.human % 1, arm.human < 1, arm.detector, RULES.index(arm.rule)))

    def values(self, arm: Arm, measure: str, generation: int | None = None) -> Floats:
        """A measure of the seeds that reached the generation (the last by default), by seed."""
        reached = self.last if generation is None else generation
        seeds = sorted(seed for other, seed, g in self.found if (other, g) == (arm, reached))
        return np.array([getattr(self.found[arm, seed, reached], measure) for seed in seeds], np.float64)

    def recovery(self, arm: Arm, measure: str = "perplexity") -> Mean:
        """R = (unweighted − arm)/(unweighted − oracle) at the last generation: 1 is the oracle, 0 no weights at all.

        One R a seed, since the arms of a seed share their human draws and first model; then their mean and interval.
        NaN where the oracle is no better than no weights at all in some seed: there is nothing to recover.
        """
        ratios = []
        for seed in sorted(seed for other, seed, g in self.found if (other, g) == (arm, self.last)):
            trio = [Arm(arm.human, UNWEIGHTED, ""), arm, Arm(arm.human, ORACLE, "")]
            if all((other, seed, self.last) in self.found for other in trio):
                none, ours, best = (getattr(self.found[other, seed, self.last], measure) for other in trio)
                ratios.append((none - ours) / (none - best) if none > best else float("nan"))
        return mean(np.array(ratios))
