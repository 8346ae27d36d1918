from __future__ import annotations

import doctest

import numpy as np
import pytest

from transforms.weigh import block, cells
from transforms.weigh.cells import length_bins, length_range
from transforms.weigh.params import WeighParams

EDGES = WeighParams().length_edges


@pytest.mark.parametrize("module", [block, cells])
def test_examples_in_the_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_an_edge_begins_its_bin() -> None:
    lengths = np.array([1, 127, 128, 255, 256, 4095, 4096, 2**31 - 1], np.int32)
    assert length_bins(lengths, EDGES).tolist() == [0, 0, 1, 1, 2, 5, 6, 6]


def test_bins_are_named_by_the_tokens_they_hold() -> None:
    names = [length_range(b, EDGES) for b in range(len(EDGES) + 1)]
    assert names == ["<128", "128–255", "256–511", "512–1023", "1024–2047", "2048–4095", "≥4096"]


def test_without_edges_there_is_one_bin() -> None:
    assert length_bins(np.array([0, 5000], np.int32), ()).tolist() == [0, 0]
    assert length_range(0, ()) == "all"
