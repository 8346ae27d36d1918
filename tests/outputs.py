"""What an output holds, without where it lies: for comparing runs."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, object]


def corpus(output: Path) -> list[Row]:
    """All rows of the corpus, by id."""
    tables = [pq.read_table(path) for path in sorted((output / "corpus").glob("*.parquet"))]
    return sorted(pa.concat_tables(tables).to_pylist(), key=lambda row: str(row["id"]))


def rejections(output: Path) -> list[tuple[object, ...]]:
    """All rejections, in order of their values."""
    rows = [row for path in (output / "rejections").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    return sorted(tuple(row.values()) for row in rows)
