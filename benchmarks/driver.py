"""What the process that submits a run does by itself for every split: CPU and memory, of a few thousand splits.

    python -m benchmarks.driver DIR [--archives 2000]

DIR is an output of `firsthand extract` or of `benchmarks.synthetic` with many small files: its footers are read as a
run reads them. Archives are made up, of the size and names of Common Crawl's.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from pipeline.output import Output
from pipeline.plan import Plan
from pipeline.worklist import read_pieces, write_pieces
from pipeline.workload import busiest
from transforms.read.splits import Archive, Split

_NAME = "CC-MAIN-20240220211055-20240221001055-{:05d}.warc.gz"
_FOLDER = "https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-10/segments/1707947473347.0/warc/"
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of the work, all threads together, and what it returns."""
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def held(work: Callable[[], T]) -> tuple[int, T]:
    """Bytes of Python objects that are still there afterwards, and what the work returns."""
    tracemalloc.start()
    result = work()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return size, result


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.driver", description=__doc__.split("\n")[0])
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--archives", type=int, default=2000)
    options = parser.parse_args()
    names = [_NAME.format(index) for index in range(options.archives)]
    plan = Plan({}, 64 << 20, None, tuple(Archive(_FOLDER + name, name, 10**9, splittable=True) for name in names))
    cut_s, splits = timed(plan.splits)
    cut_bytes, _ = held(plan.splits)
    ids_s, _ = timed(lambda: [split.split_id for split in splits])
    listing = BytesIO()
    list_s, _ = timed(lambda: write_pieces(splits, listing))
    listed = listing.tell()
    listing.seek(0)
    read_s, _ = timed(lambda: sum(1 for _ in read_pieces(listing, Split)))
    share_s, _ = timed(lambda: busiest([split.end - split.start for split in splits], 1000))
    output = Output(options.folder)
    footers_s, accounts = timed(output.accounts)
    footers_bytes, _ = held(output.accounts)
    rows = [
        ("cut the archives", cut_s / len(splits), cut_bytes / len(splits)),
        ("name the splits", ids_s / len(splits), 0),
        ("write the work list", list_s / len(splits), listed / len(splits)),
        ("read the work list (one worker)", read_s / len(splits), 0),
        ("share out among 1,000 workers (plan)", share_s / len(splits), 0),
        ("read both footers", footers_s / len(accounts), footers_bytes / len(accounts)),
    ]
    print(f"{len(splits)} splits, {len(accounts)} committed; extract.json {len(plan.to_json()) / len(names):.0f} bytes")
    print("an archive\n\n| | CPU µs a split | bytes a split |\n| --- | ---: | ---: |")
    print("\n".join(f"| {name} | {1e6 * seconds:.1f} | {size:.0f} |" for name, seconds, size in rows))


if __name__ == "__main__":
    main()
