"""The clock on a curation tells every stage, and each belongs to the part of the work that its steps say."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from benchmarks.million import PARTS, by_part, exponent
from benchmarks.synthetic import write_documents
from pipeline.cli import main


def test_the_stages_of_a_curation_are_clocked_and_told_apart(tmp_path: Path) -> None:
    write_documents(300, str(tmp_path / "documents"), files=2, seed=3, words=120)
    report = tmp_path / "clock.json"
    flags = ["--runner=benchmarks.clocking_runner.ClockingRunner", f"--clock_report={report}"]
    began = time.process_time()
    assert main(["curate", str(tmp_path / "documents"), "--output", str(tmp_path / "out"), "--", *flags]) == 0
    whole = time.process_time() - began
    stages = json.loads(report.read_text(encoding="utf-8"))
    steps = [step for stage in stages for step in stage["steps"]]
    assert len(stages) > 10
    assert all(any(name in step for step in steps) for names in PARTS.values() for name in names)
    parts = by_part(stages)
    assert all(parts[part] > 0 for part in PARTS)
    assert sum(parts.values()) == pytest.approx(sum(stage["cpu_s"] for stage in stages))
    assert sum(parts.values()) < whole


def test_a_stage_with_steps_of_two_parts_belongs_to_the_first() -> None:
    stages: list[dict[str, object]] = [
        {"steps": ["FindDuplicates/judge", "JoinDuplicates/Write"], "cpu_s": 1.0},
        {"steps": ["JoinWeights/Read", "Decide", "JoinShards/Write"], "cpu_s": 2.0},
        {"steps": ["Documents/Read"], "cpu_s": 4.0},
    ]
    assert by_part(stages) == {"dedup": 1.0, "weigh": 2.0, "write": 0.0, "other": 4.0}


@pytest.mark.parametrize("power", [0.5, 1.0, 1.1])
def test_the_exponent_is_that_of_the_power_law(power: float) -> None:
    sizes = [10_000, 100_000, 1_000_000]
    assert exponent(sizes, [3.0 * size**power for size in sizes]) == pytest.approx(power)
