from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import run
from tests.loaders.shares import GROUPS, TOLERANCE, drawn, enough_draws, error, narrow, summed

pytest.importorskip("polars", reason="needs pip install 'firsthand[loaders]'")
SECTION = "Polars"


def test_weighted_tokens_are_those_of_the_rows(folder: Path, output: Path) -> None:
    answer = run(SECTION)["by_language"]
    assert error(dict(answer.iter_rows()), output, "language") < 1e-9


def test_copies_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION), narrow(output)
    repeats = table["expected_repeats"].to_numpy().astype(float)
    times = np.zeros(table.num_rows)
    for seed in range(enough_draws(output, repeats)):
        one = drawn(output, page["copies"](seed)["id"].to_list())
        assert (abs(one - repeats) < 1).all()
        times += one
    for group in GROUPS:
        assert error(summed(times * table["token_count"].to_numpy(), table, group), output, group) < TOLERANCE


def test_a_sample_is_what_the_coin_says(folder: Path) -> None:
    page = run(SECTION)
    rows = page["corpus"].with_columns(coin=page["uniform"](3)).collect().to_dicts()
    kept = [row["id"] for row in rows if row["coin"] < row["human_weight"] / 4]
    assert page["sample"](3)["id"].to_list() == kept
    assert kept


def test_samples_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION), narrow(output)
    rows = page["corpus"].collect()
    chance = rows["human_weight"].to_numpy().astype(float) / 4
    times = np.zeros(table.num_rows)
    for seed in range(enough_draws(output, chance)):
        times += rows.select(page["uniform"](seed)).to_series().to_numpy() < chance
    for group in GROUPS:
        assert error(summed(times * table["token_count"].to_numpy(), table, group), output, group) < TOLERANCE
