"""The work of a run as a file."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from pipeline.worklist import DocumentsPiece, read_pieces, write_pieces
from transforms.read.splits import Split

PATHS = st.text(st.characters(), min_size=1)  # lone surrogates too: a file name is bytes
SPLITS = st.lists(
    st.builds(
        Split, PATHS, PATHS, st.integers(0, 1 << 50), st.integers(0), st.integers(0), st.none() | st.integers(0, 100)
    )
)


@given(SPLITS)
def test_pieces_come_back_as_they_were_in_order(splits: list[Split]) -> None:
    written = io.BytesIO()
    write_pieces(splits, written)
    assert list(read_pieces(io.BytesIO(written.getvalue()), Split)) == splits


def test_the_same_pieces_are_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for sink in (first, second):
        write_pieces([DocumentsPiece("documents/a.parquet", 0, 12, 3)], sink)
    assert first.getvalue() == second.getvalue()


def test_a_million_splits_of_one_crawl_take_few_bytes_each() -> None:
    splits = (
        Split(
            f"s3://crawl/segments/{n // 640}/warc/{n // 16:05d}.warc.gz",
            f"{n // 16:05d}.warc.gz",
            1 << 30,
            n,
            n + 1,
            None,
        )
        for n in range(10_000)
    )
    written = io.BytesIO()
    write_pieces(splits, written)
    assert len(written.getvalue()) < 10_000 * 32
