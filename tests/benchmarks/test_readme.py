"""The list of benchmarks."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "benchmarks"


def test_every_benchmark_is_in_the_list_and_only_these() -> None:
    commands = {path.stem for path in FOLDER.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")}
    rows = re.findall(r"^\| (`.*?`) \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert listed == commands - {"loop"}  # the other side of `throughput`
