"""A file read by ranges is the file."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import StoreError
from transforms.store.ranges import open_ranges

CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(-1, 60)),
        st.tuples(st.just("seek"), st.integers(0, 60)),
        st.tuples(st.just("end"), st.integers(-10, 0)),
    )
)


@given(data=st.binary(max_size=50), chunk=st.integers(1, 60), calls=CALLS)
def test_reading_by_ranges_is_reading(data: bytes, chunk: int, calls: list[tuple[str, int]]) -> None:
    asked: list[tuple[int, int]] = []

    def fetch(start: int, end: int) -> bytes:
        asked.append((start, end))
        return data[start:end]

    ours, theirs = open_ranges("s3://b/k", len(data), fetch, chunk=chunk), io.BytesIO(data)
    for call, number in calls:
        if call == "read":
            assert ours.read(number) == theirs.read(number)
        elif call == "seek":
            assert ours.seek(number) == theirs.seek(number)
        elif number + len(data) >= 0:
            assert ours.seek(number, os.SEEK_END) == theirs.seek(number, os.SEEK_END)
        assert ours.tell() == theirs.tell()
    assert all(0 <= start < end <= len(data) for start, end in asked)


def test_the_rest_of_a_file_is_one_request() -> None:
    asked: list[tuple[int, int]] = []

    def fetch(start: int, end: int) -> bytes:
        asked.append((start, end))
        return bytes(end - start)

    with open_ranges("s3://b/k", 1_000_000, fetch, chunk=1000) as file:
        assert len(file.read()) == 1_000_000
    assert asked == [(0, 1_000_000)]


@pytest.mark.parametrize("size", [-1, 10])
def test_a_range_that_comes_back_otherwise_is_no_damage_of_the_file(size: int) -> None:
    with open_ranges("s3://b/k", 100, lambda start, end: bytes(100), chunk=10) as file:
        file.seek(1)
        with pytest.raises(StoreError, match=r"^s3://b/k: asked for \d+ bytes from 1 on, got 100: "):
            file.read(size)
