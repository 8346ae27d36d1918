"""Spans: the parts of an archive that can be read alone.

A span begins with a gzip member (or zstd frame) that opens with a record, and reaches to the next such member. In an
archive that has one member a record, every span is one record; a gzip that is one stream is one span; where a writer
cut members at will, a span is the members up to the next that happens to open with a record. An uncompressed archive is
one span.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from transforms.read.codec import Codec, DamagedError
from transforms.read.cursor import READ_BYTES, Cursor
from transforms.read.header import Format

FEED_BYTES = (
    1 << 15
)  # raw bytes inflated a step; counted from the start of the member, so that every split sees the same
_BACK_BYTES = 1 << 16  # damage shows only some way behind it, mostly less than this
_LOOKS = 1 << 10  # looks at what may be a member, see `Looks`
_REFUSED = 64  # places gone back to where none was allowed: what follows a trap, not the whole of it
_HEAD_LINE = 4096  # bytes of a member looked at to see whether it opens with a record


def opens(cursor: Cursor, codec: Codec, expected: Format) -> bool:
    """Whether a member begins at the cursor that opens with a record of this format. The cursor stays.

    The first 512 bytes of a member nearly always inflate to its first line; a gzip header may be longer (file name,
    extra field), but one beyond 4 KiB is not followed: a hostile body may hold very many of them. A zstd frame inflates
    to nothing before its first block is complete.
    """
    size = 5 if expected is Format.WARC else _HEAD_LINE
    for ahead in (512, _HEAD_LINE, codec.first_block):
        head = codec.probe(cursor.peek(ahead), size)
        if head is None:
            return False
        if expected.begins(head.split(b"\n", 1)[0]):
            return True
        if len(head) >= 5 and expected is Format.WARC:
            return False
    return False


class Looks:
    """How often it was looked whether a member opens with a record, while bytes are searched for one.

    A hostile body has a magic number every 3 bytes; a look takes 20 µs, at a zstd frame up to 0.2 ms. What is not made
    for it has one in 16 MB, and a small member takes 100 bytes. What stands right behind a trap is among the last that
    were refused.
    """

    def __init__(self, start: int) -> None:
        self._start = start
        self._count = 0
        self.refused: deque[int] = deque(maxlen=_REFUSED)  # the last offsets at which none was allowed

    def allow(self, offset: int, codec: Codec) -> bool:
        """Whether one more may be taken at this offset; counts it if so."""
        if self._count >= _LOOKS + (offset - self._start) // (4096 if codec.first_block else 128):
            self.refused.append(offset)
            return False
        self._count += 1
        return True


def find_start(cursor: Cursor, codec: Codec, expected: Format, end: int) -> bool:
    """Move the cursor to the first place before `end` where a span begins; if there is none, to `end` or behind it.

    Linear in the bytes looked at, with at most one look ahead (see `opens`) for each magic number met.
    """
    looks = Looks(cursor.offset)
    for offset in _magic_numbers(cursor, codec, end):
        if looks.allow(offset, codec) and opens(cursor, codec, expected):
            _go_back(cursor, codec, expected, looks.refused)
            return True
    return _go_back(cursor, codec, expected, looks.refused)


def _magic_numbers(cursor: Cursor, codec: Codec, end: int) -> Iterator[int]:
    """The offsets before `end` where a member may begin, the cursor at each; then it is at `end` or behind it."""
    overlap = len(codec.magic) - 1
    while cursor.offset < end:
        base, window = cursor.offset, cursor.peek(READ_BYTES)
        at = window.find(codec.magic)
        while at >= 0:
            cursor.seek(base + at)
            if cursor.offset >= end:
                return
            yield base + at
            at = window.find(codec.magic, at + 1)
        at_end = len(window) < READ_BYTES
        cursor.seek(base + len(window) - (0 if at_end else overlap))
        if at_end:
            return


def _go_back(cursor: Cursor, codec: Codec, expected: Format, refused: Iterable[int]) -> bool:
    """Move the cursor to the first of these places where a span begins; False, and it stays, if none does."""
    place = cursor.offset
    for offset in refused:
        cursor.seek(offset)
        if opens(cursor, codec, expected):
            return True
    cursor.seek(place)
    return False


class Span:
    """The inflated bytes of one span, for a line or a block at a time. Holds at most one step of output."""

    def __init__(self, cursor: Cursor, codec: Codec, expected: Format) -> None:
        self.start = cursor.offset
        self.expected = expected  # the reader narrows it when it has seen the first record
        self.damage = ""  # why inflating stopped before the end of a member, "" if it did not
        self.cut = False  # the archive ends inside a member
        self.sound = 0  # inflated bytes of the members that were read to their end with the right checksum
        self._cursor = cursor
        self.codec = codec
        self._out = b""
        self._at = 0
        self._before = 0  # inflated bytes before _out
        self._furthest = 0  # inflated bytes read when something was last made unread
        self._unread = 0  # sum of all that was
        self._done = False
        self._seen: tuple[int, Format] | None = None  # where a record was seen to begin the next span, and of what
        self._all_checked = True
        self._begin_member()

    def _begin_member(self) -> None:
        self.member_start = self._cursor.offset
        self.fed = self.member_start  # offset of the raw bytes inflated last
        self._inflater = self.codec.inflater()
        self._all_checked = self._all_checked and self.codec.has_checksum(self._cursor.peek(5))

    @property
    def consumed(self) -> int:
        """Offset in the archive behind the raw bytes inflated so far."""
        return self._cursor.offset - self._inflater.pending

    @property
    def resume(self) -> int:
        """Offset, a little before the damage showed, from which to look for the next span at least.

        A member cut short by a crash is followed at once by a good one, whose bytes were taken for data of the first
        until they made no sense.
        """
        return max(self.member_start + 1, self.fed - _BACK_BYTES)

    @property
    def checked(self) -> int:
        """Inflated bytes known to be right by a checksum of their own; 0 once a member without one has begun."""
        return self.sound if self._all_checked else 0

    @property
    def has_members(self) -> bool:
        """Whether places in the span are not places in the archive."""
        return self.codec.has_members

    def is_followed(self) -> bool:
        """Whether a member begins behind it that opens with a record of the format expected."""
        seen = self._seen == (self._cursor.offset, self.expected)
        return seen or opens(self._cursor, self.codec, self.expected)

    def tell(self) -> int:
        """Inflated bytes read so far."""
        return self._before + self._at

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end of the span."""
        pieces = []
        while size > 0 and (self._at < len(self._out) or self._fill()):
            piece = self._out[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def take(self, pattern: re.Pattern[bytes], most: int) -> bytes:
        """What a pattern matches at the place, read; b"" if it does not in `most` bytes of the piece at hand."""
        match = pattern.match(self._out, self._at, max(self._at + most, self._at))
        if match is None:
            return b""
        self._at = match.end()
        return match[0]

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; returns how many there were."""
        left = size
        while left > 0 and (self._at < len(self._out) or self._fill()):
            step = min(left, len(self._out) - self._at)
            self._at += step
            left -= step
        return size - left

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end of the span; the place stays."""
        more = True
        while more and len(self._out) - self._at < size:
            place, ahead = self.tell(), self._out[self._at :]
            more = self._fill()
            self._out, self._at, self._before = ahead + self._out, 0, place
        return self._out[self._at : self._at + size]

    def unread(self, data: bytes) -> bool:
        """Make the bytes read last the next ones again; False, and the place stays, if that was done too often.

        All that is read twice is never more than what was read once, whatever lengths the records of a span declare.
        """
        self._furthest = max(self._furthest, self.tell())
        if self._unread + len(data) > self._furthest:
            return False
        self._unread += len(data)
        if len(data) <= self._at:
            self._at -= len(data)
        else:
            self._before, self._out, self._at = self.tell() - len(data), data + self._out[self._at :], 0
        return True

    def lacks(self, size: int) -> bool:
        """Whether it is known, without reading them, that there are no `size` bytes more."""
        return not self.has_members and self.start + self.tell() + size > self._cursor.size()

    def readline(self, size: int) -> bytes:
        """The next line with its end, at most `size` bytes of it, b"" at the end of the span."""
        pieces = []
        while size > 0 and (self._at < len(self._out) or self._fill()):
            newline = self._out.find(b"\n", self._at, self._at + size)
            stop = newline + 1 if newline >= 0 else min(self._at + size, len(self._out))
            pieces.append(self._out[self._at : stop])
            size -= stop - self._at
            self._at = stop
            if newline >= 0:
                break
        return b"".join(pieces)

    def skip_lines(self) -> int:
        """From the start of a line, pass over lines none of which begins a record; returns how many bytes there were.

        Stops at the first that may, or at the last that begins in the piece at hand. Blank stretches count for nothing.
        """
        if not self._at:
            return 0  # the line break before the place is gone
        found = self.expected.search(self._out, self._at - 1)
        stop = found if found >= 0 else self._out.rfind(b"\n", self._at - 1)
        passed = self._out[self._at : stop + 1]
        self._at += len(passed)
        return len(passed) if passed.strip() else 0

    def _fill(self) -> bool:
        """Inflate the next piece; False at the end of the span."""
        self._before += len(self._out)
        self._out, self._at = b"", 0
        while not self._out and not self._done:
            if self._inflater.finished:
                self._next_member()
            else:
                self._step()
        return bool(self._out)

    def _step(self) -> None:
        raw = b""
        if not self._inflater.pending:
            self.fed = self._cursor.offset
            raw = self._cursor.take(FEED_BYTES)
        at_end = not raw and not self._inflater.pending
        try:
            self._out = self._inflater.feed(raw)
        except DamagedError as error:
            self.damage = str(error)[:80]
            self._done = True
            return
        if self._inflater.finished:
            self._cursor.seek(self.consumed)
            self._inflater.pending = 0
            self.sound = self._before + len(self._out)
        elif at_end and not self._out:
            self.cut = self.codec.has_members
            self._done = True

    def _next_member(self) -> None:
        magic = self.codec.magic
        if self._cursor.peek(len(magic)) != magic:
            self._done = True
        elif opens(self._cursor, self.codec, self.expected):
            self._seen, self._done = (self._cursor.offset, self.expected), True
        else:
            self._begin_member()
