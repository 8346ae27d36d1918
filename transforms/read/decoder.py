"""Decoders: one content or transfer coding undone in steps, with bounded output, linear in the size of the body.

A hostile body may be nothing but empty members, frames or chunks. No step may copy what is left of the body, and no
more than MAX_PARTS of them are followed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import brotli
import zstandard

# Members, frames or chunks of one layer. bgzip, which makes the most members, needs 16 for a MiB of output; chunks of
# 256 bytes are 65,536 in a body of the default limit.
MAX_PARTS = 1 << 16
_STEP = 1 << 18  # bytes of output asked for at once
_SLICE = 1 << 14  # bytes of input a step, at most
_FIRST_SLICE = 1 << 8  # … and for the first step of a member, which may be a few bytes long
_ZSTD_SLICE = 1 << 10  # … for zstd: at most 32 MiB of output, see transforms.read.codec.ZstdInflater
_MAGIC_GZIP = b"\x1f\x8b"
# RFC 9112 § 7.1, lenient on CR
_CHUNK = re.compile(rb"[ \t]{0,64}([0-9A-Fa-f]{1,16})[ \t]{0,64}(?:;[^\r\n]{0,4096})?\r?\n")


class State(Enum):
    """How far decoding got."""

    WHOLE = "to the end of the stream"
    CUT = "the stream ends early or is damaged"
    OVER = "more output than allowed"
    MANY = "more than MAX_PARTS members, frames or chunks"
    FOREIGN = "not in this encoding"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The output of one layer, and how far it got."""

    data: bytes
    state: State


class Source:
    """A body handed out in slices, forward; what a decoder leaves unused can be given back."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def starts_with(self, magic: bytes) -> bool:
        """Whether these bytes are next."""
        return self._body.startswith(magic, self._at)

    @property
    def left(self) -> int:
        """Bytes not handed out."""
        return len(self._body) - self._at

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end."""
        piece = self._body[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def give_back(self, count: int) -> None:
        """The last `count` bytes taken come next again."""
        self._at -= count


def decode(coding: str, source: Source, *, limit: int) -> Decoded:
    """One coding (in lower case) undone, with at most `limit` bytes of output and one step more.

    FOREIGN for a coding that is not known. What follows the last gzip member is padding.
    """
    decoder = _DECODERS.get(coding)
    return Decoded(b"", State.FOREIGN) if decoder is None else decoder(source, limit)


def _dechunk(source: Source, limit: int) -> Decoded:
    """Chunks joined; FOREIGN unless the first chunk is whole or all there is."""
    body = source.take(source.left)
    pieces: list[bytes] = []
    at = 0
    while (match := _CHUNK.match(body, at)) is not None:
        size = int(match.group(1), 16)
        if size == 0:
            return Decoded(b"".join(pieces), State.WHOLE)
        if len(pieces) == MAX_PARTS:
            return Decoded(b"", State.MANY)
        at = min(match.end() + size, len(body))
        piece = body[match.end() : at]
        end = body[at : at + 2]
        if len(piece) == size and end and not end.startswith((b"\r\n", b"\n", b"\r")):
            break
        pieces.append(piece)
        at += 2 if end == b"\r\n" else 1
    return Decoded(b"".join(pieces), State.CUT if pieces else State.FOREIGN)


def _gunzip(source: Source, limit: int) -> Decoded:
    """One gzip member, or several one after the other; what follows the last is padding."""
    if not source.starts_with(_MAGIC_GZIP):
        return Decoded(b"", State.FOREIGN)
    return _drain(_gzip_steps(source), limit)


def _inflate(source: Source, limit: int) -> Decoded:
    """`deflate` is a zlib stream (RFC 9110 § 8.4.1.2), but many servers send it without the zlib header."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        before = source.left
        result = _drain(_zlib_steps(source, wbits), limit)
        if result.state in {State.WHOLE, State.OVER} or result.data:
            return result
        source.give_back(before - source.left)
    return Decoded(b"", State.FOREIGN)


def _unbrotli(source: Source, limit: int) -> Decoded:
    return _known_by_output(_drain(_brotli_steps(source), limit))


def _unzstd(source: Source, limit: int) -> Decoded:
    """One zstd frame, or several. RFC 9659 bounds the window of the coding to 8 MiB."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 23)
    return _known_by_output(_drain(_zstd_steps(source, decompressor), limit))


def _known_by_output(result: Decoded) -> Decoded:
    """FOREIGN where a decoder that knows its streams by no magic number failed before the first output."""
    failed = result.state is State.CUT and not result.data
    return Decoded(b"", State.FOREIGN) if failed else result


_DECODERS: dict[str, Callable[[Source, int], Decoded]] = {
    "chunked": _dechunk,
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


class _CutError(Exception):
    """The input ended before its stream did, or goes on behind it."""


class _ManyError(Exception):
    """The input has more parts than are followed."""


def _drain(steps: Iterator[bytes], limit: int) -> Decoded:
    """The steps joined until they end, fail, or reach more than `limit` bytes."""
    data = bytearray()
    try:
        for step in steps:
            data += step
            if len(data) > limit:
                return Decoded(b"", State.OVER)
    except (zlib.error, brotli.error, zstandard.ZstdError, _CutError):
        return Decoded(bytes(data), State.CUT)
    except _ManyError:
        return Decoded(b"", State.MANY)
    return Decoded(bytes(data), State.WHOLE)


def _gzip_steps(source: Source) -> Iterator[bytes]:
    members = 0
    while source.starts_with(_MAGIC_GZIP):
        if members == MAX_PARTS:
            raise _ManyError
        members += 1
        yield from _zlib_steps(source, 16 + zlib.MAX_WBITS)


def _zlib_steps(source: Source, wbits: int) -> Iterator[bytes]:
    stream, size = zlib.decompressobj(wbits), _FIRST_SLICE
    while not stream.eof:
        given = stream.unconsumed_tail or source.take(size)
        out = stream.decompress(given, _STEP)
        if not out and not given:
            raise _CutError
        yield out
        size = min(2 * size, _SLICE)
    source.give_back(len(stream.unused_data))


def _brotli_steps(source: Source) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    while not stream.is_finished():
        given = b""
        if stream.can_accept_more_data():
            given = source.take(_SLICE)
        out = stream.process(given, output_buffer_limit=_STEP)
        if not out and not source.left and not given and stream.can_accept_more_data():
            raise _CutError
        yield out
    if source.left:
        raise _CutError


def _zstd_steps(source: Source, decompressor: zstandard.ZstdDecompressor) -> Iterator[bytes]:
    frames = 0
    while source.left:
        if frames == MAX_PARTS:
            raise _ManyError
        frames += 1
        stream = decompressor.decompressobj()
        while not stream.eof:
            given = source.take(_ZSTD_SLICE)
            if not given:
                raise _CutError
            yield stream.decompress(given)
        source.give_back(len(stream.unused_data))
