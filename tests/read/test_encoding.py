"""Encodings of HTTP bodies: undone, refused, or found to be a lie."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.read.encoding import declared_codings, decode_body
from transforms.rejection import Reason, Rejection

PAGE = b"<!doctype html><html><body><p>" + b"Some words of a page. " * 50 + b"</p></body></html>\n"
LIMIT = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def chunked(data: bytes, size: int = 100) -> bytes:
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstandard.compress,
    "chunked": chunked,
}


def reason(body: bytes | Rejection) -> Reason | None:
    return body.reason if isinstance(body, Rejection) else None


@settings(deadline=None, max_examples=80)
@given(data=st.binary(max_size=3000), layers=st.lists(st.sampled_from(sorted(ENCODE)), max_size=4))
def test_what_was_encoded_is_decoded(data: bytes, layers: list[str]) -> None:
    body = data
    for coding in reversed(layers):
        body = ENCODE[coding](body)
    assert decode_body(body, layers, limit=LIMIT) == data


def test_headers_name_the_outermost_coding_last() -> None:
    headers = (
        ("content-encoding", "GZIP, br"),
        ("transfer-encoding", "gzip, chunked"),
        ("content-encoding", "identity"),
    )
    assert declared_codings(headers) == ["chunked", "gzip", "br", "gzip"]
    assert declared_codings((("x-crawl-content-encoding", "br"), ("content-encoding", " , none"))) == []


@pytest.mark.parametrize("coding", [*ENCODE, "compress", "utf-8", "aws-chunked"])
@pytest.mark.parametrize("body", [PAGE, b"<", "\ufeff<html>é".encode("utf-16-le"), b"deadbeef is how this text begins"])
def test_a_body_that_is_not_in_the_encoding_it_declares_is_kept(coding: str, body: bytes) -> None:
    assert decode_body(body, [coding], limit=LIMIT) == body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "compress", "unheard-of"])
def test_binary_that_does_not_decode_is_refused(coding: str) -> None:
    assert reason(decode_body(b"\x00\x01\x02\x03\xfe\xff\x00\x80" * 50, [coding], limit=LIMIT)) is Reason.BAD_ENCODING


def test_deflate_is_taken_with_and_without_its_zlib_header() -> None:
    assert decode_body(raw_deflate(PAGE), ["deflate"], limit=LIMIT) == PAGE


def test_members_and_frames_in_sequence_are_joined_and_padding_is_ignored() -> None:
    assert decode_body(gzip.compress(b"one") + gzip.compress(b"two") + b"\x00\x00", ["gzip"], limit=LIMIT) == b"onetwo"
    assert decode_body(zstandard.compress(b"one") + zstandard.compress(b"two"), ["zstd"], limit=LIMIT) == b"onetwo"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "chunked"])
def test_a_stream_cut_after_the_document_is_kept_and_before_it_refused(coding: str) -> None:
    trailer = {"gzip": 4, "deflate": 2, "zstd": 0, "chunked": 5}[coding]
    encoded = chunked(PAGE, 5000) if coding == "chunked" else ENCODE[coding](PAGE)
    if trailer:
        assert decode_body(encoded[:-trailer], [coding], limit=LIMIT) == PAGE
    assert reason(decode_body(encoded[: len(encoded) // 2], [coding], limit=LIMIT)) is Reason.BAD_ENCODING


def test_a_brotli_stream_cut_in_the_middle_is_refused() -> None:
    noise = zlib.compress(bytes(range(256)) * 64, 0) + bytes(range(255, -1, -1)) * 3
    encoded = brotli.compress(b"<html>" + noise * 40)
    assert reason(decode_body(encoded[:-20], ["br"], limit=LIMIT)) is Reason.BAD_ENCODING


def test_chunks_are_read_leniently() -> None:
    assert decode_body(b"5;name=value\r\nhello\r\n5 \nworld\n0\n\n", ["chunked"], limit=LIMIT) == b"helloworld"
    assert decode_body(b"5\r\nhelloXX", ["chunked"], limit=LIMIT) == b"5\r\nhelloXX"
    assert reason(decode_body(b"5\r\nhello\r\n5\r\nworldXX", ["chunked"], limit=LIMIT)) is Reason.BAD_ENCODING
    assert decode_body(b"ffffffffffffffff\r\n" + PAGE, ["chunked"], limit=LIMIT) == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_oversized_and_takes_little_memory(
    coding: str, peak_bytes: Callable[[Callable[[], object]], int]
) -> None:
    bomb = ENCODE[coding](b"\x00" * (100 << 20))
    assert len(bomb) < 1 << 18
    assert reason(decode_body(bomb, [coding], limit=LIMIT)) is Reason.OVERSIZED
    assert peak_bytes(lambda: decode_body(bomb, [coding], limit=LIMIT)) < 68 << 20
    assert reason(decode_body(ENCODE[coding](bomb), [coding, coding], limit=LIMIT)) is Reason.OVERSIZED


def test_the_limit_itself_is_allowed() -> None:
    assert decode_body(gzip.compress(b"x" * 1000), ["gzip"], limit=1000) == b"x" * 1000
    assert reason(decode_body(gzip.compress(b"x" * 1001), ["gzip"], limit=1000)) is Reason.OVERSIZED
    assert reason(decode_body(b"x" * 1001, [], limit=1000)) is Reason.OVERSIZED


def test_very_many_layers_are_refused() -> None:
    assert reason(decode_body(PAGE, ["gzip"] * 5, limit=LIMIT)) is Reason.BAD_ENCODING


@settings(deadline=None, max_examples=300)
@given(
    body=st.binary(max_size=200) | st.from_regex(rb"\A([0-9a-fA-F]{1,17}(;x)?\r?\n[a-z]{0,9}(\r\n)?){1,4}\Z"),
    layers=st.lists(st.sampled_from([*ENCODE, "odd"]), max_size=3),
    edit=st.integers(0, 300),
)
def test_no_body_raises_or_exceeds_the_limit(body: bytes, layers: list[str], edit: int) -> None:
    for coding in reversed(layers[:2]):
        body = ENCODE.get(coding, bytes)(body)
    body = body[:edit] + body[edit + 1 :]
    decoded = decode_body(body, layers, limit=150)
    assert isinstance(decoded, Rejection) or len(decoded) <= 150


def test_a_body_of_very_many_empty_members_is_refused_by_name() -> None:
    refused = decode_body(gzip.compress(b"", mtime=0) * 70_000, ["gzip"], limit=LIMIT)
    assert refused == Rejection(Reason.BAD_ENCODING, "gzip: more than 65536 members, frames or chunks")
