"""What kind of archive a file is, and the spans of it that a byte range owns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transforms.read.codec import (
    GZIP,
    MAGIC_ZSTD,
    MAGIC_ZSTD_DICTIONARY,
    MAX_DICTIONARY,
    PLAIN,
    Codec,
    DamagedError,
    zstd_codec,
)
from transforms.read.cursor import Cursor
from transforms.read.header import Format
from transforms.read.span import Span, find_start, opens

SNIFF_BYTES = 1 << 12  # first bytes of a file that say what it is
_FAR = 1 << 62  # behind the end of any file


@dataclass(frozen=True, slots=True)
class Kind:
    """How an archive is compressed, and the format of its first record (EITHER if it is not recognised)."""

    codec: Codec
    format: Format

    @property
    def splittable(self) -> bool:
        """Whether any part of it can be read alone.

        ARC is not split: a line of text that looks like the header of an ARC record is easily met in a page.
        """
        return self.codec is GZIP and self.format is Format.WARC


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of an archive that belong to no record."""

    offset: int  # in the archive; of the span if the gap lies within one
    size: int  # bytes as archived between spans, inflated bytes within one


def sniff(head: bytes) -> Kind | None:
    """The kind of archive that begins with these bytes (SNIFF_BYTES or the whole file); None if it is none.

    The name of a file says nothing: `.warc.gz` is often plain, and the reverse. A zstd archive is taken on its magic.
    """
    if head.startswith((MAGIC_ZSTD, MAGIC_ZSTD_DICTIONARY)):
        return Kind(zstd_codec(b""), Format.EITHER)
    codec = GZIP if head.startswith(GZIP.magic) else PLAIN
    first = codec.inflate_head(head, SNIFF_BYTES).lstrip().split(b"\n", 1)[0]
    for known in (Format.WARC, Format.ARC):
        if known.begins(first):
            return Kind(codec, known)
    return Kind(codec, Format.EITHER) if codec is GZIP else None


def spans(cursor: Cursor, kind: Kind, *, start: int, end: int) -> Iterator[Span | Gap]:
    """The spans that begin in `start <= offset < end`, and the gaps behind them.

    The consumer reads a span to its end before it asks for the next. When the iteration ends the cursor stands where
    the next span begins, or at the end of the file; if this range owned none, it means nothing.
    """
    codec, expected = kind.codec, kind.format
    if start > 0:
        cursor.seek(start)
        find_start(cursor, codec, expected, end)
    while cursor.offset < end and cursor.peek(1):
        span = Span(cursor, codec, expected)
        yield span
        expected = span.expected
        behind = _behind(cursor, span)
        if cursor.peek(1) and (span.damage or not opens(cursor, codec, expected)):
            find_start(cursor, codec, expected, _FAR)
            yield Gap(behind, cursor.offset - behind)


def _behind(cursor: Cursor, span: Span) -> int:
    """Where the bytes that a span accounts for end; the cursor moves to where the search for the next begins."""
    if not span.damage:
        _skip_frames(cursor)
        return cursor.offset
    cursor.seek(span.resume)
    return span.member_start


def _skip_frames(cursor: Cursor) -> None:
    """Pass over zstd skippable frames (RFC 8878 § 3.1.2), such as the index of the seekable format."""
    while (head := cursor.peek(8))[1:4] == MAGIC_ZSTD_DICTIONARY[1:] and head[0] & 0xF0 == 0x50 and len(head) == 8:
        cursor.seek(cursor.offset + 8 + int.from_bytes(head[4:], "little"))


def open_kind(cursor: Cursor) -> Kind:
    """The kind of the archive whose start the cursor is at; the cursor stays, or moves behind the zstd dictionary.

    A file that is not recognised is read as if it were an archive: what lies behind a damaged start is found.
    """
    head = cursor.peek(SNIFF_BYTES)
    kind = sniff(head) or Kind(PLAIN, Format.EITHER)
    if not head.startswith(MAGIC_ZSTD_DICTIONARY):
        return kind
    try:
        return Kind(zstd_codec(_take_dictionary(cursor)), Format.EITHER)
    except DamagedError:
        return kind


def _take_dictionary(cursor: Cursor) -> bytes:
    """The dictionary in the first frame, which may itself be compressed (IIPC, zstd for WARC)."""
    size = int.from_bytes(cursor.peek(8)[4:], "little")
    if size > MAX_DICTIONARY:
        raise DamagedError(f"a dictionary of {size} bytes")
    raw = cursor.take(8 + size)[8:]
    plain = zstd_codec(b"")
    return plain.inflate_head(raw, MAX_DICTIONARY) if raw.startswith(plain.magic) else raw
