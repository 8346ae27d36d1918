"""What a run moves: bytes through the shuffles of curation, requests to an object store."""

from __future__ import annotations

from pipeline.interval import Interval
from pipeline.workload import Workload, partitions_of

_BAND = 24  # bytes: transforms.dedup.blocks.BAND_ENTRY, as it is in a block too short to pack
_BAND_KEY, _BAND_TEXT = 8, 9  # what zstd leaves of its key, and of whose it is, which is said once for a text
_SHORT = 10  # entries of a block that is not packed: 256 bytes
_ROW = 122  # bytes a row beside its bands: members 53, verdicts, weights and scores the rest (benchmarks.shuffle)
_COMPARED = 60  # bytes of a row that is compared, beside its hashes: two requests (benchmarks.shuffle)
_HASH = 2  # bytes of a hash that cross: transforms.dedup.blocks.Sketches
_BLOCK = 54  # bytes of a block beside its rows: 1.6 or 15 entries in each make 1,385 or 780 bytes a page (8f3b5d4)
_FILE = 6_000  # bytes a documents file, however few rows it has (benchmarks.shuffle, 10 and 400 files)
_SUMS = 100_000  # bytes of sums over cells (benchmarks.shuffle)
_RANGE = 4 << 20  # bytes of archive a request: of http; S3 and GCS take twice as many
_OPEN = 2  # requests until the first byte of an object is there
_OPENS = 8  # times that a documents file, or its footer, is opened until the corpus is written


def shuffled(work: Workload, documents: Interval, kept: Interval) -> Interval:
    """Bytes through all shuffles of curation.

    For each row that is dropped two are compared by their signatures.
    """
    compared = 2 * (_HASH * work.num_hashes + _COMPARED) if work.bands else 0
    ends = (
        (documents.low, kept.high),
        (documents.value, kept.value),
        (documents.high, kept.low),
    )
    return Interval(*(_rows_shuffled(work, rows) + rows * compared * (1 - share) for rows, share in ends))


def _rows_shuffled(work: Workload, rows: float) -> float:
    """Bytes of all rows, none of which is compared."""
    files, partitions = len(work.splits), partitions_of(round(rows))
    entries = rows * work.bands
    band = packed_band(entries / files / partitions, work.bands / partitions)
    return rows * _ROW + entries * band + blocks(work, rows) * _BLOCK + files * _FILE + _SUMS


def blocks(work: Workload, rows: float) -> float:
    """Blocks of dedup's two large shuffles: each file sends each partition one of bands and one of members, at most."""
    files, partitions = len(work.splits), partitions_of(round(rows))
    in_file = rows / files
    return files * (min(partitions, in_file * work.bands) + min(partitions, in_file))


def packed_band(in_block: float, of_text: float) -> float:
    """Bytes of a band entry in a block of so many, so many of them of one text.

    >>> packed_band(700, 5), packed_band(44, 0.1), packed_band(3, 0.1)
    (9.8, 17.0, 24.0)
    """
    return _BAND_KEY + _BAND_TEXT / max(1.0, of_text) if in_block > _SHORT else float(_BAND)


def reads(work: Workload) -> float:
    """Requests for archives, documents and footers, were all of them on an object store."""
    archives = work.archives + _OPEN * len(work.splits) + work.archive_bytes / _RANGE
    return archives + _OPEN * _OPENS * len(work.splits)


def writes(work: Workload, shards: int) -> float:
    """Requests that make files: documents and rejections of every split, corpus and rejections of every shard."""
    return 2.0 * (len(work.splits) + shards)
