"""What the guards around the parsing of pages cost: `python -m benchmarks.guards`.

The same pages of a crawl, their bodies compressed as servers send them, are taken from body to extraction, by turns of
58 pages, which is a second or so:

* bare: decoded in one call whatever comes out, and parsed in the process itself;
* guarded: decoded with bounded output, and parsed in a child that can be killed, as a run does it.

CPU is that of this process and of the parser. Start-up is importing the extractors here, and starting the parser there:
a worker pays it once for thousands of pages, and each round of the table once for its few.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from glob import glob
from itertools import cycle
from pathlib import Path

import brotli
import zstandard

from transforms.extract.extractor import Extractor
from transforms.read.encoding import decode_body
from transforms.read.params import ReadParams
from transforms.read.splits import Split
from transforms.read.warc import read_split
from transforms.records import Extraction, Page
from transforms.rejection import Rejection

_CRAWL = "../shared/data/crawl/*.warc.gz"
_TURN = 58  # pages: long enough that each way finds its own data in the caches, short enough for drift to cancel out
_LIMIT = ReadParams().max_body_bytes
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


def prepare(archives: list[str]) -> Iterator[Sent]:
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

    def take(self, sent: Sent) -> tuple[float, str]:
        """CPU seconds and text of one page."""
        before = time.process_time()
        page = sent.decoded(_DECODE[sent.coding](sent.payload))
        request = self._request(page.origin.target_uri, page.headers, page.charset, page.date[:10])
        extraction = self._extract(page.body, request, mode="fast")
        return time.process_time() - before, extraction.text if extraction else ""


class Guarded:
    """Pages taken as a run takes them."""

    def __init__(self, extractor: Extractor, first: Sent) -> None:
        self._extractor = extractor
        before = self._now()
        extractor.extract(first.decoded(b"<html>"))
        self.start_s = self._now() - before

    def _now(self) -> float:
        return time.process_time() + self._extractor.cpu_seconds

    def take(self, sent: Sent) -> tuple[float, str]:
        """CPU seconds, of the parser too, and text of one page."""
        before = self._now()
        body = decode_body(sent.payload, [sent.coding], limit=_LIMIT)
        outcome = body if isinstance(body, Rejection) else self._extractor.extract(sent.decoded(body))
        return self._now() - before, outcome.text if isinstance(outcome, Extraction) else ""


def compare(pages: list[Sent], rounds: int) -> Iterator[tuple[float, float, float, float]]:
    """For each round CPU seconds bare, of that start-up, guarded, of that start-up. Start-up is that of the first."""
    ways = Bare()
    with Extractor() as extractor:
        guarded = Guarded(extractor, pages[0])
        for at in range(rounds):
            bare_s, guarded_s = ways.start_s, guarded.start_s
            for begin in range(0, len(pages), _TURN):
                block = pages[begin : begin + _TURN]
                if (begin // _TURN + at) % 2:
                    (one, texts), (other, same) = _take(ways, block), _take(guarded, block)
                else:
                    (other, same), (one, texts) = _take(guarded, block), _take(ways, block)
                if texts != same:
                    raise AssertionError("the two ways found different texts")
                bare_s, guarded_s = bare_s + one, guarded_s + other
            yield bare_s, ways.start_s, guarded_s, guarded.start_s


def _take(way: Bare | Guarded, pages: list[Sent]) -> tuple[float, list[str]]:
    taken = [way.take(sent) for sent in pages]
    return sum(seconds for seconds, _ in taken), [text for _, text in taken]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure what the guards around the parsing of pages cost.")
    parser.add_argument("--rounds", type=int, default=3, help="times each page is taken (default: %(default)s)")
    parser.add_argument("archives", nargs="*", help=f"archives of ordinary pages (default: {_CRAWL})")
    arguments = parser.parse_args()
    archives = arguments.archives or glob(_CRAWL)
    if not archives:
        sys.exit(f"no archive matches {_CRAWL!r}: `make crawl`, then name out/crawl/*.warc.gz")
    pages = list(prepare(archives))
    print("| round | pages | bare, CPU s | of that start | guarded, CPU s | of that start | ratio | without starts |")
    print("|---|---|---|---|---|---|---|---|")
    ratios = []
    for at, (bare_s, import_s, guarded_s, start_s) in enumerate(compare(pages, arguments.rounds)):
        ratios.append(guarded_s / bare_s)
        steady = (guarded_s - start_s) / (bare_s - import_s)
        print(
            f"| {at + 1} | {len(pages)} | {bare_s:.2f} | {import_s:.2f} | {guarded_s:.2f} | {start_s:.2f} "
            f"| {ratios[-1]:.4f} | {steady:.4f} |",
            flush=True,
        )
    print(f"\nMedian ratio {statistics.median(ratios):.4f}.")


if __name__ == "__main__":
    main()
