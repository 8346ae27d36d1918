"""What weighing did, cell by cell: what `cells.json` tells people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.weigh.borrow import Priors
from transforms.weigh.cells import Cell, length_range
from transforms.weigh.histogram import Histogram, merge_histograms
from transforms.weigh.params import WeighParams
from transforms.weigh.prior import CellPrior
from transforms.weigh.weight import ABSTAINED, LEVELS, fit_lift, weigh_levels


@dataclass(frozen=True, slots=True, eq=False)
class CellMass:
    """What a cell holds: tokens and pages by level of probability. A monoid."""

    tokens: Histogram
    pages: Histogram


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell of the corpus. Means are weighted by tokens and leave out the pages that were abstained on."""

    cell: Cell
    length: str  # the range of its length bin, in tokens
    pages: int
    tokens: int
    abstained_pages: int
    abstained_tokens: int
    prior: CellPrior
    lift: float  # the factor from p^beta to the ratio r of a page, see transforms.weigh.weight
    mean_probability: float | None  # None if no token was judged, as the next
    weighted_probability: float | None  # the same mean once the tokens are weighted: never lower
    weight_sum: float  # Σ tokens · human_weight, abstentions included: equals `tokens`
    effective_share: float | None  # Kish effective sample size over tokens, 1/cap to 1; None without a token


@dataclass(frozen=True, slots=True)
class WeighReport:
    """All cells in order, and the check on text that only people can have written."""

    cells: tuple[CellRow, ...]
    early: tuple[tuple[str, CellPrior], ...]  # language ("" for all) and its prior before chatbots: 1 if all is well


def merge_masses(masses: Iterable[CellMass]) -> CellMass:
    """Their sum; of none, the empty mass."""
    parts = list(masses)
    return CellMass(merge_histograms(p.tokens for p in parts), merge_histograms(p.pages for p in parts))


def settle_cell(entry: tuple[Cell, CellMass], priors: Priors, params: WeighParams) -> CellRow:
    """Fit the lift of a cell to its mass, and say what that does to it."""
    cell, mass = entry
    lift = fit_lift(mass.tokens, params)
    level, tokens = mass.tokens.keys, mass.tokens.counts.astype(np.float64)
    scored = level != ABSTAINED
    weight = weigh_levels(level, np.full(level.size, lift), params).astype(np.float64)
    weighted = tokens * weight
    squares = float((weighted * weight).sum())
    return CellRow(
        cell=cell,
        length=length_range(cell.length_bin, params.length_edges),
        pages=int(mass.pages.counts.sum()),
        tokens=int(mass.tokens.counts.sum()),
        abstained_pages=int(mass.pages.counts[~scored].sum()),
        abstained_tokens=int(mass.tokens.counts[~scored].sum()),
        prior=priors.cells[cell],
        lift=lift,
        mean_probability=_mean(level[scored] / LEVELS, tokens[scored]),
        weighted_probability=_mean(level[scored] / LEVELS, weighted[scored]),
        weight_sum=float(weighted.sum()),
        effective_share=_ratio(float(weighted.sum()) ** 2, float(tokens.sum()) * squares),
    )


def assemble_report(rows: Iterable[CellRow], priors: Priors) -> WeighReport:
    """All rows, ordered by cell, and the early priors ordered by language."""
    ordered = sorted(rows, key=lambda row: row.cell)
    return WeighReport(tuple(ordered), tuple(sorted(priors.early.items())))


def _mean(values: NDArray[np.float64], mass: NDArray[np.float64]) -> float | None:
    return _ratio(float((values * mass).sum()), float(mass.sum()))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
