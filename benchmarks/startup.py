"""What a small job takes: `firsthand run` over ten pages, beside what importing Beam takes alone.

    python -m benchmarks.startup [--crawl GLOB] [--pages 10] [--rounds 7]

In turns; the least of a column is what a machine that does nothing else would take.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.cost import Cost, measure
from benchmarks.grown import CRAWL, archives_of


def run(archives: Sequence[str], pages: int) -> Cost:
    """A whole run over so many pages."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pipeline", "run", *archives, "--limit", str(pages)]
        return measure([*command, "--output", str(Path(folder, "out"))])


def row(name: str, costs: Sequence[Cost]) -> str:
    """A line of the table, in Markdown."""
    walls, cpus = [cost.wall_s for cost in costs], [cost.cpu_s for cost in costs]
    return f"| {name} | {min(walls):.2f} | {median(walls):.2f} | {min(cpus):.2f} | {median(cpus):.2f} |"


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__.split("\n")[0])
    parser.add_argument("--crawl", default=CRAWL, help="glob of archives")
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    archives = archives_of(options.crawl)
    os.environ["OMP_NUM_THREADS"] = "1"
    runs, imports = [], []
    for _ in range(options.rounds):
        runs.append(run(archives, options.pages))
        imports.append(measure([sys.executable, "-c", "import apache_beam"]))
    print("| | wall s, least | median | CPU s, least | median |\n| --- | ---: | ---: | ---: | ---: |")
    print(row(f"firsthand run, {options.pages} pages", runs))
    print(row("import apache_beam", imports))
    return 0


if __name__ == "__main__":
    sys.exit(main())
