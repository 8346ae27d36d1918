"""The table of errors, and the cases of a snapshot."""

from __future__ import annotations

from benchmarks.plan import table
from benchmarks.snapshot import CASES, work_out
from pipeline.sample import Part, Sample

SAID = [
    {"pages": {"low": 80.0, "value": 110.0, "high": 120.0}},
    {"pages": {"low": 101.0, "value": 130.0, "high": 150.0}},
]


def test_errors_are_shares_of_the_actual_value() -> None:
    [*_, line] = table({"pages": 100.0}, SAID).splitlines()
    assert line == "| pages | 100.0 | 110.0 | +10% | +30% | 1 of 2 | 1 of 2 |"


def test_a_snapshot_has_the_pages_that_its_bytes_hold() -> None:
    part = Part(36_000, 3, 1, 1, 0, 7_000, 0.02, 4_000.0, 0.0)
    sample = Sample((part, part), None, 1.8, 0.0, 0.0, 0.0, 7_000.0, 450.0, 0.0, within=False)
    found = {case.name: work_out(case, sample) for case in CASES if case.archives <= 100}
    assert [round(estimate.volume.pages.value) for estimate in found.values()] == [277_778, 2_777_778]
    assert all(estimate.bill["total"].value > 0 for estimate in found.values())
