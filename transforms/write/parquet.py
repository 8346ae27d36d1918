"""Parquet as this project writes it: zstd, row groups by bytes, meaning and accounts in the metadata."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self, cast

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import naming_damage
from transforms.write.imprint import BLANK, IMPRINT, Imprinted, ImprintingSink

# Nearly unique in every row: a dictionary would only be built and thrown away.
_UNIQUE = {
    "text",
    "id",
    "url",
    "record_id",
    "payload_digest",
    "text_digest",
    "signature",
    "title",
    "target_uri",
    "detail",
}


ACCOUNTS = "firsthand"
"""Key of the accounts in the metadata of a footer."""


class ParquetSink:
    """A Parquet file being written to `sink`; rows are given as dicts and leave in row groups of bounded size.

    Memory is one row group. `accounts` given to `close` are stored as JSON in the footer, and after them the imprint.
    """

    def __init__(self, sink: BinaryIO, schema: pa.Schema, *, row_group_bytes: int) -> None:
        self._schema = schema
        self._limit = row_group_bytes
        self._rows: list[dict[str, object]] = []
        self._bytes = 0
        self._sink = ImprintingSink(sink)
        self._writer = open_writer(cast("BinaryIO", self._sink), schema)

    def add(self, row: dict[str, object], size: int) -> None:
        """Append one row; `size` is what it weighs towards the row group, in bytes."""
        self._rows.append(row)
        self._bytes += size
        if self._bytes >= self._limit:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema), row_group_size=len(self._rows))
        self._rows, self._bytes = [], 0

    def close(self, accounts: dict[str, object]) -> Imprinted:
        """Write what is left and the footer."""
        self._flush()
        return _finish(self._writer, self._sink, accounts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:  # the file is about to be thrown away; free the writer without flushing rows
            self._rows = []
            self._writer.close()


def open_writer(sink: BinaryIO, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer with the project's settings; the caller closes it.

    Pages carry checksums, so that who reads some columns of a damaged file hears of it: 0.01 % of the bytes. Numbers
    are not compressed: that would save .3 % of the bytes and take a fifth of the time of a small file.
    """
    leaves = dict(_leaves(schema))
    return pq.ParquetWriter(
        sink,
        schema,
        compression={name: "none" if _is_number(kind) else "zstd" for name, kind in leaves.items()},
        use_dictionary=[name for name in leaves if name.split(".")[0] not in _UNIQUE],
        write_page_index=True,
        write_page_checksum=True,
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _finish(writer: pq.ParquetWriter, sink: ImprintingSink, accounts: dict[str, object]) -> Imprinted:
    """Write accounts, imprint and footer."""
    writer.add_key_value_metadata({ACCOUNTS: json.dumps(accounts, sort_keys=True), IMPRINT: BLANK})
    sink.hold()
    writer.close()
    return sink.release()


def rewrite(
    source: BinaryIO, sink: BinaryIO, change: Callable[[pa.Table], pa.Table], *, accounts: dict[str, object], name: str
) -> None:
    """Copy a file of `ParquetSink`, each row group as `change` returns it, under other accounts.

    `change` keeps number, order and schema of the rows. Memory is one row group. Raises InputError, naming the file
    `name`, if it cannot be read.
    """
    with naming_damage(name):
        file = pq.ParquetFile(source, page_checksum_verification=True)
        schema = _given_schema(file)
    imprinting = ImprintingSink(sink)
    with open_writer(cast("BinaryIO", imprinting), schema) as writer:
        for index in range(file.num_row_groups):
            with naming_damage(name):
                group = file.read_row_group(index)
            writer.write_table(change(group), row_group_size=group.num_rows)
        _finish(writer, imprinting, accounts)


def _given_schema(file: pq.ParquetFile) -> pa.Schema:
    """The schema the file was written with; the one Arrow reads has other names for the items of lists."""
    stored = (file.metadata.metadata or {}).get(b"ARROW:schema", b"")
    return pa.ipc.read_schema(pa.BufferReader(base64.b64decode(stored)))


def _leaves(schema: pa.Schema) -> Iterator[tuple[str, pa.DataType]]:
    """The columns as Parquet names them, with their types: a list or struct column by its leaves."""
    for field in schema:
        yield from _below(field.name, field.type)


def _below(name: str, kind: pa.DataType) -> Iterator[tuple[str, pa.DataType]]:
    if pa.types.is_list(kind):
        yield from _below(f"{name}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            yield from _below(f"{name}.{kind.field(index).name}", kind.field(index).type)
    else:
        yield name, kind


@dataclass(frozen=True, slots=True)
class Footer:
    """What the footer of a file made by `ParquetSink` says of it; empty where it says nothing."""

    accounts: dict[str, object]
    imprint: str  # of documents of early releases ""
    rows: int


def read_footer(file: BinaryIO) -> Footer:
    """The footer of a Parquet file; the rest is not read."""
    read = pq.read_metadata(file)
    found = read.metadata or {}
    try:
        accounts = json.loads(found.get(ACCOUNTS.encode(), b"{}"))
    except RecursionError:
        accounts = None
    if not isinstance(accounts, dict):
        raise ValueError("its accounts are none")
    return Footer(accounts, found.get(IMPRINT.encode(), b"").decode("ascii", "replace"), read.num_rows)


def read_accounts(file: BinaryIO) -> dict[str, object]:
    """The accounts in the footer of a file made by `ParquetSink`; empty if it has none."""
    return read_footer(file).accounts
