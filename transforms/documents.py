"""A documents file, opened by who trusts nothing in it: `curate --documents` takes files that anybody may have made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.schema import DOCUMENTS, arrow_schema

MOST_UNPACKED = 1 << 30
"""Bytes of one column of a file once it is unpacked; of text, which is read a row group at a time, in a row group."""
_READ_BY_GROUP = "text"
# What transforms.write.parquet writes, by old names too. The others say in a few bytes that a value begins as the last
# one did, or that the next million are so long, and tell nobody how much comes of it.
_ENCODINGS = frozenset({"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY", "BIT_PACKED"})
_WIDTH = {
    "BOOLEAN": 1,
    "INT32": 4,
    "FLOAT": 4,
    "INT64": 8,
    "DOUBLE": 8,
    "BYTE_ARRAY": 4,
}  # bytes; of the last, an offset
_CODECS = frozenset(("SNAPPY", "UNCOMPRESSED", "ZSTD"))
"""How a column may be compressed: as ours are, or as Arrow does where it is not told. Each other is one more decoder in
C++ for strangers to reach; Arrow's of brotli is a copy that no release of brotli mends (CVE-2026-111497)."""
_SCHEMA = arrow_schema(DOCUMENTS)


def open_documents(stream: BinaryIO, columns: Sequence[str]) -> pq.ParquetFile:
    """The file, of which these columns are to be read; the checksums of their pages are verified.

    Raises ValueError if it is no documents file, is packed as none is, or would fill the memory: what a dictionary
    holds once may be meant a million times, so a file of 3 kB can unpack to 200 GB. Of what the footer says, this
    believes that sizes are not too small and that no encoding is left out; what a page says of itself, Arrow checks.
    """
    file = pq.ParquetFile(stream, page_checksum_verification=True)
    _check_schema(file.schema_arrow, columns)
    _check_encodings(file, columns)
    _check_sizes(file, stream, columns)
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


def _check_encodings(file: pq.ParquetFile, columns: Sequence[str]) -> None:
    for group in range(file.num_row_groups):
        for chunk in _chunks(file, group, columns):
            if unknown := set(chunk.encodings) - _ENCODINGS:
                raise ValueError(f"{chunk.path_in_schema} is encoded as {min(unknown)}, which no documents file is")
            if (codec := chunk.compression) not in _CODECS:
                raise ValueError(f"{chunk.path_in_schema} is compressed by {codec}, which no documents file is")


def _check_sizes(file: pq.ParquetFile, stream: BinaryIO, columns: Sequence[str]) -> None:
    """Raise ValueError if a column unpacks to more than `MOST_UNPACKED`."""
    most: dict[str, int] = {}  # bytes that may come of a column, whatever its dictionaries hold
    for group in range(file.num_row_groups):
        for chunk in _chunks(file, group, columns):
            name = chunk.path_in_schema
            most[name] = most.get(name, 0) + _unpacked(chunk, longest=chunk.total_uncompressed_size)
    suspects = [name for name, size in most.items() if size > MOST_UNPACKED]
    sizes = dict.fromkeys(suspects, 0)
    for group in range(file.num_row_groups if suspects else 0):
        longest = dict(_longest(_first_row(file, stream, group, suspects)))
        for chunk in _chunks(file, group, columns):
            if (name := chunk.path_in_schema) in sizes:
                size = _unpacked(chunk, longest=longest[name.split(".")[0]])
                sizes[name] = max(sizes[name], size) if name == _READ_BY_GROUP else sizes[name] + size
                if sizes[name] > MOST_UNPACKED:
                    raise ValueError(f"{name} unpacks to more than {MOST_UNPACKED} bytes")


def _unpacked(chunk: pq.ColumnChunkMetaData, *, longest: int) -> int:
    """Bytes that a column of a row group may unpack to, where no value of its dictionary has more than `longest`."""
    width, values, stored = _WIDTH.get(chunk.physical_type, 16), chunk.num_values, chunk.total_uncompressed_size
    if chunk.physical_type == "BYTE_ARRAY" and chunk.has_dictionary_page:
        width += longest
    return max(int(stored), int(values) * width)


def _first_row(file: pq.ParquetFile, stream: BinaryIO, group: int, names: list[str]) -> pa.RecordBatch:
    """Of a row group a row, or none, with the dictionaries as they are stored."""
    packed = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=names)
    row = next(packed.iter_batches(batch_size=1, row_groups=[group], columns=names), None)
    return row if row is not None else packed.schema_arrow.empty_table().to_batches()[0]


def _chunks(file: pq.ParquetFile, group: int, columns: Sequence[str]) -> Iterator[pq.ColumnChunkMetaData]:
    found = file.metadata.row_group(group)
    for chunk in map(found.column, range(found.num_columns)):
        if chunk.path_in_schema.split(".")[0] in columns:
            yield chunk


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
