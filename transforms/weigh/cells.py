"""A cell: the pages of one language and one band of length, within which weights average to 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The pages of a language whose length lies in a bin; small enough to be the key of a shuffle."""

    language: str
    length_bin: int  # 0 is the shortest; see `length_range`


def length_bins(token_count: NDArray[np.int32], edges: tuple[int, ...]) -> NDArray[np.int64]:
    """The bin of each page, int64 [n] in 0…len(edges): the number of edges at or below its tokens.

    >>> length_bins(np.array([0, 127, 128, 255, 4096], np.int32), (128, 256, 4096)).tolist()
    [0, 0, 1, 1, 3]
    """
    return np.searchsorted(np.array(edges, np.int64), token_count, side="right").astype(np.int64)


def length_range(length_bin: int, edges: tuple[int, ...]) -> str:
    """The bin in words, in tokens.

    >>> [length_range(b, (128, 256)) for b in (0, 1, 2)]
    ['<128', '128–255', '≥256']
    """
    if length_bin == 0:
        return f"<{edges[0]}" if edges else "all"
    low = edges[length_bin - 1]
    return f"≥{low}" if length_bin == len(edges) else f"{low}–{edges[length_bin] - 1}"
