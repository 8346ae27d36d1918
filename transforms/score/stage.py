"""Beam edge of score."""

from __future__ import annotations

from functools import cache

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection
from numpy.typing import NDArray

from transforms.records import Assessment, Extraction, Origin, Reading
from transforms.score.detector import Detector

Read = tuple[Origin, Extraction, Reading]
Scored = tuple[Origin, Extraction, Reading, Assessment]


class ScoreDocuments(beam.PTransform[PCollection[Read], PCollection[Scored]]):
    """(Origin, Extraction, Reading) → the same with the Assessment of the text."""

    def expand(self, documents: PCollection[Read]) -> PCollection[Scored]:
        """One document in, one out."""
        scored: PCollection[Scored] = documents | beam.Map(_assess)
        return scored


def calibrate(detector_score: NDArray[np.float32], language: str, script: str) -> NDArray[np.float64]:
    """log P(score | machine) / P(score | human) by the shipped calibration: see Calibration.corpus_log_ratio."""
    return _detector().calibration.corpus_log_ratio(detector_score, language, script)


def p_null(detector_score: NDArray[np.float32], language: str, script: str) -> NDArray[np.float64]:
    """How rare so high a score is among people, by the shipped calibration: see Calibration.p_null."""
    return _detector().calibration.p_null(detector_score, language, script)


@cache
def _detector() -> Detector:
    """One detector a process, loaded when its first document or block arrives."""
    return Detector.load()


def _assess(document: Read) -> Scored:
    origin, extraction, reading = document
    assessment = _detector().assess(
        extraction.text,
        language=reading.language,
        script=reading.language_script,
        declarations=extraction.declarations,
        url=origin.target_uri,
    )
    return origin, extraction, reading, assessment
