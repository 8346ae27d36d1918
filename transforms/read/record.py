"""Records: what lies between two record headers of a span, with everything that is wrong about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from transforms.read.archive import Gap
from transforms.read.digest import agrees, contradicts
from transforms.read.fields import PLAIN
from transforms.read.header import USUAL, Format, Header, parse_header, plain_header
from transforms.read.params import ReadParams
from transforms.read.span import Span
from transforms.rejection import Reason, Rejection

_FAR = 1 << 12  # bytes behind a block looked at for the next record; white space may stand between
_LITTLE = 16  # bytes by which a length may be too small without another record being looked for in the block
_BREAKS = {Format.WARC: (b"\r\n\r\n", b"\n\n"), Format.ARC: (b"\n", b"\r\n")}  # what ends a record

_LONG_HEADER = "header lines larger than read.max_header_bytes"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as archived."""

    header: Header
    offset: int  # see `_place`
    length: int  # bytes in the archive, 0 if they cannot be told from those of its neighbours
    block: bytes  # of a response within the limit, else b""
    fault: Rejection | None  # found while reading it
    at: int  # inflated place in its span
    size: int  # inflated bytes: header, block, and without a usable length all up to the next record


@dataclass(frozen=True, slots=True)
class _Block:
    data: bytes  # of a record within the limit
    end: int  # inflated place behind it
    whole: bool  # as many bytes as were declared
    fault: str = ""  # why its length is a wrong one, "" if nothing says so


def read_records(span: Span, params: ReadParams) -> Iterator[Record | Gap]:
    """The records of a span in order, and the gaps between them. Memory: two blocks of at most `max_record_bytes`."""
    skipped, at, line = _next_start(span, params.max_header_bytes)
    if skipped:
        yield Gap(span.start, at if not span.has_members else skipped, inflated=span.has_members)
    ordinal, short = 0, False
    while line:
        span.expected = Format.WARC if Format.WARC.begins(line) else Format.ARC
        offset = _place(span, at, ordinal)
        header = _read_header(span, line, params.max_header_bytes)
        block = _read_block(span, header, params)
        ended = _is_ended(span)
        skipped, next_at, line = _next_start(span, params.max_header_bytes)
        block = _reconsider(block, next_at, follows=bool(line), junk=0 if ended else skipped)
        block = replace(block, end=next_at) if header.problem else block
        fault = _fault(span, block, header.problem, offset)
        length = _length(span, block.end - at, alone=not ordinal and not line)
        kept = block.data if header.record_type == "response" else b""
        yield Record(header, offset, length, kept, fault, at, block.end - at)
        if skipped and block.end != next_at:
            yield _gap(span, offset, block.end, next_at, skipped)
        short, ordinal, at = not block.whole, ordinal + 1, next_at
    if span.cut and not short:
        yield Gap(span.member_start, span.consumed - span.member_start)


def _read_header(span: Span, line: bytes, limit: int) -> Header:
    """The header that begins with this line, of at most so many bytes; the span is left behind it."""
    room = limit - len(line)
    plain = span.take(PLAIN, room - 1) if line in USUAL else b""
    if plain:
        return plain_header(plain)
    lines = _BoundedLines(span, room)
    header = parse_header(line, lines)
    return header if lines.room > 0 else replace(header, length=0, problem=_LONG_HEADER)


def _gap(span: Span, offset: int, start: int, end: int, skipped: int) -> Gap:
    """What lies in a span between two records, or behind the last."""
    return Gap(offset, skipped, inflated=True) if span.has_members else Gap(span.start + start, end - start)


def _reconsider(block: _Block, next_at: int, *, follows: bool, junk: int) -> _Block:
    """What is known of a block once it is known what follows: another record, so many bytes that are no record."""
    if block.fault and not block.whole:
        return replace(block, end=next_at, whole=follows)  # the archive does not end in it if a record follows
    if junk and block.whole and not block.fault:
        return replace(block, fault=f"its length is too small: {junk} bytes follow that are no record")
    return block


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
    """The block, and what is wrong with the length declared for it: a single wrong digit must not swallow the next."""
    length = header.length
    if span.lacks(length):
        # Then it is not known where the block ends. It is followed to the next record, if there is one.
        return _Block(b"", span.tell(), whole=False, fault="its length reaches beyond the end of the archive")
    if length > params.max_record_bytes:
        return _Block(b"", span.tell(), span.skip(length) == length)
    data = span.read(length)
    fault = ""
    span.peek(_FAR)  # with it comes the checksum, where it stands that near
    unchecked = params.check_digests and header.record_type == "response" and span.tell() > span.checked
    if unchecked and contradicts(header.block_digest, data):
        fault = "its block is not the one that WARC-Block-Digest is of; see read.check_digests"
    short = len(data) < length and not span.damage and not span.cut
    if short or not (_is_followed(span) or agrees(header.block_digest, data)):
        inside = span.expected.find_header(data + span.peek(64), len(data))
        if inside > 0 and span.unread(data[inside:]):
            return _Block(
                data[:inside], span.tell(), whole=True, fault="its length is too large: a record begins before"
            )
    return _Block(data, span.tell(), len(data) == length, fault)


def _is_followed(span: Span) -> bool:
    """Whether a block ends at the place, to judge by what is behind it.

    Two line breaks do, so that junk behind them makes no records of an archive that is the text of a page; nothing but
    white space before the next record or the end does, and a few bytes more, for some writers count too few.
    """
    ahead = span.peek(_FAR)
    behind = ahead.lstrip()
    return (
        not behind
        or ahead.startswith(_BREAKS[Format.WARC])
        or span.expected.begins(behind.split(b"\n", 1)[0])
        or span.expected.find_header(ahead, _LITTLE) > 0
    )


def _is_ended(span: Span) -> bool:
    """Whether behind the place the record ends as records do. If so, junk that follows is none of it."""
    return span.peek(4).startswith(_BREAKS[span.expected])


def _fault(span: Span, block: _Block, problem: str, offset: int) -> Rejection | None:
    if problem:
        return Rejection(Reason.CORRUPT_RECORD, problem)
    if span.damage and block.end > span.sound:
        return Rejection(Reason.CORRUPT_RECORD, f"damaged compressed data: {span.damage}")
    if not block.whole:
        where = "archive" if span.cut or not span.has_members else "compressed member"
        return Rejection(Reason.TRUNCATED, f"the {where} ends inside the record")
    if block.fault:
        return Rejection(Reason.CORRUPT_RECORD, block.fault)
    if span.has_members and offset >= span.consumed:
        # Deflate packs at best 1:1032, so that only records made for it are denser than one a byte.
        return Rejection(Reason.CORRUPT_RECORD, "more records than bytes of compressed data")
    return None
