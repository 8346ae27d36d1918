"""Which copy of a page is kept, and what the others are told.

The best copy by a total order: rows of earlier corpora first, which are kept already; then earliest fetch date (undated
pages last), then higher quality, then smaller id.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.blocks import Block, Keys, rows_of, run_starts

_UNDATED = b"~"  # sorts after every date


@dataclass(frozen=True, slots=True)
class DuplicateVerdicts:
    """What becomes of rows of one documents file that have a copy; rows that are not named are unique.

    Every array is [n]; ids are 32 hex digits in ASCII.
    """

    row: NDArray[np.int32]  # in the documents file
    keep: NDArray[np.bool_]  # the best copy of its component
    exact: NDArray[np.bool_]  # not kept, and has exactly the keeper's text
    keeper_id: NDArray[np.bytes_]  # S32: the copy that is kept
    component_id: NDArray[np.bytes_]  # S32: the smallest id in the component
    first_seen: NDArray[np.bytes_]  # S20: earliest date of exactly this text, empty if no page of it is dated
    duplicate_count: NDArray[np.int32]  # pages in the component, at least 2, rows of earlier corpora among them
    earlier: NDArray[np.uint16]  # number of the earlier corpus that holds the keeper; 0: this one will

    def take(self, rows: NDArray[np.int64]) -> DuplicateVerdicts:
        """The verdicts at these positions."""
        return DuplicateVerdicts(*(getattr(self, field.name)[rows] for field in fields(self)))


def judge(members: Block) -> DuplicateVerdicts:
    """MEMBER rows of whole components, from any files and in any order → their verdicts, in the same order.

    Rows of earlier corpora have one, too, which nobody needs: a component with such a row keeps no page of this run.
    """
    ids, earlier = _hex_ids(members), members["earlier"]
    dates = np.where(members["date"] == b"", _UNDATED, members["date"])
    order = (dates, -members["quality"], members["id_high"], members["id_low"], earlier)
    keeper = _first_of(members["component"], earlier == 0, *order)
    smallest = _first_of(members["component"], members["id_high"], members["id_low"])
    earliest = _first_of(members["text_high"], members["text_low"], dates, alike=2)
    _, component, count = np.unique(members["component"], return_inverse=True, return_counts=True)
    keep = keeper == np.arange(members.size)
    same_text = (members["text_high"] == members["text_high"][keeper]) & (
        members["text_low"] == members["text_low"][keeper]
    )
    return DuplicateVerdicts(
        row=rows_of(members["ref"]),
        keep=keep,
        exact=same_text & ~keep,
        keeper_id=ids[keeper],
        component_id=ids[smallest],
        first_seen=members["date"][earliest],
        duplicate_count=count[component].astype(np.int32),
        earlier=earlier[keeper],
    )


def _first_of(*columns: NDArray[np.generic], alike: int = 1) -> NDArray[np.int64]:
    """For each row, the index of the row that comes first among those equal in the first `alike` columns."""
    order = np.lexsort(columns[::-1])
    begins = run_starts(*(column[order] for column in columns[:alike]))
    first = np.empty(order.size, dtype=np.int64)
    first[order] = np.repeat(order[begins], np.diff(begins, append=order.size))
    return first


def _hex_ids(members: Block) -> NDArray[np.bytes_]:
    """The ids as written, S32 [n]."""
    halves: Keys = np.stack((members["id_high"], members["id_low"]), axis=1)
    return np.frombuffer(halves.astype(">u8").tobytes().hex().encode("ascii"), dtype="S32")
