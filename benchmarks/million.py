"""What curation takes as documents grow: time, memory, and the exponent of each.

    python -m benchmarks.million --folder DIR [--sizes 10000 100000 1000000] [--words 120] [--workers 2]

Documents are those of `benchmarks.synthetic`, 2,500 a file, made in DIR if they are not there: 1.4 GB a million of 120
words. Each size is curated in one process, whose CPU seconds are read at the border of every stage
(`benchmarks.clocking_runner`), and again by so many workers. A third of the documents are copies; their components are
known and judged.

What belongs to dedup: reading ids, digests, signatures and bands, their coders and shuffles, candidates, verification,
components, keepers; everything between documents files and verdicts but the shingling, which extraction does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.cost import Cost, measure
from benchmarks.truth import Agreement, judge_components

_IN_A_FILE = 2_500  # documents, as many as a split of 64 MiB gives
_RUNNER = "benchmarks.clocking_runner.ClockingRunner"
PARTS = {  # by what one of the steps of a stage is called; the first that fits
    "dedup": ("FindDuplicates",),
    "weigh": ("JoinDuplicates", "ReadScores", "WeighDocuments", "JoinWeights", "Decide"),
    "write": ("JoinShards", "WriteShards", "GatherReports"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One curation."""

    documents: int
    processes: int
    cost: Cost
    cpu_s: dict[str, float]  # by part, where it was clocked
    found: Agreement


def make(folder: Path, size: int, words: int) -> Path:
    """The documents of this size, made if they are not there."""
    documents = folder / f"documents-{size}"
    if not (documents / "truth.parquet").exists():
        given = {"documents": size, "out": documents, "files": max(1, size // _IN_A_FILE), "words": words}
        flags = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        subprocess.run([sys.executable, "-m", "benchmarks.synthetic", *flags], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return documents


def run(documents: Path, size: int, *, workers: int) -> Run:
    """Curate them; in one process with a clock on every stage."""
    with tempfile.TemporaryDirectory(dir=documents.parent) as folder:
        output, report = Path(folder, "out"), Path(folder, "clock.json")
        flags = (
            ["--workers", str(workers)] if workers > 1 else ["--", f"--runner={_RUNNER}", f"--clock_report={report}"]
        )
        cost = measure([sys.executable, "-m", "pipeline", "curate", str(documents), "--output", str(output), *flags])
        cpu_s = by_part(json.loads(report.read_text(encoding="utf-8"))) if workers == 1 else {}
        return Run(size, workers, cost, cpu_s, judge_components(documents, output))


def by_part(stages: Sequence[dict[str, object]]) -> dict[str, float]:
    """CPU seconds of each part, from those of Beam's stages."""
    sums = defaultdict[str, float](float, dict.fromkeys(PARTS, 0.0))
    for stage in stages:
        sums[_part(str(stage["steps"]))] += float(str(stage["cpu_s"]))
    return dict(sums)


def _part(steps: str) -> str:
    return next((part for part, names in PARTS.items() if any(name in steps for name in names)), "other")


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The b of value = a · size^b by least squares of the logarithms.

    >>> round(exponent([1, 10, 100], [3.0, 30.0, 300.0]), 3)
    1.0
    """
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def describe(found: Run) -> str:
    """One row of the table, in Markdown."""
    cost, parts = found.cost, [f"{found.cpu_s[part]:.2f}" if found.cpu_s else "" for part in PARTS]
    speed = f"{found.documents / found.cpu_s['dedup']:,.0f}" if found.cpu_s else ""
    return (
        f"| {found.documents:,} | {found.processes} | {cost.wall_s:.0f} | {cost.cpu_s:.1f} | "
        f"{' | '.join(parts)} | {speed} | {cost.peak_mb:,.0f} | {found.found.exact} of {found.found.planted} |"
    )


def describe_exponents(clocked: Sequence[Run]) -> str:
    """How time and memory of the runs in one process grow."""
    sizes = [found.documents for found in clocked]
    kinds = {
        "CPU of the command": [found.cost.cpu_s for found in clocked],
        **{f"CPU of {part}": [found.cpu_s[part] for found in clocked] for part in PARTS},
        "peak memory": [found.cost.peak_mb for found in clocked],
    }
    last = f"between the last two sizes {_last(sizes, kinds['CPU of the command']):.2f}"
    fitted = ", ".join(f"{name} {exponent(sizes, values):.2f}" for name, values in kinds.items())
    return f"exponents: {fitted}; CPU of the command {last}"


def _last(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The exponent where what a start costs counts for least."""
    return exponent(sizes[-2:], values[-2:])


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--words", type=int, default=120)
    parser.add_argument("--workers", type=int, default=2, help="of the second run of each size; 1: none")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print("| documents | processes | wall s | CPU s | dedup | weigh | write | dedup a CPU s | peak MB | components |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    clocked = []
    for size in options.sizes:
        documents = make(options.folder, size, options.words)
        for workers in sorted({1, options.workers}):
            found = run(documents, size, workers=workers)
            print(describe(found), flush=True)
            clocked += [found] if workers == 1 else []
    if len(clocked) > 1:
        print(f"\n{describe_exponents(clocked)}")


if __name__ == "__main__":
    main()
