from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import run
from tests.loaders.shares import narrow, summed


def test_the_share_by_weight_is_the_sum_it_says(folder: Path, output: Path) -> None:
    shown = run("The figure that every loader is held to")["share_by_weight"]
    table = narrow(output)
    mass = table["token_count"].to_numpy() * table["human_weight"].to_numpy().astype(np.float64)
    assert shown == pytest.approx({name: m / mass.sum() for name, m in summed(mass, table, "language").items()})


def test_the_share_by_weight_of_a_language_is_its_share_of_the_corpus(folder: Path, output: Path) -> None:
    shown = run("The figure that every loader is held to")["share_by_weight"]
    table = narrow(output)
    tokens = summed(table["token_count"].to_numpy(), table, "language")
    assert shown == pytest.approx({name: n / sum(tokens.values()) for name, n in tokens.items()}, abs=1e-6)
