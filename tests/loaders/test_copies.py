from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import run
from tests.loaders.shares import GROUPS, TOLERANCE, enough_draws, error, narrow, summed
from transforms.weigh.weight import whole_copies

SECTION = "Whole copies as JSON lines"


@pytest.mark.usefixtures("offline")
def test_the_records_are_the_whole_copies_of_the_rows(folder: Path, output: Path) -> None:
    records, table = list(run(SECTION)["records"]), narrow(output)
    ids = table["id"].to_pylist()
    copies = whole_copies(table["expected_repeats"].to_numpy(), ids, seed=1)
    assert Counter(record["id"] for record in records) == {i: n for i, n in zip(ids, copies.tolist(), strict=True) if n}


def test_copies_come_to_the_shares_by_weight(output: Path) -> None:
    table = narrow(output)
    repeats, ids = table["expected_repeats"].to_numpy(), table["id"].to_pylist()
    draws = enough_draws(output, repeats.astype(float))
    times = sum((whole_copies(repeats, ids, seed) for seed in range(draws)), np.zeros(len(ids)))
    for group in GROUPS:
        assert error(summed(times * table["token_count"].to_numpy(), table, group), output, group) < TOLERANCE
