"""What is to be done, as far as the inputs tell without being read: bytes, splits, and how workers share them."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import Config
from transforms.read.splits import Archive, Split, plan_splits

_PAGE_BYTES = 36_000  # of archive: 90,000 archives of 1 GB hold the 2.5 billion pages of a snapshot of Common Crawl
_WORKER_BYTES = 8 << 20  # of archive, some 300 pages or 7 s: a further process works after 2 s, and costs 2 s of CPU
# Of the shuffles of dedup: 96 MB of band entries, 300 MB while they are sorted; a quarter where there are few. Each
# documents file may send a block to each partition, which costs 16 µs (docs/scaling.md).
_PAGES_A_PARTITION, _PAGES_OF_FEW, _FEW = 200_000, 50_000, 50


@dataclass(frozen=True, slots=True)
class Workload:
    """Archives as they will be cut, and the settings that bear on cost."""

    splits: tuple[int, ...]  # bytes of archive of each
    archives: int
    shard_bytes: int  # of text in a shard of the corpus
    bands: int  # whose keys cross the shuffle for each page, 0 if near-duplicates are not looked for
    num_hashes: int  # of a signature

    @property
    def archive_bytes(self) -> int:
        """Bytes of all archives."""
        return sum(self.splits)


def workload_of(archives: Sequence[Archive], config: Config) -> Workload:
    """What running these archives with this configuration means."""
    splits = plan_splits(archives, split_bytes=config.run.split_bytes)
    return Workload(
        splits=tuple(split.end - split.start for split in splits),
        archives=len(archives),
        shard_bytes=config.run.shard_bytes,
        bands=config.dedup.bands if config.dedup.method == "near" else 0,
        num_hashes=config.signature.num_hashes,
    )


def likely_bytes(split: Split) -> int:
    """How much of its archive a split is likely to read: one with a limit stops there."""
    whole = split.end - split.start
    return whole if split.limit is None else min(whole, split.limit * _PAGE_BYTES)


def worth_starting(splits: Sequence[int]) -> int:
    """How many processes on one machine have enough to do with splits of so many bytes.

    >>> worth_starting([1000, 2000]), worth_starting([64 << 20] * 20), worth_starting([10 << 20])
    (1, 20, 1)
    """
    return min(len(splits), 1 + sum(splits) // _WORKER_BYTES)


def partitions_of(pages: int) -> int:
    """How many partitions the shuffles of dedup have.

    >>> [partitions_of(pages) for pages in (1000, 1_000_000, 5_000_000, 2_000_000_000)]
    [4, 20, 50, 10000]
    """
    return max(4, min(_FEW, pages // _PAGES_OF_FEW), pages // _PAGES_A_PARTITION)


def busiest(sizes: Sequence[int], workers: int) -> int:
    """The most that one of so many workers gets if each takes the largest piece left whenever it is free.

    It is never less than the largest piece, nor than an even share; never more than the two together (Graham 1969).

    >>> busiest([5, 1, 1, 1], 2), busiest([2, 2, 2], 2)
    (5, 4)
    """
    loads = [0] * workers
    for size in sorted(sizes, reverse=True):
        heapq.heappushpop(loads, loads[0] + size)
    return max(loads)
