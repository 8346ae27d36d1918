"""Who gets how much, if each worker takes the largest piece left."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Config, load
from pipeline.workload import busiest, likely_bytes, workload_of, worth_starting
from transforms.read.splits import Archive, Split

SIZES = st.lists(st.integers(0, 10**9), min_size=1, max_size=50)


@settings(deadline=None)
@given(SIZES, st.integers(1, 12))
def test_the_busiest_worker_lies_between_the_bounds_of_list_scheduling(sizes: list[int], workers: int) -> None:
    share = sum(sizes) / workers
    assert max(*sizes, share, 0) <= busiest(sizes, workers) + 1e-6
    assert busiest(sizes, workers) <= share + max(sizes)


@settings(deadline=None)
@given(SIZES)
def test_one_worker_does_it_all_and_many_do_one_each(sizes: list[int]) -> None:
    assert busiest(sizes, 1) == sum(sizes)
    assert busiest(sizes, len(sizes)) == max(sizes)


def test_a_workload_is_cut_as_a_run_cuts_it() -> None:
    archives = [Archive("/a.warc.gz", "a.warc.gz", 10_000, True), Archive("s3://b/b.arc", "b.arc", 9_000, False)]
    work = workload_of(archives, load(None, ("run.split_bytes=4096", "dedup.method=exact")))
    assert work.splits == (4096, 4096, 1808, 9000)
    assert (work.archive_bytes, work.archives, work.bands) == (19_000, 2, 0)
    assert workload_of(archives, Config()).bands == 20


def test_a_process_more_is_started_for_eight_mebibytes_more() -> None:
    assert [worth_starting([size]) for size in (0, 1, 64 << 20)] == [1, 1, 1]
    assert worth_starting([1 << 20] * 7) == 1
    assert worth_starting([1 << 20] * 8) == 2
    assert worth_starting([1 << 30] * 3) == 3


def test_a_limit_of_few_pages_starts_no_further_process_and_a_wide_one_as_many_as_none() -> None:
    def archive(limit: int | None) -> Split:
        return Split("/a.warc.gz", "a.warc.gz", 1 << 30, 24 << 20, 88 << 20, limit)

    several = {limit: [likely_bytes(archive(limit))] * 3 for limit in (None, 0, 20, 10**9)}
    assert several == {None: [64 << 20] * 3, 0: [0] * 3, 20: [720_000] * 3, 10**9: [64 << 20] * 3}
    assert {limit: worth_starting(bytes_of) for limit, bytes_of in several.items()} == {None: 3, 0: 1, 20: 1, 10**9: 3}
