"""Which byte ranges of a crawl are looked at to judge the whole: small windows, evenly spread over all its bytes."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.read.splits import Archive, Split, plan_splits

WINDOW_BYTES = 16 << 10
"""Of archive: less than a page takes in Common Crawl's files, so that windows are many and no site weighs much. Of the
development crawl, a tenth in windows of 8, 16, 32, 64, 128 KiB gives the bytes of the corpus with a standard deviation
of 10, 14, 15, 15, 23 % (`python -m benchmarks.windows`)."""
PAGE_BYTES = 16 << 10
"""Of archive for one page, where a number of pages must stand for a number of bytes: rather too many pages."""


def choose_windows(archives: Sequence[Archive], *, share: float, seed: int, most: int) -> list[Split]:
    """Splits that hold about `share` of the bytes of all archives, 0–1, in at most `most` windows.

    The archives are laid end to end and windows put at even distances, the first at a place drawn by `seed`: every
    record is as likely to begin in one as any other, whatever its size. Any first few of the returned windows are
    spread evenly too. An archive that cannot be split is one window from its start, limited to about as many pages as
    lie in all the windows that fell into it. With a share of 1 the windows are the whole, whatever `most` says.
    """
    ordered = sorted(archives, key=lambda archive: (archive.warc_file, archive.file_path))
    total = sum(archive.size for archive in ordered)
    count = min(most, math.ceil(share * total / WINDOW_BYTES))
    if share >= 1 or count * WINDOW_BYTES >= total:
        return plan_splits(ordered, split_bytes=WINDOW_BYTES)
    step = total / count
    first = random.Random(seed).uniform(0, step)  # noqa: S311 - a sample, not a secret
    starts = [int(first + step * index) for index in _spread(count)]
    return _merge(ordered, [piece for start in starts for piece in _pieces(ordered, start, total)])


def _spread(count: int) -> list[int]:
    """0 to count - 1 in an order of which every beginning is even: 0, 4, 2, 6, 1, … (van der Corput's sequence)."""
    bits = max(1, (count - 1).bit_length())
    reversed_bits = (int(f"{index:0{bits}b}"[::-1], 2) for index in range(1 << bits))
    return [index for index in reversed_bits if index < count]


def _pieces(archives: Sequence[Archive], start: int, total: int) -> Iterator[Split]:
    """The window that begins at byte `start` of all archives, as parts of archives; it goes on at the beginning."""
    for begin, end in ((start, min(start + WINDOW_BYTES, total)), (0, start + WINDOW_BYTES - total)):
        base = 0
        for archive in archives:
            low, high = max(begin - base, 0), min(end - base, archive.size)
            if low < high:
                yield Split(archive.file_path, archive.warc_file, archive.size, low, high, None)
            base += archive.size


def _merge(archives: Sequence[Archive], windows: Sequence[Split]) -> list[Split]:
    """The same windows, those of an archive that cannot be split as one, at the place of the first."""
    whole = {archive.warc_file for archive in archives if not archive.splittable}
    sizes = Counter[str]()
    for window in windows:
        sizes[window.warc_file] += window.end - window.start
    merged: dict[tuple[str, int], Split] = {}
    for window in windows:
        if window.warc_file in whole:
            limit = math.ceil(sizes[window.warc_file] / PAGE_BYTES)
            merged.setdefault((window.warc_file, 0), replace(window, start=0, end=window.file_size, limit=limit))
        else:
            merged[window.warc_file, window.start] = window
    return list(merged.values())
