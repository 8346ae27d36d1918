"""What kind of archive a file is, and the spans of it that a byte range owns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from transforms.read.codec import (
    GZIP,
    MAGIC_GZIP,
    MAGIC_ZSTD,
    MAGIC_ZSTD_DICTIONARY,
    MAX_DICTIONARY,
    PLAIN,
    ZSTD,
    Codec,
    DamagedError,
    zstd_codec,
)
from transforms.read.cursor import READ_BYTES, Cursor
from transforms.read.header import Format
from transforms.read.span import Looks, Span, find_start, opens

SNIFF_BYTES = 1 << 12  # first bytes of a file that say what it is
_FAR = 1 << 62  # behind the end of any file
# What an archive may begin with; of ARC, the first record of a file.
_STARTS = re.compile(
    rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|\x5d\x2a\x4d\x18|WARC/[01]\.\d{1,2}\r?\n[A-Za-z-]{2,40}:|filedesc://"
)
_START_BYTES = 60  # at most; what the pieces that are searched have in common
_MAGIC_RAW_DICTIONARY = b"\x37\xa4\x30\xec"  # RFC 8878 § 5


@dataclass(frozen=True, slots=True)
class Kind:
    """How an archive is compressed, and the format of its first record (EITHER if it is not recognised)."""

    codec: Codec
    format: Format
    start: int = 0  # where the first span begins; what lies before it, if not a dictionary, is a gap

    @property
    def splittable(self) -> bool:
        """Whether any part of it can be read alone.

        ARC is not split: a line of text that looks like the header of an ARC record is easily met in a page.
        """
        return self.codec is GZIP and self.format is Format.WARC


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of an archive that belong to no record."""

    offset: int  # in the archive; if they are inflated, of the record before them
    size: int  # bytes as archived, or inflated bytes without those of blank lines
    inflated: bool = False  # the bytes lie within a compressed span


def sniff(head: bytes) -> Kind | None:
    """The kind of archive that begins with these bytes (SNIFF_BYTES or the whole file); None if it is none.

    The name of a file says nothing: `.warc.gz` is often plain, and the reverse. A zstd archive is taken on its magic.
    What begins a few bytes later is an archive too: one wrong byte at the start must not cost the whole of it.
    """
    if head.startswith((MAGIC_ZSTD, MAGIC_ZSTD_DICTIONARY)):
        return Kind(ZSTD, Format.EITHER)
    codec = GZIP if head.startswith(GZIP.magic) else PLAIN
    first = codec.inflate_head(head, SNIFF_BYTES).lstrip().split(b"\n", 1)[0]
    for known in (Format.WARC, Format.ARC):
        if known.begins(first):
            return Kind(codec, known)
    return Kind(codec, Format.EITHER) if codec is GZIP else _search(Cursor(io.BytesIO(head), 0))


def _search(cursor: Cursor) -> Kind | None:
    """The kind of the first member that opens with a record, or of the first header, wherever it is."""
    looks = Looks(cursor.offset)
    while window := cursor.peek(READ_BYTES):
        base = cursor.offset
        for match in _STARTS.finditer(window):
            cursor.seek(base + match.start())
            kind = _kind_at(cursor, match.group()) if looks.allow(cursor.offset, ZSTD) else None
            if kind is not None:
                return kind
        cursor.seek(base + len(window) - (_START_BYTES if len(window) == READ_BYTES else 0))
    return None


def _kind_at(cursor: Cursor, start: bytes) -> Kind | None:
    """The kind of an archive that begins at the cursor, with these bytes of _STARTS."""
    if start == MAGIC_ZSTD_DICTIONARY:
        size = int.from_bytes(cursor.peek(8)[4:], "little")
        is_one = cursor.peek(12)[8:] in {MAGIC_ZSTD, _MAGIC_RAW_DICTIONARY} and 0 < size <= MAX_DICTIONARY
        return Kind(ZSTD, Format.EITHER, cursor.offset) if is_one else None
    codec = {MAGIC_GZIP: GZIP, MAGIC_ZSTD: ZSTD}.get(start, PLAIN)
    for known in (Format.WARC, Format.ARC):
        if opens(cursor, codec, known):
            return Kind(codec, known, cursor.offset)
    return None


def spans(cursor: Cursor, kind: Kind, *, start: int, end: int) -> Iterator[Span | Gap]:
    """The spans that begin in `start <= offset < end`, and the gaps behind them; from the cursor on if start is 0.

    The consumer reads a span to its end before it asks for the next. When the iteration ends the cursor stands where
    the next span begins, or at the end of the file; if this range owned none, it means nothing.
    """
    codec, expected = kind.codec, kind.format
    if start > 0:
        cursor.seek(start)
        find_start(cursor, codec, expected, end)
    elif kind.start:
        yield Gap(0, kind.start)
    first, again = cursor.offset, 0  # … and bytes searched for a start though they were inflated before
    while cursor.offset < end and cursor.peek(1):
        span = Span(cursor, codec, expected)
        yield span
        expected = span.expected
        behind = span.member_start
        if span.damage:
            again += span.fed - behind
            # The next start may lie anywhere behind that of the damaged member. Members that lie within each other are
            # made by an attacker; then going back no further than a little keeps the search linear in the archive.
            cursor.seek(behind + 1 if again <= span.fed - first else span.resume)
        else:
            _skip_frames(cursor)
            behind = cursor.offset
        if cursor.peek(1) and (span.damage or not span.is_followed()):
            find_start(cursor, codec, expected, _FAR)
            yield Gap(behind, cursor.offset - behind)


def _skip_frames(cursor: Cursor) -> None:
    """Pass over zstd skippable frames (RFC 8878 § 3.1.2), such as the index of the seekable format.

    One that does not end where another frame begins, or the file ends, is damaged: it is left where it is.
    """
    while (head := cursor.peek(8))[1:4] == MAGIC_ZSTD_DICTIONARY[1:] and head[0] & 0xF0 == 0x50 and len(head) == 8:
        start = cursor.offset
        cursor.seek(start + 8 + int.from_bytes(head[4:], "little"))
        behind = cursor.peek(4)
        if behind[1:] not in {MAGIC_ZSTD[1:], MAGIC_ZSTD_DICTIONARY[1:]} and cursor.offset != cursor.size():
            cursor.seek(start)
            return


def open_kind(cursor: Cursor) -> Kind:
    """The kind of the archive whose start the cursor is at; the cursor moves to its first span.

    A file that is not recognised is searched for the first place where an archive may begin; if there is none it is
    read as if it were an archive that is not compressed.
    """
    kind = sniff(cursor.peek(SNIFF_BYTES)) or _search(cursor) or Kind(PLAIN, Format.EITHER)
    cursor.seek(kind.start)
    if cursor.peek(4) == MAGIC_ZSTD_DICTIONARY:
        try:
            kind = replace(kind, codec=zstd_codec(_take_dictionary(cursor)))
        except DamagedError:
            cursor.seek(kind.start)
    return kind


def _take_dictionary(cursor: Cursor) -> bytes:
    """The dictionary in the first frame, which may itself be compressed (IIPC, zstd for WARC)."""
    size = int.from_bytes(cursor.peek(8)[4:], "little")
    if size > MAX_DICTIONARY:
        raise DamagedError(f"a dictionary of {size} bytes")
    raw = cursor.take(8 + size)[8:]
    return ZSTD.inflate_head(raw, MAX_DICTIONARY) if raw.startswith(ZSTD.magic) else raw
