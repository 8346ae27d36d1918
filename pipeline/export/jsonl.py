"""JSON lines, zstd: an object a line, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import pyarrow as pa
import zstandard

SUFFIX = ".jsonl.zst"
_LEVEL = 3  # zstd's own default


def encode_lines(rows: pa.Table) -> list[bytes]:
    """A line for each row, its columns in order; a missing value is null."""
    return [_line(row) for row in rows.to_pylist()]


def _line(row: dict[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def write_lines(write: Callable[[bytes], None], lines: Iterable[bytes]) -> None:
    """A whole file of these lines. The same lines give the same bytes with the same release of zstandard."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    for line in lines:
        write(compressor.compress(line))
    write(compressor.flush())
