"""Made-up corpora: binormal scores whose likelihood ratio is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from transforms.weigh.block import ScoredBlock, encode_labels

SHIFT = 1.8124  # distance of the two score distributions at AUC .90: √2 · Φ⁻¹(.90)
LANGUAGES = ("en", "de", "ru", "sr", "km")
SCRIPTS = ("Latn", "Latn", "Cyrl", "Cyrl", "Khmr")

MakeBlock = Callable[..., ScoredBlock]


@pytest.fixture(scope="session")
def make_block() -> MakeBlock:
    """A block of `rows` made-up pages, a share `human` of them human; its scores are their true log-ratios."""

    def make(*, file: int = 0, rows: int = 200, human: float = 0.7, early: float = 0.05) -> ScoredBlock:
        rng = np.random.default_rng([file, rows])
        language = rng.choice(len(LANGUAGES), rows, p=[0.5, 0.3, 0.15, 0.04, 0.01])
        machine = rng.random(rows) >= human
        return ScoredBlock(
            file=file,
            row=np.arange(rows, dtype=np.int32),
            language=encode_labels(LANGUAGES[i] for i in language),
            script=encode_labels(SCRIPTS[i] for i in language),
            host=encode_labels(f"host{i}.example" for i in rng.integers(0, 50, rows)),
            token_count=np.exp(rng.normal(6, 1.2, rows)).astype(np.int32),
            detector_score=binormal_log_ratios(rng, machine).astype(np.float32),
            abstained=rng.random(rows) < 0.1,
            evidence_log_ratio=np.where(rng.random(rows) < 0.02, np.log(1000.0), 0.0),
            before_chatbots=~machine & (rng.random(rows) < early),
        )

    return make


def binormal_log_ratios(rng: np.random.Generator, machine: NDArray[np.bool_]) -> NDArray[np.float64]:
    """log P(score | machine) / P(score | human) of scores drawn from N(±SHIFT/2, 1)."""
    return SHIFT * rng.normal(np.where(machine, SHIFT / 2, -SHIFT / 2), 1.0)


@pytest.fixture(scope="session")
def draw_log_ratios() -> Callable[[np.random.Generator, NDArray[np.bool_]], NDArray[np.float64]]:
    """See `binormal_log_ratios`."""
    return binormal_log_ratios


@pytest.fixture(scope="session")
def calibrate() -> Callable[[NDArray[np.float32], str, str], NDArray[np.float64]]:
    """The scores as they are; Khmer has no calibration."""

    def as_they_are(scores: NDArray[np.float32], language: str, script: str) -> NDArray[np.float64]:
        return np.full(scores.size, np.nan) if script == "Khmr" else scores.astype(np.float64)

    return as_they_are
