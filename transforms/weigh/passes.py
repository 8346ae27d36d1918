"""The three passes over a corpus, one block at a time: likelihood ratios, probabilities, weights.

ScoredBlock ─▶ count_ratios ─▶ (sum by stratum) ─▶ estimate_priors ─┐
ScoredBlock ─────────────────────────────────────────▶ rate_block ◀─┘ ─▶ LevelBlock
LevelBlock ─▶ count_tokens ─▶ (sum by cell) ─▶ settle_cell ─┐
LevelBlock ────────────────────────────▶ weigh_block ◀──────┘ ─▶ WeightBlock
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from transforms.probability import fuse
from transforms.weigh.block import Labels, LevelBlock, ScoredBlock, WeightBlock
from transforms.weigh.borrow import Priors, Stratum, estimate_priors
from transforms.weigh.cells import Cell, length_bins
from transforms.weigh.histogram import Histogram, histogram, merge_histograms
from transforms.weigh.params import WeighParams
from transforms.weigh.prior import HOST_GROUPS, ratio_keys
from transforms.weigh.report import CellMass, WeighReport, assemble_report, merge_masses, settle_cell
from transforms.weigh.weight import expected_repeats, to_levels, to_probability, weigh_levels, weight_bucket

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Calibrate = Callable[[NDArray[np.float32], str, str], NDArray[np.float64]]
"""(detector scores, language, script) → log P(score | machine) / P(score | human), NaN where it has no opinion."""


def count_ratios(block: ScoredBlock, calibrate: Calibrate, params: WeighParams) -> list[tuple[Stratum, Histogram]]:
    """The likelihood ratios of a block by stratum; a stratum without a scored page has an empty histogram."""
    strata, codes = _strata(block, params)
    log_lr = _log_ratios(block, strata, codes, calibrate)
    scored = np.flatnonzero(~np.isnan(log_lr))
    keys = ratio_keys(log_lr[scored], _host_groups(block.host)[scored], block.before_chatbots[scored])
    ones = np.ones(keys.size, np.int64)
    rows = _rows_by_code(codes[scored], len(strata))
    return [(stratum, histogram(keys[r], ones[r])) for stratum, r in zip(strata, rows, strict=True)]


def rate_block(block: ScoredBlock, priors: Priors, calibrate: Calibrate, params: WeighParams) -> LevelBlock:
    """The probability of every page under the prior of its cell."""
    strata, codes = _strata(block, params)
    log_lr = _log_ratios(block, strata, codes, calibrate)
    cells = tuple(cell for cell, _ in strata)
    prior = np.array([priors.cells[cell].prior_human for cell in cells], np.float64)[codes]
    level = to_levels(fuse(log_lr, block.evidence_log_ratio, prior, block.before_chatbots))
    return LevelBlock(block.file, block.row, cells, codes, block.token_count, level)


def count_tokens(block: LevelBlock) -> list[tuple[Cell, CellMass]]:
    """The mass of a block by cell; a cell may come more than once."""
    level, tokens = block.level.astype(np.int64), block.token_count.astype(np.int64)
    ones = np.ones(level.size, np.int64)
    rows = _rows_by_code(block.cell_codes, len(block.cells))
    return [
        (cell, CellMass(tokens=histogram(level[r], tokens[r]), pages=histogram(level[r], ones[r])))
        for cell, r in zip(block.cells, rows, strict=True)
    ]


def weigh_block(block: LevelBlock, lifts: Mapping[Cell, float], params: WeighParams) -> WeightBlock:
    """The verdict on every page, given the lift of every cell."""
    lift = np.array([lifts[cell] for cell in block.cells], np.float64)[block.cell_codes]
    weight = weigh_levels(block.level, lift, params)
    return WeightBlock(
        file=block.file,
        row=block.row,
        human_probability=to_probability(block.level),
        human_weight=weight,
        expected_repeats=expected_repeats(weight, params),
        weight_bucket=weight_bucket(weight, params),
    )


def weigh_corpus(
    blocks: Sequence[ScoredBlock], calibrate: Calibrate, params: WeighParams
) -> tuple[list[WeightBlock], WeighReport]:
    """All passes over blocks held in memory: the verdict on each, in order, and the report."""
    priors = estimate_priors(
        _merged((counts for block in blocks for counts in count_ratios(block, calibrate, params)), merge_histograms),
        params,
    )
    rated = [rate_block(block, priors, calibrate, params) for block in blocks]
    masses = _merged((mass for block in rated for mass in count_tokens(block)), merge_masses)
    rows = [settle_cell(entry, priors, params) for entry in masses]
    lifts = {row.cell: row.lift for row in rows}
    return [weigh_block(block, lifts, params) for block in rated], assemble_report(rows, priors)


def _merged(items: Iterable[tuple[K, V]], merge: Callable[[Iterable[V]], V]) -> list[tuple[K, V]]:
    parts: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in items:
        parts[key].append(value)
    return [(key, merge(values)) for key, values in parts.items()]


def _strata(block: ScoredBlock, params: WeighParams) -> tuple[tuple[Stratum, ...], NDArray[np.int64]]:
    """The strata of a block and, for each row, the index of its own: int64 [n]."""
    scripts, bins = len(block.script.values), len(params.length_edges) + 1
    pair = block.language.codes.astype(np.int64) * scripts + block.script.codes
    distinct, codes = np.unique(pair * bins + length_bins(block.token_count, params.length_edges), return_inverse=True)
    strata = tuple(
        (Cell(block.language.values[code // bins // scripts], code % bins), block.script.values[code // bins % scripts])
        for code in distinct.tolist()
    )
    return strata, codes


def _log_ratios(
    block: ScoredBlock, strata: tuple[Stratum, ...], codes: NDArray[np.int64], calibrate: Calibrate
) -> NDArray[np.float64]:
    """log P(score | machine) / P(score | human) of each row, float64 [n]; NaN where there is no opinion."""
    log_lr = np.full(codes.size, np.nan)
    usable = ~block.abstained & np.isfinite(block.detector_score)
    for (cell, script), rows in zip(strata, _rows_by_code(codes, len(strata)), strict=True):
        scored = rows[usable[rows]]
        if scored.size:
            log_lr[scored] = calibrate(block.detector_score[scored], cell.language, script)
    return log_lr


def _rows_by_code(codes: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """The rows that have each code 0…count−1, in order."""
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.searchsorted(codes[order], np.arange(count)))[1:]


def _host_groups(host: Labels) -> NDArray[np.int64]:
    """The group in which the host of each row is resampled, int64 [n]: a digest, so that every worker agrees."""
    groups = [blake2b(name.encode(), digest_size=1).digest()[0] % HOST_GROUPS for name in host.values]
    return np.array(groups, np.int64)[host.codes]
