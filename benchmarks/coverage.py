"""Whether every byte of an archive is accounted for: it belongs to a record, to a gap that is told, or is blank."""

from __future__ import annotations

import io
from collections.abc import Sequence

from transforms.read.archive import Gap, open_kind, spans
from transforms.read.cursor import Cursor
from transforms.read.params import ReadParams
from transforms.read.record import Record, read_records
from transforms.read.span import Span

Range = tuple[int, int]
BLANK = b" \t\r\n\x00"


def unaccounted(data: bytes) -> int:
    """Bytes of an archive, blank lines aside, that neither a record nor a gap takes in; 0 if nothing vanishes.

    Of compressed members the inflated bytes are looked at too. The archive must fit in memory, inflated.
    """
    cursor = Cursor(io.BytesIO(data), 0)
    kind = open_kind(cursor)
    ranges = [(kind.start, cursor.offset)]  # the dictionary of zstd
    left = 0
    for part in spans(cursor, kind, start=0, end=1 << 62):
        if isinstance(part, Gap):
            ranges.append((part.offset, part.offset + part.size))
        elif part.has_members:
            left += _left_within(data, part)
            ranges.append((part.start, part.member_start if part.damage else part.consumed))
        else:
            ranges += [_range(one) for one in read_records(part, ReadParams())]
    return left + _left(data, ranges)


def _range(part: Record | Gap) -> Range:
    return (part.offset, part.offset + (part.length if isinstance(part, Record) else part.size))


def _left_within(data: bytes, span: Span) -> int:
    """Inflated bytes of a span that no record and no gap takes in."""
    again = Span(Cursor(io.BytesIO(data), span.start), span.codec, span.expected)
    parts = list(read_records(span, ReadParams()))
    ranges = [(one.at, one.at + one.size) for one in parts if isinstance(one, Record)]
    told = sum(one.size for one in parts if isinstance(one, Gap) and one.inflated)
    return max(0, _left(again.read(span.tell()), ranges) - told)


def _left(data: bytes, ranges: Sequence[Range]) -> int:
    at = left = 0
    for start, end in [*sorted(ranges), (len(data), len(data))]:
        lines = data[at:start].splitlines(keepends=True)
        left += len(b"".join(line for line in lines if line.strip(BLANK)).strip(BLANK))
        at = max(at, end)
    return left
