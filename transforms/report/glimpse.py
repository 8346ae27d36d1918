"""A bounded look at a corpus of any size: some row groups of some shards, by chance but always the same ones."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.report.folder import Folder
from transforms.report.manifest import read_manifest
from transforms.report.shards import check_columns, naming_shard
from transforms.schema import CORPUS, arrow_schema

GLIMPSE = 50_000  # rows that are looked at when a run ends, whatever the size of its corpus

_SHARDS = 8  # at least so many are opened, if there are: neighbours in a shard come from the same archives
_MOST_SHARDS = 64  # each costs a request or two to a store; shards of a few rows would be opened by the thousand
_LEFT_OUT = {"text", "signals"}  # most of the bytes, and in none of the figures


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The rows read, without their text, their shards, and the rejections that curation wrote beside those."""

    of_rows: int  # of the corpus, as the manifest counts them
    rows: pa.Table
    paths: tuple[str, ...]
    rejections: tuple[str, ...]


def glimpse_of(folder: Folder, most_rows: int) -> Glimpse | None:
    """A glimpse of about so many rows; None of a corpus that has no more, which is read as a whole.

    Raises:
        InputError: it is not the output of a finished run, or a shard cannot be read.
    """
    return read_glimpse(folder, most_rows) if read_manifest(folder).rows > most_rows else None


def all_rows(folder: Folder) -> pa.Table:
    """Every row of a corpus in the order of its files, without text: for one that is too small for a glimpse.

    Raises:
        InputError: a shard cannot be read.
    """
    tables = [_schema().empty_table()]
    for path in folder.parquet("corpus"):
        with naming_shard(path), folder.open_file(path) as source, pq.ParquetFile(source) as file:
            check_columns(path, _schema().names, file.schema_arrow.names)
            tables.append(file.read(columns=_schema().names).cast(_schema()))
    return pa.concat_tables(tables)


def read_glimpse(folder: Folder, most_rows: int) -> Glimpse:
    """Row groups in an order by chance until they hold `most_rows` rows, the last one whole, or all of 64 shards.

    The order is by hashes of the shard's name and the row group's number, so that the same corpus shows the same rows.
    Memory: `most_rows` rows of some hundred bytes, and one row group. One file is open at a time.

    Raises:
        InputError: the folder has no manifest of a finished run, or a shard cannot be read.
    """
    footers = _some_footers(folder, most_rows)
    groups = _choose(footers, most_rows)
    tables = [table for path, chosen in groups.items() for table in _read(folder, path, footers[path], chosen)]
    beside = {_rejections_of(path) for path in footers}
    return Glimpse(
        read_manifest(folder).rows,
        pa.concat_tables([_schema().empty_table(), *tables]),
        tuple(footers),
        tuple(path for path in folder.parquet("rejections") if posixpath.basename(path) in beside),
    )


def _some_footers(folder: Folder, most_rows: int) -> dict[str, pq.FileMetaData]:
    footers: dict[str, pq.FileMetaData] = {}
    rows = 0
    for path in sorted(folder.parquet("corpus"), key=lambda path: _chance(path, 0))[:_MOST_SHARDS]:
        if len(footers) >= _SHARDS and rows >= most_rows:
            break
        with naming_shard(path), folder.open_file(path) as source:
            footers[path] = pq.read_metadata(source)
        check_columns(path, _schema().names, footers[path].schema.to_arrow_schema().names)
        rows += footers[path].num_rows
    return footers


def _choose(footers: Mapping[str, pq.FileMetaData], most_rows: int) -> dict[str, list[int]]:
    """The row groups to read by shard."""
    units = sorted(
        (_chance(path, group), path, group) for path, f in footers.items() for group in range(f.num_row_groups)
    )
    chosen, rows = defaultdict[str, list[int]](list), 0
    for _, path, group in units:
        if rows >= most_rows:
            break
        chosen[path].append(group)
        rows += footers[path].row_group(group).num_rows
    return chosen


def _read(folder: Folder, path: str, footer: pq.FileMetaData, groups: Sequence[int]) -> list[pa.Table]:
    with naming_shard(path), folder.open_file(path) as source, pq.ParquetFile(source, metadata=footer) as file:
        return [file.read_row_group(group, columns=_schema().names).cast(_schema()) for group in groups]


def _schema() -> pa.Schema:
    return pa.schema([field for field in arrow_schema(CORPUS) if field.name not in _LEFT_OUT])


def _chance(path: str, group: int) -> bytes:
    return blake2b(f"{posixpath.basename(path)}:{group}".encode(), digest_size=8).digest()


def _rejections_of(path: str) -> str:
    """The name of the rejections that curation wrote together with a shard."""
    return posixpath.basename(path).replace("part-", "curate-", 1)
