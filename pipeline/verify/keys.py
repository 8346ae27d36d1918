"""What only all rows together can tell: that ids and texts are unique, and that every dropped copy has its keeper.

Keys are kept on disk, in buckets of which one is in memory at a time: 37 bytes a row, as much a text and a rejection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.verify.check import Findings, many

_BUCKETS = 256
_HELD = 1 << 16  # bytes of a bucket before it goes to disk
_KEY = np.dtype(
    [("high", "<u8"), ("low", "<u8"), ("kind", "u1"), ("number", "<i4"), ("other_high", "<u8"), ("other_low", "<u8")]
)
Keys = NDArray[np.void]


class Kind(IntEnum):
    """What a key is, and what goes with it."""

    ROW = 0  # id of a row; its duplicate_count, its component_id
    TEXT = 1  # text_digest of a row; its id
    DROPPED = 2  # id of a keeper; the id of the copy that was dropped for it
    REFUSED = 3  # id of a response that was rejected, as a copy too
    DOCUMENT = 4  # id of a document


class KeyStore:
    """Keys of an output, gathered by bucket."""

    def __init__(self) -> None:
        self._buckets = [SpooledTemporaryFile(max_size=_HELD) for _ in range(_BUCKETS)]  # noqa: SIM115 - see close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for bucket in self._buckets:
            bucket.close()

    def add(self, kind: Kind, keys: Sequence[str], *, numbers: Sequence[int] = (), others: Sequence[str] = ()) -> None:
        """Keep these keys, 32 hex digits each, with a number and another key for each where there are such."""
        if not keys:
            return
        block = np.zeros(len(keys), _KEY)
        block["high"], block["low"], block["kind"] = *_halves(keys), kind
        if numbers:
            block["number"] = numbers
        if others:
            block["other_high"], block["other_low"] = _halves(others)
        block = block[np.argsort(block["high"] % _BUCKETS, kind="stable")]
        for bucket, part in _by_bucket(block):
            self._buckets[bucket].write(part.tobytes())

    def blocks(self) -> Iterator[Keys]:
        """Everything, bucket by bucket; equal keys are in the same one."""
        for bucket in self._buckets:
            bucket.seek(0)
            yield np.frombuffer(bucket.read(), _KEY)


def _halves(keys: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    halves = np.frombuffer(bytes.fromhex("".join(keys)), ">u8").reshape(-1, 2).astype("<u8")
    return halves[:, 0], halves[:, 1]


def _by_bucket(block: Keys) -> Iterator[tuple[int, Keys]]:
    buckets = block["high"] % _BUCKETS
    starts = np.flatnonzero(np.diff(buckets, prepend=np.uint64(_BUCKETS)))
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), block.size], strict=True):
        if stop > start:
            yield int(buckets[start]), block[start:stop]


def is_key(text: str) -> bool:
    """Whether this is 32 hex digits in lower case.

    >>> is_key("0" * 32), is_key("0" * 31 + "G")
    (True, False)
    """
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)


def judge_keys(block: Keys, findings: Findings, *, unique_texts: bool, whole: bool = True) -> None:
    """Note what is wrong among the keys of one bucket; unless they are the `whole` bucket, nothing that is missing."""
    if not block.size:
        return
    block = block[np.lexsort((block["low"], block["high"]))]
    fresh = (np.diff(block["high"], prepend=~block["high"][:1]) != 0) | (
        np.diff(block["low"], prepend=~block["low"][:1]) != 0
    )
    group, names = np.cumsum(fresh) - 1, block[fresh]
    rows, texts, dropped, refused, documents = (_count(block, group, kind) for kind in Kind)
    for index in np.flatnonzero(rows > 1):
        findings.add(f"row {_name(names[index])} stands in the corpus {rows[index]} times")
    for index in np.flatnonzero(refused > 1):
        findings.add(f"record {_name(names[index])} was rejected {refused[index]} times")
    for index in np.flatnonzero((rows > 0) & (refused > 0)):
        findings.add(f"row {_name(names[index])} is in the corpus, and among the rejections too")
    if unique_texts:
        for index in np.flatnonzero(texts > 1):
            findings.add(f"{texts[index]} rows have one text, that of digest {_name(names[index])}: one was to be kept")
    if not whole:
        return
    for index in np.flatnonzero((dropped > 0) & (rows == 0)):
        copies = many(int(dropped[index]), "rejection")
        findings.add(f"row {_name(names[index])} is missing: it is the keeper in {copies}")
    for index in np.flatnonzero((documents > 0) & (rows + refused == 0)):
        findings.add(f"row {_name(names[index])} is missing: it is in documents/, and nowhere among the rejections")
    _judge_components(block, group, dropped, findings)


def _count(block: Keys, group: NDArray[np.int64], kind: Kind) -> NDArray[np.int64]:
    return np.bincount(group[block["kind"] == kind], minlength=int(group[-1]) + 1)


def _judge_components(block: Keys, group: NDArray[np.int64], dropped: NDArray[np.int64], findings: Findings) -> None:
    """A row counts itself and the copies dropped for it, and names the smallest id among them."""
    own, copies = block["kind"] == Kind.ROW, block["kind"] == Kind.DROPPED
    rows, at = block[own], group[own]
    expected = dropped[at] + 1
    for index in np.flatnonzero(rows["number"] != expected):
        row, count = rows[index], expected[index]
        findings.add(f"row {_name(row)}: duplicate_count is {row['number']}, with its rejected copies it is {count}")
    high = np.concatenate((rows["high"], block["other_high"][copies]))
    low = np.concatenate((rows["low"], block["other_low"][copies]))
    member = np.concatenate((at, group[copies]))
    order = np.lexsort((low, high, member))
    first = order[np.flatnonzero(np.diff(member[order], prepend=-1))]
    smallest = np.zeros((2, dropped.size), np.uint64)
    smallest[:, member[first]] = high[first], low[first]
    other = (rows["other_high"] != smallest[0, at]) | (rows["other_low"] != smallest[1, at])
    for index in np.flatnonzero(other):
        row, component = rows[index], _hex(*smallest[:, at[index]])
        found = _hex(row["other_high"], row["other_low"])
        findings.add(f"row {_name(row)}: component_id is {found}, the smallest id of its copies is {component}")


def _name(key: np.void) -> str:
    return _hex(key["high"], key["low"])


def _hex(high: np.uint64, low: np.uint64) -> str:
    return f"{int(high):016x}{int(low):016x}"
