"""Curves of style for models made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.score.style import BINS, MEASURES, Curves


@pytest.fixture(scope="session")
def flat() -> Curves:
    """Curves that add nothing to any score."""
    measures = len(MEASURES)
    return Curves(np.zeros((measures, BINS - 1), np.float32), np.zeros((measures, BINS), np.int8), 1.0)


@pytest.fixture(scope="session")
def curves() -> Curves:
    """Curves with random weights, so that every bin of every measure matters; edges as texts of shares have them."""
    rng = np.random.default_rng(11)
    edges = np.sort(rng.choice([0.0, 0.0, 0.01, 0.05, 0.1, 0.3, 1.0, 3.0, 20.0], (len(MEASURES), BINS - 1)), axis=1)
    weights = rng.integers(-127, 128, (len(MEASURES), BINS)).astype(np.int8)
    return Curves(edges.astype(np.float32), weights, 0.02)
