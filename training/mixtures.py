"""The whole way from scores to probabilities, on mixtures of known make-up: English web pages and unseen generators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.calibrate import Held, calibrate
from training.corpus import Corpus, scatter
from training.fit import Floats
from training.metrics import calibration_error
from transforms.probability import fuse
from transforms.score.calibration import Calibration
from transforms.weigh.histogram import histogram
from transforms.weigh.prior import HOST_GROUPS, CellPrior, estimate_prior, ratio_keys, resampling_weights, unfold_ratios

SHARES = (0.0, 0.05, 0.2, 0.5, 0.8)
"""Shares of machine texts in the mixtures."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A corpus put together from held-out texts, weighed as `firsthand curate` would."""

    share: float  # machine texts in it, 0–1
    prior: CellPrior  # as estimated from the ratios alone
    probability: Floats  # human_probability [texts]
    machine: NDArray[np.bool_]  # the truth [texts]

    @property
    def error(self) -> float:
        """Expected calibration error of `probability`."""
        return calibration_error(self.probability, ~self.machine)


def ratios(corpus: Corpus, score: Floats, fold: NDArray[np.intp], *, bounded: bool = False) -> Floats:
    """Log-ratios of every judged text [texts], by a calibration fitted on the other folds; NaN where it abstains.

    `bounded`: as the `score` command counts them, else as `curate` does.
    """
    found = np.full(len(corpus), np.nan)
    held = Held(score, corpus.machine, corpus.language, corpus.script, corpus.web)
    for here in np.unique(fold[fold >= 0]):
        others = (fold >= 0) & (fold != here) & (corpus.attack == "")
        lines = Calibration("", calibrate(held.at(others)))
        for code in lines.lines:
            for script in np.unique(corpus.script[corpus.language == code]):
                own = (fold == here) & (corpus.language == code) & (corpus.script == script)
                ratio = lines.bounded_log_ratio if bounded else lines.corpus_log_ratio
                found[own] = ratio(score[own], code, str(script))
    return found


def mix(corpus: Corpus, log_lr: Floats, share: float, seed: int = 0) -> Mixture:
    """All English web pages with a ratio and so many undisguised English machine texts that they make `share`.

    Where there are too few machine texts, pages are left out instead. `log_lr` [texts]: see `ratios`.
    """
    rng = np.random.default_rng(seed)
    english = (corpus.language == "en") & ~np.isnan(log_lr)
    people, machines = (
        np.flatnonzero(english & corpus.web),
        np.flatnonzero(english & corpus.machine & (corpus.attack == "")),
    )
    wanted = round(people.size * share / (1 - share))
    if wanted > machines.size:
        people = rng.choice(people, round(machines.size * (1 - share) / share), replace=False)
    texts = np.concatenate([people, rng.choice(machines, min(wanted, machines.size), replace=False)])
    host = scatter(corpus.group[texts], HOST_GROUPS).astype(np.int64)
    keys = ratio_keys(log_lr[texts], host, np.zeros(texts.size, np.bool_))
    pages = unfold_ratios(histogram(keys, np.ones(texts.size, np.int64)))[0]
    prior = estimate_prior(pages, resampling_weights(200, seed))
    inside = float(np.clip(prior.prior_human, 1e-6, 1 - 1e-6))
    return Mixture(share, prior, fuse(log_lr[texts], 0.0, inside, False), corpus.machine[texts])
