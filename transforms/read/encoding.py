"""Undoing the transfer and content encodings of an HTTP body, with bounded output.

What a body declares is a claim. Crawlers store bodies decoded and keep the header, servers name encodings they do not
apply; a body that is not in its declared encoding but could be text is taken as it is. Common Crawl stores bodies
decoded and renames the headers (X-Crawl-Content-Encoding), so that nothing is declared there.

A stream that ends early gives what decodes, if that ends like an HTML document (servers leave out the trailer, crawlers
the last empty chunk); else the page would be a part that passes for the whole, and is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import brotli
import zstandard

from transforms.read.media import ends_like_html, looks_like_text
from transforms.rejection import Reason, Rejection

MAX_LAYERS = 4  # two are seen in crawls (gzip in gzip); each multiplies what a small body may cost
_STEP = 1 << 18  # bytes of output asked for at once
_ZSTD_SLICE = 1 << 10  # input bytes a step: at most 32 MiB of output, see transforms.read.codec.ZstdInflater
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")  # RFC 9112 § 7.1, lenient on CR


class State(Enum):
    """How far decoding got."""

    WHOLE = "to the end of the stream"
    CUT = "the stream ends early or is damaged"
    OVER = "more output than allowed"
    FOREIGN = "not in this encoding"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The output of one layer, and how far it got."""

    data: bytes
    state: State


def declared_codings(headers: tuple[tuple[str, str], ...]) -> list[str]:
    """The codings that the headers (names in lower case) say were applied, in lower case, the outermost first."""
    applied = [
        token.strip().lower()
        for name in ("content-encoding", "transfer-encoding")
        for key, value in headers
        if key == name
        for token in value.split(",")
    ]
    return [coding for coding in reversed(applied) if coding not in {"", "identity", "none"}]


def decode_body(payload: bytes, codings: list[str], *, limit: int) -> bytes | Rejection:
    """The body with these codings undone, at most `limit` bytes.

    Rejects BAD_ENCODING (more than MAX_LAYERS, unknown coding on binary data, a stream cut or damaged before the end of
    the document) and OVERSIZED.
    """
    if len(codings) > MAX_LAYERS:
        return Rejection(Reason.BAD_ENCODING, f"{len(codings)} encodings, {MAX_LAYERS} are followed")
    body, cut = payload, ""
    for coding in codings:
        result = _undo(coding, body, limit)
        if result.state is State.OVER:
            return Rejection(Reason.OVERSIZED, f"{coding}: the body decodes to more than {limit} bytes")
        if result.state is State.FOREIGN:
            return Rejection(Reason.BAD_ENCODING, f"{coding[:40]!r} does not decode")
        cut = coding if result.state is State.CUT else cut
        body = result.data
    if len(body) > limit:
        return Rejection(Reason.OVERSIZED, f"a body of {len(body)} bytes, the limit is {limit}")
    if cut and not ends_like_html(body):
        return Rejection(Reason.BAD_ENCODING, f"{cut}: the stream ends early, after {len(body)} bytes of body")
    return body


def _undo(coding: str, body: bytes, limit: int) -> Decoded:
    """One layer undone; the body itself where it is not in this encoding and need not be."""
    result = _DECODERS.get(coding, _unknown)(body, limit)
    if coding == "chunked":
        taken_as_is = result.state is State.FOREIGN
    else:  # text is no compressed stream, however far a decoder without a magic number gets in it
        taken_as_is = result.state in {State.FOREIGN, State.CUT} and looks_like_text(body)
    return Decoded(body, State.WHOLE) if taken_as_is else result


def _dechunk(body: bytes, limit: int) -> Decoded:
    """Chunks joined; FOREIGN unless the first chunk is whole or all there is."""
    pieces: list[bytes] = []
    at = 0
    while (match := _CHUNK.match(body, at)) is not None:
        size = int(match.group(1), 16)
        if size == 0:
            return Decoded(b"".join(pieces), State.WHOLE)
        at = min(match.end() + size, len(body))
        piece = body[match.end() : at]
        end = body[at : at + 2]
        if len(piece) == size and end and not end.startswith((b"\r\n", b"\n", b"\r")):
            return Decoded(b"".join(pieces), State.CUT if pieces else State.FOREIGN)
        pieces.append(piece)
        at += 2 if end == b"\r\n" else 1
    return Decoded(b"".join(pieces), State.CUT if pieces else State.FOREIGN)


def _gunzip(body: bytes, limit: int) -> Decoded:
    """One gzip member, or several one after the other; what follows the last is padding."""
    if not body.startswith(b"\x1f\x8b"):
        return Decoded(b"", State.FOREIGN)
    pieces, state = bytearray(), State.WHOLE
    while body.startswith(b"\x1f\x8b") and state is State.WHOLE:
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        state = _drain(_zlib_steps(stream, body), pieces, limit)
        body = stream.unused_data
    return Decoded(bytes(pieces), state)


def _inflate(body: bytes, limit: int) -> Decoded:
    """`deflate` is a zlib stream (RFC 9110 § 8.4.1.2), but many servers send it without the zlib header."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream, pieces = zlib.decompressobj(wbits), bytearray()
        state = _drain(_zlib_steps(stream, body), pieces, limit)
        if state is State.WHOLE or state is State.OVER or pieces:
            return Decoded(bytes(pieces), state)
    return Decoded(b"", State.FOREIGN)


def _unbrotli(body: bytes, limit: int) -> Decoded:
    stream, pieces = brotli.Decompressor(), bytearray()
    state = _drain(_brotli_steps(stream, body), pieces, limit)
    return Decoded(bytes(pieces), state if pieces or state is State.WHOLE else State.FOREIGN)


def _unzstd(body: bytes, limit: int) -> Decoded:
    """One zstd frame, or several. RFC 9659 bounds the window of the coding to 8 MiB."""
    pieces = bytearray()
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 23)
    state = _drain(_zstd_steps(decompressor, body), pieces, limit)
    return Decoded(bytes(pieces), state if pieces or state is State.WHOLE else State.FOREIGN)


def _unknown(body: bytes, limit: int) -> Decoded:
    return Decoded(b"", State.FOREIGN)


_DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "chunked": _dechunk,
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


class _CutError(Exception):
    """The input ended before its stream did."""


def _drain(steps: Iterator[bytes], into: bytearray, limit: int) -> State:
    """Append the steps until they end, fail, or reach more than `limit` bytes."""
    try:
        for step in steps:
            into += step
            if len(into) > limit:
                return State.OVER
    except (zlib.error, brotli.error, zstandard.ZstdError, _CutError):
        return State.CUT
    return State.WHOLE


def _zlib_steps(stream: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    rest = body
    while not stream.eof:
        out = stream.decompress(rest, _STEP)
        rest = stream.unconsumed_tail
        if not out and not rest and not stream.eof:
            raise _CutError
        yield out


def _brotli_steps(stream: brotli.Decompressor, body: bytes) -> Iterator[bytes]:
    yield stream.process(body, output_buffer_limit=_STEP)
    while not stream.is_finished():
        if stream.can_accept_more_data():
            raise _CutError
        yield stream.process(b"", output_buffer_limit=_STEP)


def _zstd_steps(decompressor: zstandard.ZstdDecompressor, body: bytes) -> Iterator[bytes]:
    rest = body
    while rest:
        stream = decompressor.decompressobj()
        while not stream.eof:
            if not rest:
                raise _CutError
            yield stream.decompress(rest[:_ZSTD_SLICE])
            rest = stream.unused_data + rest[_ZSTD_SLICE:]
