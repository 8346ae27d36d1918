"""Spark on this machine; a cluster test, since it starts a Java process and PySpark is a large download."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest

from tests.loaders.page import Names, run
from tests.loaders.shares import GROUPS, TOLERANCE, drawn, enough_draws, error, narrow, summed

pytest.importorskip("pyspark", reason="make test-spark installs it")
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # PySpark leaves the socket to its Java process open
]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working directory of all tests: the Java process keeps the one it was started in, as long as Python runs.

    A folder of the module would be made anew where pytest, which puts tests of one output together, leaves the module
    and comes back: Java would read the output of the first time.
    """
    return tmp_path_factory.mktemp("spark")


@pytest.fixture
def page(home: Path, output: Path) -> Iterator[Names]:
    """The names of the section, with a Spark of two cores behind them."""
    demo = home / "out" / "demo"
    demo.parent.mkdir(exist_ok=True)
    demo.unlink(missing_ok=True)
    demo.symlink_to(output)
    os.environ["PYSPARK_SUBMIT_ARGS"] = "--master local[2] --conf spark.ui.enabled=false pyspark-shell"
    with chdir(home):
        names = run("Spark")
        yield names
        names["spark"].stop()
    del os.environ["PYSPARK_SUBMIT_ARGS"]


def test_weighted_tokens_are_those_of_the_rows(page: Names, output: Path) -> None:
    answer = {row.language: row.weighted_tokens for row in page["by_language"].collect()}
    assert error(answer, output, "language") < 1e-9


def test_copies_are_as_many_as_expected(page: Names, output: Path) -> None:
    repeats = narrow(output)["expected_repeats"].to_numpy().astype(float)
    for seed in (1, 2):
        copies = drawn(output, [row.id for row in page["copies"](seed).select("id").collect()])
        assert (abs(copies - repeats) < 1).all()


def test_a_sample_is_what_the_coin_says(page: Names, output: Path) -> None:
    coins = page["corpus"].select("id", "human_weight", page["uniform"](3).alias("coin")).collect()
    assert sorted(row.id for row in coins) == sorted(narrow(output)["id"].to_pylist())
    kept = {row.id for row in coins if row.coin < row.human_weight / 4}
    assert {row.id for row in page["sample"](3).collect()} == kept
    assert kept


def test_coins_come_to_the_shares_by_weight(page: Names, output: Path) -> None:
    """A row is there once more, or at all, where its coin is below a chance; the coins of many seeds at once."""
    table = narrow(output)
    ids, tokens = table["id"].to_pylist(), table["token_count"].to_numpy()
    repeats = table["expected_repeats"].to_numpy().astype(float)
    for expected in (repeats, repeats / 4):
        draws = enough_draws(output, expected)
        seeds = page["spark"].range(draws).withColumnRenamed("id", "seed")
        rows = page["spark"].createDataFrame(list(zip(ids, (expected % 1).tolist(), strict=True)), ["id", "chance"])
        thrown = rows.crossJoin(seeds).where(page["uniform"](page["F"].col("seed")) < page["F"].col("chance"))
        times = {row["id"]: row["count"] for row in thrown.groupBy("id").count().collect()}
        seen = np.floor(expected) * draws + [times.get(row_id, 0) for row_id in ids]
        for group in GROUPS:
            assert error(summed(seen * tokens, table, group), output, group) < TOLERANCE
