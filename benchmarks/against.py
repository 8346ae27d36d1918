"""New documents curated against an earlier corpus, beside the same alone and beside all of them together.

    python -m benchmarks.against --folder DIR [--earlier 1000000] [--new 100000] [--words 120]

Documents are those of `benchmarks.synthetic`, 2,500 a file, made in DIR if they are not there; the new ones are drawn
with the same seed, so that some repeat earlier ones. One process each. The earlier corpus is curated first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.cost import Cost, measure
from benchmarks.million import make

_IN_A_FILE = 2_500


def make_new(folder: Path, size: int, words: int) -> Path:
    """Documents of archives with other names than the earlier ones."""
    documents = folder / f"new-{size}"
    if not (documents / "truth.parquet").exists():
        given = {
            "documents": size,
            "out": documents,
            "files": max(1, size // _IN_A_FILE),
            "words": words,
            "name": "new",
        }
        flags = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        subprocess.run([sys.executable, "-m", "benchmarks.synthetic", *flags], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return documents


def curate(output: Path, *arguments: str) -> Cost:
    """What a curation into `output` takes."""
    return measure([sys.executable, "-m", "pipeline", "curate", *arguments, "--output", str(output), "--workers", "1"])


def repeated(output: Path) -> int:
    """Pages that were dropped for a row of an earlier corpus."""
    files = (output / "rejections").glob("curate-*.parquet")
    columns = [pq.read_table(path, columns=["detail"])["detail"] for path in files]
    return sum(pc.sum(pc.starts_with(column, "earlier=")).as_py() or 0 for column in columns)


def describe(name: str, cost: Cost, output: Path) -> str:
    """One row of the table, in Markdown."""
    rows = sum(pq.read_metadata(path).num_rows for path in (output / "corpus").glob("part-*.parquet"))
    return f"| {name} | {cost.wall_s:.0f} | {cost.cpu_s:.1f} | {cost.peak_mb:,.0f} | {rows:,} | {repeated(output):,} |"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--earlier", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=120)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    old, new = (
        make(options.folder, options.earlier, options.words),
        make_new(options.folder, options.new, options.words),
    )
    print("| curated | wall s | CPU s | peak MB | rows | repeat earlier rows |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        earlier = Path(scratch, "earlier")
        runs = {
            "the earlier ones": (earlier, [str(old)]),
            "the new ones alone": (Path(scratch, "alone"), [str(new)]),
            "the new ones against the earlier": (Path(scratch, "against"), [str(new), "--against", str(earlier)]),
            "all together": (Path(scratch, "together"), [str(old), str(new)]),
        }
        for name, (output, arguments) in runs.items():
            print(describe(name, curate(output, *arguments), output), flush=True)


if __name__ == "__main__":
    main()
