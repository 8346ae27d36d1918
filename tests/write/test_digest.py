"""Digests taken while a file is written are those of the file."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
import pytest

from transforms.write.digest import FileDigest, HashingSink, digest_of, hashed
from transforms.write.parquet import ParquetSink
from transforms.write.stage import commit

SCHEMA = pa.schema([("text", pa.string()), ("n", pa.int64())])


def test_the_digest_of_a_parquet_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    def write(sink: BinaryIO) -> int:
        with ParquetSink(sink, SCHEMA, row_group_bytes=1_000) as rows:
            for n in range(500):
                rows.add({"text": f"row {n}" * 5, "n": n}, 50)
            rows.close({"rows": 500})
        return 500

    path = tmp_path / "a.parquet"
    rows, digest = commit(str(path), hashed(write))
    data = path.read_bytes()
    assert (rows, digest) == (500, FileDigest(len(data), hashlib.sha256(data).hexdigest()))
    with path.open("rb") as file:
        assert digest_of(file, chunk=1_000) == digest


def test_a_digest_is_of_what_has_been_written_so_far() -> None:
    under = io.BytesIO()
    sink = HashingSink(cast("BinaryIO", under))
    assert sink.write(b"abc") == 3
    before = sink.digest()
    sink.write(memoryview(b"def"))  # type: ignore[arg-type]
    assert before == FileDigest(3, hashlib.sha256(b"abc").hexdigest())
    assert sink.digest() == FileDigest(6, hashlib.sha256(b"abcdef").hexdigest())
    assert under.getvalue() == b"abcdef"


def test_a_write_that_fails_has_no_digest() -> None:
    def fail(sink: BinaryIO) -> None:
        sink.write(b"half")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        hashed(fail)(io.BytesIO())
