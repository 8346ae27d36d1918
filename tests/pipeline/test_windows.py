"""Windows of a sample: inside their archives, apart from each other, even."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.windows import WINDOW_BYTES, choose_windows
from transforms.read.splits import Archive, Split

SIZES = st.lists(st.integers(0, 40 * WINDOW_BYTES), min_size=1, max_size=6)


def archives(sizes: list[int], *, splittable: bool = True) -> list[Archive]:
    return [Archive(f"/{i}.warc.gz", f"{i}.warc.gz", size, splittable) for i, size in enumerate(sizes)]


def covered(windows: list[Split]) -> int:
    return sum(window.end - window.start for window in windows)


@settings(deadline=None)
@given(SIZES, st.floats(0.01, 1), st.integers(0, 9), st.integers(1, 200))
def test_windows_lie_in_their_archives_and_never_overlap(sizes: list[int], share: float, seed: int, most: int) -> None:
    windows = choose_windows(archives(sizes), share=share, seed=seed, most=most)
    ordered = sorted(windows, key=lambda window: (window.warc_file, window.start))
    assert all(0 <= window.start <= window.end <= window.file_size for window in windows)
    assert all(a.warc_file != b.warc_file or a.end <= b.start for a, b in pairwise(ordered))


@settings(deadline=None)
@given(SIZES, st.integers(0, 9))
def test_a_share_of_one_is_every_byte(sizes: list[int], seed: int) -> None:
    assert covered(choose_windows(archives(sizes), share=1.0, seed=seed, most=1)) == sum(sizes)


def test_a_tenth_is_a_tenth_of_every_archive() -> None:
    windows = choose_windows(archives([1000 * WINDOW_BYTES, 200 * WINDOW_BYTES]), share=0.1, seed=3, most=10_000)
    by_archive = Counter[str]()
    for window in windows:
        by_archive[window.warc_file] += window.end - window.start
    assert by_archive == {"0.warc.gz": 100 * WINDOW_BYTES, "1.warc.gz": 20 * WINDOW_BYTES}


def test_most_bounds_the_windows() -> None:
    windows = choose_windows(archives([1000 * WINDOW_BYTES]), share=0.5, seed=0, most=7)
    assert len(windows) == 7


def test_a_beginning_of_the_windows_is_even_too() -> None:
    size = 1600 * WINDOW_BYTES
    first = choose_windows(archives([size]), share=0.04, seed=0, most=64)[:8]
    starts = sorted(window.start for window in first)
    assert {b - a for a, b in pairwise(starts)} <= {size // 8, size // 8 - 1, size // 8 + 1}


def test_another_seed_looks_elsewhere_and_the_same_at_the_same() -> None:
    choices = [choose_windows(archives([10**8]), share=0.01, seed=seed, most=100) for seed in (1, 1, 2)]
    assert choices[0] == choices[1] != choices[2]


def test_an_archive_that_cannot_be_split_is_one_window_from_its_start() -> None:
    windows = choose_windows(archives([400 * WINDOW_BYTES], splittable=False), share=0.1, seed=0, most=1000)
    assert [(window.start, window.end, window.limit) for window in windows] == [(0, 400 * WINDOW_BYTES, 40)]


def test_no_bytes_are_one_window() -> None:
    assert len(choose_windows(archives([0]), share=0.1, seed=0, most=10)) == 1
