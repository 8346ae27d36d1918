"""Records: what lies between two record headers of a span, with everything that is wrong about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from transforms.read.archive import Gap
from transforms.read.header import Format, Header, parse_header
from transforms.read.params import ReadParams
from transforms.read.span import Span
from transforms.rejection import Reason, Rejection


@dataclass(frozen=True, slots=True)
class Record:
    """One record as archived."""

    header: Header
    offset: int  # see `_place`
    length: int  # bytes in the archive, 0 if they cannot be told from those of its neighbours
    block: bytes  # of a response within the limit, else b""
    fault: Rejection | None  # found while reading it


@dataclass(frozen=True, slots=True)
class _Block:
    data: bytes
    end: int  # inflated place behind it
    whole: bool  # as many bytes as were declared


def read_records(span: Span, params: ReadParams) -> Iterator[Record | Gap]:
    """The records of a span in order, and the gaps between them. Memory: one block of at most `max_record_bytes`."""
    skipped, at, line = _next_start(span, params.max_header_bytes)
    if skipped:
        yield Gap(span.start, skipped)
    ordinal, short = 0, False
    while line:
        span.expected = Format.WARC if Format.WARC.begins(line) else Format.ARC
        offset = _place(span, at, ordinal)
        lines = _BoundedLines(span, params.max_header_bytes - len(line))
        header = parse_header(line, lines)
        if lines.room <= 0:
            header = replace(header, length=0, problem="header lines larger than read.max_header_bytes")
        block = _read_block(span, header, params)
        skipped, next_at, line = _next_start(span, params.max_header_bytes)
        fault = _fault(span, block, header.problem, offset)
        short = not block.whole
        yield Record(header, offset, _length(span, block.end - at, alone=not ordinal and not line), block.data, fault)
        if skipped and not header.problem:  # without a length, what follows up to the next record is the record's own
            yield Gap(offset, skipped)
        ordinal, at = ordinal + 1, next_at
    if span.cut and not short:
        yield Gap(span.member_start, span.consumed - span.member_start)


class _BoundedLines:
    """Header lines up to a number of bytes; then it seems to the parser that the header ends."""

    def __init__(self, span: Span, room: int) -> None:
        self._span = span
        self.room = room  # bytes that may still be read; 0 says that the header was longer

    def readline(self) -> bytes:
        line = self._span.readline(self.room)
        self.room -= len(line)
        return line


def _next_start(span: Span, limit: int) -> tuple[int, int, bytes]:
    """Bytes passed over (blank lines excepted), the place of the next line that begins a record, and that line.

    The line is b"" at the end of the span. A record begins at the start of a line only: the place behind a block is
    one, whatever it ends with, for some writers leave the blank lines out.
    """
    skipped, at_start = 0, True
    while True:
        at = span.tell()
        line = span.readline(limit)
        if not line or (at_start and span.expected.begins(line)):
            return skipped, at, line
        at_start = line.endswith(b"\n")
        skipped += len(line) if line.strip() else 0
        if at_start:
            skipped += span.skip_lines()


def _place(span: Span, at: int, ordinal: int) -> int:
    """Where the record is: unique in the archive, and the same whatever split reads it.

    Exact in an uncompressed archive and for the first record of a span. The others of a span cannot be reached but
    through its start: they get the start plus their ordinal, which is less than the length of the span in bytes.
    """
    return span.start + (ordinal if span.has_members else at)


def _length(span: Span, inflated: int, *, alone: bool) -> int:
    if not span.has_members:
        return inflated
    return span.consumed - span.start if alone and not span.damage else 0


def _read_block(span: Span, header: Header, params: ReadParams) -> _Block:
    kept = header.record_type == "response" and header.length <= params.max_record_bytes
    data = span.read(header.length) if kept else b""
    there = len(data) if kept else span.skip(header.length)
    return _Block(data, span.tell(), there == header.length)


def _fault(span: Span, block: _Block, problem: str, offset: int) -> Rejection | None:
    if problem:
        return Rejection(Reason.CORRUPT_RECORD, problem)
    if span.damage and block.end > span.sound:
        return Rejection(Reason.CORRUPT_RECORD, f"damaged compressed data: {span.damage}")
    if not block.whole:
        where = "archive" if span.cut or not span.has_members else "compressed member"
        return Rejection(Reason.TRUNCATED, f"the {where} ends inside the record")
    if span.has_members and offset >= span.consumed:
        # Deflate packs at best 1:1032, so that only records made for it are denser than one a byte.
        return Rejection(Reason.CORRUPT_RECORD, "more records than bytes of compressed data")
    return None
