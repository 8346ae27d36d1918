"""What a run costs: CPU by stage, the engine's share, memory, beside a hand-written loop over the same libraries.

    python -m benchmarks.throughput [--crawl GLOB] [--pages 10000] [--extractor fast resiliparse] [--seed 1]

Over the crawl, and over the crawl grown to so many pages (`benchmarks.grown`), with one worker. Each side is a process
of its own, so start-up is in its totals. benchmarks/README.md tells how to read the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.cost import Cost, measure, measure_halves
from benchmarks.grown import CRAWL, archives_of, grow, write_truth
from benchmarks.planted import Found
from transforms.extract.extractor import MODES

_LOOPS = {"blocks": "fast"}  # what stands beside an extractor that is ours: the loop with the library of like quality
_STAGES = {  # of an account: what the table calls them
    "read": "read",
    "extract": "extract",
    "filter": "filter",
    "score": "score",
    "dedup": "fingerprints",
    "write": "write documents",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One `firsthand run`, and the loop over the same archives."""

    extractor: str
    pages: int
    extract: Cost  # start-up of the command is in it
    curate: Cost
    stages: dict[str, float]  # CPU seconds of extract
    loop: Cost
    planted: Found | None  # None: no copies were planted

    @property
    def cpu_s(self) -> float:
        """Of the whole command."""
        return self.extract.cpu_s + self.curate.cpu_s


@dataclass(frozen=True, slots=True)
class Crawl:
    """Archives, and what is known of the copies in them."""

    archives: tuple[str, ...]
    truth: Path | None = None

    @classmethod
    def grown(cls, archives: Sequence[str], folder: Path, *, pages: int, seed: int) -> Self:
        """These archives grown to so many pages, in `folder`."""
        folder.mkdir()
        write_truth(grow(archives, folder, pages=pages, seed=seed), folder)
        return cls(tuple(sorted(map(str, folder.glob("*.warc.gz")))), folder / "truth.parquet")

    def run(self, extractor: str, folder: Path, loop: Cost) -> Run:
        """`firsthand run` over it, into `folder`, which is empty."""
        output = folder / "out"
        settings = ["--output", str(output), "--workers", "1", "--set", f"extract.extractor={extractor}"]
        ours = [sys.executable, "-m", "pipeline", "run", *self.archives, *settings]
        extract, curate = measure_halves(ours, output / "corpus")
        manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
        planted = Found.of(self.truth, output) if self.truth else None
        return Run(extractor, manifest["counts"]["responses"], extract, curate, manifest["cpu_s"], loop, planted)

    def loop(self, extractor: str, folder: Path) -> Cost:
        """The loop over it, into `folder`."""
        target = str(folder / "loop.parquet")
        return measure([sys.executable, "-m", "benchmarks.loop", extractor, target, *self.archives])


def compare(crawl: Crawl, extractors: Sequence[str], root: Path) -> Iterator[Run]:
    """A run with each extractor, each beside its loop; extractors that have the same loop share it."""
    loops: dict[str, Cost] = {}
    for extractor in extractors:
        say(f"{extractor}: {len(crawl.archives)} archives")
        library = _LOOPS.get(extractor, extractor)
        with tempfile.TemporaryDirectory(dir=root) as folder:
            loops[library] = loops.get(library) or crawl.loop(library, Path(folder))
            yield crawl.run(extractor, Path(folder), loops[library])


def report(runs: Sequence[Run]) -> str:
    """The table, in Markdown: a run a column."""
    rows = {"CPU ms a page": [f"{run.extractor}, {run.pages:,} pages" for run in runs], "---": ["---:"] * len(runs)}
    for run in runs:
        for name, text in _column(run):
            rows.setdefault(name, []).append(text)
    return "\n".join(f"| {' | '.join((name, *cells))} |" for name, cells in rows.items())


def _column(run: Run) -> list[tuple[str, str]]:
    def per_page(seconds: float) -> str:
        return f"{seconds / run.pages * 1000:.2f}"

    engine = run.extract.cpu_s - sum(run.stages.values())
    found = run.planted
    return [
        *((name, per_page(run.stages[stage])) for stage, name in _STAGES.items()),
        ("start-up, and engine of extract", per_page(engine)),
        ("curate, engine included", per_page(run.curate.cpu_s)),
        ("**total**", f"**{per_page(run.cpu_s)}**"),
        ("**all but extract**", per_page(run.cpu_s - run.stages["extract"])),
        ("hand-written loop", per_page(run.loop.cpu_s)),
        ("**total / loop**", f"**{run.cpu_s / run.loop.cpu_s:.2f}**"),
        ("pages a CPU second", f"{run.pages / run.cpu_s:.0f}"),
        ("pages a CPU second, loop", f"{run.pages / run.loop.cpu_s:.0f}"),
        ("wall s, one worker", f"{run.extract.wall_s + run.curate.wall_s:.0f}"),
        ("wall s, loop", f"{run.loop.wall_s:.0f}"),
        ("peak MB of extract", f"{run.extract.peak_mb:.0f}"),
        ("peak MB of curate", f"{run.curate.peak_mb:.0f}"),
        ("peak MB of the loop", f"{run.loop.peak_mb:.0f}"),
        ("exact copies found", f"{found.exact} of {found.exact_planted}" if found else ""),
        ("near copies found", f"{found.near} of {found.near_planted}" if found else ""),
        ("others joined by mistake", f"{found.others}" if found else ""),
    ]


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__.split("\n")[0])
    parser.add_argument("--crawl", default=CRAWL, help="glob of archives")
    parser.add_argument("--pages", type=int, default=10_000, help="of the grown crawl; 0: none")
    parser.add_argument("--seed", type=int, default=1, help="of the grown crawl")
    parser.add_argument("--extractor", nargs="+", choices=MODES, default=["fast", "resiliparse"])
    options = parser.parse_args()
    archives = archives_of(options.crawl)
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as root:
        runs = [*compare(Crawl(tuple(archives)), options.extractor, Path(root))]
        if options.pages:
            say(f"growing {options.crawl} to {options.pages} pages")
            grown = Crawl.grown(archives, Path(root, "grown"), pages=options.pages, seed=options.seed)
            runs += compare(grown, options.extractor, Path(root))
    python = platform.python_version()
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({platform.machine()}), Python {python}\n")
    print(report(runs))
    return 0


def say(what: str) -> None:
    """A line of progress."""
    print(f"benchmark: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
