"""From probabilities to weights within one cell: the density ratio, its floor, its cap.

r = p^β / mean(p^β), w = ρ + (1−ρ)·min(r', ceiling) where r' is r scaled so that the token-weighted mean stays 1 under
the cap (water-filling), and the ceiling makes w at most W. The floor stays exactly ρ; what the cap takes from the
likeliest pages goes to the others in proportion to p^β. A page that was abstained on weighs
exactly 1 and takes no part.

Probabilities are kept as *levels*, whole multiples of 0.00001, so that a cell is a histogram of tokens by level and its
weights are exact whatever the order of the sum. Level 0 stands for an abstention; a probability is at least level 1, so
every page can be raised and water-filling always succeeds (W ≥ 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from transforms.weigh.histogram import Histogram
from transforms.weigh.params import WeighParams

LEVELS = 100_000
ABSTAINED = 0

Level = NDArray[np.int32] | NDArray[np.int64]


def to_levels(probability: NDArray[np.float64]) -> NDArray[np.int32]:
    """Level of each probability of a human author, int32 [n] in 1…LEVELS−1; `ABSTAINED` where it is NaN."""
    level = np.clip(np.rint(probability * LEVELS), 1, LEVELS - 1)
    return np.where(np.isnan(level), ABSTAINED, level).astype(np.int32)


def to_probability(level: NDArray[np.int32]) -> NDArray[np.float32]:
    """The probability at each level, float32 [n] strictly between 0 and 1; NaN where abstained."""
    return np.where(level == ABSTAINED, np.nan, level / LEVELS).astype(np.float32)


def fit_lift(tokens: Histogram, params: WeighParams) -> float:
    """The factor from p^β to r' in a cell, given its tokens by level; level 0 is left aside; 1 if there is no other.

    Without pages at the cap it is 1/mean(p^β). With them, those above some level have r' = ceiling and the others share
    what is left; the highest such level that is consistent is the solution. A cell without a token counts every level
    that occurs once: its weights are of no consequence, but they are still in order and within bounds.
    """
    scored = tokens.keys > ABSTAINED
    level, mass = tokens.keys[scored], tokens.counts[scored].astype(np.float64)
    if not mass.any():
        mass = np.ones_like(mass)
    level, mass = level[mass > 0], mass[mass > 0]
    if level.size == 0:
        return 1.0
    power, ceiling = _power(level, params), _ceiling(params)
    total = np.cumsum(mass)
    capped = total[-1] - total  # tokens above each level
    lifts = (total[-1] - ceiling * capped) / np.cumsum(mass * power)
    consistent = np.flatnonzero(lifts * power <= ceiling)
    return float(lifts[consistent[-1] if consistent.size else 0])


def weigh_levels(level: Level, lift: NDArray[np.float64], params: WeighParams) -> NDArray[np.float32]:
    """The weight of each page, float32 [n] from rho to cap, from its level and the lift of its cell, float64 [n]."""
    ratio = np.minimum(lift * _power(level, params), _ceiling(params))
    weight = np.clip(params.rho + (1 - params.rho) * ratio, params.rho, params.cap)
    return np.where(level == ABSTAINED, 1.0, weight).astype(np.float32)


def _power(level: Level, params: WeighParams) -> NDArray[np.float64]:
    return np.asarray(np.power(level / LEVELS, params.beta), np.float64)


def _ceiling(params: WeighParams) -> float:
    return (params.cap - params.rho) / max(1 - params.rho, 1e-12)  # at rho = 1 the ratio counts for nothing


def expected_repeats(human_weight: NDArray[np.float32], params: WeighParams) -> NDArray[np.float32]:
    """How often to show each page to a trainer that knows no weights: float32 [n], proportional to the weight."""
    return (human_weight * params.repeats).astype(np.float32)


def weight_bucket(human_weight: NDArray[np.float32], params: WeighParams) -> NDArray[np.int8]:
    """The weight band of each page, int8 [n] in 0…len(bucket_edges): the number of edges at or below its weight."""
    return np.searchsorted(np.array(params.bucket_edges, np.float32), human_weight, side="right").astype(np.int8)


def whole_copies(expected: NDArray[np.float32], ids: Sequence[str], seed: int) -> NDArray[np.int64]:
    """Whole copies of each page, int64 [n]: ⌊e⌋, one more with probability frac(e), decided by id and seed alone."""
    key = seed.to_bytes(8, "little")
    digests = b"".join(blake2b(page_id.encode(), key=key, digest_size=8).digest() for page_id in ids)
    uniform = (np.frombuffer(digests, "<u8") >> np.uint64(11)) * 2.0**-53
    whole = np.floor(expected)
    return whole.astype(np.int64) + (uniform < expected - whole)
