"""The measures of a text's style that move its score most, for a person to read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transforms.score.style import BINS, MEASURES, Curves

LEVELS = ("very low", "low", "usual", "high", "very high")
_BOUNDS = (1 / 8, 1 / 3, 2 / 3, 7 / 8)  # shares of texts below, where the next level begins


@dataclass(frozen=True, slots=True)
class Trait:
    """One measure of a text's style, and what it adds to the score."""

    measure: str  # one of MEASURES
    value: float  # in the measure's own unit
    level: str  # one of LEVELS: how the value lies among those of the texts that the model learned from
    weight: float  # nats; positive points to a machine

    def scaled(self, factor: float) -> Trait:
        """The same trait, its weight `factor` (above 0) times as large."""
        return replace(self, weight=factor * self.weight)


def choose(curves: Curves, values: NDArray[np.float32], most: int) -> list[Trait]:
    """The traits of largest |weight|, at most `most` of each sign, the strongest first. `values`: style.measure."""
    weights, ranks = curves.weigh(values), rank(curves, values)
    left, found = {1.0: most, -1.0: most}, []
    for place in np.argsort(-np.abs(weights), kind="stable").tolist():
        sign = float(np.sign(weights[place]))
        if left.get(sign):
            left[sign] -= 1
            level = LEVELS[int(np.searchsorted(_BOUNDS, ranks[place], side="right"))]
            found.append(Trait(MEASURES[place], float(values[place]), level, float(weights[place])))
    return found


def rank(curves: Curves, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """About what share of the texts that the bins were made from has a lower value, ties half: float64 [measures], 0–1.

    A bin holds as many texts as any other, but for ties: a value that most texts share, such as no dash at all, is the
    edge of several bins, and lies in the midst of them.
    """
    below = (values[:, None] > curves.edges).sum(axis=1)
    return np.asarray((below + curves.place(values) + 1) / (2 * BINS), dtype=np.float64)
