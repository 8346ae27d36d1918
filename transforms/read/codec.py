"""How an archive is compressed, and inflating it a bounded piece at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self, cast

import zstandard
from zlib_ng import zlib_ng

ROOM = 1 << 18  # bytes that one step may inflate to (gzip); see ZstdInflater for zstd
MAGIC_GZIP = b"\x1f\x8b\x08"  # RFC 1952: ID1, ID2, CM = deflate, the only method there is
MAGIC_ZSTD = b"\x28\xb5\x2f\xfd"  # RFC 8878 § 3.1.1
MAGIC_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"  # IIPC, zstd for WARC: the skippable frame that holds the dictionary
_ZSTD_BLOCK = (1 << 17) + 64  # RFC 8878 § 3.1.1.2.4: a block has at most 128 KiB; headers before it
_LINE = 5  # bytes of WARC/: less opens with no record
MAX_DICTIONARY = 1 << 24  # zstd trains 112 KiB by default; the standard names no bound, memory needs one


class DamagedError(Exception):
    """The compressed bytes are no valid stream from here on."""


class Inflater(Protocol):
    """Inflates one gzip member, one zstd frame, or nothing at all."""

    finished: bool  # the member's end was reached; its checksum was right
    pending: int  # bytes given but not used: behind the end if finished, else for the next step

    def feed(self, data: bytes) -> bytes:
        """The next piece of output. `data` is not looked at while there is pending input. Raises DamagedError."""


class _Stream(Protocol):
    """What `zlib.decompressobj` makes, and zlib_ng with it; the stubs of zlib_ng leave some of it out."""

    eof: bool
    unconsumed_tail: bytes
    unused_data: bytes

    def copy(self) -> Self: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_ZlibError = cast("type[Exception]", zlib_ng.error)


def _open_member() -> _Stream:
    """zlib-ng takes .55 of zlib's time, and gives the same bytes and the same words for what is damaged."""
    return cast("_Stream", zlib_ng.decompressobj(16 + zlib_ng.MAX_WBITS))


class GzipInflater:
    """One gzip member, at most ROOM bytes a step."""

    def __init__(self) -> None:
        self._stream = _open_member()
        self._begun = False
        self._damage = ""
        self.finished = False
        self.pending = 0

    def feed(self, data: bytes) -> bytes:
        if self._damage:
            raise DamagedError(self._damage)
        given = self._stream.unconsumed_tail or data
        # zlib gives back nothing of a step that fails; a copy of what has seen no byte would be a new one.
        before = self._stream.copy() if self._begun else None
        self._begun = True
        try:
            out = self._stream.decompress(given, ROOM)
        except _ZlibError as error:
            self._damage, self.pending = str(error), 0
            return _inflate_until_damage(_open_member() if before is None else before, given)
        self.finished = self._stream.eof
        self.pending = len(self._stream.unused_data if self.finished else self._stream.unconsumed_tail)
        return out


def _inflate_until_damage(stream: _Stream, data: bytes) -> bytes:
    """What `data` inflates to before it fails: a damaged record can then still be named."""
    out, at, step = b"", 0, 512
    while step and len(out) < ROOM and at < len(data):
        before = stream.copy()
        try:
            out += stream.decompress(data[at : at + step], ROOM)
        except _ZlibError:
            stream, step = before, step // 8
            continue
        at += step
    return out


class ZstdInflater:
    """One zstd frame, SLICE bytes of input a step.

    The library bounds no output; a block holds at most 128 KiB and takes at least 4 bytes (RFC 8878 § 3.1.1.2), so
    that a step of SLICE input bytes inflates to at most 32 MiB, whatever the archive says.
    """

    SLICE = 1 << 10

    def __init__(self, decompressor: zstandard.ZstdDecompressor) -> None:
        self._stream = decompressor.decompressobj()
        self._given = b""
        self.finished = False
        self.pending = 0

    def feed(self, data: bytes) -> bytes:
        if not self.pending:
            self._given, self.pending = data, len(data)
        at = len(self._given) - self.pending
        piece = self._given[at : at + self.SLICE]
        try:
            out: bytes = self._stream.decompress(piece)
        except zstandard.ZstdError as error:
            raise DamagedError(str(error)) from error
        self.finished = self._stream.eof
        self.pending -= len(piece) - len(self._stream.unused_data)
        return out


class PlainInflater:
    """An uncompressed archive: one member that ends where the file ends."""

    finished = False
    pending = 0

    def feed(self, data: bytes) -> bytes:
        return data


@dataclass(frozen=True, slots=True)
class Codec:
    """A compression: how its members begin, and how one is inflated."""

    name: str  # "gzip", "zstd", "plain"
    magic: bytes  # first bytes of a member; empty for an uncompressed archive
    inflater: Callable[[], Inflater]
    first_block: int = 0  # bytes within which a member inflates to its first byte; 0 if the first few do

    def probe(self, raw: bytes, size: int) -> bytes | None:
        """As `inflate_head`, None if `raw` is damaged; cheap: a hostile body may have a magic number every 4 bytes."""
        if self.magic == MAGIC_ZSTD:
            return self._probe_zstd(raw, size)
        if not self.has_members:
            return raw[:size]
        if not raw.startswith(MAGIC_GZIP):
            return None
        try:
            return _open_member().decompress(raw, size)
        except _ZlibError:
            return None

    def _probe_zstd(self, raw: bytes, size: int) -> bytes | None:
        """Small steps: four bytes may inflate to 128 KiB, and the first are what is asked for."""
        inflater, head, at, step = self.inflater(), b"", 0, 64
        try:
            while len(head) < size and at < len(raw) and not inflater.finished:
                head += inflater.feed(raw[at : at + step])
                at, step = at + step, min(2 * step, ZstdInflater.SLICE)
        except DamagedError:
            return head or None
        return None if inflater.finished and len(head) < _LINE else head[:size]

    def has_checksum(self, head: bytes) -> bool:
        """Whether a member that begins with these 5 bytes ends with a checksum; in zstd, RFC 8878 § 3.1.1.1.1."""
        if self.magic == MAGIC_ZSTD:
            return len(head) > 4 and bool(head[4] & 4)
        return self.has_members

    @property
    def has_members(self) -> bool:
        """Whether the archive may be a sequence of members, each of which can be read alone."""
        return bool(self.magic)

    def inflate_head(self, raw: bytes, size: int) -> bytes:
        """The first `size` bytes that a member beginning with `raw` inflates to; fewer if it has or needs more."""
        if not raw.startswith(self.magic):
            return b""
        inflater, head = self.inflater(), bytearray()
        try:
            while len(head) < size and not inflater.finished:
                out = inflater.feed(raw)
                head += out
                if not out and not inflater.pending:
                    break
                raw = b""
        except DamagedError:
            pass  # what came before the damage is the answer
        return bytes(head[:size])


GZIP = Codec("gzip", MAGIC_GZIP, GzipInflater)
PLAIN = Codec("plain", b"", PlainInflater)


def zstd_codec(dictionary: bytes) -> Codec:
    """The codec of a `.warc.zst` with this dictionary, b"" for none. Raises DamagedError."""
    try:
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        decompressor = zstandard.ZstdDecompressor(dict_data=known, max_window_size=1 << 27)  # zstd's own default bound
    except zstandard.ZstdError as error:
        raise DamagedError(str(error)) from error
    return Codec("zstd", MAGIC_ZSTD, lambda: ZstdInflater(decompressor), first_block=_ZSTD_BLOCK)


ZSTD = zstd_codec(b"")
