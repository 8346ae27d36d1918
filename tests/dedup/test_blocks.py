"""Blocks survive the shuffle, and are cut without loss."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.blocks import (
    EDGE,
    Sketches,
    decode,
    decode_sketches,
    encode,
    encode_sketches,
    ordinals,
    partition,
    references,
    rows_of,
    run_starts,
    split,
)
from transforms.errors import InputError


def sketches(rows: int, num_hashes: int) -> Sketches:
    values = np.arange(rows, dtype=np.uint64)
    signature = np.arange(rows * num_hashes, dtype=np.uint16).reshape(rows, num_hashes)
    return Sketches(values, values + np.uint64(7), values.astype(np.int32), signature)


def test_blocks_are_joined_in_order() -> None:
    one, other = np.array([(1, 2)], dtype=EDGE), np.array([(3, 4), (5, 6)], dtype=EDGE)
    assert decode([encode(one), encode(other)], EDGE).tolist() == [(1, 2), (3, 4), (5, 6)]
    assert decode([], EDGE).size == 0


def test_rows_that_repeat_each_other_are_packed_and_random_ones_left() -> None:
    many = np.array([(7, 7 + n % 3) for n in range(1000)], dtype=EDGE)
    random = np.random.default_rng(1).integers(0, 2**64, (100, 2), dtype=np.uint64).view(EDGE).reshape(-1)
    assert len(encode(many)) < many.nbytes / 10
    assert len(encode(random)) == random.nbytes + 1
    assert decode([encode(random), encode(many), encode(random[:1])], EDGE).tolist() == [
        *random.tolist(),
        *many.tolist(),
        *random[:1].tolist(),
    ]


def test_sketches_are_joined_in_order() -> None:
    whole = sketches(5, 16)
    parts = [whole.take(np.arange(2)), whole.take(np.arange(2, 5))]
    back = decode_sketches(encode_sketches(part) for part in parts)
    for name in ("group", "text", "shingles", "signature"):
        assert getattr(back, name).tolist() == getattr(whole, name).tolist()


def test_signatures_of_different_sizes_are_refused_with_the_cure() -> None:
    with pytest.raises(InputError, match="extract all with the same num_hashes"):
        decode_sketches([encode_sketches(sketches(2, 16)), encode_sketches(sketches(2, 32))])


def test_reference_holds_the_largest_ordinal_and_row() -> None:
    refs = references(2**32 - 1, np.array([0, 2**31 - 1]))
    assert ordinals(refs).tolist() == [2**32 - 1] * 2
    assert rows_of(refs).tolist() == [0, 2**31 - 1]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=30), st.integers(1, 7))
@settings(deadline=None)
def test_every_row_is_in_the_partition_of_its_key(values: list[int], partitions: int) -> None:
    keys = np.array(values, dtype=np.uint64)
    parts = dict(partition(np.arange(keys.size), keys, partitions))
    assert sorted(row for rows in parts.values() for row in rows.tolist()) == list(range(keys.size))
    assert all(values[row] % partitions == number for number, rows in parts.items() for row in rows.tolist())


def test_split_keeps_the_order_of_rows() -> None:
    rows = np.arange(5)
    assert [(k, v.tolist()) for k, v in split(rows, np.array([2, 0, 2, 0, 2]))] == [(0, [1, 3]), (2, [0, 2, 4])]


def test_runs_begin_where_any_column_changes() -> None:
    assert run_starts(np.array([1, 1, 1, 2, 2]), np.array([5, 5, 6, 6, 6])).tolist() == [0, 2, 3]
    assert run_starts(np.empty(0)).tolist() == []
