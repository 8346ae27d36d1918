"""A bounded look at a corpus of any size: some row groups of some shards, by chance but always the same ones."""

from __future__ import annotations

import posixpath
from contextlib import ExitStack, closing
from dataclasses import dataclass
from hashlib import blake2b

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema

GLIMPSE = 50_000  # rows that are looked at when a run ends, whatever the size of its corpus

_SHARDS = 8  # at least so many are opened, if there are: neighbours in a shard come from the same archives
_LEFT_OUT = {"text", "signals"}  # most of the bytes, and in none of the figures


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The rows read, without their text, their shards, and the rejections that curation wrote beside those."""

    rows: pa.Table
    paths: tuple[str, ...]
    rejections: tuple[str, ...]


def read_glimpse(folder: Folder, most_rows: int) -> Glimpse:
    """Row groups in an order by chance until they hold `most_rows` rows, the last one whole, or all there are.

    The order is by hashes of the shard's name and the row group's number, so that the same corpus shows the same rows.
    Memory: `most_rows` rows of some hundred bytes, and one row group.
    """
    with ExitStack() as open_files:
        files = _open_some(folder, most_rows, open_files)
        units = sorted(
            (_chance(path, group), path, group) for path, f in files.items() for group in range(f.num_row_groups)
        )
        chosen, rows = [_schema().empty_table()], 0
        for _, path, group in units:
            if rows >= most_rows:
                break
            chosen.append(files[path].read_row_group(group, columns=_schema().names).cast(_schema()))
            rows += chosen[-1].num_rows
    beside = {_rejections_of(path) for path in files}
    return Glimpse(
        pa.concat_tables(chosen),
        tuple(files),
        tuple(path for path in folder.parquet("rejections") if posixpath.basename(path) in beside),
    )


def _open_some(folder: Folder, most_rows: int, open_files: ExitStack) -> dict[str, pq.ParquetFile]:
    files: dict[str, pq.ParquetFile] = {}
    rows = 0
    for path in sorted(folder.parquet("corpus"), key=lambda path: _chance(path, 0)):
        if len(files) >= _SHARDS and rows >= most_rows:
            break
        source = open_files.enter_context(closing(folder.open_file(path)))
        files[path] = open_files.enter_context(pq.ParquetFile(source))
        rows += files[path].metadata.num_rows
    return files


def _schema() -> pa.Schema:
    return pa.schema([field for field in arrow_schema(CORPUS) if field.name not in _LEFT_OUT])


def _chance(path: str, group: int) -> bytes:
    return blake2b(f"{posixpath.basename(path)}:{group}".encode(), digest_size=8).digest()


def _rejections_of(path: str) -> str:
    """The name of the rejections that curation wrote together with a shard."""
    return posixpath.basename(path).replace("part-", "curate-", 1)
