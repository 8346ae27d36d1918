"""The same work on local engines, one run after the other: time, memory, rows and components.

    python -m benchmarks.curate --documents DIR [--prism PATH] [--only NAME …]      curate
    python -m benchmarks.curate --crawl DIR [--prism PATH] [--only NAME …]          extract and curate

The documents are an output of `firsthand extract`, or of `python -m benchmarks.synthetic`, which knows its components.
The runs are the in-process runner with one process and with two, and Prism (docs/decisions/0009-local-runner.md) where
its program is named. Rows are equal if every file of corpus and rejections is, byte for byte.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from benchmarks.cost import Cost, measure
from benchmarks.shuffle import count_rows
from benchmarks.truth import judge_components


def engines(prism: str | None) -> dict[str, list[str]]:
    """What each run adds to the command."""
    runs = {"in-process, 1 process": ["--workers", "1"], "in-process, 2 processes": ["--workers", "2"]}
    if prism:
        runs["Prism"] = ["--", "--runner=PrismRunner", f"--prism_location={prism}"]
    return runs


def digest(output: Path) -> str:
    """Of the names and bytes of all corpus and rejections files: 12 hex digits."""
    whole = sha256()
    for path in sorted([*(output / "corpus").glob("*.parquet"), *(output / "rejections").glob("*.parquet")]):
        whole.update(path.name.encode())
        whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def describe(name: str, cost: Cost, pages: int, output: Path) -> str:
    """One row of the table, in Markdown."""
    per_page = cost.cpu_s / pages * 1000
    return (
        f"| {name} | {cost.wall_s:.1f} | {cost.cpu_s:.1f} | {per_page:.3f} | {cost.peak_mb:.0f} | "
        f"{cost.largest_mb:.0f} | {digest(output)} |"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curate", description=__doc__.split("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--documents")
    source.add_argument("--crawl")
    parser.add_argument("--prism", help="where the program of Prism is")
    parser.add_argument("--only", nargs="+", help="names of runs")
    options = parser.parse_args()
    work = ["curate", options.documents] if options.documents else ["run", options.crawl]
    print("| run | wall s | CPU s | CPU ms a page | peak MB, all processes | largest process | files |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for name, flags in engines(options.prism).items():
        if not options.only or name in options.only:
            with tempfile.TemporaryDirectory() as folder:
                output = Path(folder, "out")
                cost = measure([sys.executable, "-m", "pipeline", *work, "--output", str(output), *flags])
                print(describe(name, cost, count_rows(options.documents or str(output)), output), flush=True)
                if options.documents and Path(options.documents, "truth.parquet").exists():
                    print(f"  {judge_components(Path(options.documents), output)}", file=sys.stderr)


if __name__ == "__main__":
    main()
