"""A documents file, opened by who trusts nothing in it: `curate --documents` takes files that anybody may have made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.schema import DOCUMENTS, arrow_schema

MOST_UNPACKED = 1 << 30
"""Bytes of one column of one row group once it is unpacked; a row group of ours holds 8 MiB of text."""
_SCHEMA = arrow_schema(DOCUMENTS)


def open_documents(stream: BinaryIO, columns: Sequence[str]) -> pq.ParquetFile:
    """The file, of which these columns are to be read; the checksums of their pages are verified.

    Raises ValueError if it is no documents file, or would fill the memory: what a dictionary holds once may be meant a
    million times, so a file of 3 kB can unpack to 200 GB. Of what the footer says of sizes, this believes that they are
    not too small; what a page says of itself, Arrow checks.
    """
    file = pq.ParquetFile(stream, page_checksum_verification=True)
    _check_schema(file.schema_arrow, columns)
    for group in range(file.num_row_groups):
        _check_size(file, stream, group, columns)
    return file


def _check_schema(found: pa.Schema, columns: Sequence[str]) -> None:
    for expected in map(_SCHEMA.field, columns):
        at = found.get_field_index(expected.name)
        if at < 0:
            raise ValueError(f"it has no column {expected.name}")
        if not found.field(at).equals(expected):
            raise ValueError(f"column {expected.name} is {_kind(found.field(at))}, expected {_kind(expected)}")


def _kind(field: pa.Field) -> str:
    return f"{str(field.type)[:100]}{'' if field.nullable else ' not null'}"


def _check_size(file: pq.ParquetFile, stream: BinaryIO, group: int, columns: Sequence[str]) -> None:
    """Raise ValueError if a column of a row group unpacks to more than `MOST_UNPACKED`."""
    suspects = []
    for values, chunk in _chunks(file.metadata.row_group(group), columns):
        if chunk.total_uncompressed_size > MOST_UNPACKED:
            raise ValueError(f"{chunk.path_in_schema} holds {chunk.total_uncompressed_size} bytes in one row group")
        if chunk.has_dictionary_page and values * chunk.total_uncompressed_size > MOST_UNPACKED:
            suspects.append((values, chunk.path_in_schema))
    if not suspects:
        return
    names = [name for _, name in suspects]
    packed = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=names)
    first = next(packed.iter_batches(batch_size=1, row_groups=[group], columns=names))
    longest = dict(_longest(first))
    for values, name in suspects:
        if values * longest.get(name.split(".")[0], 0) > MOST_UNPACKED:
            raise ValueError(f"{name} unpacks to more than {MOST_UNPACKED} bytes in one row group")


def _chunks(group: pq.RowGroupMetaData, columns: Sequence[str]) -> Iterator[tuple[int, pq.ColumnChunkMetaData]]:
    for index in range(group.num_columns):
        chunk = group.column(index)
        if chunk.path_in_schema.split(".")[0] in columns:
            yield chunk.num_values, chunk


def _longest(batch: pa.RecordBatch) -> Iterator[tuple[str, int]]:
    """The bytes of the longest string that the dictionaries of each column hold."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        lengths = [pc.max(pc.binary_length(found)).as_py() or 0 for found in _dictionaries(column)]
        yield name, max(lengths, default=0)


def _dictionaries(column: pa.Array) -> Iterator[pa.Array]:
    if pa.types.is_dictionary(column.type):
        yield column.dictionary
    elif pa.types.is_list(column.type):
        yield from _dictionaries(column.values)
    elif pa.types.is_struct(column.type):
        for index in range(column.type.num_fields):
            yield from _dictionaries(column.field(index))
