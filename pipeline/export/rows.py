"""The rows of an export: which are taken, how often, in what order, and with what numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.export.condition import filtered
from transforms.weigh.weight import whole_copies

NEEDED = ("id", "language", "token_count", "human_weight", "expected_repeats", "weight_bucket")
"""The columns that an export reads whether or not it writes them."""
COPY = "copy"
_SLICE = 1000  # rows made at once; some 4 MB of text


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows of a corpus and how often each is exported."""

    rows: pa.Table  # [n]
    copies: NDArray[np.int64]  # [n]


def take_rows(file: BinaryIO, columns: list[str], *, where: str, repeats_seed: int | None) -> Iterator[Taken]:
    """The rows of a corpus shard that meet the condition, a row group at a time.

    Each is taken once, or with a seed as often as `whole_copies` of its expected repeats says, which may be never.
    """
    with pq.ParquetFile(file) as shard:
        for index in range(shard.num_row_groups):
            rows = shard.read_row_group(index, columns=columns)
            rows = filtered(rows, where) if where else rows
            yield Taken(rows, _copies(rows, repeats_seed))


def _copies(rows: pa.Table, seed: int | None) -> NDArray[np.int64]:
    if seed is None:
        return np.ones(rows.num_rows, np.int64)
    return whole_copies(rows["expected_repeats"].to_numpy(), rows["id"].to_pylist(), seed)


def repeated(taken: Taken, columns: tuple[str, ...], *, number_copies: bool) -> Iterator[tuple[pa.Table, list[int]]]:
    """The rows as they are exported, in slices: these columns of every copy, and beside it the place in the source.

    With `number_copies` there is a last column `copy`, int32, 0 for the first.
    """
    index = np.repeat(np.arange(taken.rows.num_rows), taken.copies)
    first = np.repeat(np.cumsum(taken.copies) - taken.copies, taken.copies)
    copy = (np.arange(index.size) - first).astype(np.int32)
    exported = exact(taken.rows.select(list(columns)))
    for begin in range(0, index.size, _SLICE):
        part = slice(begin, begin + _SLICE)
        table = exported.take(pa.array(index[part]))
        if number_copies:
            table = table.append_column(COPY, pa.array(copy[part], pa.int32()))
        yield table, index[part].tolist()


def order_keys(taken: Taken, seed: int) -> list[int]:
    """Where each exported row stands in the order: 64 bits of BLAKE2b over id and copy, so that copies lie apart."""
    key = seed.to_bytes(8, "little")
    pairs = zip(taken.rows["id"].to_pylist(), taken.copies.tolist(), strict=True)
    return [_place(page_id, copy, key) for page_id, copies in pairs for copy in range(copies)]


def _place(page_id: str, copy: int, key: bytes) -> int:
    digest = blake2b(f"{copy}:{page_id}".encode(), key=key, digest_size=8, person=b"order").digest()
    return int.from_bytes(digest, "big")


def exact(table: pa.Table) -> pa.Table:
    """The table with every float32 as the float64 of its shortest decimal: 0.1, not 0.10000000149011612.

    Both are the same float32 again.
    """
    columns = {name: _exact(table[name].combine_chunks()) for name in table.column_names}
    return pa.table(columns)


def _exact(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_float32(kind):
        return pc.cast(pc.cast(values, pa.string()), pa.float64())
    if pa.types.is_struct(kind):
        fields = [_exact(field) for field in values.flatten()]
        return pa.StructArray.from_arrays(fields, names=[kind.field(i).name for i in range(kind.num_fields)])
    if pa.types.is_list(kind):
        return pa.ListArray.from_arrays(_offsets(values), _exact(values.flatten()))
    return values


def _offsets(lists: pa.Array) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
