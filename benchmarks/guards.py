"""What the guards around the parsing of pages cost: `python -m benchmarks.guards`.

The same pages of a crawl, their bodies compressed as servers send them, are taken from body to extraction, by turns:

* bare: decoded in one call whatever comes out, and parsed in the process itself;
* guarded: decoded with bounded output, and parsed in a child that can be killed, as a run does it.

Each turn is a process of its own. CPU is that of the process and of its children from their first instruction on,
imports and start-up included, reading the archives and compressing the bodies left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import statistics
import subprocess
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


def sent(archives: list[str]) -> Iterator[Sent]:
    """Every page of the archives, each in the next encoding."""
    codings = cycle(_ENCODE)
    for path in sorted(archives):
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            for item in read_split(stream, Split(path, Path(path).name, size, 0, size, None), ReadParams()):
                if isinstance(item, Page):
                    coding = next(codings)
                    yield Sent(item, coding, _ENCODE[coding](item.body))


def bare(pages: list[Sent]) -> int:
    """Extract in this process without a limit on anything; the characters of text found."""
    from transforms.extract.page import Request, extract_page

    characters = 0
    for each in pages:
        page = each.decoded(_DECODE[each.coding](each.payload))
        request = Request(page.origin.target_uri, page.headers, page.charset, page.date[:10])
        extraction = extract_page(page.body, request, mode="fast")
        characters += len(extraction.text) if extraction else 0
    return characters


def guarded(pages: list[Sent]) -> int:
    """Extract as a run does; the characters of text found."""
    characters = 0
    with Extractor() as extractor:
        for each in pages:
            body = decode_body(each.payload, [each.coding], limit=_LIMIT)
            outcome = body if isinstance(body, Rejection) else extractor.extract(each.decoded(body))
            characters += len(outcome.text) if isinstance(outcome, Extraction) else 0
    return characters


def turn(way: str, archives: list[str]) -> tuple[float, int]:
    """(CPU seconds, characters of text) of one way, measured by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.guards", "--turn", way, *archives]
    ended = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own interpreter and module
    seconds, characters = json.loads(ended.stdout)
    return float(seconds), int(characters)


def take_turn(way: str, archives: list[str]) -> None:
    """Print CPU seconds and characters of one way, as JSON."""
    before = time.process_time()
    pages = list(sent(archives))
    preparing = time.process_time() - before
    characters = {"bare": bare, "guarded": guarded}[way](pages)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([time.process_time() - preparing + children.ru_utime + children.ru_stime, characters]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure what the guards around the parsing of pages cost.")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each way (default: %(default)s)")
    parser.add_argument("--turn", choices=("bare", "guarded"), help="take one turn and print JSON")
    parser.add_argument("archives", nargs="*", help=f"archives of ordinary pages (default: {_CRAWL})")
    arguments = parser.parse_args()
    archives = arguments.archives or sorted(glob(_CRAWL))
    if not archives:
        sys.exit(f"no archive matches {_CRAWL!r}: `make crawl`, then name out/crawl/*.warc.gz")
    if arguments.turn:
        take_turn(arguments.turn, archives)
    else:
        _print(archives, arguments.rounds)


def _print(archives: list[str], rounds: int) -> None:
    print("| round | bare, CPU s | guarded, CPU s | ratio |\n|---|---|---|---|")
    ratios = []
    for at in range(rounds):
        ways = ("bare", "guarded") if at % 2 else ("guarded", "bare")  # whoever comes second has warmer caches
        taken = {way: turn(way, archives) for way in ways}
        (without, text), (with_guards, same_text) = taken["bare"], taken["guarded"]
        if text != same_text:
            raise AssertionError(f"{text} characters bare, {same_text} guarded")
        ratios.append(with_guards / without)
        print(f"| {at + 1} | {without:.2f} | {with_guards:.2f} | {ratios[-1]:.4f} |", flush=True)
    print(f"\nMedian ratio {statistics.median(ratios):.4f}; {text} characters of text each way.")


if __name__ == "__main__":
    main()
