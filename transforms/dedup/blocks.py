"""Blocks: what crosses a shuffle. A block is the bytes of a structured NumPy array, thousands of rows at a time.

A page is called by a *reference*: ordinal of its documents file in the upper 32 bits, row in the lower. References
only fetch; nothing is ever decided by them. A text is called by a *text key*: the first 64 bits of its digest. Pages
with the same text are one node in the search for near-duplicates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import zstandard
from numpy.typing import NDArray

from transforms.errors import InputError

T = TypeVar("T", bound=np.generic)
Block = NDArray[np.void]  # one-dimensional, of one of the dtypes below
Keys = NDArray[np.uint64]

BAND_ENTRY = np.dtype([("band", "<u8"), ("text", "<u8"), ("ref", "<u8")])  # a text's key in one band
REQUEST = np.dtype([("group", "<u8"), ("text", "<u8"), ("ref", "<u8")])  # a text to be compared within a group
EDGE = np.dtype([("low", "<u8"), ("high", "<u8")])  # two text keys in one component, low < high
MEMBER = np.dtype(
    [
        ("component", "<u8"),  # text key of the component's root
        ("text_high", "<u8"),  # the whole text digest, as two big-endian halves
        ("text_low", "<u8"),
        ("id_high", "<u8"),  # the whole id, likewise
        ("id_low", "<u8"),
        ("date", "S20"),  # "YYYY-MM-DDTHH:MM:SSZ", empty if unknown
        ("quality", "<f4"),
        ("ref", "<u8"),
        ("earlier", "<u2"),  # the number of the earlier corpus that the page is a row of, 0 for a page of this run
    ]
)
_ROW_BITS = np.uint64(32)
# A text comes once for each band, so rows repeat each other: of the 24 bytes of a BAND_ENTRY zstd leaves 10 in blocks
# of 15,000 rows and 17 in blocks of 600, at .05 µs (200,000 documents of `python -m benchmarks.synthetic`).
_LEVEL = 1
_WORTH_PACKING = 256  # bytes; the frame of zstd is 15


@dataclass(frozen=True, slots=True)
class Sketches:
    """Texts to be compared; row i of every array belongs together.

    Of each hash of a signature only the lower half crosses the shuffle: two different ones look alike once in 65,536
    times, which adds .00002 to an estimated Jaccard index.
    """

    group: Keys  # [n]
    text: Keys  # [n]
    shingles: NDArray[np.int32]  # [n]
    signature: NDArray[np.uint16]  # [n, num_hashes]

    def take(self, rows: NDArray[np.int64]) -> Sketches:
        """The sketches at these positions."""
        return Sketches(self.group[rows], self.text[rows], self.shingles[rows], self.signature[rows])


def encode(block: Block) -> bytes:
    """The bytes of a block: its rows, packed by zstd where that makes them fewer, behind a byte that tells."""
    rows = block.tobytes()
    packed = zstandard.compress(rows, _LEVEL) if len(rows) >= _WORTH_PACKING else rows
    return b"\1" + packed if len(packed) < len(rows) else b"\0" + rows


def decode(blocks: Iterable[bytes], dtype: np.dtype[np.void]) -> Block:
    """One block of all the rows in `blocks`, in their order; reads `blocks` once."""
    return np.frombuffer(b"".join(map(_unpack, blocks)), dtype=dtype)


def _unpack(block: bytes) -> bytes:
    rows: bytes = zstandard.decompress(block[1:]) if block[0] else block[1:]
    return rows


def encode_sketches(sketches: Sketches) -> bytes:
    """The bytes of sketches: the number of hashes, then a block of their rows."""
    num_hashes: int = sketches.signature.shape[1]
    rows: Block = np.empty(sketches.group.size, dtype=_sketch(num_hashes))
    rows["group"], rows["text"] = sketches.group, sketches.text
    rows["shingles"], rows["signature"] = sketches.shingles, sketches.signature
    return num_hashes.to_bytes(4, "little") + encode(rows)


def decode_sketches(blocks: Iterable[bytes]) -> Sketches:
    """All the sketches in `blocks`, of which there is at least one, in their order; reads `blocks` once."""
    parts = [decode([block[4:]], _sketch(int.from_bytes(block[:4], "little"))) for block in blocks]
    if len({part.dtype for part in parts}) > 1:
        raise InputError("documents files have signatures of different sizes: extract all with the same num_hashes")
    rows = np.concatenate(parts)
    return Sketches(rows["group"], rows["text"], rows["shingles"], rows["signature"])


def _sketch(num_hashes: int) -> np.dtype[np.void]:
    """The dtype of one row of sketches."""
    return np.dtype([("group", "<u8"), ("text", "<u8"), ("shingles", "<i4"), ("signature", "<u2", (num_hashes,))])


def references(ordinal: int, rows: NDArray[np.int64]) -> Keys:
    """References to `rows` of the documents file number `ordinal`."""
    return (np.uint64(ordinal) << _ROW_BITS) | rows.astype(np.uint64)


def ordinals(refs: Keys) -> NDArray[np.int64]:
    """The documents file of each reference."""
    return (refs >> _ROW_BITS).astype(np.int64)


def rows_of(refs: Keys) -> NDArray[np.int32]:
    """The row of each reference in its documents file."""
    return (refs & np.uint64(0xFFFFFFFF)).astype(np.int32)


def partition(block: NDArray[T], keys: Keys, partitions: int) -> Iterator[tuple[int, NDArray[T]]]:
    """The rows of a block by `keys` modulo `partitions`, empty partitions left out. Keys must be well mixed."""
    yield from split(block, (keys % np.uint64(partitions)).astype(np.int64))


def split(block: NDArray[T], where: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[T]]]:
    """The rows of a block by their value in `where`, which is [n] and not negative."""
    order = np.argsort(where, kind="stable")
    begins = run_starts(where[order])
    for begin, end in zip(begins, np.append(begins, where.size)[1:], strict=True):
        yield int(where[order[begin]]), block[order[begin:end]]


def run_starts(*columns: NDArray[np.generic]) -> NDArray[np.int64]:
    """Where a run of equal rows begins in columns sorted together: int64 [runs], ascending."""
    changed = np.ones(columns[0].size, dtype=np.bool_)
    if changed.size:
        changed[1:] = np.logical_or.reduce([c[1:] != c[:-1] for c in columns])
    return np.flatnonzero(changed)
