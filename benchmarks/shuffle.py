"""Bytes that cross each shuffle, per page, as the in-process runner encodes them.

    python -m benchmarks.shuffle --documents DIR     curate an output of extract, or of benchmarks.synthetic
    python -m benchmarks.shuffle --crawl DIR         extract DIR, then curate it

Also what stages leave for other stages without a shuffle: an engine may keep it in memory or on disk. A page is a
row of documents.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

Bytes = dict[str, dict[str, int]]  # "group" or "materialize", then by step
_RUNNER = "benchmarks.counting_runner.CountingRunner"


def count_bytes(arguments: Sequence[str], report: Path) -> Bytes:
    """Run a command of firsthand on the runner that counts. Raises CalledProcessError if it fails."""
    flags = ["--", f"--runner={_RUNNER}", f"--shuffle_report={report}"]
    subprocess.run([sys.executable, "-m", "pipeline", *arguments, *flags], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    found: Bytes = json.loads(report.read_text(encoding="utf-8"))
    return found


def count_rows(documents: str) -> int:
    """The rows of all documents files of an output."""
    return sum(pq.read_metadata(path).num_rows for path in Path(documents, "documents").glob("*.parquet"))


def table(counts: Bytes, pages: int) -> str:
    """The shuffles, largest first, and their sum, as a table in Markdown."""
    steps = sorted(counts["group"].items(), key=lambda entry: -entry[1])
    total = sum(counts["group"].values())
    lines = ["| shuffle | bytes | bytes a page |", "| --- | ---: | ---: |"]
    lines += [f"| {_short(name)} | {size:,} | {size / pages:.1f} |" for name, size in steps]
    lines += [f"| **all shuffles** | {total:,} | **{total / pages:.1f}** |"]
    kept = sum(size for name, size in counts["materialize"].items() if not name.endswith("/Flatten"))  # shuffled next
    return "\n".join([*lines, f"| left for other stages, side inputs included | {kept:,} | {kept / pages:.1f} |"])


def _short(name: str) -> str:
    return name.replace("/CoGroupByKeyImpl", "").replace("/CombinePerKey", "").replace("/ReshufflePerKey", "")


def main() -> None:
    """Count what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shuffle", description=__doc__.split("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--documents")
    source.add_argument("--crawl")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report, output, documents = Path(folder, "report.json"), str(Path(folder, "out")), options.documents
        if options.crawl:
            documents = output
            extracted = count_bytes(["extract", options.crawl, "--output", output], report)
            print(f"extract, {count_rows(output)} rows\n\n{table(extracted, count_rows(output))}\n")
        curated = count_bytes(["curate", documents, "--output", output], report)
        print(f"curate, {count_rows(documents)} rows\n\n{table(curated, count_rows(documents))}")


if __name__ == "__main__":
    main()
