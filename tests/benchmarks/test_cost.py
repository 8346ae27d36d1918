"""What a command takes, with its processes, before and after a path is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.cost import measure, measure_halves

# Burns CPU in a child for .2 s, makes the path, then holds 100 MB and burns .4 s by itself.
_WORK = """
import pathlib, subprocess, sys, time
burn = "import time\\nwhile time.process_time() < {}: pass"
subprocess.run([sys.executable, "-c", burn.format(0.2)], check=True)
pathlib.Path(sys.argv[1]).mkdir()
held = bytearray(100_000_000)
exec(burn.format(time.process_time() + 0.4))
"""


def test_what_comes_after_a_path_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "second"
    first, second = measure_halves([sys.executable, "-c", _WORK, str(path)], path)
    assert first.cpu_s >= 0.15
    assert second.cpu_s >= 0.3  # samples are .05 s apart
    assert second.largest_mb > 100
    assert len(first.branch_cpu_s) == 1
    assert 0 < first.branch_mb < first.peak_mb


def test_without_a_path_all_is_in_one() -> None:
    cost = measure([sys.executable, "-c", "import time\nwhile time.process_time() < .2: pass"])
    assert cost.cpu_s >= 0.2
    assert cost.wall_s > 0
    assert cost.branch_cpu_s == ()


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        measure([sys.executable, "-c", "raise SystemExit(5)"])
