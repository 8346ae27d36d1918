"""`python -m training.extractor.train`: fits the shipped trees on all pages and writes their file."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.extractor.fit import Recipe, fit
from training.extractor.lessons import lessons
from transforms.extract.trees import MODEL, encode

_DATA = Path("../shared/data")


def arguments(purpose: str) -> argparse.ArgumentParser:
    """A parser that asks where gold texts and archives are."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--gold", type=Path, default=_DATA / "gold/extraction.parquet", help="gold texts and segments")
    parser.add_argument("--crawl", default=str(_DATA / "crawl/*.warc.gz"), help="archives that hold the pages")
    return parser


def main() -> None:
    """Write transforms/extract/model/blocks.bin."""
    parser = arguments("Train the extractor that ships.")
    parser.add_argument("--out", type=Path, default=MODEL, help="where the trees are written")
    given = parser.parse_args()
    found = lessons(given.gold, given.crawl)
    content = encode(fit(found, Recipe()))
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_bytes(content)
    blocks, gold = sum(len(lesson.texts) for lesson in found), sum(lesson.gold for lesson in found)
    print(f"{given.out}: {len(content)} bytes from {blocks} blocks of {len(found)} pages, {gold} with gold text")


if __name__ == "__main__":
    main()
