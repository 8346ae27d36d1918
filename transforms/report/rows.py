"""Whole rows of the corpus by id: only the row groups that hold one are read with their text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.report.folder import Folder
from transforms.report.shards import check_columns, naming_shard

Row = dict[str, object]


def fetch_rows(
    folder: Folder, paths: Sequence[str], ids: Collection[str], *, columns: Sequence[str] | None = None
) -> dict[str, Row]:
    """The rows with these ids among these Parquet files, by id; those that are nowhere are left out.

    Memory is a row group and the rows found. `columns`: all of the file if None; `id` always comes with them.

    Raises:
        InputError: a file cannot be read, or lacks a column.
    """
    wanted, found = pa.array(sorted(set(ids)), pa.string()), dict[str, Row]()
    for path in paths:
        if len(found) == len(wanted):
            break
        with naming_shard(path), folder.open_file(path) as source, pq.ParquetFile(source) as file:
            check_columns(path, ["id", *(columns or ())], file.schema_arrow.names)
            found.update((str(row["id"]), row) for row in _rows(file, wanted, columns))
    return found


def _rows(file: pq.ParquetFile, wanted: pa.Array, columns: Sequence[str] | None) -> Iterator[Row]:
    names = None if columns is None else list(dict.fromkeys(["id", *columns]))
    for index in range(file.num_row_groups):
        here = pc.is_in(file.read_row_group(index, columns=["id"])["id"], value_set=wanted)
        if pc.any(here).as_py():
            yield from file.read_row_group(index, columns=names).filter(here).to_pylist()
