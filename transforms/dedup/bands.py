"""Locality-sensitive hashing: texts whose signatures agree in all rows of a band become candidates.

Two texts of Jaccard index J share at least one of b bands of r rows with probability 1 − (1 − J^r)^b
(Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, §3.4). Candidates are verified afterwards, so the bands only
decide what is looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.blocks import REQUEST, Block, Keys, run_starts
from transforms.dedup.murmur import mix64

LARGEST_GROUP = 4096  # texts compared in one place: 2 MiB of signatures
_STEP = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio, as in SplitMix64


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> Keys:
    """The key of every band of every signature: uint32 [n, num_hashes] → uint64 [n, bands].

    Equal bands have equal keys; two different bands, or the same values in two bands, share one with probability
    about 2^-63 (multilinear hashing modulo 2^64, then mixed).
    """
    used = signatures[:, : bands * rows].reshape(-1, bands, rows).astype(np.uint64)
    factors = mix64(np.arange(1, bands * rows + 1, dtype=np.uint64) * _STEP) | np.uint64(1)
    offsets = np.arange(bands, dtype=np.uint64) * _STEP
    summed: Keys = (used * factors.reshape(bands, rows)).sum(axis=2, dtype=np.uint64)
    return mix64(summed + offsets)


def find_candidates(entries: Block) -> Block:
    """BAND_ENTRY rows, in any order → REQUEST rows: every text that shares a band with another, once a group.

    A group is called by the smallest text key of the bucket, so the many bands that near-duplicates share name one
    group. No pair is formed here: a bucket of n texts gives n rows.
    """
    entries = _company(entries)
    entries = entries[np.lexsort((entries["ref"], entries["text"], entries["band"]))]
    entries = entries[run_starts(entries["band"], entries["text"])]  # pages with the same text count once
    begins = run_starts(entries["band"])
    sizes = np.diff(begins, append=entries.size)
    shared = np.repeat(sizes > 1, sizes)
    leaders = entries[np.repeat(begins, sizes)][shared]
    return drop_repeated(_requests(entries[shared], leaders, np.repeat(sizes, sizes)[shared]))


def _company(entries: Block) -> Block:
    """The rows whose band is another's, too, in any order: of a crawl's some 3 in 10, and only they need be sorted."""
    bands = np.ascontiguousarray(entries["band"])
    order = np.argsort(bands)
    bands = bands[order]
    same = bands[1:] == bands[:-1]
    shared = np.zeros(bands.size, dtype=np.bool_)
    shared[1:] |= same
    shared[:-1] |= same
    return entries[order[shared]]


def _requests(members: Block, leaders: Block, sizes: NDArray[np.int64]) -> Block:
    """One REQUEST for each member; buckets too large for one place are cut by text key, each part with the leader."""
    bits = np.ceil(np.log2(np.maximum(sizes / LARGEST_GROUP, 1))).astype(np.uint64)
    large = bits > 0
    part = np.where(large, members["text"] >> (np.uint64(64) - np.maximum(bits, np.uint64(1))), np.uint64(0))
    group = np.where(large, mix64(leaders["text"] ^ mix64((part << np.uint64(6)) + bits)), leaders["text"])
    rows = np.empty(members.size + int(large.sum()), dtype=REQUEST)
    rows["group"] = np.concatenate((group, group[large]))
    rows["text"] = np.concatenate((members["text"], leaders["text"][large]))
    rows["ref"] = np.concatenate((members["ref"], leaders["ref"][large]))
    return rows


def drop_repeated(requests: Block) -> Block:
    """REQUEST rows with each text once in each group, sorted by group and text.

    Near-duplicates meet in many bands, and so in many partitions: of what they ask for, 9 rows in 10 are repetitions.
    """
    requests = requests[np.lexsort((requests["ref"], requests["text"], requests["group"]))]
    return requests[run_starts(requests["group"], requests["text"])]
