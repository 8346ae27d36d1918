"""What rows weigh as Parquet: each by itself, and the file that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.write.parquet import open_writer


@dataclass(frozen=True, slots=True)
class ParquetSize:
    """Bytes of a file of some rows: `file` whatever it holds, `rows` for all its rows together."""

    file: float
    rows: float


def measure(paths: Sequence[Path], schema: pa.Schema, *, accounts_bytes: int = 0) -> ParquetSize:
    """What the rows of many small files weigh in a large one.

    A large file compresses better, and says the names and bounds of its columns once. What a file weighs by itself is
    what is lost when it is cut in two; `accounts_bytes` come with it.
    """
    tables = [pq.read_table(path).cast(schema) for path in paths]
    table = pa.concat_tables([schema.empty_table(), *tables])
    middle = table.num_rows // 2
    first, second, whole = (_written(part, schema) for part in (table[:middle], table[middle:], table))
    empty = _written(schema.empty_table(), schema)
    file = max(empty, first + second - whole) if middle else whole if table.num_rows else empty
    return ParquetSize(float(file + accounts_bytes), float(whole - file))


def accounts_bytes(path: Path, schema: pa.Schema) -> int:
    """What the accounts weigh in a file that holds no row."""
    return path.stat().st_size - _written(schema.empty_table(), schema)


def _written(table: pa.Table, schema: pa.Schema) -> int:
    sink = BytesIO()
    with open_writer(sink, schema) as writer:
        if table.num_rows:
            writer.write_table(table, row_group_size=table.num_rows)
    return len(sink.getbuffer())
