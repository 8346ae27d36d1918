"""What the guards around the parsing of pages cost: `python -m benchmarks.guards`.

The same pages of a crawl, their bodies compressed as servers send them, are taken from body to extraction two ways:

* bare: decoded in one call whatever comes out, and parsed in the process itself;
* guarded: decoded with bounded output, and parsed in a child that can be killed, block by block as a run does it.

CPU is that of this process and of the parser. Blocks of pages go bare, guarded, guarded, bare, every other block the
other way round, so that a drift of the machine is on both sides; a block gives one ratio. Both ways run with the
parser's settings of malloc, which a process of its own is what makes possible (`--plain-malloc` leaves the bare way
with those of the system); both have taken some pages before the clock runs; what the benchmark itself holds is hidden
from the garbage collector, which the child would not have to look at. The interval of the median is the exact one of
the sign test: it assumes nothing of how times are spread.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import math
import os
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob
from itertools import cycle
from pathlib import Path

import brotli
import zstandard

from pipeline.config import Config
from transforms.extract.extractor import Extractor
from transforms.extract.process import TUNABLES
from transforms.read.encoding import decode_body
from transforms.read.params import ReadParams
from transforms.read.splits import Split
from transforms.read.warc import read_split
from transforms.records import Extraction, Page

_CRAWL = "../shared/data/crawl/*.warc.gz"
_BLOCK = 16  # pages, about as many as in a block of a run
_LIMIT = ReadParams().max_body_bytes
_TUNED = "GLIBC_TUNABLES"
_ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, 6),
    "br": lambda body: brotli.compress(body, quality=4),
    "deflate": lambda body: zlib.compress(body, 6),
    "zstd": lambda body: zstandard.compress(body, 3),
}
_DECODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "deflate": zlib.decompress,
    "zstd": zstandard.decompress,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A page whose body is compressed, as it came from its server."""

    page: Page
    coding: str
    payload: bytes

    def decoded(self, body: bytes) -> Page:
        """The page with this body."""
        return replace(self.page, body=body)


def prepare(archives: Sequence[str]) -> Iterator[Sent]:
    """Every page of the archives, each in the next encoding."""
    codings = cycle(_ENCODE)
    for path in sorted(archives):
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            for item in read_split(stream, Split(path, Path(path).name, size, 0, size, None), ReadParams()):
                if isinstance(item, Page):
                    coding = next(codings)
                    yield Sent(item, coding, _ENCODE[coding](item.body))


class Bare:
    """Pages taken without a limit on anything, in this process."""

    def __init__(self) -> None:
        before = time.process_time()
        from transforms.extract.page import Request, extract_page

        self._request, self._extract = Request, extract_page
        self.start_s = time.process_time() - before

    def take(self, block: Sequence[Sent]) -> tuple[float, list[str]]:
        """CPU seconds and texts of some pages."""
        before = time.process_time()
        found = [self._extraction(sent.decoded(_DECODE[sent.coding](sent.payload))) for sent in block]
        return time.process_time() - before, [extraction.text if extraction else "" for extraction in found]

    def _extraction(self, page: Page) -> Extraction | None:
        request = self._request(page.origin.target_uri, page.headers, page.charset, page.date[:10])
        return self._extract(page.body, request, mode="fast")


class Guarded:
    """Pages taken as a run takes them."""

    def __init__(self, extractor: Extractor, first: Sent) -> None:
        self._extractor = extractor
        before = self._now()
        extractor.extract(first.decoded(b"<html>"))
        self.start_s = self._now() - before

    def _now(self) -> float:
        return time.process_time() + self._extractor.cpu_seconds

    def take(self, block: Sequence[Sent]) -> tuple[float, list[str]]:
        """CPU seconds, of the parser too, and texts of some pages."""
        before = self._now()
        bodies = [decode_body(sent.payload, [sent.coding], limit=_LIMIT) for sent in block]
        pages = [sent.decoded(body) for sent, body in zip(block, bodies, strict=True) if isinstance(body, bytes)]
        found = self._extractor.extract_all(pages)
        return self._now() - before, [outcome.text if isinstance(outcome, Extraction) else "" for outcome in found]


@dataclass(frozen=True, slots=True)
class Block:
    """The same pages taken twice each way: CPU seconds of both times."""

    bare_s: float
    guarded_s: float

    @property
    def ratio(self) -> float:
        """Guarded to bare; 1 is no cost."""
        return self.guarded_s / self.bare_s


