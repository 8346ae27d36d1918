"""What weights must be whatever detector they rest on: within bounds, of mean 1 in every cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.verify.check import Check, Findings, many, skipped
from pipeline.verify.claim import Claim
from pipeline.verify.corpus import batches, name_of
from pipeline.verify.progress import Pulse
from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema
from transforms.weigh.cells import Cell, length_bins, length_range
from transforms.weigh.params import WeighParams
from transforms.weigh.weight import expected_repeats, weight_bucket

_SCHEMA = arrow_schema(CORPUS)
_COLUMNS = ["id", "language", "token_count", "human_weight", "expected_repeats", "weight_bucket", "human_probability"]
_BATCH = 50_000
_OFF = 1e-5  # of the mean of a cell: weights are float32, and the levels of one cell err by at most 6e-8 each
_EDGE = 1e-6  # of a bound, for the same reason

Sums = defaultdict[Cell, NDArray[np.float64]]
"""Tokens, and tokens times weight, by cell."""


def check_means(folder: Folder, claim: Claim, pulse: Pulse) -> Check:
    """Weights by themselves, from the rows and the configuration in the manifest."""
    if claim.config is None:
        return skipped("means", "the configuration in the manifest is none that this release knows")
    params, findings, unread, done = claim.config.weigh, Findings(), Findings(), 0
    sums: Sums = defaultdict(lambda: np.zeros(2))
    for path in folder.parquet("corpus"):
        for table in batches(folder, path, _SCHEMA, _COLUMNS, unread, rows=_BATCH):
            _judge(table, path, params, findings)
            _add(table, params, sums)
            done += table.num_rows
            pulse("means", done, claim.rows())
    for cell, (tokens, weighted) in sorted(sums.items() if not unread.found else ()):  # of all its rows, or of none
        if abs(weighted - tokens) > _OFF * tokens:
            where = f"cell {cell.language} {length_range(cell.length_bin, params.length_edges)} tokens"
            findings.add(f"{where}: its mean weight is {weighted / tokens:.6f}, it should be 1")
    said = f"mean weights of {many(len(sums), 'cell')}; bounds, repeats and bands of {many(done, 'weight')}"
    return findings.check("means", said, unread="not all rows can be read, see rows" if unread.found else "")


def _judge(table: pa.Table, path: str, params: WeighParams, findings: Findings) -> None:
    weight = table["human_weight"].to_numpy()
    low, high = params.rho * (1 - _EDGE), params.cap * (1 + _EDGE)
    checks = (
        ("token_count", table["token_count"].to_numpy() < 0, "less than none"),
        ("human_weight", ~((weight >= low) & (weight <= high)), f"not {params.rho:g} to {params.cap:g}"),
        (
            "expected_repeats",
            table["expected_repeats"].to_numpy() != expected_repeats(weight, params),
            "not its weight's",
        ),
        ("weight_bucket", table["weight_bucket"].to_numpy() != weight_bucket(weight, params), "not its weight's"),
    )
    for name, wrong, why in checks:
        for row in np.flatnonzero(wrong).tolist():
            shown = f"{table[name][row].as_py():.6g}"
            findings.add(f"row {table['id'][row].as_py()} of {name_of(path)}: {name} is {shown}, {why}")


def _add(table: pa.Table, params: WeighParams, sums: Sums) -> None:
    tokens = table["token_count"].to_numpy().astype(np.float64)
    tokens[tokens < 0] = np.nan  # its cell has no mean, then, and none is judged
    weighted = tokens * table["human_weight"].to_numpy().astype(np.float64)
    for cell, rows in rows_by_cell(table, params):
        sums[cell] += tokens[rows].sum(), weighted[rows].sum()


def rows_by_cell(table: pa.Table, params: WeighParams) -> Iterator[tuple[Cell, NDArray[np.int64]]]:
    """The rows of each cell that there is."""
    bins = length_bins(table["token_count"].to_numpy(), params.length_edges)
    rows: defaultdict[Cell, list[int]] = defaultdict(list)
    for row, cell in enumerate(zip(table["language"].to_pylist(), bins.tolist(), strict=True)):
        rows[Cell(*cell)].append(row)
    for each, own in rows.items():
        yield each, np.array(own, np.int64)
