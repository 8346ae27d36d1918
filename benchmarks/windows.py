"""How large the windows of a sample should be, and what its sums should be divided by.

    python -m benchmarks.windows DIR [--draws 1000] [--share 0.1]

DIR is an output of `firsthand run` whose archives are where they were. A record that became a row of the corpus counts
as its packed text and 600 bytes. Each draw puts windows somewhere else; printed is the standard deviation of the error
of the sum over all records, by either estimator.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import zstandard
from numpy.typing import NDArray

from pipeline.output import Output
from transforms.read.params import ReadParams
from transforms.read.splits import plan_splits
from transforms.read.stage import open_archive
from transforms.read.warc import read_split
from transforms.records import Page
from transforms.rejection import RejectedRecord

Numbers = NDArray[np.float64]
_COLUMNS = 600  # bytes of a row beside its text


def read_records(folder: str) -> tuple[Numbers, Numbers]:
    """Of every record, in order: bytes in its archive, bytes in the corpus."""
    weight = {}
    for path in Path(folder, "corpus").glob("*.parquet"):
        for row in pq.read_table(path, columns=["warc_file", "record_offset", "text"]).to_pylist():
            packed = len(zstandard.compress(row["text"].encode()))
            weight[row["warc_file"], row["record_offset"]] = float(_COLUMNS + packed)
    sizes, weights = [], []
    for split in plan_splits(Output(folder).plan().archives, split_bytes=1 << 60):
        with open_archive(split.file_path) as stream:
            for item in read_split(stream, split, ReadParams()):
                if isinstance(item, Page | RejectedRecord):
                    sizes.append(float(item.origin.record_length))
                    weights.append(weight.get((split.warc_file, item.origin.record_offset), 0.0))
    return np.array(sizes), np.array(weights)


def errors(sizes: Numbers, weights: Numbers, *, window: int, share: float, draws: int) -> tuple[float, float]:
    """Standard deviation of the error: by the bytes of the windows, and by the bytes of the records in them."""
    begins, total = np.cumsum(sizes) - sizes, float(sizes.sum())
    count = math.ceil(share * total / window)
    step, random = total / count, np.random.default_rng(0)
    found = []
    for first in random.uniform(0, step, draws):
        seen = (begins - first) % step < window
        found.append((weights[seen].sum() * step / window, weights[seen].sum() * total / max(sizes[seen].sum(), 1)))
    spread = np.std(np.array(found) / weights.sum(), axis=0)
    return float(spread[0]), float(spread[1])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.windows", description=__doc__.split("\n")[0])
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.1)
    options = parser.parse_args()
    sizes, weights = read_records(options.folder)
    kept = weights > 0
    together = np.corrcoef(sizes[kept], weights[kept])[0, 1]
    print(f"{sizes.size} records; size of those kept and their bytes in the corpus: r = {together:.2f}")
    print("\n| window, KiB | by bytes of the windows | by bytes of the records |\n| ---: | ---: | ---: |")
    for kib in (8, 16, 32, 64, 128):
        plain, ratio = errors(sizes, weights, window=kib << 10, share=options.share, draws=options.draws)
        print(f"| {kib} | {plain:.0%} | {ratio:.0%} |")


if __name__ == "__main__":
    main()
