"""Beam edge of weigh: the passes over blocks, joined by side inputs that stay small however large the crawl."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.pvalue import AsDict, AsSingleton, PCollection
from apache_beam.transforms.combiners import ToList

from transforms.weigh.block import ScoredBlock, WeightBlock
from transforms.weigh.borrow import estimate_priors
from transforms.weigh.histogram import merge_histograms
from transforms.weigh.params import WeighParams
from transforms.weigh.passes import Calibrate, count_ratios, count_tokens, rate_block, weigh_block
from transforms.weigh.report import WeighReport, assemble_report, merge_masses, settle_cell


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
            | "CountRatios" >> beam.FlatMap(count_ratios, calibrate, params)
            | "SumRatios" >> beam.CombinePerKey(merge_histograms)
            | "GatherRatios" >> ToList()
            | "EstimatePriors" >> beam.Map(estimate_priors, params)
        )
        rated = blocks | "RateBlocks" >> beam.Map(rate_block, priors, calibrate, params)
        masses = rated | "CountTokens" >> beam.FlatMap(count_tokens) | "SumTokens" >> beam.CombinePerKey(merge_masses)
        rows = masses | "SettleCells" >> beam.Map(settle_cell, priors, params)
        lifts = AsDict(rows | "Lifts" >> beam.Map(lambda row: (row.cell, row.lift)))
        weights = rated | "WeighBlocks" >> beam.Map(weigh_block, lifts, params)
        report = rows | "GatherCells" >> ToList() | "AssembleReport" >> beam.Map(assemble_report, priors)
        return weights, report
