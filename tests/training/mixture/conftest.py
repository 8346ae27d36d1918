"""The known corpus of tests/training as a mixture's pool and path: scores, folds and lengths are given, no text is."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.conftest import Known
from training.mixture.judges import Judged, calibrations
from training.mixture.pool import Pool, gather_pool
from training.mixture.route import Route


@pytest.fixture(scope="session")
def route(known: Known) -> Route:
    """1,500 texts of 50 to 600 tokens; one in 20 was too short for an opinion."""
    rng = np.random.default_rng(4)
    size = len(known.corpus)
    judged = Judged(
        fold=known.fold,
        tokens=rng.integers(50, 600, size).astype(np.int32),
        score=known.score.astype(np.float32),
        abstained=np.arange(size) % 20 == 19,
        evidence=np.zeros(size),
    )
    return Route(known.corpus, judged, calibrations(known.corpus, judged))


@pytest.fixture(scope="session")
def pool(route: Route) -> Pool:
    """All undisguised machine texts, and people."""
    return gather_pool(route.corpus, route.judged, route.corpus.attack == "", registers=True, seed=0)
