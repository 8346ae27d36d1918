"""The table of `make bench`."""

from __future__ import annotations

from benchmarks.cost import Cost
from benchmarks.planted import Found
from benchmarks.throughput import Run, report

STAGES = {"extract": 10.0, "read": 1.0, "filter": 1.0, "score": 1.0, "dedup": 1.0, "write": 0.0}


def run(pages: int, planted: Found | None = None) -> Run:
    """A run of 18 CPU seconds, and a loop of 20."""
    extract, curate, loop = Cost(20.0, 16.0, 300.0, 200.0), Cost(3.0, 2.0, 250.0, 250.0), Cost(21.0, 20.0, 99.0, 99.0)
    return Run("fast", pages, extract, curate, STAGES, loop, planted)


def test_seconds_become_milliseconds_a_page_and_the_sum_is_held_to_the_loop() -> None:
    lines = report([run(1000), run(2000, Found(3, 4, 1, 2, 0))]).splitlines()
    assert lines[0] == "| CPU ms a page | fast, 1,000 pages | fast, 2,000 pages |"
    assert "| extract | 10.00 | 5.00 |" in lines
    assert "| start-up, and engine of extract | 2.00 | 1.00 |" in lines
    assert "| **total** | **18.00** | **9.00** |" in lines
    assert "| **all but extract** | 8.00 | 4.00 |" in lines
    assert "| **total / loop** | **0.90** | **0.90** |" in lines
    assert "| peak MB of extract | 300 | 300 |" in lines
    assert "| exact copies found |  | 3 of 4 |" in lines
    assert all(line.count("|") == 4 for line in lines)
