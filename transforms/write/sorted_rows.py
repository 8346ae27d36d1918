"""The rows of a shard in the order of their keys, while most of them wait on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.heap import Heap, Place

Ranks = NDArray[np.int64]


class SortedRows:
    """Rows that are given in any order and taken in that of their keys.

    The keys of all come first, so that each row that is given goes to its *shelf*, a run of the sorted rows, on disk;
    one shelf at a time is in memory. Shelves have equally many rows.
    """

    def __init__(self, keys: Sequence[pa.Table], schema: pa.Schema, *, shelves: int) -> None:
        self._schema = schema
        self._ranks = _ranks(pa.concat_tables(keys)) if keys else np.empty(0, np.int64)
        self._given = 0
        self._shelf_rows = max(1, -(-self._ranks.size // shelves))
        self._shelves: list[list[tuple[Ranks, Place]]] = [[] for _ in range(-(-self._ranks.size // self._shelf_rows))]
        self._heap = Heap()
        self.text_bytes = np.zeros(self._ranks.size, np.int32)
        """Of each row, in order; of those given so far."""

    def add(self, rows: pa.Table) -> None:
        """Give the next rows, in the order in which their keys were given."""
        for batch in rows.to_batches():
            ranks = self._ranks[self._given : self._given + batch.num_rows]
            self._given += batch.num_rows
            self.text_bytes[ranks] = pc.binary_length(batch["text"]).to_numpy()
            order = np.argsort(ranks)
            self._shelve(ranks[order], batch.take(order))

    def _shelve(self, ranks: Ranks, rows: pa.RecordBatch) -> None:
        """Put rows that are in order on their shelves: slices, for to take them for each costs 50 columns a shelf."""
        shelf = ranks // self._shelf_rows
        starts = np.flatnonzero(np.diff(shelf, prepend=-1)).tolist()
        for start, end in pairwise((*starts, ranks.size)):
            place = self._heap.add(rows.slice(start, end - start).serialize())
            self._shelves[shelf[start]].append((ranks[start:end], place))

    def cut(self, lengths: Iterable[int]) -> Iterator[pa.Table]:
        """All rows in order, in tables of these lengths, which come to their number."""
        ready, shelves = self._schema.empty_table(), iter(range(len(self._shelves)))
        for length in lengths:
            while ready.num_rows < length:
                ready = pa.concat_tables([ready, self._sorted(next(shelves))])
            yield ready.slice(0, length).combine_chunks()
            ready = ready.slice(length)

    def _sorted(self, shelf: int) -> pa.Table:
        stored, self._shelves[shelf] = self._shelves[shelf], []
        batches = (pa.py_buffer(self._heap.get(place)) for _, place in stored)
        rows = pa.Table.from_batches([pa.ipc.read_record_batch(batch, self._schema) for batch in batches])
        return rows.take(np.argsort(np.concatenate([ranks for ranks, _ in stored])))


def _ranks(keys: pa.Table) -> Ranks:
    """The place of each row among all, once they are sorted by every column."""
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in keys.column_names]).to_numpy()
    ranks = np.empty(order.size, np.int64)
    ranks[order] = np.arange(order.size)
    return ranks
