"""Fitting the calibration: Platt's line for the whole, for each script, for each language, each shrunk to the last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.fit import Floats
from transforms.filter.language import UNDETERMINED
from transforms.probability import sigmoid
from transforms.score.calibration import MAX_LOG_RATIO, NULL_LEVELS, Line

MIN_HUMAN = 100
"""Human texts a language needs: with none of 100 above a threshold, 3 % is the 95 % upper bound (the rule of three)."""

_PSEUDO = 50.0  # texts that the coarser line counts for: where a language's own 50 count as much


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Held-out scores; every array [texts]."""

    score: Floats
    machine: NDArray[np.bool_]
    language: NDArray[np.str_]
    script: NDArray[np.str_]
    web: NDArray[np.bool_]

    def at(self, mask: NDArray[np.bool_]) -> Held:
        """The texts of a mask [texts]."""
        return Held(self.score[mask], self.machine[mask], self.language[mask], self.script[mask], self.web[mask])


def calibrate(held: Held) -> dict[str, Line]:
    """A line for every language with at least `MIN_HUMAN` human texts; texts of no certain language have none.

    A language with as many web pages is fitted on them, for pages are what a corpus is made of; another on all its
    human texts. Scores are first centred on their mean, so that a language with little machine text inherits how far
    from its people a machine lies, not where the people of another language lie.
    """
    fitted = held.at(held.machine | _pages_or_all(held))
    centre = {str(code): _centre(fitted, str(code)) for code in np.unique(held.language)}
    centred = fitted.score - np.array([centre[str(code)] for code in fitted.language])
    whole = _platt(centred, fitted, (1.0, 0.0), 0.0)
    lines = {}
    for code in np.unique(held.language):
        own = held.language == code
        if code == UNDETERMINED or np.count_nonzero(own & ~held.machine) < MIN_HUMAN:
            continue
        scripts, counts = np.unique(held.script[own], return_counts=True)
        kin, same = fitted.script == scripts[counts.argmax()], fitted.language == code
        script = _platt(centred[kin], fitted.at(kin), whole, _PSEUDO)
        slope, offset = _platt(centred[same], fitted.at(same), script, _PSEUDO)
        common = tuple(str(name) for name in scripts[counts >= 0.05 * counts.sum()])
        lines[str(code)] = _line(held.at(own), slope, offset - slope * centre[str(code)], common)
    return lines


def _pages_or_all(held: Held) -> NDArray[np.bool_]:
    """The human texts a language's line is fitted on."""
    pages = held.web & ~held.machine
    codes, counts = np.unique(held.language[pages], return_counts=True)
    return np.where(np.isin(held.language, codes[counts >= MIN_HUMAN]), pages, ~held.machine)


def _centre(held: Held, code: str) -> float:
    """Human mean of a language, with `_PSEUDO` texts at the mean of all languages' humans."""
    people = held.score[~held.machine]
    own = held.score[~held.machine & (held.language == code)]
    return float((own.sum() + _PSEUDO * people.mean()) / (own.size + _PSEUDO))


def _platt(centred: Floats, held: Held, prior: tuple[float, float], pseudo: float) -> tuple[float, float]:
    """Slope and offset that maximise the likelihood under equal class weights, with a Gaussian pull towards `prior`
    that weighs as `pseudo` texts; `prior` itself where a class is missing."""
    machines = int(np.count_nonzero(held.machine))
    if machines in (0, held.machine.size):
        return prior
    weight = _class_weights(held)
    sign = np.where(held.machine, 1.0, -1.0)
    design = np.stack([centred, np.ones_like(centred)], axis=1)
    pull = pseudo / 4 * np.array([max(float(centred.var()), 1e-9), 1.0])  # p(1−p) ≤ 1/4: a text's information

    def loss(point: Floats) -> float:
        return float(weight @ np.logaddexp(0.0, -sign * (design @ point)) + 0.5 * pull @ (point - prior) ** 2)

    point = np.array(prior, dtype=np.float64)
    for _ in range(100):
        p = sigmoid(design @ point)
        gradient = design.T @ (weight * (p - held.machine)) + pull * (point - prior)
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(pull + 1e-9)
        step = np.linalg.solve(curvature, gradient)
        while loss(point - step) > loss(point) and np.abs(step).max() > 1e-12:
            step = step / 2  # far from the optimum Newton's step overshoots, and undamped it never comes back
        point = point - step
        if np.abs(step).max() < 1e-10:
            break
    return max(float(point[0]), 0.0), float(point[1])


def _class_weights(held: Held) -> Floats:
    """Weights: each class weighs as much as the smaller class has texts."""
    machines = int(np.count_nonzero(held.machine))
    people = held.machine.size - machines
    each = np.where(held.machine, 1.0 / machines, 1.0 / people)
    return np.asarray(each * min(machines, people), dtype=np.float64)


def _line(held: Held, slope: float, offset: float, scripts: tuple[str, ...]) -> Line:
    machines = int(np.count_nonzero(held.machine))
    people = held.score[~held.machine]
    trust = machines / (machines + _PSEUDO) if slope else 0.0  # a line that does not rise says nothing: ratio 1
    limit = min(MAX_LOG_RATIO, float(np.log1p(min(machines, people.size))))
    return Line(
        slope=round(slope * trust, 6),
        offset=round(offset * trust, 6) + 0.0,  # no minus zero
        limit=round(limit, 6),
        human=int(people.size),
        machine=machines,
        scripts=scripts,
        null=tuple(round(value, 4) for value in null_scores(held)),
    )


def null_scores(held: Held) -> list[float]:
    """For each of `NULL_LEVELS` the lowest score with a conformal p-value of at most that level among the human texts.

    Web pages and other texts are two populations, and the larger p-value counts: a rate that holds for a mixture of
    both may be broken for one. A population of fewer than `MIN_HUMAN` texts joins the other. Levels below
    1 / (texts + 1) cannot be reached and are left out.
    """
    human = ~held.machine
    parts = [held.score[human & held.web], held.score[human & ~held.web]]
    if min(part.size for part in parts) < MIN_HUMAN:
        parts = [held.score[human]]
    found: list[float] = []
    for level in NULL_LEVELS:
        allowed = [int(level * (part.size + 1) + 1e-9) - 1 for part in parts]  # human texts that may lie at or above
        if min(allowed) < 0:
            break
        found.append(max(_above(part, count) for part, count in zip(parts, allowed, strict=True)))
    return found


def _above(scores: Floats, count: int) -> float:
    """A score that exactly `count` of the scores reach or exceed, ties aside: 1e-4 above the next one below."""
    ordered = np.sort(scores)
    return float(ordered[ordered.size - count - 1]) + 1e-4
