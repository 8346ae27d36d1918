"""What an opinion costs, beside the least that any detector of this kind must do: hash the characters' 4-grams once.

    python -m benchmarks.detector --labelled ../shared/data/labelled

Times are CPU seconds of this process, the best of several rounds, both loops in the same rounds. Set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.score.detector import Detector
from transforms.score.hashing import CHARACTER_CODES, buckets, hash_ngrams

SIZES = (1_000, 5_000, 50_000)
PAGES, ROUNDS = 12, 15


def main() -> None:
    """Measure and print a table, and the time to load."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detector", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet")
    table = pq.read_table(parser.parse_args().labelled / "human.parquet", columns=["text", "lang"])
    text = " ".join(table.filter(pc.equal(table["lang"], "en"))["text"].to_pylist())
    began = time.process_time()
    detector = Detector.load()
    print(f"load: {time.process_time() - began:.3f} s")
    for size in SIZES:
        pages = [text[place * size : (place + 1) * size] for place in range(PAGES)]
        assess, loop = _best(pages, lambda page: detector.assess(page, language="en", script="Latn"), _hash)
        print(f"{size:,} characters: {assess:.2f} ms, hashing alone {loop:.3f} ms, ratio {assess / loop:.1f}")


def _hash(page: str) -> None:
    """The distinct 4-grams of the bytes of a page."""
    codes = CHARACTER_CODES[np.frombuffer(page.encode("latin-1", "replace"), np.uint8)]
    buckets(hash_ngrams(codes, 4, 1), 21)


def _best(pages: list[str], *tasks: Callable[[str], object]) -> list[float]:
    """CPU milliseconds a page of each task, the best round of each."""
    best = [float("inf")] * len(tasks)
    for _ in range(ROUNDS):
        for place, task in enumerate(tasks):
            began = time.process_time()
            for page in pages:
                task(page)
            best[place] = min(best[place], 1000 * (time.process_time() - began) / len(pages))
    return best


if __name__ == "__main__":
    main()
