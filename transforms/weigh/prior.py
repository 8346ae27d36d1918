"""The share of human pages in a group of pages, estimated from the detector's likelihood ratios alone.

Each page i of a group is human with the unknown share π and carries LR_i = P(score | machine) / P(score | human). The
log-likelihood Σ log(π + (1−π)·LR_i) is concave in π. To it comes what the group borrows from a wider one, whose share
is m: κ pages of known origin, κ·m of them human, which adds κ·(m·log π + (1−m)·log(1−π)) and keeps it concave. At even
odds and a detector of AUC .90 a scored page tells about half of what a labelled one does (Fisher information 2 against
4), so a group of 2κ scored pages counts as much as what it borrows.

Ratios are counted on a grid, so the estimate is a function of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.weigh.histogram import Histogram

STEPS = 32  # grid steps in a nat: a ratio is off by at most 1/64 nat, 1.6 %
CLIP = 12  # nats; e^12 : 1 against a class moves no share of which the sixth decimal is kept
BINS = 2 * CLIP * STEPS + 1
HOST_GROUPS = 64  # hosts are resampled in this many groups; the spread of 64 groups has a relative error of 9 %
HALVINGS = 22  # of the interval [0, 1]: 2.4e-7, below the sixth decimal
DECIMALS = 6
CONFIDENCE = 0.95

_LR_MINUS_1 = np.expm1((np.arange(BINS) - CLIP * STEPS) / STEPS)


@dataclass(frozen=True, slots=True)
class CellPrior:
    """The share of human pages in a group, strictly between 0 and 1 unless it was estimated without borrowing."""

    prior_human: float
    low: float  # of the 95 % interval over hosts
    high: float
    pages: int  # scored pages, abstentions not counted
    borrowed_from: (
        str  # nearest group with `pseudo_count` informative pages: "" itself, "language", "script", "all", "even odds"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Borrowed:
    """What a group borrows: `weight` pages of known origin, a share `shares` of them human.

    `shares`: float64 [1 + replicates] as `replicate_shares` gives them for the lender, so that a lender's own
    uncertainty is part of the interval; or [1], the same in every replicate.
    """

    shares: NDArray[np.float64]
    weight: float


NOTHING = Borrowed(np.array([0.5]), 0.0)


def ratio_keys(
    log_lr: NDArray[np.float64], host_group: NDArray[np.int64], before_chatbots: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The histogram key of each page, int64 [n]: age, host group and log-ratio on its grid. No `log_lr` is NaN."""
    bins = np.rint(np.clip(log_lr, -CLIP, CLIP) * STEPS).astype(np.int64) + CLIP * STEPS
    return (before_chatbots * HOST_GROUPS + host_group) * BINS + bins


def unfold_ratios(ratios: Histogram) -> NDArray[np.int64]:
    """Pages by age, host group and grid step: int64 [2, HOST_GROUPS, BINS]; at age 1 those from before chatbots."""
    pages = np.zeros(2 * HOST_GROUPS * BINS, np.int64)
    pages[ratios.keys] = ratios.counts
    return pages.reshape(2, HOST_GROUPS, BINS)


def share_human(pages: NDArray[np.float64], borrowed: Borrowed = NOTHING) -> NDArray[np.float64]:
    """argmax of the log-likelihood for each row of `pages`: float64 [k, BINS] pages by grid step → float64 [k], 0–1.

    Bisection on the sign of the derivative, which falls as the share rises; ½ where every share is as likely.
    """
    seen = pages.any(axis=0)
    pages, excess = pages[:, seen], _LR_MINUS_1[seen]
    low, high = np.zeros(len(pages)), np.ones(len(pages))
    human, machine = borrowed.weight * borrowed.shares, borrowed.weight * (1 - borrowed.shares)
    for _ in range(HALVINGS):
        share = (low + high) / 2
        slope = -(pages * (excess / (1 + np.outer(1 - share, excess)))).sum(axis=1)
        slope += human / share - machine / (1 - share)
        low, high = np.where(slope >= 0, share, low), np.where(slope <= 0, share, high)
    return (low + high) / 2


def resampling_weights(replicates: int, seed: int) -> NDArray[np.float64]:
    """How often each replicate draws each host group: float64 [replicates, HOST_GROUPS], Poisson with mean 1.

    Made from the raw stream of PCG64, which NumPy never changes, by inversion of the distribution function.
    """
    raw = np.random.PCG64(seed).random_raw(replicates * HOST_GROUPS)
    uniform = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
    factorials = np.cumprod(np.concatenate(([1.0], np.arange(1.0, 18.0))))
    cumulative = np.cumsum(np.exp(-1.0) / factorials)  # P(more than 17) < 2^-53
    return np.searchsorted(cumulative, uniform, side="right").reshape(replicates, HOST_GROUPS).astype(np.float64)


def count_informative(pages: NDArray[np.int64]) -> int:
    """Pages whose ratio is not 1, from counts [..., BINS]: a language without a working detector has none."""
    return int(pages[..., _LR_MINUS_1 != 0].sum())


def replicate_shares(
    groups: NDArray[np.int64], resampling: NDArray[np.float64], borrowed: Borrowed
) -> NDArray[np.float64]:
    """The share of human pages, then that of each replicate: float64 [1 + replicates], six decimals.

    `groups`: int64 [HOST_GROUPS, BINS], pages by host group and grid step.
    """
    draws = np.vstack([np.ones(HOST_GROUPS), resampling])
    seen = groups.any(axis=0)  # a cell has pages at few of the grid steps
    pages = np.zeros((len(draws), BINS))
    pages[:, seen] = draws @ groups[:, seen].astype(np.float64)  # whole numbers below 2^53: exact in any order
    shares = share_human(pages, borrowed)
    edge = 10.0**-DECIMALS if borrowed.weight else 0.0  # who borrows is never certain: evidence must still count
    return np.asarray(np.clip(np.round(shares, DECIMALS), edge, 1 - edge), np.float64)


def estimate_prior(
    groups: NDArray[np.int64], resampling: NDArray[np.float64], borrowed: Borrowed = NOTHING, borrowed_from: str = ""
) -> CellPrior:
    """The share of human pages and its interval; arguments as for `replicate_shares`.

    A replicate that drew no informative page says nothing: it counts as 0 for the lower end and as 1 for the upper. So
    one host, however large, gives the interval [0, 1].
    """
    shares = replicate_shares(groups, resampling, borrowed)
    informative = groups[:, _LR_MINUS_1 != 0].sum(axis=1)
    silent = resampling @ informative.astype(np.float64) == 0
    rank = int((1 - CONFIDENCE) / 2 * len(resampling))
    low = float(np.sort(np.where(silent, 0.0, shares[1:]))[rank])
    high = float(np.sort(np.where(silent, 1.0, shares[1:]))[-1 - rank])
    point = float(shares[0])
    return CellPrior(point, min(point, low), max(point, high), int(groups.sum()), borrowed_from)
