"""The cost model on plain values: its terms, what it does with more of everything, what a full sample leaves open."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.effort import Setting
from pipeline.estimate import Estimate, estimate
from pipeline.prices import Prices
from pipeline.sample import Curated, Part, Sample, share_out
from pipeline.terms import ENGINES, LOCAL, NOISE, START_S
from pipeline.workload import Workload

ONE = Setting(LOCAL, workers=1, curating=1, cores=8)
PART = Part(
    archive_bytes=1000,
    records=12,
    responses=10,
    rows=8,
    refusals=2,
    text_bytes=4000,
    cpu_s=0.25,
    documents_bytes=20_000.0,
    rejections_bytes=100.0,
)
SAMPLE = Sample(
    parts=(PART, PART),
    curated=Curated(
        documents=16,
        kept=16,
        corpus_bytes=16_000.0,
        corpus_file=500.0,
        text_in_file=1e9,
        cpu_s=1.0,
        memory_mb=300.0,
    ),
    start_s=START_S,
    split_s=0.01,
    documents_file=3000.0,
    rejections_file=50.0,
    text_in_file=8000.0,
    memory_mb=450.0,
    wait_s=0.0,
)


def work(*splits: int) -> Workload:
    """So many bytes, a split each."""
    return Workload(splits, archives=1, shard_bytes=128 << 20, bands=20, num_hashes=256)


def test_one_worker_pays_for_start_splits_and_pages() -> None:
    found = estimate(work(50_000, 50_000), SAMPLE, ONE)
    assert found.volume.pages.value == 1000
    assert math.isclose(found.extract.work_cpu.value, 2 * 0.01 + 50 * 0.5 + 1000 * LOCAL.page_s)
    assert math.isclose(found.extract.fixed_cpu, START_S + LOCAL.graph_s)
    assert math.isclose(found.curate.cpu.value, 1.0 + 2 * LOCAL.file_s + 800 * LOCAL.row_s + 16 * LOCAL.block_s)


def test_a_slower_machine_takes_longer_for_what_was_measured_elsewhere() -> None:
    slow = estimate(work(50_000), replace(SAMPLE, start_s=2 * START_S), ONE)
    assert math.isclose(slow.extract.fixed_cpu, 2 * (START_S + LOCAL.graph_s))


def test_every_process_beside_the_command_costs_its_start() -> None:
    two = estimate(work(50_000, 50_000), SAMPLE, Setting(LOCAL, workers=2, curating=2, cores=8))
    one = estimate(work(50_000, 50_000), SAMPLE, ONE)
    more = two.cpu.value - one.cpu.value
    assert math.isclose(more, 2 * LOCAL.worker_s + 2 * LOCAL.curate_worker_s)


def test_files_weigh_something_by_themselves() -> None:
    found = estimate(work(50_000, 50_000), replace(SAMPLE, text_in_file=1e9), ONE).volume
    assert found.documents_bytes.value == 50 * 40_000 + 2 * 3000
    assert found.rejections_bytes.value == 50 * 200 + 3 * 50  # those of two splits, and of a shard
    assert found.corpus_bytes.value == 50 * 16_000 + 500


def test_rows_weigh_less_in_files_of_more_text() -> None:
    small = estimate(work(16_000), replace(SAMPLE, text_in_file=64_000.0), ONE).volume.documents_bytes
    large = estimate(work(16_000), replace(SAMPLE, text_in_file=16_000.0), ONE).volume.documents_bytes
    assert math.isclose((large.value - 3000) / (small.value - 3000), 0.975**2)  # four times as much is two doublings


def test_what_is_shuffled_is_bands_rows_and_blocks() -> None:
    few = replace(work(1_000), bands=1)  # 8 documents in one file, to 4 partitions
    found = estimate(few, SAMPLE, ONE, kept=1.0).volume
    assert found.shuffle_bytes.value == 8 * (24 + 122) + (4 + 4) * 54 + 106_000
    assert estimate(few, SAMPLE, ONE, kept=0.5).volume.shuffle_bytes.value == found.shuffle_bytes.value + 4 * 2 * 572


def test_many_small_splits_shuffle_more_than_few_large_ones() -> None:
    crawl = 10**12  # 8,000 million documents: 40,000 partitions
    large, small = (estimate(work(*[crawl // count] * count), SAMPLE, ONE, kept=1.0) for count in (1000, 100_000))
    assert small.volume.shuffle_bytes.value > 1.05 * large.volume.shuffle_bytes.value


def test_no_number_of_workers_beats_the_longest_split() -> None:
    many = Setting(LOCAL, workers=1000, curating=1000, cores=1000)
    found = estimate(work(90_000, 5_000, 5_000), SAMPLE, many)
    assert math.isclose(found.longest_split.value, 45 * 0.5)
    assert found.extract.wall.value >= found.longest_split.value


def test_workers_without_a_core_do_not_shorten_the_wall() -> None:
    splits = work(*[10_000] * 8)
    two = estimate(splits, SAMPLE, Setting(LOCAL, workers=2, curating=2, cores=2))
    eight = estimate(splits, SAMPLE, Setting(LOCAL, workers=8, curating=8, cores=2))
    assert eight.extract.wall == two.extract.wall


def test_waiting_for_a_store_is_time_and_no_cpu() -> None:
    far = estimate(work(100_000), replace(SAMPLE, wait_s=1e-3), ONE)
    near = estimate(work(100_000), SAMPLE, ONE)
    assert math.isclose(far.extract.wall.value - near.extract.wall.value, 100.0)
    assert far.cpu == near.cpu


def test_duplicates_of_the_sample_are_the_least_there_are() -> None:
    assert SAMPLE.curated
    sample = replace(SAMPLE, curated=replace(SAMPLE.curated, kept=12))
    rows = estimate(work(100_000), sample, ONE).volume.rows
    assert (rows.low, rows.value, rows.high) == (400.0, 600.0, 600.0)  # half of 800 if all are pairs


def test_a_known_share_of_kept_documents_is_believed() -> None:
    found = estimate(work(100_000), SAMPLE, ONE, kept=0.5).volume
    assert (found.rows.low, found.rows.value, found.rows.high) == (400.0, 400.0, 400.0)


def test_without_curation_the_corpus_is_documents_without_signatures() -> None:
    found = estimate(work(100_000), replace(SAMPLE, curated=None, text_in_file=1e9), ONE).volume
    assert found.corpus_bytes.value == 50 * (40_000 - 16 * 1024)


def test_only_what_has_a_price_is_billed() -> None:
    found = estimate(work(1_000_000_000), SAMPLE, ONE, prices=Prices(cpu_hour=2.0, gb_month=1.0))
    hours = found.wall.value / 3600
    assert math.isclose(found.bill["cpu_hour"].value, 2 * hours)
    assert math.isclose(found.bill["total"].value, 2 * hours + found.volume.output_bytes.value / 1e9)
    assert set(found.bill) == {"cpu_hour", "gb_month", "total"}
    assert estimate(work(1000), SAMPLE, ONE).bill == {}


def test_a_cluster_keeps_no_shuffle_in_one_memory() -> None:
    local = estimate(work(10**9), SAMPLE, ONE).curate_memory
    flink = estimate(work(10**9), SAMPLE, Setting(ENGINES["flink"], workers=1, curating=1, cores=1)).curate_memory
    assert local.value > 2 * flink.value


def values(found: Estimate) -> list[float]:
    """All that should grow with the input."""
    volume = found.volume
    sums = (found.cpu, found.wall, found.curate_memory, volume.shuffle_bytes, volume.reads, volume.writes)
    rows = (volume.records, volume.pages, volume.documents, volume.rows, volume.output_bytes)
    return [interval.value for interval in (*sums, *rows)]


PARTS = st.lists(
    st.builds(
        Part,
        archive_bytes=st.integers(1, 10**6),
        records=st.integers(0, 1000),
        responses=st.integers(0, 1000),
        rows=st.integers(0, 1000),
        refusals=st.integers(0, 1000),
        text_bytes=st.integers(0, 10**7),
        cpu_s=st.floats(0, 100),
        documents_bytes=st.floats(0, 1e7),
        rejections_bytes=st.floats(0, 1e5),
    ),
    min_size=1,
    max_size=8,
)
SPLITS = st.lists(st.integers(1, 10**9), min_size=1, max_size=8)


@settings(deadline=None)
@given(PARTS, SPLITS, st.integers(1, 10**9), st.integers(1, 9))
def test_more_input_never_costs_less(parts: list[Part], splits: list[int], more: int, workers: int) -> None:
    sample, setting = replace(SAMPLE, parts=tuple(parts)), Setting(LOCAL, workers, workers, cores=9)
    small = values(estimate(work(*splits), sample, setting))
    large = values(estimate(work(*splits, more), sample, setting))
    assert all(a <= b * (1 + 1e-9) for a, b in zip(small, large, strict=True))


@settings(deadline=None)
@given(PARTS)
def test_a_sample_of_everything_leaves_only_noise(parts: list[Part]) -> None:
    whole = work(*(part.archive_bytes for part in parts))
    found = estimate(whole, replace(SAMPLE, parts=tuple(parts)), ONE)
    assert math.isclose(found.volume.pages.value, sum(part.responses for part in parts), abs_tol=1e-6)
    assert math.isclose(found.volume.documents.high, sum(part.rows for part in parts), abs_tol=1e-6)
    assert math.isclose(found.extract.cpu.high, found.extract.cpu.value * (1 + NOISE), rel_tol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_says_who_measured_it(engine: str) -> None:
    assert ENGINES[engine].source


def test_bytes_are_shared_out_by_text_and_rows_and_add_up() -> None:
    bare = replace(PART, documents_bytes=0.0, rejections_bytes=0.0)
    empty = replace(bare, rows=0, text_bytes=0, refusals=0)
    parts = share_out([bare, empty, bare], documents=10.0, rejections=6.0)
    assert [part.documents_bytes for part in parts] == [5.0, 0.0, 5.0]
    assert [part.rejections_bytes for part in parts] == [3.0, 0.0, 3.0]
    assert share_out([empty], documents=0.0, rejections=0.0) == [empty]
