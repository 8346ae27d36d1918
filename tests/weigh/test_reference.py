"""The reference table of docs/weights.md, from binormal scores and a prior of one half.

20,000 evenly spaced quantiles of each class stand for the distributions; the table has two decimals, the synthetic
share three. `p/π` is this package with no floor; a rule this package does not offer is computed here, to compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from transforms.probability import fuse
from transforms.weigh.histogram import histogram
from transforms.weigh.params import WeighParams
from transforms.weigh.weight import fit_lift, to_levels, weigh_levels

CLASS = 20_000


@dataclass(frozen=True)
class Corpus:
    """As many human pages, ascending by probability, as machine pages after them."""

    log_lr: NDArray[np.float64]
    level: NDArray[np.int64]

    def weigh(self, params: WeighParams) -> NDArray[np.float64]:
        lift = fit_lift(histogram(self.level, np.ones_like(self.level)), params)
        return weigh_levels(self.level, np.full(self.level.size, lift), params).astype(np.float64)


def binormal(auc: float) -> Corpus:
    shift = np.sqrt(2) * NormalDist().inv_cdf(auc)
    quantile = np.array([NormalDist().inv_cdf((i + 0.5) / CLASS) for i in range(CLASS)])
    log_lr = shift * np.concatenate([-shift / 2 - quantile, shift / 2 + quantile])
    return Corpus(log_lr, to_levels(fuse(log_lr, 0.0, 0.5, False)).astype(np.int64))


def outcome(weight: NDArray[np.float64]) -> tuple[float, float, float]:
    """(synthetic share, ESS/N, mean weight of the least likely tenth of human pages) for weights of mean 1."""
    weight = weight / weight.mean()
    share = weight[CLASS:].sum() / weight.sum()
    return float(share), float(1 / (weight**2).mean()), float(weight[: CLASS // 10].mean())


@pytest.mark.parametrize(
    ("auc", "params", "share", "effective", "tail"),
    [
        (0.90, WeighParams(rho=0.0), 0.255, 0.67, 0.398),
        (0.90, WeighParams(rho=0.1), 0.280, 0.72, 0.458),
        (0.90, WeighParams(rho=0.0, beta=10.0, cap=100.0), 0.057, 0.26, 0.000),
        (0.90, WeighParams(rho=1.0), 0.500, 1.00, 1.000),
        # with a poor detector no fair rule helps much
        (0.75, WeighParams(rho=0.0), 0.406, 0.84, 0.470),
        (0.75, WeighParams(rho=0.1), 0.415, 0.87, 0.523),
    ],
)
def test_our_rules_give_the_figures_of_the_table(
    auc: float, params: WeighParams, share: float, effective: float, tail: float
) -> None:
    got = outcome(binormal(auc).weigh(params))
    assert got == (pytest.approx(share, abs=5e-4), pytest.approx(effective, abs=5e-3), pytest.approx(tail, abs=5e-4))


def test_a_hard_cut_leaves_the_least_likely_humans_nothing() -> None:
    got = outcome((binormal(0.90).log_lr < 0).astype(np.float64))
    assert got == (pytest.approx(0.182, abs=5e-4), pytest.approx(0.50, abs=5e-3), 0.0)


def test_odds_let_few_pages_outweigh_the_corpus() -> None:
    share, effective, tail = outcome(np.exp(-binormal(0.90).log_lr))
    # the exact share is 1/(1 + e^(shift²)); ESS of such a tail depends on the sample, in the limit it is .020
    assert share == pytest.approx(0.036, abs=1e-3)
    assert effective == pytest.approx(0.024, abs=0.01)
    assert tail == pytest.approx(0.019, abs=1e-3)
