"""The Beam edge gives what the detector gives."""

from __future__ import annotations

import apache_beam as beam
import numpy as np
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from transforms.records import Declaration, Extraction, Origin, Reading
from transforms.score.detector import Detector
from transforms.score.stage import ScoreDocuments, calibrate, p_null

PROSE = "The old mill stands by the river and the water rises to the second step of its stair each spring. " * 4


def test_every_document_leaves_with_its_assessment() -> None:
    origin = Origin("a.warc", "a.warc", 0, 1, "", "response", "https://example.org/")
    claim = (Declaration("c2pa", "x"),)
    extraction = Extraction(PROSE, "", "none", "utf-8", "", "", claim, ())
    reading = Reading("en", "Latn", 1.0, 80, 1.0, {}, ())
    expected = Detector.load().assess(PROSE, language="en", script="Latn", declarations=claim)
    with test_pipeline.TestPipeline(runner="FnApiRunner") as pipeline:
        scored = pipeline | beam.Create([(origin, extraction, reading)]) | ScoreDocuments()
        assert_that(scored, equal_to([(origin, extraction, reading, expected)]))


def test_ratio_and_rarity_are_by_the_shipped_calibration() -> None:
    scores = np.array([-3.0, 0.0, 3.0], dtype=np.float32)
    shipped = Detector.load().calibration
    assert calibrate(scores, "en", "Latn").tolist() == shipped.corpus_log_ratio(scores, "en", "Latn").tolist()
    assert p_null(scores, "en", "Latn").tolist() == shipped.p_null(scores, "en", "Latn").tolist()
