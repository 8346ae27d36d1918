"""What a run costs: CPU by stage, the engine's share, memory, beside a hand-written loop over the same libraries.

    python -m benchmarks.throughput [--crawl GLOB] [--copies 8]

Each side is a process of its own, so start-up is in its totals. The crawl is run once and then `--copies` times under
other names: the difference is what a page costs once everything is warm, and what memory it takes.
"""

from __future__ import annotations

import argparse
import glob
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost import Cost, measure

CRAWL = "../shared/data/crawl/*.warc.gz"


@dataclass(frozen=True, slots=True)
class Run:
    """One `firsthand run`, its two halves apart."""

    extract: Cost
    curate: Cost
    pages: int
    stages: dict[str, float]  # CPU seconds


def run_firsthand(inputs: Sequence[str], folder: Path, extractor: str) -> Run:
    """Extract and curate these inputs in one worker each."""
    output = str(folder / "out")
    ours = [sys.executable, "-m", "pipeline"]
    settings = ["--workers", "1", "--set", f"extract.extractor={extractor}"]
    extracted = measure([*ours, "extract", *inputs, "--output", output, *settings])
    curated = measure([*ours, "curate", output, "--output", output, *settings])
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    return Run(extracted, curated, manifest["counts"]["responses"], manifest["cpu_s"])


def run_loop(inputs: Sequence[str], folder: Path, extractor: str) -> Cost:
    """The hand-written loop over these inputs."""
    return measure([sys.executable, "-m", "benchmarks.loop", extractor, str(folder / "loop.parquet"), *inputs])


def copies_of(inputs: Sequence[str], folder: Path, times: int) -> list[str]:
    """The inputs so many times, under other names."""
    paths = []
    for number in range(times):
        for path in inputs:
            copy = folder / f"{number}-{Path(path).name}"  # a link would be known for what it is, and read once
            shutil.copyfile(path, copy)
            paths.append(str(copy))
    return paths


def report(once: Run, many: Run, loop_once: Cost, loop_many: Cost) -> str:
    """The table, in Markdown: ms a page, warm (the difference of the two runs) and with start-up (the small run)."""
    pages = many.pages - once.pages

    def warm(big: float, small: float) -> float:
        return (big - small) / pages * 1000

    rows = [
        (f"{name}", warm(many.stages[name], spent), spent / once.pages * 1000) for name, spent in once.stages.items()
    ]
    engine_warm = warm(many.extract.cpu_s - sum(many.stages.values()), once.extract.cpu_s - sum(once.stages.values()))
    engine = (once.extract.cpu_s - sum(once.stages.values())) / once.pages * 1000
    curate_warm = warm(many.curate.cpu_s, once.curate.cpu_s)
    rows += [("engine (Beam), extract", engine_warm, engine)]
    rows += [("curate, engine included", curate_warm, once.curate.cpu_s / once.pages * 1000)]
    total = sum(row[1] for row in rows), sum(row[2] for row in rows)
    extract = next(row for row in rows if row[0] == "extract")
    rows += [("**total**", *total), ("**all but extract**", total[0] - extract[1], total[1] - extract[2])]
    rows += [("hand-written loop", warm(loop_many.cpu_s, loop_once.cpu_s), loop_once.cpu_s / once.pages * 1000)]
    loop = rows[-1]
    lines = ["| stage | ms a page, warm | ms a page with start-up |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {a:.2f} | {b:.2f} |" for name, a, b in rows]
    lines += [f"| ratio to the loop | {total[0] / loop[1]:.2f} | {total[1] / loop[2]:.2f} |", ""]
    lines += ["| peak memory, MB | once | repeated | ratio |", "| --- | ---: | ---: | ---: |"]
    for name, small, big in (
        ("extract", once.extract, many.extract),
        ("curate", once.curate, many.curate),
        ("hand-written loop", loop_once, loop_many),
    ):
        lines.append(f"| {name} | {small.peak_mb:.0f} | {big.peak_mb:.0f} | {big.peak_mb / small.peak_mb:.2f} |")
    return "\n".join(lines)


def main() -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crawl", default=CRAWL, help="glob of archives")
    parser.add_argument("--copies", type=int, default=8, help="how often the big run reads them")
    parser.add_argument("--extractor", default="fast", choices=("fast", "precise", "resiliparse"))
    options = parser.parse_args()
    inputs = sorted(glob.glob(options.crawl))
    if not inputs:
        print(f"no archives match {options.crawl}: name some with --crawl", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as root:
        folders = [Path(root) / name for name in ("once", "many")]
        for folder in folders:
            folder.mkdir()
        repeated = copies_of(inputs, folders[1], options.copies)
        once = run_firsthand(inputs, folders[0], options.extractor)
        many = run_firsthand(repeated, folders[1], options.extractor)
        loop_once = run_loop(inputs, folders[0], options.extractor)
        loop_many = run_loop(repeated, folders[1], options.extractor)
        print(f"{once.pages} responses, then {many.pages}; extractor {options.extractor}; CPU seconds, one worker\n")
        print(report(once, many, loop_once, loop_many))
    return 0


if __name__ == "__main__":
    sys.exit(main())
