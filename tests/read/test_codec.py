"""Compressions of archives: a member is inflated in work that grows with its size."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from typing import SupportsIndex

import pytest
import zstandard

from transforms.read.codec import GZIP, Codec, zstd_codec

NOISE = os.urandom(1 << 20)
ZSTD = zstd_codec(b"")


class CountingBytes(bytes):
    """Counts in a list, which its slices share, the bytes that slicing copies."""

    copied: list[int]

    def __getitem__(self, key: SupportsIndex | slice) -> CountingBytes:  # type: ignore[override]  # only sliced here
        assert isinstance(key, slice)
        piece = counting(super().__getitem__(key), self.copied)
        self.copied.append(len(piece))
        return piece


def counting(data: bytes, copied: list[int]) -> CountingBytes:
    made = CountingBytes(data)
    made.copied = copied
    return made


def test_a_large_zstd_dictionary_is_copied_once() -> None:
    copied: list[int] = []
    frame = zstandard.compress(NOISE)
    assert ZSTD.inflate_head(counting(frame, copied), len(NOISE)) == NOISE
    assert sum(copied) == len(frame)


@pytest.mark.parametrize(("codec", "compress"), [(GZIP, gzip.compress), (ZSTD, zstandard.compress)])
@pytest.mark.parametrize("size", [0, 1, 1000, 1 << 15, 1 << 20])
def test_what_follows_a_member_is_left_to_the_next(codec: Codec, compress: Callable[[bytes], bytes], size: int) -> None:
    member, behind = compress(NOISE[:size]), b"behind" * 500
    inflater, given, out = codec.inflater(), member + behind, b""
    while not inflater.finished:
        out += inflater.feed(b"" if inflater.pending else given)
    assert out == NOISE[:size]
    assert inflater.pending == len(behind)
