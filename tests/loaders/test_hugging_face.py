from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import run
from tests.loaders.shares import GROUPS, TOLERANCE, enough_draws, error, narrow, summed
from transforms.schema import CORPUS
from transforms.weigh import weight

pytestmark = pytest.mark.usefixtures("offline")
SECTION = "Hugging Face datasets"


def test_rows_stream_with_their_weights(folder: Path, output: Path) -> None:
    rows = list(run(SECTION)["rows"])
    for group in GROUPS:
        seen: Counter[object] = Counter()
        for row in rows:
            seen[row[group]] += row["token_count"] * row["human_weight"]
        assert error(seen, output, group) < 1e-9


def test_the_card_leads_to_every_row_and_column(folder: Path, output: Path) -> None:
    rows = list(run(SECTION)["whole"])
    assert [row["id"] for row in rows] == narrow(output)["id"].to_pylist()
    assert list(rows[0]) == [column.name for column in CORPUS]


def test_an_epoch_of_copies_is_what_the_coin_says(folder: Path, output: Path) -> None:
    page, table = run(SECTION), narrow(output)
    ids = table["id"].to_pylist()
    copies = weight.whole_copies(table["expected_repeats"].to_numpy(), ids, 3)
    seen = Counter(row["id"] for row in page["epoch"](3))
    assert seen == {row_id: n for row_id, n in zip(ids, copies.tolist(), strict=True) if n}


def test_copies_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION), narrow(output)
    repeats, ids = table["expected_repeats"].to_numpy(), table["id"].to_pylist()
    draws = enough_draws(output, repeats.astype(float))
    times = np.zeros(len(ids))
    for seed in range(draws):
        times += [page["whole_copies"](e, i, seed) for e, i in zip(repeats.tolist(), ids, strict=True)]
    for group in GROUPS:
        assert error(summed(times * table["token_count"].to_numpy(), table, group), output, group) < TOLERANCE


def test_a_sparse_epoch_is_what_the_coin_says(folder: Path) -> None:
    page = run(SECTION)
    kept = {row["id"] for row in page["rows"] if page["is_kept"](row, 5)}
    assert [row["id"] for row in page["sparse_epoch"](5)] == [row["id"] for row in page["rows"] if row["id"] in kept]
    assert kept


def test_sparse_epochs_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION), narrow(output)
    rows = table.to_pylist()
    draws = enough_draws(output, table["human_weight"].to_numpy().astype(float) / page["CAP"])
    times = np.zeros(len(rows))
    for seed in range(draws):
        times += [page["is_kept"](row, seed) for row in rows]
    for group in GROUPS:
        assert error(summed(times * table["token_count"].to_numpy(), table, group), output, group) < TOLERANCE
