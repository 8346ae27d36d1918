from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import run
from tests.loaders.shares import GROUPS, TOLERANCE, drawn, enough_draws, error, narrow, summed

SECTION = "DuckDB"


def test_weighted_statistics_are_those_of_the_rows(folder: Path, output: Path) -> None:
    answers = run(SECTION)["by_language"].fetchall()
    table = narrow(output)
    tokens, weight = (table[name].to_numpy().astype(float) for name in ("token_count", "human_weight"))
    mass, squares = summed(tokens * weight, table, "language"), summed(tokens * weight**2, table, "language")
    plain = summed(tokens, table, "language")
    assert {row[0]: row[2] for row in answers} == pytest.approx(mass)
    assert {row[0]: row[4] for row in answers} == pytest.approx(
        {name: mass[name] ** 2 / (plain[name] * squares[name]) for name in mass}
    )
    assert sum(row[1] for row in answers) == table.num_rows


def test_copies_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page, table = run(SECTION), narrow(output)
    repeats = table["expected_repeats"].to_numpy().astype(float)
    times = np.zeros(table.num_rows)
    for seed in range(enough_draws(output, repeats)):
        one = drawn(output, [row[0] for row in page["copies"](seed).fetchall()])
        assert (abs(one - repeats) < 1).all()
        times += one
    for group in GROUPS:
        assert error(summed(times * table["token_count"].to_numpy(), table, group), output, group) < TOLERANCE


def test_a_sample_is_what_the_coin_says(folder: Path, output: Path) -> None:
    page = run(SECTION)
    coin = page["UNIFORM"].replace("$seed", "seed")
    kept = f"SELECT seed, id FROM corpus, (SELECT unnest([3, 4]) AS seed) WHERE {coin} < human_weight / 4"
    drawn_at_once = set(page["connection"].sql(kept).fetchall())
    assert {(seed, row[0]) for seed in (3, 4) for row in page["sample"](seed).fetchall()} == drawn_at_once
    assert drawn_at_once


def test_samples_come_to_the_shares_by_weight(folder: Path, output: Path) -> None:
    page = run(SECTION)
    table = narrow(output)
    draws = enough_draws(output, table["human_weight"].to_numpy().astype(float) / 4)
    coin = page["UNIFORM"].replace("$seed", "seed")
    for group in GROUPS:
        kept = f"""
            SELECT {group}, sum(token_count) FROM corpus, (SELECT unnest(range({draws})) AS seed)
            WHERE {coin} < human_weight / 4 GROUP BY 1
        """
        assert error(dict(page["connection"].sql(kept).fetchall()), output, group) < TOLERANCE
