"""The arms of the study: which share of a generation's text is human, and by what rule it is weighted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.collapse.weigh import Floats, Weighed
from transforms.weigh.params import WeighParams

_OURS = re.compile(r"ours β(?P<beta>[\d.]+) ρ(?P<rho>[\d.]+)")

UNWEIGHTED, ORACLE, CUT, POWER, ODDS = "unweighted", "oracle", "cut at ½", "p^10 resampled", "odds"
OURS = tuple(f"ours β{beta} ρ{rho}" for beta in (1, 2) for rho in ("0", "0.1", "0.25"))
DEFAULT = "ours β1 ρ0.1"
RULES = (UNWEIGHTED, *OURS, CUT, POWER, ODDS, ORACLE)
BLIND = (UNWEIGHTED, ORACLE)
"""Rules that need no detector."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A line of the figure."""

    human: float  # share of human documents in every generation, 0 (replace) to 1 (human only)
    rule: str  # one of RULES
    detector: str  # "" for a rule that needs none

    @property
    def name(self) -> str:
        """What the arm is called in tables."""
        if self.human in (0.0, 1.0):
            return "human only" if self.human else "replace"
        return f"{self.human:.0%} human, {self.rule}" + (f", {self.detector}" if self.detector else "")


def params_of(rule: str) -> WeighParams:
    """The settings of `[weigh]` a rule asks for; the defaults where it only wants probabilities."""
    match = _OURS.fullmatch(rule)
    return WeighParams(beta=float(match["beta"]), rho=float(match["rho"])) if match else WeighParams()


def weights(rule: str, weighed: Weighed, machine: NDArray[np.bool_], seed: int) -> Floats:
    """What each token of each document counts [documents], with a token-weighted mean of 1.

    Rules other than ours take the same `human_probability`; a document without one counts as in the crawl. `machine`
    is the truth, at which only the oracle looks, and `seed` the chance of resampling.
    """
    if rule == UNWEIGHTED:
        return np.ones(machine.size)
    if rule == ORACLE:
        return _normal((~machine).astype(np.float64), weighed.tokens)
    if _OURS.fullmatch(rule):
        return weighed.weight
    found = np.ones(machine.size)
    known = ~np.isnan(weighed.probability)
    p, tokens = weighed.probability[known], weighed.tokens[known]
    if rule == POWER:
        drawn = np.random.default_rng(seed).multinomial(p.size, p**10 / (p**10).sum())  # as Drayson and Lampos 2025
        found[known] = _normal(drawn.astype(np.float64), tokens)
    elif rule in (CUT, ODDS):
        found[known] = _normal((p >= 0.5) if rule == CUT else p / (1 - p), tokens)
    else:
        raise ValueError(f"expected one of {RULES}, got {rule!r}")
    return found


def _normal(raw: NDArray[np.float64] | NDArray[np.bool_], tokens: Floats) -> Floats:
    """`raw` with a token-weighted mean of 1; 1 throughout if nothing is left."""
    total = float(raw @ tokens)
    return np.asarray(raw * (tokens.sum() / total), np.float64) if total else np.ones(tokens.size)


def effective_share(weight: Floats, tokens: Floats) -> float:
    """Kish's effective sample size over the sample size, in tokens, 0–1."""
    return float((weight @ tokens) ** 2 / (tokens.sum() * float((weight**2) @ tokens)))
