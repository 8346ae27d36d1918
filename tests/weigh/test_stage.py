"""The Beam edge: the pipeline equals the direct computation."""

from __future__ import annotations

import logging
from collections.abc import Callable

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that

from transforms.weigh.block import ScoredBlock, WeightBlock
from transforms.weigh.params import WeighParams
from transforms.weigh.passes import Calibrate, weigh_corpus
from transforms.weigh.report import WeighReport
from transforms.weigh.stage import WeighDocuments

PARAMS = WeighParams(bootstrap=20)


def check_pipeline(blocks: list[ScoredBlock], calibrate: Calibrate) -> None:
    """Run the transform on these blocks and compare with `weigh_corpus`, bit for bit."""
    direct, report = weigh_corpus(blocks, calibrate, PARAMS)
    expected = {block.file: block for block in direct}

    def same_weights(got: list[WeightBlock]) -> None:
        assert sorted(block.file for block in got) == sorted(expected)
        for block in got:
            for name in ("row", "human_probability", "human_weight", "expected_repeats", "weight_bucket"):
                np.testing.assert_array_equal(getattr(block, name), getattr(expected[block.file], name))

    def same_report(got: list[WeighReport]) -> None:
        assert got == [report]

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        weights, reports = pipeline | beam.Create(blocks) | WeighDocuments(PARAMS, calibrate)
        assert_that(weights, same_weights, label="Weights")
        assert_that(reports, same_report, label="Report")


def test_the_pipeline_equals_the_direct_computation(
    make_block: Callable[..., ScoredBlock], calibrate: Calibrate
) -> None:
    check_pipeline([make_block(file=file, rows=150 + file) for file in range(5)], calibrate)


@pytest.mark.parametrize("blocks", [[], [0]])
def test_nothing_to_weigh_is_no_error(
    blocks: list[int], make_block: Callable[..., ScoredBlock], calibrate: Calibrate
) -> None:
    check_pipeline([make_block(rows=rows) for rows in blocks], calibrate)


def test_no_key_of_a_shuffle_is_left_to_a_fallback_coder(
    make_block: Callable[..., ScoredBlock], calibrate: Calibrate, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check_pipeline([make_block(rows=50)], calibrate)
    assert not [record.getMessage() for record in caplog.records if "fallback" in record.getMessage()]
