"""Powers of a factor."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.powers import powers


@pytest.mark.parametrize("length", [1, 2, 1 << 15, (1 << 15) + 1024, 50_000])
def test_powers_are_those_of_python(length: int) -> None:
    factor = 0x9E3779B97F4A7C15
    found = powers(np.uint64(factor), length)
    assert found.dtype == np.uint64
    assert found.size >= length
    for place in {0, 1, length // 2, length - 1} & set(range(length)):
        assert int(found[place]) == pow(factor, place, 1 << 64)
