"""Beam edge of weigh: the passes over blocks, joined by side inputs that stay small however large the crawl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apache_beam as beam
from apache_beam.pvalue import AsDict, AsSingleton, PCollection
from apache_beam.transforms.combiners import ToList

from transforms.weigh.block import LevelBlock, ScoredBlock, WeightBlock
from transforms.weigh.borrow import Priors, estimate_priors
from transforms.weigh.cells import Cell
from transforms.weigh.histogram import Histogram, merge_histograms
from transforms.weigh.params import WeighParams
from transforms.weigh.passes import Calibrate, count_ratios, count_tokens, rate_block, weigh_block
from transforms.weigh.report import CellMass, CellRow, WeighReport, assemble_report, merge_masses, settle_cell

# What is summed by cell crosses a shuffle under plain tuples: their coder is short, and deterministic on every runner.
_CellKey = tuple[str, int]  # language, length bin
_StratumKey = tuple[str, int, str]  # and script


class WeighDocuments(
    beam.PTransform[PCollection[ScoredBlock], tuple[PCollection[WeightBlock], PCollection[WeighReport]]]
):
    """Blocks of kept rows → (their weights: one WeightBlock for each block, one WeighReport for all)."""

    def __init__(self, params: WeighParams, calibrate: Calibrate) -> None:
        super().__init__()
        self._params = params
        self._calibrate = calibrate

    def expand(self, blocks: PCollection[ScoredBlock]) -> tuple[PCollection[WeightBlock], PCollection[WeighReport]]:
        """Wire the passes of transforms.weigh.passes."""
        params, calibrate = self._params, self._calibrate
        priors = AsSingleton(
            blocks
            | "CountRatios"
            >> beam.FlatMap(_count_ratios, calibrate, params).with_output_types(tuple[_StratumKey, Histogram])
            | "SumRatios" >> beam.CombinePerKey(merge_histograms)
            | "GatherRatios" >> ToList()
            | "EstimatePriors" >> beam.Map(_estimate_priors, params)
        )
        rated = blocks | "RateBlocks" >> beam.Map(rate_block, priors, calibrate, params)
        masses = (
            rated
            | "CountTokens" >> beam.FlatMap(_count_tokens).with_output_types(tuple[_CellKey, CellMass])
            | "SumTokens" >> beam.CombinePerKey(merge_masses)
        )
        rows = masses | "SettleCells" >> beam.Map(_settle_cell, priors, params)
        lifts = AsDict(rows | "Lifts" >> beam.Map(lambda row: (row.cell, row.lift)))
        weights = rated | "WeighBlocks" >> beam.Map(weigh_block, lifts, params)
        report = rows | "GatherCells" >> ToList() | "AssembleReport" >> beam.Map(assemble_report, priors)
        return weights, report


def _count_ratios(
    block: ScoredBlock, calibrate: Calibrate, params: WeighParams
) -> Iterator[tuple[_StratumKey, Histogram]]:
    for (cell, script), ratios in count_ratios(block, calibrate, params):
        yield (cell.language, cell.length_bin, script), ratios


def _estimate_priors(ratios: Iterable[tuple[_StratumKey, Histogram]], params: WeighParams) -> Priors:
    strata = [((Cell(language, number), script), counts) for (language, number, script), counts in ratios]
    return estimate_priors(strata, params)


def _count_tokens(block: LevelBlock) -> Iterator[tuple[_CellKey, CellMass]]:
    for cell, mass in count_tokens(block):
        yield (cell.language, cell.length_bin), mass


def _settle_cell(entry: tuple[_CellKey, CellMass], priors: Priors, params: WeighParams) -> CellRow:
    key, mass = entry
    return settle_cell((Cell(*key), mass), priors, params)
