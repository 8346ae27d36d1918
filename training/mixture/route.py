"""From drawn texts to probabilities by the passes of `firsthand curate`: ratios, priors of cells, fused levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from training.corpus import Corpus
from training.mixture.judges import Judged
from training.mixture.pool import Rows
from transforms.score.calibration import Calibration
from transforms.weigh.block import LevelBlock, ScoredBlock, encode_labels
from transforms.weigh.borrow import estimate_priors
from transforms.weigh.cells import Cell
from transforms.weigh.histogram import merge_histograms
from transforms.weigh.params import WeighParams
from transforms.weigh.passes import count_ratios, count_tokens, rate_block, weigh_block
from transforms.weigh.report import CellMass, merge_masses
from transforms.weigh.weight import fit_lift

V = TypeVar("V")
K = TypeVar("K")

PARAMS = WeighParams(bootstrap=20)
"""As shipped, with few replicates: the interval of a prior is not used here."""


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """A mixture once its probabilities are known; arrays [pages], `block.row` is 0, 1, 2 …"""

    rows: Rows  # of the corpus; one drawn twice stands twice
    block: LevelBlock
    masses: Sequence[tuple[Cell, CellMass]]  # tokens of each cell by level
    prior: NDArray[np.float64]  # estimated share of human pages in the cell of each page
    machine: NDArray[np.bool_]  # the truth

    @property
    def tokens(self) -> NDArray[np.float64]:
        """Tokens of each page."""
        return self.block.token_count.astype(np.float64)

    @property
    def opinion(self) -> NDArray[np.bool_]:
        """Where the detector has one."""
        return np.asarray(self.block.level > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """Everything but the choice of pages: the texts, what is known of each, and how each fold is calibrated."""

    corpus: Corpus
    judged: Judged
    calibrations: Sequence[Calibration]

    def rate(self, rows: Rows, evidence: NDArray[np.float64] | None = None) -> Rated:
        """The probabilities of a mixture. `evidence` [rows]: log-ratios beside those of the texts themselves."""
        extra = np.zeros(rows.size) if evidence is None else evidence
        folds = self.judged.fold[rows]
        blocks = [(fold, self._block(rows, np.flatnonzero(folds == fold), extra)) for fold in np.unique(folds).tolist()]
        counted = (item for fold, block in blocks for item in count_ratios(block, self._calibrate(fold), PARAMS))
        priors = estimate_priors(_merged(counted, merge_histograms), PARAMS)
        rated = [rate_block(block, priors, self._calibrate(fold), PARAMS) for fold, block in blocks]
        joined = join(rated, rows.size)
        prior = np.array([priors.cells[cell].prior_human for cell in joined.cells])[joined.cell_codes]
        return Rated(rows, joined, masses_of(joined), prior, self.corpus.machine[rows])

    def _calibrate(self, fold: int) -> Callable[[NDArray[np.float32], str, str], NDArray[np.float64]]:
        return self.calibrations[fold].corpus_log_ratio

    def _block(self, rows: Rows, places: NDArray[np.intp], extra: NDArray[np.float64]) -> ScoredBlock:
        own = rows[places]
        corpus, judged = self.corpus, self.judged
        return ScoredBlock(
            file=0,
            row=places.astype(np.int32),
            language=encode_labels(corpus.language[own].tolist()),
            script=encode_labels(corpus.script[own].tolist()),
            host=encode_labels(corpus.group[own].tolist()),
            token_count=judged.tokens[own],
            detector_score=judged.score[own],
            abstained=judged.abstained[own],
            evidence_log_ratio=judged.evidence[own] + extra[places],
            before_chatbots=np.zeros(own.size, np.bool_),  # dates would give people away
        )


def join(blocks: Sequence[LevelBlock], size: int) -> LevelBlock:
    """The blocks of one mixture of `size` pages as one, in the order of its pages."""
    cells = tuple(sorted({cell for block in blocks for cell in block.cells}))
    number = {cell: k for k, cell in enumerate(cells)}
    codes, tokens, level = np.zeros(size, np.int64), np.zeros(size, np.int32), np.zeros(size, np.int32)
    for block in blocks:
        codes[block.row] = np.array([number[cell] for cell in block.cells])[block.cell_codes]
        tokens[block.row], level[block.row] = block.token_count, block.level
    return LevelBlock(0, np.arange(size, dtype=np.int32), cells, codes, tokens, level)


def masses_of(block: LevelBlock) -> list[tuple[Cell, CellMass]]:
    """The mass of every cell."""
    return _merged(count_tokens(block), merge_masses)


def weigh(block: LevelBlock, masses: Sequence[tuple[Cell, CellMass]], params: WeighParams) -> NDArray[np.float64]:
    """`human_weight` of each page [pages], as `firsthand curate` gives it."""
    lifts = {cell: fit_lift(mass.tokens, params) for cell, mass in masses}
    return weigh_block(block, lifts, params).human_weight.astype(np.float64)


def _merged(items: Iterable[tuple[K, V]], merge: Callable[[Iterable[V]], V]) -> list[tuple[K, V]]:
    parts: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in items:
        parts[key].append(value)
    return [(key, merge(values)) for key, values in parts.items()]
