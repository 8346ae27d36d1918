"""Documents files that strangers made: a sentence says what is wrong, before anything is unpacked."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.documents import MOST_UNPACKED, open_documents
from transforms.schema import DOCUMENTS, arrow_schema

SCHEMA = arrow_schema(DOCUMENTS)
WANTED = pa.schema([SCHEMA.field("id"), SCHEMA.field("url")])


def stored(table: pa.Table) -> io.BytesIO:
    stream = io.BytesIO()
    pq.write_table(table, stream, store_schema=False)
    return stream


def repeated(value: str, times: int) -> pa.DictionaryArray:
    """One value many times, held once."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array([value]))


def test_a_file_without_a_column_is_told() -> None:
    with pytest.raises(ValueError, match="it has no column signature"):
        open_documents(stored(SCHEMA.empty_table().drop_columns(["signature"])), ["id", "signature"])


@pytest.mark.parametrize(
    ("column", "kind", "told"),
    [
        ("url", pa.list_(pa.string()), r"url is list<element: string>, expected string not null"),
        ("quality", pa.string(), "quality is string, expected float not null"),
        ("token_count", pa.int64(), "token_count is int64, expected int32 not null"),
        ("id", pa.string(), "id is string, expected string not null"),  # where nulls may be
        ("evidence", pa.list_(pa.string()), "evidence is list<element: string>, expected list<"),
    ],
)
def test_a_column_of_another_type_is_told(column: str, kind: pa.DataType, told: str) -> None:
    table = pa.table({column: pa.array([], kind)})
    with pytest.raises(ValueError, match=f"column {told}"):
        open_documents(stored(table), [column])


@pytest.mark.parametrize("codec", ["brotli", "gzip", "lz4"])
def test_a_column_compressed_by_what_nobody_writes_such_files_with_is_told(codec: str) -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"], "url": ["b"]}, WANTED), stream, compression={"id": codec, "url": "zstd"})
    with pytest.raises(ValueError, match=f"id is compressed by {codec.upper()}, which no documents file is"):
        open_documents(stream, ["id"])
    assert open_documents(stream, ["url"]).read(["url"]).num_rows == 1


@pytest.mark.parametrize("codec", ["zstd", "snappy", "none"])
def test_a_column_as_we_or_arrow_write_it_is_read(codec: str) -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"], "url": ["b"]}, WANTED), stream, compression=codec)
    assert open_documents(stream, ["id", "url"]).read().num_rows == 1


def test_a_column_that_is_not_read_may_be_anything() -> None:
    table = SCHEMA.empty_table().drop_columns(["text"])
    assert open_documents(stored(table), ["id", "url"]).metadata.num_rows == 0


@pytest.mark.parametrize("nested", [False, True])
def test_a_dictionary_that_would_fill_the_memory_is_not_unpacked(nested: bool) -> None:
    times = MOST_UNPACKED // 100_000 + 1
    values = repeated("e" * 100_000, times)
    name, column = "language", values
    if nested:
        name, column = "rules_failed", pa.ListArray.from_arrays(pa.array(range(times + 1), pa.int32()), values)
    field = pa.field(name, column.type, nullable=False)
    stream = stored(pa.table([column], schema=pa.schema([field])))
    assert len(stream.getvalue()) < 10_000
    with pytest.raises(ValueError, match=f"{name}.* unpacks to more than 1073741824 bytes"):
        open_documents(stream, [name])


def test_row_groups_that_would_fill_the_memory_together_are_not_unpacked() -> None:
    values, times = repeated("e" * 100_000, 200), MOST_UNPACKED // 20_000_000 + 1
    schema = pa.schema([pa.field("language", values.type, nullable=False)])
    stream = io.BytesIO()
    with pq.ParquetWriter(stream, schema, store_schema=False) as writer:
        for _ in range(times):
            writer.write_table(pa.table([values], schema=schema))
    assert len(stream.getvalue()) < 1_000_000
    with pytest.raises(ValueError, match="language unpacks to more than 1073741824 bytes"):
        open_documents(stream, ["language"])


@pytest.mark.parametrize("kind", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_an_encoding_that_hides_how_much_comes_of_it_is_told(kind: str) -> None:
    table, stream = pa.table({"language": ["e" * 10_000] * 100}, pa.schema([SCHEMA.field("language")])), io.BytesIO()
    pq.write_table(table, stream, store_schema=False, use_dictionary=False, column_encoding={"language": kind})
    with pytest.raises(ValueError, match=f"language is encoded as {kind}"):
        open_documents(stream, ["language"])


def test_a_dictionary_of_short_values_is_not_taken_for_one_that_fills_the_memory() -> None:
    column = pa.array([f"{number:020}" for number in range(3_000)] * 100).dictionary_encode()
    field = pa.field("date", column.type, nullable=False)
    stream = stored(pa.table([column], schema=pa.schema([field])))
    assert open_documents(stream, ["date"]).metadata.num_rows == 300_000


@pytest.mark.parametrize("columns", [["text"], ["id", "url"]])
def test_a_real_file_is_read_as_it_is(columns: list[str]) -> None:
    stream = stored(SCHEMA.empty_table())
    assert open_documents(stream, columns).read(columns=columns).schema.names == columns