def compare(pages: Sequence[Sent], bare: Bare, guarded: Guarded, *, odd: bool) -> Iterator[Block]:
    """Every block of the pages taken twice each way, the first one guarded-bare-bare-guarded if `odd`."""
    for begin in range(0, len(pages), _BLOCK):
        block = pages[begin : begin + _BLOCK]
        odd = not odd
        ways: list[Bare | Guarded] = [bare, guarded] if odd else [guarded, bare]
        spent = {bare: 0.0, guarded: 0.0}
        found = []
        for way in [*ways, *reversed(ways)]:
            seconds, texts = way.take(block)
            spent[way] += seconds
            found.append(texts)
        if any(texts != found[0] for texts in found):
            raise AssertionError("the two ways found different texts")
        yield Block(spent[bare], spent[guarded])


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the median by order statistics, at least six values (Conover 1999, section 3.2)."""
    rank, tail = 0, 0.5 ** len(values)
    while tail <= 0.025:
        rank += 1
        tail += math.comb(len(values), rank) * 0.5 ** len(values)
    ordered = sorted(values)
    return ordered[rank - 1], ordered[-rank]


def main() -> None:
    """Print each round, and what the blocks of all say."""
    parser = argparse.ArgumentParser(description="Measure what the guards around the parsing of pages cost.")
    parser.add_argument("--rounds", type=int, default=3, help="times each block is compared (default: %(default)s)")
    parser.add_argument("archives", nargs="*", help=f"archives of ordinary pages (default: {_CRAWL})")
    parser.add_argument("--plain-malloc", action="store_true", help="the bare way with the system's malloc as it is")
    arguments = parser.parse_args()
    archives = arguments.archives or glob(_CRAWL)
    if not archives:
        sys.exit(f"no archive matches {_CRAWL!r}: `make crawl`, then name out/crawl/*.warc.gz")
    if not arguments.plain_malloc and os.environ.get(_TUNED) != TUNABLES:  # malloc reads them as a program starts
        os.execve(sys.executable, sys.orig_argv, {**os.environ, _TUNED: TUNABLES, "OMP_NUM_THREADS": "1"})  # noqa: S606
    pages = list(prepare(archives))
    bare = Bare()
    with Extractor() as extractor:
        guarded = Guarded(extractor, pages[0])
        gc.collect()
        gc.freeze()
        for way in (bare, guarded):
            for at in range(4):
                way.take(pages[at * _BLOCK :][:_BLOCK])
        blocks = _print_rounds(pages, bare, guarded, arguments.rounds)
    page_s = sum(block.bare_s for block in blocks) / (2 * arguments.rounds * len(pages))
    print(f"\nBare: {1000 * page_s:.3f} ms a page, {bare.start_s:.3f} s to import; a parser: {guarded.start_s:.3f} s.")
    split = round(len(pages) / sum(Path(path).stat().st_size for path in archives) * Config().run.split_bytes)
    print(f"\n| {len(blocks)} blocks | median | 95 % from | to |\n|---|---|---|---|")
    figures = statistics.median(block.ratio for block in blocks), *interval([block.ratio for block in blocks])
    for named, count in (
        ("pages alone", 0),
        (f"a start each split of {Config().run.split_bytes >> 20} MiB, {split} pages", split),
        (f"a start each {len(pages)} pages", len(pages)),
    ):
        bare_s = count * page_s
        shown = [(ratio * bare_s + guarded.start_s) / (bare_s + bare.start_s) if count else ratio for ratio in figures]
        print(f"| {named} | {' | '.join(f'{ratio:.4f}' for ratio in shown)} |")


def _print_rounds(pages: Sequence[Sent], bare: Bare, guarded: Guarded, rounds: int) -> list[Block]:
    print("| round | pages | blocks | bare, CPU s | guarded, CPU s | ratio of sums | median of blocks |")
    print("|---|---|---|---|---|---|---|")
    every: list[Block] = []
    for at in range(rounds):
        blocks = list(compare(pages, bare, guarded, odd=bool(at % 2)))
        bare_s, guarded_s = sum(block.bare_s for block in blocks), sum(block.guarded_s for block in blocks)
        median = statistics.median(block.ratio for block in blocks)
        print(
            f"| {at + 1} | {len(pages)} | {len(blocks)} | {bare_s:.2f} | {guarded_s:.2f} | {guarded_s / bare_s:.4f} "
            f"| {median:.4f} |",
            flush=True,
        )
        every += blocks
    return every


if __name__ == "__main__":
    main()
