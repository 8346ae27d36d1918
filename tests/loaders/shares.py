"""Shares of tokens: what a corpus calls for by weight, and how far from that a loader is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

GROUPS = ("language", "weight_bucket")
TOLERANCE = 0.01  # of all tokens
Shares = dict[object, float]
Record = Mapping[str, object]


def by_weight(output: Path, group: str) -> Shares:
    """The share of each group in Σ token_count · human_weight, by DuckDB."""
    query = f"""
        SELECT {group}, sum(token_count * human_weight::DOUBLE) / sum(sum(token_count * human_weight::DOUBLE)) OVER ()
        FROM '{output}/corpus/*.parquet' GROUP BY 1
    """
    with duckdb.connect() as connection:
        return dict(connection.sql(query).fetchall())


def error(tokens: Mapping[object, float], output: Path, group: str) -> float:
    """The greatest difference between a group's share of these tokens and its share by weight."""
    wanted, total = by_weight(output, group), sum(tokens.values())
    assert tokens.keys() <= wanted.keys()
    return max(abs(tokens.get(name, 0) / total - share) for name, share in wanted.items())


def narrow(output: Path) -> pa.Table:
    """The columns of the corpus that shares are made of, and the ids."""
    columns = ["id", *GROUPS, "token_count", "human_weight", "expected_repeats"]
    return ds.dataset(output / "corpus", format="parquet").to_table(columns=columns)


def summed(values: np.ndarray, table: pa.Table, group: str) -> Shares:
    """The sum of the values of each group's rows."""
    sums: Counter[object] = Counter()
    for name, value in zip(table[group].to_pylist(), values.tolist(), strict=True):
        sums[name] += value
    return dict(sums)


def tokens_of(records: Iterable[Record], group: str) -> Shares:
    """The tokens of each group's records."""
    sums: Counter[object] = Counter()
    for record in records:
        sums[record[group]] += int(str(record["token_count"]))
    return dict(sums)


def drawn(output: Path, ids: list[str]) -> np.ndarray:
    """How often each row of the corpus is among the ids, int64 [n]."""
    place = {row_id: number for number, row_id in enumerate(narrow(output)["id"].to_pylist())}
    return np.bincount([place[row_id] for row_id in ids], minlength=len(place))


def enough_draws(output: Path, times: np.ndarray) -> int:
    """How many draws hold every share within `TOLERANCE` at five standard deviations, one in two million by chance.

    A row comes `times` on average, float [n], and its fraction by a coin. The share of a group is a ratio; to first
    order its variance is Σ fraction · (1 − fraction) · (tokens · (in group − share))² / (Σ tokens · times)².
    """
    table = narrow(output)
    tokens = table["token_count"].to_numpy().astype(float)
    coins = (times % 1) * (1 - times % 1)
    variances = [
        float(coins @ (tokens * ((np.array(table[group].to_pylist(), object) == name) - share)) ** 2)
        for group in GROUPS
        for name, share in by_weight(output, group).items()
    ]
    return max(2, math.ceil(25 * max(variances) / (tokens @ times) ** 2 / TOLERANCE**2))
