"""The runner that counts what crosses a shuffle, on pipelines whose bytes are known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from benchmarks.counting_runner import CountingRunner
from benchmarks.synthetic import write_documents
from pipeline.cli import main

Count = Callable[[beam.PTransform], dict[str, int]]
_BANDS = "FindDuplicates/near-duplicates/by band"
_HEADER = 20  # bytes at most: timestamp, window and pane of an element, its key, the length of its value


@pytest.fixture
def shuffled(tmp_path: Path) -> Count:
    """Runs a transform over nothing; returns the bytes of its groupings by step."""

    def run(transform: beam.PTransform) -> dict[str, int]:
        report = tmp_path / "report.json"
        options = PipelineOptions([f"--shuffle_report={report}"])
        with beam.Pipeline(runner=CountingRunner(), options=options) as pipeline:
            pipeline | transform
        counts: dict[str, dict[str, int]] = json.loads(report.read_text())
        return counts["group"]

    return run


def keyed(size: int) -> beam.PTransform:
    """Ten values of so many bytes under two keys."""
    return beam.Create(range(10), reshuffle=False) | beam.Map(lambda n: (n % 2, b"v" * size))


def test_all_the_values_of_a_grouping_are_counted(shuffled: Count) -> None:
    [(step, counted)] = shuffled(keyed(1000) | "group" >> beam.GroupByKey()).items()
    assert step.endswith("/group")
    assert 10 * 1000 < counted <= 10 * (1000 + _HEADER)


def test_what_a_combiner_sums_before_the_shuffle_does_not_cross_it(shuffled: Count) -> None:
    sizes = keyed(1000) | beam.MapTuple(lambda key, value: (key, len(value)))
    [counted] = shuffled(sizes | beam.CombinePerKey(sum)).values()
    assert 0 < counted <= 2 * _HEADER


def curate_counts(folder: Path, *, files: int) -> dict[str, int]:
    """The bytes of each grouping when 1,000 synthetic documents in so many files are curated."""
    write_documents(1_000, str(folder / "documents"), files=files, seed=5)
    report = folder / "report.json"
    flags = ["--runner=benchmarks.counting_runner.CountingRunner", f"--shuffle_report={report}"]
    arguments = ["curate", str(folder / "documents"), "--output", str(folder / "out")]
    assert main([*arguments, "--", *flags]) == 0
    counts: dict[str, int] = json.loads(report.read_text())["group"]
    return counts


def test_many_files_shuffle_the_band_entries_of_one(tmp_path: Path) -> None:
    """The margin is for what zstd makes of references: `tests/dedup/test_blocks.py`."""
    one, many = (curate_counts(tmp_path / str(files), files=files) for files in (1, 25))
    assert many[_BANDS] < 1.05 * one[_BANDS]


def test_curation_shuffles_less_than_a_kilobyte_a_page(tmp_path: Path) -> None:
    counts = curate_counts(tmp_path, files=2)
    assert sum(counts.values()) < 1024 * 1_000
    assert counts[_BANDS] > 20 * 8 * 1_000 / 2  # half the texts have a key of their own in each of twenty bands
