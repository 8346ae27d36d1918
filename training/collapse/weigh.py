"""A mixture on the project's real path: language, detector, calibration, priors of cells, `human_weight`.

What `firsthand` does between a text and its weight, by the same functions; no filter and no deduplication, which would
reject most of what an n-gram model writes and leave less to weigh. Nobody tells it how much of the mixture is human.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transforms.filter.language import identify
from transforms.filter.tokens import count_tokens
from transforms.score.detector import Detector
from transforms.weigh.block import ScoredBlock, encode_labels
from transforms.weigh.params import WeighParams
from transforms.weigh.passes import Calibrate, weigh_corpus

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a documents file keeps of a text and weighing asks for."""

    language: str
    script: str
    tokens: int
    score: float  # higher is more machine; NaN where the detector abstained
    evidence: float  # sum of the log-ratios of signs beside the score


class Judge(Protocol):
    """A detector with its calibration."""

    def opinions(self, texts: Sequence[str], machine: bool, *, seed: int) -> list[Opinion]:
        """An opinion on each text. Only a simulated detector may look at `machine` and `seed`."""

    def calibrate(self, detector_score: NDArray[np.float32], language: str, script: str) -> Floats:
        """log P(score | machine) / P(score | human): see transforms.weigh.passes.Calibrate."""


@dataclass(frozen=True, slots=True, eq=False)
class RealJudge:
    """The shipped detector, or another of the same recipe."""

    detector: Detector

    def opinions(self, texts: Sequence[str], machine: bool, *, seed: int) -> list[Opinion]:
        """See `Judge`; neither `machine` nor `seed` is looked at."""
        return [_opinion(self.detector, text) for text in texts]

    def calibrate(self, detector_score: NDArray[np.float32], language: str, script: str) -> Floats:
        """As `firsthand curate` does."""
        return self.detector.calibration.corpus_log_ratio(detector_score, language, script)


@dataclass(frozen=True, slots=True)
class SimulatedJudge:
    """A simulation, for comparison only: scores of people from N(0, 1), of machines from N(d, 1), whatever the text.

    `d` gives the area under the curve, Φ(d/√2); the log-ratio d·s − d²/2 is the exact one. A human text has the same
    score in every generation. Errors are independent of what a text says, which those of a detector are not.
    """

    d: float

    def opinions(self, texts: Sequence[str], machine: bool, *, seed: int) -> list[Opinion]:
        """See `Judge`."""
        scores = np.random.default_rng(seed).normal(self.d * machine, 1.0, len(texts))
        return [
            Opinion("en", "Latn", count_tokens(text), score, 0.0) for text, score in zip(texts, scores, strict=True)
        ]

    def calibrate(self, detector_score: NDArray[np.float32], language: str, script: str) -> Floats:
        """The exact log-ratio."""
        return np.asarray(self.d * detector_score.astype(np.float64) - self.d**2 / 2, dtype=np.float64)


def _opinion(detector: Detector, text: str) -> Opinion:
    language, script, _ = identify(text)
    found = detector.assess(text, language=language, script=script)
    score = np.nan if found.abstain_reason or found.detector_score is None else found.detector_score
    return Opinion(language, script, count_tokens(text), score, sum(sign.log_ratio for sign in found.evidence))


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """What the path made of a mixture; arrays [documents]."""

    probability: Floats  # human_probability, NaN where the detector abstained
    weight: Floats  # human_weight
    tokens: Floats


def weigh(opinions: Sequence[Opinion], calibrate: Calibrate, params: WeighParams) -> Weighed:
    """Priors of the cells and weights, as one documents file whose every page is of another host.

    A text that the detector abstained on weighs 1.
    """
    count = len(opinions)
    score = np.array([opinion.score for opinion in opinions], np.float32)
    block = ScoredBlock(
        file=0,
        row=np.arange(count, dtype=np.int32),
        language=encode_labels(opinion.language for opinion in opinions),
        script=encode_labels(opinion.script for opinion in opinions),
        host=encode_labels(map(str, range(count))),
        token_count=np.array([opinion.tokens for opinion in opinions], np.int32),
        detector_score=score,
        abstained=np.isnan(score),
        evidence_log_ratio=np.array([opinion.evidence for opinion in opinions], np.float64),
        before_chatbots=np.zeros(count, np.bool_),
    )
    (found,), _ = weigh_corpus([block], calibrate, params)
    probability, weight = found.human_probability.astype(np.float64), found.human_weight.astype(np.float64)
    return Weighed(probability, weight, block.token_count.astype(np.float64))
