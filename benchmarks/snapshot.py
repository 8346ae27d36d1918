"""A snapshot of Common Crawl, worked out by the model of `firsthand plan` from pages that were measured.

    python -m benchmarks.snapshot DIR [--page-bytes 36000]

DIR is an output of `firsthand run`. Its pages stand for Common Crawl's: the same seconds and bytes a page, but so many
bytes of archive for each, since 90,000 archives of 1 GB hold 2.5 billion of them. Nothing here is measured at that
size.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

from pipeline.config import Config, load
from pipeline.effort import Setting
from pipeline.estimate import Estimate, estimate
from pipeline.forecast import recall
from pipeline.forecast_view import show_bytes, show_count
from pipeline.output import Output
from pipeline.prices import Prices
from pipeline.sample import Sample
from pipeline.terms import ENGINES, START_S
from pipeline.workload import workload_of
from transforms.read.splits import Archive

# Examples, in no currency: what a core for an hour, a GB for a month, a GB shuffled, a thousand requests may cost.
PRICES = Prices(cpu_hour=0.04, gb_month=0.02, shuffle_gb=0.01, thousand_reads=0.0004, thousand_writes=0.005)
_ARCHIVE = 10**9  # bytes


@dataclass(frozen=True, slots=True)
class Case:
    """So many archives, somewhere."""

    name: str
    archives: int
    split_mib: int
    engine: str
    workers: int


CASES = (
    Case("10 archives, a laptop", 10, 64, "local", 8),
    Case("100, a server", 100, 64, "local", 64),
    Case("1,000, a cluster", 1_000, 64, "flink", 250),
    Case("a snapshot", 90_000, 64, "flink", 2_000),
    Case("the same, whole archives", 90_000, 1024, "flink", 2_000),
)


def work_out(case: Case, sample: Sample) -> Estimate:
    """The estimate of one case."""
    archives = [
        Archive(f"/{n:05d}.warc.gz", f"{n:05d}.warc.gz", _ARCHIVE, splittable=True) for n in range(case.archives)
    ]
    config: Config = load(None, (f"run.split_bytes={case.split_mib << 20}",))
    setting = Setting(ENGINES[case.engine], case.workers, case.workers, cores=case.workers)
    return estimate(workload_of(archives, config), sample, setting, prices=PRICES)


def row(case: Case, found: Estimate) -> str:
    """The estimate as a line of the table."""
    volume = found.volume
    cells = (
        case.name,
        case.workers,
        f"{show_count(found.splits)} of {case.split_mib} MiB",
        show_count(volume.pages.value),
        f"{found.extract.cpu.value / 3600:,.1f}",
        f"{found.curate.cpu.value / 3600:,.1f}",
        f"{found.wall.value / 3600:,.1f}",
        show_bytes(volume.documents_bytes.value),
        show_bytes(volume.corpus_bytes.value),
        show_bytes(volume.rejections_bytes.value),
        f"{show_bytes(volume.shuffle_bytes.value)}, {volume.shuffle_bytes.value / volume.documents.value:,.0f} B",
        show_bytes(found.curate_memory.value),
        f"{volume.reads.value / 1e6:,.2f} M, {volume.writes.value / 1e6:,.2f} M",
        f"{found.bill['total'].value:,.2f}",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


HEADING = (
    "",
    "workers",
    "splits",
    "pages",
    "CPU h, extract",
    "CPU h, curate",
    "hours",
    "documents/",
    "corpus/",
    "rejections/",
    "shuffle, a document",
    "memory, largest of curate",
    "reads, writes",
    "example price",
)


def main() -> None:
    """Print the table, on its side."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.snapshot", description=__doc__.split("\n")[0])
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--page-bytes", type=int, default=36_000, help="of archive, for a page")
    options = parser.parse_args()
    seen = recall(Output(options.folder), ())
    stretch = options.page_bytes * seen.pages / seen.archive_bytes
    parts = tuple(replace(part, archive_bytes=round(part.archive_bytes * stretch)) for part in seen.parts)
    sample = replace(seen, parts=parts, start_s=START_S)  # whatever this machine is busy with
    rows = [HEADING, *([cell.strip() for cell in row(c, work_out(c, sample)).strip("|").split("|")] for c in CASES)]
    lines = ["| " + " | ".join(cells) + " |" for cells in zip(*rows, strict=True)]
    print("\n".join([lines[0], "| --- |" + " ---: |" * len(CASES), *lines[1:]]))


if __name__ == "__main__":
    main()
