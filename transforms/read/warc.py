"""Reading a split of an archive: pages, rejections, counts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from transforms.errors import InputError
from transforms.read.address import is_remote
from transforms.read.archive import Gap, Kind, open_kind, spans
from transforms.read.chain import SplitReport
from transforms.read.codec import GZIP
from transforms.read.cursor import Cursor
from transforms.read.header import Format
from transforms.read.params import ReadParams
from transforms.read.readahead import ReadAhead
from transforms.read.record import Record, read_records
from transforms.read.response import Passed, judge
from transforms.read.span import Span
from transforms.read.splits import Split, escape_path
from transforms.records import Origin, Page
from transforms.rejection import Reason, RejectedRecord, Rejection

Item = Page | RejectedRecord | Passed


def read_split(stream: BinaryIO, split: Split, params: ReadParams) -> Iterator[Item | SplitReport]:
    """Everything in a split, one item a record or gap in order of offset, and the report of it all as the last item.

    `stream` is the whole archive, opened without decompression, seekable. Bad data never raises; what the stream
    itself raises does, for reading it again may help. A file that holds no record is one NOT_ARCHIVE rejection.
    Under a limit the report says nothing about offsets.

    Raises:
        InputError: an archive on a store or on the web has another size than when it was looked up. (A local one may
            grow: crawlers write into it.)
    """
    if isinstance(stream, ReadAhead):
        stream.horizon = split.end  # little behind it is read: where the last record ends
    reading = _Reading(split, params)
    for part in _parts(stream, split, params, reading):
        yield reading.item(part)
        if split.limit is not None and reading.counts["responses"] >= split.limit:
            break
    if is_remote(split.file_path):
        _require_size(stream, split)
    elif split.limit is None and (missing := _missing(stream, split)):
        yield reading.item(missing)
    yield reading.report()


def _missing(stream: BinaryIO, split: Split) -> RejectedRecord | None:
    """What a split lost because somebody cut the archive since it was looked up; None if nothing."""
    size = stream.seek(0, os.SEEK_END)
    gap = Gap(max(size, split.start), split.end - max(size, split.start))
    detail = f"the file has {size} bytes, and had {split.file_size} when it was looked up"
    return _region(split, gap, Rejection(Reason.CORRUPT_ARCHIVE, detail)) if gap.size > 0 else None


def _require_size(stream: BinaryIO, split: Split) -> None:
    """Other workers may have read another version of the archive. Asked last: by then its size is known."""
    size = stream.seek(0, os.SEEK_END)
    if size != split.file_size:
        raise InputError(
            f"{split.file_path!r} has {size} bytes, and had {split.file_size} when it was looked up: "
            "read it into another --output once it stays as it is"
        )


class _Reading:
    """The accounts of one split while it is read."""

    def __init__(self, split: Split, params: ReadParams) -> None:
        self._split = split
        self._address = escape_path(split.file_path)
        self._params = params
        self.counts: Counter[str] = Counter()
        self.first: int | None = None
        self.end: int | None = None

    def item(self, part: Record | RejectedRecord) -> Item:
        """The item that a part becomes, counted."""
        self.counts["gaps" if isinstance(part, RejectedRecord) else "records"] += 1
        item = part if isinstance(part, RejectedRecord) else self._judge(part)
        self.counts[type(item).__name__] += 1
        return item

    def _judge(self, record: Record) -> Item:
        header = record.header
        self.counts["responses"] += header.record_type == "response"
        origin = Origin(
            file_path=self._address,
            warc_file=self._split.warc_file,
            record_offset=record.offset,
            record_length=record.length,
            record_id=header.record_id,
            record_type=header.record_type,
            target_uri=header.target_uri,
        )
        verdict = judge(record, origin, self._params)
        return RejectedRecord(origin, verdict) if isinstance(verdict, Rejection) else verdict

    def report(self) -> SplitReport:
        """The accounts, at the end."""
        return SplitReport(
            split=self._split,
            records=self.counts["records"],
            gaps=self.counts["gaps"],
            responses=self.counts["responses"],
            pages=self.counts[Page.__name__],
            rejected=self.counts[RejectedRecord.__name__],
            passed=self.counts[Passed.__name__],
            first_offset=self.first,
            end_offset=self.end,
        )


def _parts(stream: BinaryIO, split: Split, params: ReadParams, reading: _Reading) -> Iterator[Record | RejectedRecord]:
    """Records, and gaps as rejections; gaps that follow each other are one."""
    cursor = Cursor(stream, 0)
    kind = Kind(GZIP, Format.WARC) if split.start else open_kind(cursor)
    gap: Gap | None = None
    for part in _flatten(cursor, kind, split, params, reading):
        if isinstance(part, Gap) and gap and gap.offset + gap.size == part.offset and not gap.inflated:
            gap = replace(gap, size=gap.size + part.size)
            continue
        if gap:
            yield _lost(split, gap)
        gap = part if isinstance(part, Gap) else None
        if not isinstance(part, Gap):
            yield part
    if split.start == 0 and not reading.counts["records"] and not cursor.peek(1):
        yield _no_archive(split, kind)
    elif gap:
        yield _lost(split, gap)


def _flatten(cursor: Cursor, kind: Kind, split: Split, params: ReadParams, reading: _Reading) -> Iterator[Record | Gap]:
    # A file that cannot be split is read to its end, whatever size was noted when it was listed.
    end = split.end if not split.is_whole else 1 << 62
    for part in spans(cursor, kind, start=split.start, end=end):
        if isinstance(part, Span):
            reading.first = part.start if reading.first is None else reading.first
            yield from read_records(part, params)
        else:
            reading.first = 0 if part.offset == 0 else reading.first
            yield part
    reading.end = cursor.offset if reading.first is not None else None


def _lost(split: Split, gap: Gap) -> RejectedRecord:
    detail = f"{gap.size} {'inflated ' if gap.inflated else ''}bytes belong to no record"
    return _region(split, gap, Rejection(Reason.CORRUPT_ARCHIVE, detail))


def _no_archive(split: Split, kind: Kind) -> RejectedRecord:
    detail = f"no record in {split.file_size} bytes ({kind.codec.name})" if split.file_size else "an empty file"
    return _region(split, Gap(0, split.file_size), Rejection(Reason.NOT_ARCHIVE, detail))


def _region(split: Split, gap: Gap, rejection: Rejection) -> RejectedRecord:
    length = 0 if gap.inflated else gap.size
    origin = Origin(escape_path(split.file_path), split.warc_file, gap.offset, length, "", "", "")
    return RejectedRecord(origin, rejection)
