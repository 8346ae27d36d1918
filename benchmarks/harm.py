"""What damage cost: a damaged archive read beside the whole one.

A record is *lost* if what was read of the whole archive (a page with its headers and body, a rejection, a record passed
over) is not read of the damaged one; *untouched* if none of its bytes were; *silent* if it is lost and nothing says so.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.wounds import Wound
from transforms.read.archive import Gap, open_kind, spans
from transforms.read.chain import SplitReport, chain_breaks
from transforms.read.cursor import Cursor
from transforms.read.params import ReadParams
from transforms.read.record import read_records
from transforms.read.splits import Archive, plan_splits
from transforms.read.warc import Item, read_split
from transforms.records import Page
from transforms.rejection import RejectedRecord

_DAMAGED = "expected a whole archive, found bytes that belong to no record"


@dataclass(frozen=True, slots=True)
class Known:
    """One record of the whole archive."""

    start: int  # its first byte in the archive; in a gzip of one stream the first byte of the stream
    end: int  # behind the last byte without which it cannot be read
    key: str  # of what was read
    dictionary: int  # bytes at the start of the archive without which it cannot be read

    def is_spared(self, wound: Wound) -> bool:
        """Whether the wound touched nothing that the record needs."""
        return wound.spares(self.start, self.end) and wound.spares(0, self.dictionary)


@dataclass(frozen=True, slots=True)
class Harm:
    """What a wound cost."""

    told: str
    lost: int
    gone: int  # lost, for the file ends before they begin
    untouched: int  # lost, though none of their bytes were touched
    silent: int  # lost, and no rejection lies where they were; changed pages are lost and may be silent
    new: int  # pages read that the whole archive does not have
    seconds: float  # CPU, to read the damaged archive


@dataclass(frozen=True, slots=True)
class SplitHarm:
    """A damaged archive read by splits."""

    breaks: bool  # they do not meet, so that a run reads the archive again as one
    alike: bool  # they gave the same items as reading it whole


def read(data: bytes, *, split_bytes: int = 1 << 40) -> tuple[list[Item], list[SplitReport]]:
    """The items of an archive in order, and the reports of its splits."""
    archive = Archive("/in/x.warc.gz", "x.warc.gz", len(data), splittable=True)
    items: list[Item] = []
    reports: list[SplitReport] = []
    for split in plan_splits([archive], split_bytes=split_bytes):
        for item in read_split(io.BytesIO(data), split, ReadParams()):
            if isinstance(item, SplitReport):
                reports.append(item)
            else:
                items.append(item)
    return items, reports


def survey(data: bytes) -> list[Known]:
    """The records of a whole archive. Raises ValueError if a part of it is no record."""
    places: list[tuple[int, int]] = []
    cursor = Cursor(io.BytesIO(data), 0)
    kind = open_kind(cursor)
    dictionary = cursor.offset
    for span in spans(cursor, kind, start=0, end=len(data)):
        if isinstance(span, Gap):
            raise ValueError(_DAMAGED)
        for record in read_records(span, ReadParams()):
            if isinstance(record, Gap):
                raise ValueError(_DAMAGED)
            exact = record.length > 0
            places.append((record.offset, record.offset + record.length) if exact else (span.start, span.consumed))
    items, _ = read(data)
    keys = [_key(item) for item in items]
    return [Known(start, end, key, dictionary) for (start, end), key in zip(places, keys, strict=True)]


def harm(known: Sequence[Known], wound: Wound, *, places: bool) -> Harm:
    """What this wound cost. `places`: what is left lies where it was, so that each loss must be told at its place."""
    began = time.process_time()
    items, _ = read(wound.data)
    seconds = time.process_time() - began
    found = Counter(map(_key, items))
    lost = _missing(known, found, wound)
    before = Counter(one.key for one in known)
    rejected = [item for item in items if isinstance(item, RejectedRecord) and not before[_key(item)]]
    return Harm(
        told=wound.told,
        lost=len(lost),
        gone=sum(one.start >= len(wound.data) for one in lost),
        untouched=sum(one.is_spared(wound) for one in lost),
        silent=_silent(lost, rejected, len(wound.data), places=places),
        new=sum((Counter(_key(item) for item in items if isinstance(item, Page)) - before).values()),
        seconds=seconds,
    )


def split_harm(wound: Wound, *, split_bytes: int) -> SplitHarm:
    """How the splits of a damaged archive agree with all of it."""
    items, reports = read(wound.data, split_bytes=split_bytes)
    return SplitHarm(bool(chain_breaks(reports)), items == read(wound.data)[0])


def _missing(known: Sequence[Known], found: Counter[str], wound: Wound) -> list[Known]:
    """The records that were not found; of those that are alike, the touched ones first."""
    left = Counter(found)
    lost = []
    for one in sorted(known, key=lambda one: not one.is_spared(wound)):
        if left[one.key]:
            left[one.key] -= 1
        else:
            lost.append(one)
    return lost


def _silent(lost: Iterable[Known], rejected: Sequence[RejectedRecord], size: int, *, places: bool) -> int:
    """How many losses nothing tells of. Records behind the end of the file are told by what is said of its end."""
    if not places:
        return 0 if rejected else sum(1 for _ in lost)
    ranges = [
        (one.origin.record_offset, one.origin.record_offset + max(one.origin.record_length, 1)) for one in rejected
    ]
    silent = 0
    for one in lost:
        start = min(one.start, max((low for low, _ in ranges), default=one.start)) if one.start >= size else one.start
        silent += not any(low < one.end and start < high for low, high in ranges)
    return silent


def _key(item: Item) -> str:
    """What was read, without its place."""
    if isinstance(item, Page):
        origin = item.origin
        parts = (origin.record_id, origin.target_uri, item.date, item.headers, item.content_type, item.charset)
        return f"page {parts} {hashlib.sha1(item.body, usedforsecurity=False).hexdigest()}"
    if isinstance(item, RejectedRecord):
        return f"{item.rejection.reason} {item.origin.record_id} {item.origin.target_uri} {item.rejection.detail}"
    return f"passed {item.record_type}"
