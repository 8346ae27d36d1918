"""Bodies that grow when their encodings are undone, or never end."""

from __future__ import annotations

import gzip
import random
import struct
import zlib

import brotli
import zstandard

from tests.hostile.pages.response import HTML, Make, Response, article, repeated


def _encoded(body: bytes, *codings: str) -> Response:
    return Response(body, (*HTML, *((b"Content-Encoding", coding.encode()) for coding in codings)))


def _blank(size: int) -> bytes:
    return b"<html><body>" + b" " * (32 * size)


def gzip_bomb(rng: random.Random, size: int) -> Response:
    return _encoded(gzip.compress(_blank(size), mtime=0), "gzip")


def deflate_bomb(rng: random.Random, size: int) -> Response:
    stream = zlib.compressobj(wbits=-15)
    return _encoded(stream.compress(_blank(size)) + stream.flush(), "deflate")


def brotli_bomb(rng: random.Random, size: int) -> Response:
    return _encoded(brotli.compress(_blank(size), quality=5), "br")


def zstd_bomb(rng: random.Random, size: int) -> Response:
    return _encoded(zstandard.compress(_blank(size)), "zstd")


def gzip_in_gzip_in_gzip(rng: random.Random, size: int) -> Response:
    body = _blank(size)
    for _ in range(3):
        body = gzip.compress(body, mtime=0)
    return _encoded(body, "gzip", "gzip", "gzip")


def a_hundred_encodings(rng: random.Random, size: int) -> Response:
    return _encoded(article(rng), *["gzip"] * 100)


def gzip_of_empty_members(rng: random.Random, size: int) -> Response:
    return _encoded(repeated(gzip.compress(b"", mtime=0), size), "gzip")


def gzip_of_markup_just_below_the_limit(rng: random.Random, size: int) -> Response:
    return _encoded(gzip.compress(article(rng, repeated("<b>", size)), mtime=0), "gzip")


def gzip_cut_in_its_middle(rng: random.Random, size: int) -> Response:
    whole = gzip.compress(article(rng, words=2000), mtime=0)
    return _encoded(whole[: len(whole) // 2], "gzip")


def zstd_with_a_window_of_terabytes(rng: random.Random, size: int) -> Response:
    frame = struct.pack("<I", 0xFD2FB528) + b"\x00" + b"\xf8" + b"\x01\x00\x00"
    return _encoded(frame, "zstd")


def chunks_without_end(rng: random.Random, size: int) -> Response:
    return Response(repeated(b"1\r\nx\r\n", size), (*HTML, (b"Transfer-Encoding", b"chunked")))


def chunk_of_exabytes(rng: random.Random, size: int) -> Response:
    return Response(b"fffffffffffffff\r\n" + article(rng), (*HTML, (b"Transfer-Encoding", b"chunked")))


def chunk_sizes_of_digits_without_end(rng: random.Random, size: int) -> Response:
    return Response(b"0" * size + b"\r\n" + article(rng), (*HTML, (b"Transfer-Encoding", b"chunked")))


def text_that_says_it_is_brotli(rng: random.Random, size: int) -> Response:
    return _encoded(article(rng), "br")


PAGES: tuple[Make, ...] = (
    gzip_bomb,
    deflate_bomb,
    brotli_bomb,
    zstd_bomb,
    gzip_in_gzip_in_gzip,
    a_hundred_encodings,
    gzip_of_empty_members,
    gzip_of_markup_just_below_the_limit,
    gzip_cut_in_its_middle,
    zstd_with_a_window_of_terabytes,
    chunks_without_end,
    chunk_of_exabytes,
    chunk_sizes_of_digits_without_end,
    text_that_says_it_is_brotli,
)
