"""Priors of all cells at once: a cell borrows from its language, the language from its script, the script from all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from transforms.weigh.cells import Cell
from transforms.weigh.histogram import Histogram, merge_histograms
from transforms.weigh.params import WeighParams
from transforms.weigh.prior import (
    Borrowed,
    CellPrior,
    count_informative,
    estimate_prior,
    replicate_shares,
    resampling_weights,
    unfold_ratios,
)

EVEN_ODDS = "even odds"

Stratum = tuple[Cell, str]
"""A cell and the script of its pages: what likelihood ratios are counted by."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Priors:
    """What the corpus says about itself."""

    cells: Mapping[Cell, CellPrior]
    early: Mapping[str, CellPrior]  # by language, "" for all: pages from before chatbots alone, nothing borrowed


@dataclass(frozen=True, slots=True, eq=False)
class _Lender:
    """A group as those inside it see it: its shares, and the group that they mostly come from."""

    shares: NDArray[np.float64]  # [1 + replicates] or [1], see transforms.weigh.prior.Borrowed
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class _Estimator:
    resampling: NDArray[np.float64]  # [replicates, HOST_GROUPS]
    pseudo_count: float

    def borrow(self, ratios: Histogram, lender: _Lender) -> CellPrior:
        groups = unfold_ratios(ratios).sum(axis=0)
        return estimate_prior(groups, self.resampling, self._borrowed(lender), self._source(groups, lender, ""))

    def lend(self, ratios: Histogram, lender: _Lender, kind: str) -> _Lender:
        groups = unfold_ratios(ratios).sum(axis=0)
        shares = replicate_shares(groups, self.resampling, self._borrowed(lender))
        return _Lender(shares, self._source(groups, lender, kind))

    def _borrowed(self, lender: _Lender) -> Borrowed:
        return Borrowed(lender.shares, self.pseudo_count)

    def _source(self, groups: NDArray[np.int64], lender: _Lender, kind: str) -> str:
        return kind if count_informative(groups) >= self.pseudo_count else lender.source


def estimate_priors(ratios: Iterable[tuple[Stratum, Histogram]], params: WeighParams) -> Priors:
    """The prior of every cell in `ratios`, which names each stratum at most once, in any order."""
    strata = dict(sorted(ratios, key=lambda item: item[0]))
    estimator = _Estimator(resampling_weights(params.bootstrap, params.seed), params.pseudo_count)
    early = _early_priors(strata, estimator.resampling)
    if not isinstance(params.prior, str):
        pages = {cell: int(counts.counts.sum()) for cell, counts in _sum_by(strata, lambda s: s[0]).items()}
        share = params.prior
        return Priors({cell: CellPrior(share, share, share, n, "fixed") for cell, n in pages.items()}, early)
    return Priors(_cell_priors(strata, estimator), early)


def _cell_priors(strata: Mapping[Stratum, Histogram], estimator: _Estimator) -> dict[Cell, CellPrior]:
    everything = merge_histograms(strata.values())
    whole = estimator.lend(everything, _Lender(np.array([0.5]), EVEN_ODDS), "all")
    scripts = {
        script: estimator.lend(ratios, whole, "script") for script, ratios in _sum_by(strata, lambda s: s[1]).items()
    }
    script_of = _main_scripts(strata)
    languages = {
        language: estimator.lend(ratios, scripts[script_of[language]], "language")
        for language, ratios in _sum_by(strata, lambda s: s[0].language).items()
    }
    cells = _sum_by(strata, lambda s: s[0])
    return {cell: estimator.borrow(ratios, languages[cell.language]) for cell, ratios in cells.items()}


def _early_priors(strata: Mapping[Stratum, Histogram], resampling: NDArray[np.float64]) -> dict[str, CellPrior]:
    groups = {"": merge_histograms(strata.values()), **_sum_by(strata, lambda s: s[0].language)}
    pages = ((language, unfold_ratios(ratios)[1]) for language, ratios in groups.items())
    return {language: estimate_prior(early, resampling) for language, early in pages if early.any()}


def _sum_by(strata: Mapping[Stratum, Histogram], key: Callable[[Stratum], K]) -> dict[K, Histogram]:
    parts: defaultdict[K, list[Histogram]] = defaultdict(list)
    for stratum, ratios in strata.items():
        parts[key(stratum)].append(ratios)
    return {group: merge_histograms(histograms) for group, histograms in parts.items()}


def _main_scripts(strata: Mapping[Stratum, Histogram]) -> dict[str, str]:
    """The script of most scored pages of each language; of equals the first in the alphabet."""
    pages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (cell, script), ratios in strata.items():
        pages[cell.language][script] += int(ratios.counts.sum())
    return {language: max(sorted(counts), key=counts.__getitem__) for language, counts in pages.items()}
