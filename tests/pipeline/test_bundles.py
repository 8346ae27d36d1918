"""The local runner gives stages their input piece by piece from disk, and nobody can tell but by the memory."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.combiners import CountCombineFn
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

RUNNERS = {
    "one worker": [],
    "two threads": ["--direct_num_workers=2", "--direct_running_mode=multi_threading"],
}


def runs(name: str) -> PipelineOptions:
    return PipelineOptions(["--runner=pipeline.local.LocalRunner", *RUNNERS[name]])


class CountBundles(beam.DoFn):
    """How many elements each bundle has."""

    def __init__(self) -> None:
        self._seen = 0

    def start_bundle(self) -> None:
        self._seen = 0

    def process(self, _element: object) -> None:
        self._seen += 1

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield GlobalWindows.windowed_value(self._seen)


def check_counts(counts: Iterable[int]) -> None:
    counts = list(counts)
    assert sum(counts) == 100
    assert max(counts) <= 32


@pytest.mark.parametrize("name", RUNNERS)
def test_a_hundred_keys_come_in_several_bundles_each_key_once_with_all_its_values(name: str) -> None:
    with beam.Pipeline(options=runs(name)) as pipeline:
        numbers = pipeline | beam.Create(range(1000)) | beam.Reshuffle()
        groups = numbers | beam.Map(lambda n: (n % 100, n)) | beam.GroupByKey()
        sums = groups | beam.MapTuple(lambda key, values: (key, sorted(values)))
        assert_that(sums, equal_to([(key, list(range(key, 1000, 100))) for key in range(100)]), label="groups")
        assert_that(groups | beam.ParDo(CountBundles()), check_counts, label="bundles")


@pytest.mark.parametrize("name", RUNNERS)
def test_what_a_stage_says_in_pieces_is_summed_joined_and_seen_from_the_side(name: str) -> None:
    with beam.Pipeline(options=runs(name)) as pipeline:
        groups = pipeline | beam.Create(range(200)) | beam.Map(lambda n: (n % 50, n)) | beam.GroupByKey()
        pairs = groups | beam.FlatMapTuple(lambda key, values: [(key, value) for value in values])
        total = pairs | beam.Values() | beam.CombineGlobally(sum)
        beside = pairs | "beside" >> beam.MapTuple(lambda _, n, whole=0: (n, whole), AsSingleton(total))
        joined = {"left": pairs, "right": pairs} | beam.CoGroupByKey()
        assert_that(beside, equal_to([(n, sum(range(200))) for n in range(200)]), label="beside")
        sizes = joined | beam.MapTuple(lambda _, both: (len(list(both["left"])), len(list(both["right"]))))
        assert_that(sizes, equal_to([(4, 4)] * 50), label="joined")


@pytest.mark.parametrize("name", RUNNERS)
def test_a_stage_without_input_runs_and_says_so(name: str) -> None:
    with beam.Pipeline(options=runs(name)) as pipeline:
        groups = pipeline | beam.Create(list[tuple[int, int]]()) | beam.GroupByKey()
        assert_that(groups | beam.CombineGlobally(CountCombineFn()), equal_to([0]))


class AwaitOthers(beam.DoFn):
    """Says how many others were done before element 0 was, which waits for most of them."""

    def __init__(self, done: tuple[int, int], others: int) -> None:
        self._read, self._write = done
        self._others = others

    def process(self, element: int) -> Iterator[int]:
        if element:
            os.write(self._write, b".")
            return
        seen = 0
        while seen < self._others and select.select([self._read], [], [], 30)[0]:
            seen += len(os.read(self._read, 1))
        yield seen


def test_a_worker_that_is_free_takes_what_another_has_no_time_for() -> None:
    done = os.pipe()
    with beam.Pipeline(options=runs("two threads")) as pipeline:
        numbers = pipeline | beam.Create(range(64)) | beam.Reshuffle()
        # 64 keys in 32 shares: all wait for nothing but the one that shares with element 0.
        assert_that(numbers | beam.ParDo(AwaitOthers(done, 62)), equal_to([62]))
    for descriptor in done:
        os.close(descriptor)


_SHUFFLE = """
import resource, sys
import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
with beam.Pipeline(options=PipelineOptions(["--runner=pipeline.local.LocalRunner"])) as pipeline:
    numbers = pipeline | beam.Create(range(int(sys.argv[1]))) | beam.Reshuffle()
    numbers | beam.Map(lambda n: (n, bytes(1 << 20))) | beam.GroupByKey() | beam.FlatMap(lambda _: [])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak_mb(shuffled_mb: int) -> int:
    """The most memory of a run that shuffles so much."""
    command = [sys.executable, "-c", _SHUFFLE, str(shuffled_mb)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_a_larger_shuffle_takes_no_more_memory() -> None:
    assert peak_mb(120) - peak_mb(40) < 60  # with Beam's own buffers 250 more
