"""What a run moves: bytes through the shuffles of curation, requests to an object store."""

from __future__ import annotations

import math

from pipeline.interval import Interval
from pipeline.workload import Workload, partitions_of

_BAND = 24  # bytes: transforms.dedup.blocks.BAND_ENTRY
_BANDS_PACKED = 10  # what zstd leaves of it in long blocks
_ROW = 190  # bytes a row beside its bands: member 73, verdict 56, weight 37, score 18 (benchmarks.shuffle)
_COMPARED = 60  # bytes of a row that is compared, beside its hashes: two requests (benchmarks.shuffle)
_HASH = 2  # bytes of a hash that cross: transforms.dedup.blocks.Sketches
_BLOCK = 54  # bytes of a block beside its rows: 1.6 or 15 entries in each make 1,385 or 780 bytes a page (8f3b5d4)
_SUMS = 22_000  # bytes of sums over cells that a documents file sends (benchmarks.shuffle)
_RANGE = 4 << 20  # bytes of archive a request: of http; S3 and GCS take twice as many
_OPEN = 2  # requests until the first byte of an object is there
_OPENS = 8  # times that a documents file, or its footer, is opened until the corpus is written


def shuffled(work: Workload, documents: Interval, kept: Interval) -> Interval:
    """Bytes through all shuffles of curation. For each row that is dropped, two are compared by their signatures."""
    pair = 2 * (_HASH * work.num_hashes + _COMPARED) if work.bands else 0
    ends = (
        (documents.low, kept.high),
        (documents.value, kept.value),
        (documents.high, kept.low),
    )
    return Interval(*(_rows_shuffled(work, rows) + rows * pair * (1 - share) for rows, share in ends))


def _rows_shuffled(work: Workload, rows: float) -> float:
    """Bytes of all rows, none of which is compared. A file sends each partition one block of bands, one of members."""
    files, partitions = len(work.splits), partitions_of(round(rows))
    entries, in_file = rows * work.bands, rows / files
    blocks = files * (min(partitions, in_file * work.bands) + min(partitions, in_file))
    return rows * _ROW + entries * packed_band(entries / files / partitions) + blocks * _BLOCK + files * _SUMS


def packed_band(in_block: float) -> float:
    """Bytes that zstd leaves of a band entry in a block of so many: 24 in short ones, 16 of 600, 10 of 15,000.

    >>> [round(packed_band(rows)) for rows in (1, 10, 600, 15_000, 1e6)]
    [24, 24, 16, 10, 10]
    """
    return max(_BANDS_PACKED, _BAND - 4.4 * math.log10(max(in_block, 10) / 10))


def reads(work: Workload) -> float:
    """Requests for archives, documents and footers, were all of them on an object store."""
    archives = work.archives + _OPEN * len(work.splits) + work.archive_bytes / _RANGE
    return archives + _OPEN * _OPENS * len(work.splits)


def writes(work: Workload, shards: int) -> float:
    """Requests that make files: documents and rejections of every split, corpus and rejections of every shard."""
    return 2.0 * (len(work.splits) + shards)
