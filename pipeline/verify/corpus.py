"""The Parquet files of an output, read piece by piece by someone who does not trust them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.verify.check import Findings
from transforms.report.folder import Folder
from transforms.terminal import clean

Row = dict[str, object]
_URL = 100  # characters of a URL in a message


def batches(
    folder: Folder, path: str, schema: pa.Schema, columns: Sequence[str], findings: Findings, *, rows: int
) -> Iterator[pa.Table]:
    """These columns of a file, at most so many rows at a time and never more than a row group.

    Ends, with a problem noted, where the file has other columns than `schema` or cannot be read.
    """
    with findings.reading(name_of(path)), closing(folder.open_file(path)) as source:
        file = pq.ParquetFile(source)
        difference = schema_difference(file.schema_arrow, schema)
        if difference:
            raise ValueError(difference)
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(rows, row_groups=[group], columns=list(columns)):
                batch.validate(full=True)  # text that is no UTF-8 would be noticed where it is used
                if batch.num_rows:
                    yield pa.Table.from_batches([batch]).select(list(columns))


def schema_difference(found: pa.Schema, expected: pa.Schema) -> str:
    """How the columns differ from what this release writes, "" if they do not."""
    if missing := [name for name in expected.names if name not in found.names]:
        return f"it has no column {', '.join(missing)}"
    if extra := [name for name in found.names if name not in expected.names]:
        return f"it has a column {', '.join(extra)} that this release does not write"
    if found.names != expected.names:
        return "its columns are in another order"
    for name in expected.names:
        if found.field(name).type != expected.field(name).type:
            return f"its column {name} is {found.field(name).type}, not {expected.field(name).type}"
        if found.field(name).nullable != expected.field(name).nullable:
            return f"its column {name} {'may' if found.field(name).nullable else 'may not'} be null"
    return ""


def name_of(path: str) -> str:
    """A file by its folder and name: `corpus/part-00000.parquet`."""
    return "/".join(path.split("/")[-2:]) if "/" in path else posixpath.basename(path)


def row_name(row: Row, path: str) -> str:
    """A row as messages name it."""
    return f"row {row['id']} ({clean(str(row['url']), _URL)}) of {name_of(path)}"
