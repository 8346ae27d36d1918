"""Records by the place that a row names: for whoever wants to see what a row was made of."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from typing import BinaryIO

from transforms.read.archive import open_kind, spans
from transforms.read.cursor import Cursor
from transforms.read.digest import payload_digest
from transforms.read.params import ReadParams
from transforms.read.record import Record, read_records
from transforms.read.response import judge
from transforms.read.span import Span
from transforms.records import Origin, Page

_FAR = 1 << 62  # behind the end of any archive


def look_up(stream: BinaryIO, offsets: Set[int], params: ReadParams) -> Iterator[Record]:
    """The records of an archive at these places, each once; for a place where none begins there is none.

    `stream` is the archive as for `transforms.read.warc.read_split`. A record that begins a gzip member is reached at
    once; for any other the archive is read from its start.
    """
    far = set(offsets)
    if open_kind(Cursor(stream, 0)).splittable:
        for offset in sorted(offsets):
            if offset in far:
                yield from _take(_read(stream, offset, offset + 1, params), far)
    if far:
        yield from _take(_read(stream, 0, _FAR, params), far)


def _take(records: Iterator[Record], wanted: set[int]) -> Iterator[Record]:
    """Those wanted, until there are no more; they are wanted no longer then."""
    for record in records:
        if record.offset in wanted:
            wanted.remove(record.offset)
            yield record
        if not wanted:
            return


def _read(stream: BinaryIO, start: int, end: int, params: ReadParams) -> Iterator[Record]:
    cursor = Cursor(stream, 0)
    for part in spans(cursor, open_kind(cursor), start=start, end=end):
        if isinstance(part, Span):
            for item in read_records(part, params):
                if isinstance(item, Record):
                    yield item
            if end != _FAR:
                return  # behind a damaged span the next is looked for, to the end of the archive


def payload_digests(record: Record, page: Page, params: ReadParams) -> tuple[str, ...]:
    """`sha1:` digests a crawler may have given the payload of this page: as archived, and with its encodings undone."""
    silent = replace(record, header=replace(record.header, payload_digest=""))
    computed = judge(silent, page.origin, params)
    assert isinstance(computed, Page)  # it was one with its digest
    return computed.payload_digest, payload_digest("", page.body)


def page_of(record: Record, origin: Origin, params: ReadParams) -> Page | str:
    """The page in a record, or in words why there is none any longer."""
    verdict = judge(record, replace(origin, record_type=record.header.record_type), params)
    if isinstance(verdict, Page):
        return verdict
    return getattr(verdict, "detail", "") or f"a record of type {record.header.record_type}"
