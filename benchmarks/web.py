"""What reading archives over http costs beside reading them from disk: CPU, requests, throughput.

    python -m benchmarks.web [--crawl GLOB] [--rounds 5]

The server is a process of its own on loopback, so that CPU and throughput are the reader's; a real network adds its
round trips, which take no CPU. Of the rounds the least is given: others use this machine too.
"""

from __future__ import annotations

import argparse
import glob
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from tests.webserver import Site, faulty, serve
from transforms.read.params import ReadParams
from transforms.read.splits import plan_splits
from transforms.read.stage import expand_inputs, open_archive
from transforms.read.warc import read_split
from transforms.records import Page

CRAWL = "../shared/data/crawl/*.warc.gz"
_COPIES = 16  # of an archive, one after the other, as one file of the size of Common Crawl's splits


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of all archives took."""

    cpu_s: float  # of this thread
    wall_s: float
    pages: int
    bytes: int


def read_all(addresses: Sequence[str], split_bytes: int) -> Reading:
    """Look the archives up, then read all their splits to the last record."""
    cpu, wall, pages = time.thread_time(), time.monotonic(), 0
    archives = expand_inputs(addresses)
    for split in plan_splits(archives, split_bytes=split_bytes):
        with open_archive(split.file_path) as stream:
            pages += sum(isinstance(item, Page) for item in read_split(stream, split, ReadParams()))
    size = sum(archive.size for archive in archives)
    return Reading(time.thread_time() - cpu, time.monotonic() - wall, pages, size)


def scan(address: str) -> Reading:
    """Read an archive from end to end and do nothing with it."""
    cpu, wall, size = time.thread_time(), time.monotonic(), 0
    with open_archive(address) as stream:
        while data := stream.read(1 << 18):
            size += len(data)
    return Reading(time.thread_time() - cpu, time.monotonic() - wall, 0, size)


def _serve(site: Site, pipe: Connection) -> None:
    with serve(site):
        pipe.send(site.port)
        while pipe.recv():
            pipe.send(len(site.requests))
            site.requests.clear()


class Server:
    """A site in another process."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self._port = port
        self._pipe = pipe

    def url(self, name: str) -> str:
        """The address of a file."""
        return f"http://127.0.0.1:{self._port}/{name}"

    def requests(self) -> int:
        """How many there were since the last time of asking."""
        self._pipe.send(True)
        count: int = self._pipe.recv()
        return count


@contextmanager
def serving(files: dict[str, bytes], share: float = 0.0) -> Iterator[Server]:
    """Serve these files from another process; this share of the requests fails."""
    ours, theirs = multiprocessing.Pipe()
    site = Site(files)
    if share:
        site.fate = faulty(share, seed=1, kinds=("status", "reset", "truncate"))
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(site, theirs))
    process.start()
    try:
        yield Server(ours.recv(), ours)
        ours.send(False)
    finally:
        process.join(5)
        process.terminate()


def compare(paths: Sequence[Path], split_bytes: int, rounds: int) -> str:
    """A row of the table: the same splits from disk and over http."""
    local = [read_all([str(path) for path in paths], split_bytes) for _ in range(rounds)]
    web, requests = [], 0
    with serving({f"/{path.name}": path.read_bytes() for path in paths}) as server:
        for _ in range(rounds):
            web.append(read_all([server.url(path.name) for path in paths], split_bytes))
            requests = server.requests()
    ms = [min(reading.cpu_s for reading in readings) / readings[0].pages * 1000 for readings in (local, web)]
    return f"| {split_bytes >> 20} | {local[0].pages} | {ms[0]:.2f} | {ms[1]:.2f} | {requests} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--crawl", default=CRAWL, metavar="GLOB")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    options = parser.parse_args()
    paths = [Path(name) for name in sorted(glob.glob(options.crawl))]
    print("| split, MiB | pages | CPU ms a page, disk | http | requests |\n| ---: | ---: | ---: | ---: | ---: |")
    for split_bytes in (1 << 20, 64 << 20):
        print(compare(paths, split_bytes, options.rounds))
    large = paths[0].read_bytes() * _COPIES
    for share in (0.0, 0.3):
        FileSystems.set_options(PipelineOptions(["--http_backoff=0.001", "--http_timeout=5"]))
        with serving({"/large.warc.gz": large}, share) as server:
            readings = []
            for _ in range(options.rounds):
                readings.append(scan(server.url("large.warc.gz")))
                requests = server.requests()
        best = min(readings, key=lambda reading: reading.wall_s)
        print(
            f"\nscan of {best.bytes / 1e6:.1f} MB, {share:.0%} of requests failing: {requests} requests, "
            f"{best.bytes / best.wall_s / 1e6:.0f} MB/s, {best.cpu_s / best.bytes * 1e9:.2f} CPU ms/MB"
        )


if __name__ == "__main__":
    main()
