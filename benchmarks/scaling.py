"""What more workers save: `firsthand extract` with one and with several, in turns, on one machine.

    python -m benchmarks.scaling [--crawl GLOB] [--pages 10000] [--workers 1 2] [--rounds 3] [--extractor fast]

Over the crawl grown to so many pages (`benchmarks.grown`; 0: as it is). Time on the clock is worth something on a
machine that does nothing else: its load is told.
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
from benchmarks.grown import CRAWL, archives_of, grow, write_truth


def extract(archives: Sequence[str], extractor: str, workers: int) -> Cost:
    """One extraction."""
    with tempfile.TemporaryDirectory() as folder:
        settings = ["--output", str(Path(folder, "out")), "--workers", str(workers)]
        command = [sys.executable, "-m", "pipeline", "extract", *archives, *settings]
        return measure([*command, "--set", f"extract.extractor={extractor}"])


def report(runs: Sequence[dict[int, Cost]]) -> str:
    """The table, in Markdown: a line for each number of workers, medians over the rounds; the first is the base."""
    base = next(iter(runs[0]))
    lines = ["| workers | wall s | of one | CPU s | busiest / mean | peak MB, all | … a worker |"]
    lines += ["| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for workers in runs[0]:
        costs = [run[workers] for run in runs]
        cells = (
            f"{workers}",
            f"{median(cost.wall_s for cost in costs):.1f}",
            f"{median(run[workers].wall_s / run[base].wall_s for run in runs):.2f}",
            f"{median(cost.cpu_s for cost in costs):.1f}",
            f"{median(map(imbalance, costs)):.2f}" if workers > 1 else "",
            f"{max(cost.peak_mb for cost in costs):.0f}",
            f"{max(cost.branch_mb if workers > 1 else cost.peak_mb for cost in costs):.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def imbalance(cost: Cost) -> float:
    """CPU seconds of the busiest worker and its parser over those of the mean one."""
    return max(cost.branch_cpu_s) * len(cost.branch_cpu_s) / sum(cost.branch_cpu_s)


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__.split("\n")[0])
    parser.add_argument("--crawl", default=CRAWL, help="glob of archives")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--extractor", default="fast")
    options = parser.parse_args()
    archives = archives_of(options.crawl)
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        if options.pages:
            write_truth(grow(archives, Path(folder), pages=options.pages, seed=1), Path(folder))
            archives = sorted(map(str, Path(folder).glob("*.warc.gz")))
        load = os.getloadavg()[0]
        runs = []
        for _ in range(options.rounds):
            runs.append({workers: extract(archives, options.extractor, workers) for workers in options.workers})
            print(report(runs[-1:]), file=sys.stderr, flush=True)
    print(f"{os.cpu_count()} cores, load {load:.1f} before; {len(archives)} archives, {options.extractor}\n")
    print(report(runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
