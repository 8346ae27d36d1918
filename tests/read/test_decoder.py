"""Decoders: the work they do grows with the body, whatever it is made of."""

from __future__ import annotations

import gzip
import os
import zlib

import brotli
import pytest
import zstandard

from transforms.read.decoder import MAX_PARTS, Decoded, Source, State, decode

LIMIT = 1 << 24
NOISE = os.urandom(1 << 20)
EMPTY = {"gzip": gzip.compress(b"", mtime=0), "zstd": zstandard.compress(b"")}
ENCODED = {
    "gzip": gzip.compress(NOISE, 1),
    "deflate": zlib.compress(NOISE, 1),
    "br": brotli.compress(NOISE, quality=1),
    "zstd": zstandard.compress(NOISE),
}


class CountingSource(Source):
    """Counts the bytes that are copied on the way to a decoder, and back from it."""

    copied = 0

    def take(self, size: int) -> bytes:
        piece = super().take(size)
        self.copied += len(piece)
        return piece

    def give_back(self, count: int) -> None:
        super().give_back(count)
        self.copied += count


def copied(coding: str, body: bytes) -> int:
    """Bytes that move while a body that is whole is decoded."""
    source = CountingSource(body)
    assert decode(coding, source, limit=LIMIT).state is State.WHOLE
    return source.copied


@pytest.mark.parametrize("coding", sorted(ENCODED))
def test_a_stream_is_copied_once(coding: str) -> None:
    assert copied(coding, ENCODED[coding]) == len(ENCODED[coding])


@pytest.mark.parametrize("coding", sorted(ENCODED))
def test_a_stream_that_expands_far_is_copied_once(coding: str) -> None:
    source = CountingSource(ENCODED[coding])
    assert decode(coding, source, limit=1 << 19).state is State.OVER
    assert source.copied <= len(ENCODED[coding])


@pytest.mark.parametrize("coding", sorted(EMPTY))
def test_twice_as_many_empty_members_are_twice_the_work(coding: str) -> None:
    few, many = (copied(coding, EMPTY[coding] * n) for n in (10_000, 20_000))
    assert many <= 2.01 * few
    assert many <= 20_000 * 2 * 1024  # a slice a member, there and back


@pytest.mark.parametrize("coding", sorted(EMPTY))
def test_no_more_members_are_followed_than_the_bound(coding: str) -> None:
    assert decode(coding, Source(EMPTY[coding] * MAX_PARTS), limit=LIMIT).state is State.WHOLE
    assert decode(coding, Source(EMPTY[coding] * (MAX_PARTS + 1)), limit=LIMIT).state is State.MANY


def test_no_more_chunks_are_followed_than_the_bound() -> None:
    chunk, last = b"1\r\nx\r\n", b"0\r\n\r\n"
    assert decode("chunked", Source(chunk * MAX_PARTS + last), limit=LIMIT).data == b"x" * MAX_PARTS
    assert decode("chunked", Source(chunk * (MAX_PARTS + 1) + last), limit=LIMIT).state is State.MANY


def test_members_of_any_size_follow_each_other() -> None:
    sizes = [0, 1, 255, 256, 257, 5000, 70_000, 0, 300_000]
    pieces = [NOISE[:size] for size in sizes]
    for coding, encode in (("gzip", gzip.compress), ("zstd", zstandard.compress)):
        body = b"".join(encode(piece) for piece in pieces)
        assert decode(coding, Source(body), limit=LIMIT).data == b"".join(pieces)
    padded = b"".join(gzip.compress(piece) for piece in pieces) + b"\x00" * 999
    assert decode("gzip", Source(padded), limit=LIMIT).data == b"".join(pieces)


def test_deflate_without_its_header_is_read_from_the_start_again() -> None:
    stream = zlib.compressobj(wbits=-15)
    raw = stream.compress(NOISE) + stream.flush()
    assert decode("deflate", Source(raw), limit=LIMIT).data == NOISE


def test_bytes_behind_a_brotli_stream_are_damage_wherever_it_ends() -> None:
    for size in (10, 1 << 14, 1 << 20):
        for tail in (b"\n", NOISE):
            assert decode("br", Source(brotli.compress(NOISE[:size]) + tail), limit=LIMIT).state in {
                State.CUT,
                State.FOREIGN,
            }


@pytest.mark.parametrize("size", [10, 1 << 18, 600_000, 15_000_000])
def test_a_brotli_stream_of_one_repetition_is_decoded_to_its_end(size: int) -> None:
    text = b"<html>" + b" " * size
    encoded = brotli.compress(text, quality=5)
    assert decode("br", Source(encoded), limit=LIMIT) == Decoded(text, State.WHOLE)
    assert decode("br", Source(encoded[:-1]), limit=LIMIT).state is State.CUT
