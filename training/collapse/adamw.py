"""AdamW (Loshchilov and Hutter 2019), with a warm-up, along a cosine to 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How far each update goes."""

    updates: int = 300
    rate: float = 1e-2  # at its height, after the warm-up
    warm_up: int = 50  # updates
    decay: float = 0.05  # of what decays, a share of the rate

    def at(self, done: int) -> float:
        """The rate of the update after `done` others."""
        return self.rate * min(1.0, (done + 1) / self.warm_up) * 0.5 * (1 + float(np.cos(np.pi * done / self.updates)))


class AdamW:
    """Moves one vector of parameters against its gradients, in place."""

    def __init__(self, schedule: Schedule, parameters: Floats, *, decaying: int) -> None:
        """`parameters` is changed by each update; only its first `decaying` numbers decay."""
        self._schedule, self._parameters = schedule, parameters
        self._decaying = parameters[:decaying]
        self._mean, self._square = np.zeros_like(parameters), np.zeros_like(parameters)
        self._done = 0

    def update(self, gradients: Floats) -> None:
        """Take a step against the gradients, which are first shortened to norm 1 (Pascanu et al. 2013)."""
        rate = self._schedule.at(self._done)
        self._done += 1
        gradients = gradients * min(1.0, 1.0 / max(float(np.linalg.norm(gradients)), 1e-12))
        self._mean *= 0.9
        self._mean += 0.1 * gradients
        self._square *= 0.99  # Adam's own .999 averages over 1,000 updates: a run has fewer
        self._square += 0.01 * gradients**2
        self._decaying *= 1 - rate * self._schedule.decay
        spread = np.sqrt(self._square / (1 - 0.99**self._done)) + 1e-8
        self._parameters -= rate / (1 - 0.9**self._done) * self._mean / spread
