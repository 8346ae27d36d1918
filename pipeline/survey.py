"""Takes a sample: extracts windows of the archives as a run would, curates what comes of them, and weighs it all."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow.parquet as pq

from pipeline.accounts import SplitAccount
from pipeline.merge import merge
from pipeline.meter import Meter
from pipeline.parquet_size import accounts_bytes, measure
from pipeline.sample import Curated, Sample, part_of, share_out
from pipeline.split import Commit, SplitExtractor
from transforms.errors import InputError
from transforms.read.splits import Split
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, arrow_schema

_MOST_RESPONSES = 1000  # of one window: a gzip that is one piece would be read to its end
_EMPTY = 5  # splits without a record that are timed
_SCHEMAS = {"documents": arrow_schema(DOCUMENTS), "rejections": arrow_schema(REJECTIONS)}

Curate = Callable[[Path, SplitAccount], Path]
"""A documents file, its rejections beside it, and its account → the corpus folder made of it."""


@dataclass(frozen=True, slots=True)
class Budget:
    """When a sample is large enough, whatever its share of the bytes."""

    pages: int = 2000
    seconds: float = 120.0  # on the clock


@dataclass(slots=True)
class Bench:
    """Where windows are extracted; the extractor writes into `folder`/documents and `folder`/rejections."""

    extractor: SplitExtractor
    folder: Path
    open_archive: Callable[[str], BinaryIO]
    commit: Commit
    meters: list[Meter] = field(default_factory=list)

    def clock(self) -> float:
        """CPU seconds of this process and of its parsers."""
        return time.process_time() + self.extractor.parser_seconds

    def extract(self, split: Split) -> SplitAccount:
        """Extract a split, the reading of its archive metered."""
        return self.extractor.extract(split, self._open, self.commit)

    def _open(self, path: str) -> BinaryIO:
        self.meters.append(Meter(self.open_archive(path)))
        return cast(BinaryIO, self.meters[-1])


def survey(bench: Bench, windows: Sequence[Split], budget: Budget, curate: Curate) -> Sample:
    """Extract the windows, one or more, in their order until they or the budget end, then curate what came of them.

    Nothing is extracted twice but the first window that holds a page: it warms the process up.

    Raises:
        InputError: there is not one record in the windows.
    """
    windows = [replace(window, limit=min(window.limit or _MOST_RESPONSES, _MOST_RESPONSES)) for window in windows]
    start_s = _warm_up(bench, windows)
    split_s, empty = _time_empty(bench, windows[0])
    measured = list(_extract(bench, windows, budget))
    bench.extractor.close()  # its memory is known once it has ended
    parts = [part_of(account, archive_bytes=_seen(account, read)) for account, read in measured]
    if not any(part.records for part in parts):
        raise InputError(f"no record in the {len(parts)} places that were looked at: give a larger --sample")
    memory_mb = _peak_mb(resource.RUSAGE_SELF) + _peak_mb(resource.RUSAGE_CHILDREN)
    merged, account = merge(bench.folder, [account for account, _ in measured], bench.folder / "merged")
    sizes = {
        name: measure([merged.parent.parent / name / merged.name], _SCHEMAS[name], accounts_bytes=empty[name])
        for name in _SCHEMAS
    }
    return Sample(
        parts=tuple(share_out(parts, documents=sizes["documents"].rows, rejections=sizes["rejections"].rows)),
        curated=_curated(curate, merged, account),
        start_s=start_s,
        split_s=split_s,
        documents_file=sizes["documents"].file,
        rejections_file=sizes["rejections"].file,
        text_in_file=float(account.text_bytes),
        memory_mb=memory_mb,
        wait_s=sum(meter.seconds for meter in bench.meters) / max(1, sum(meter.bytes for meter in bench.meters)),
    )


def _warm_up(bench: Bench, windows: Sequence[Split]) -> float:
    """CPU seconds until this process can work: its imports, its models, its parser."""
    for window in windows:
        if bench.extract(window).read.pages:
            break
    ready = bench.clock()
    bench.extract(window)
    return max(0.0, 2 * ready - bench.clock())  # less what the window costs that warmed it up


def _time_empty(bench: Bench, window: Split) -> tuple[float, dict[str, int]]:
    """CPU seconds of a split that holds no record, and the bytes of accounts in its files."""
    empty = replace(window, start=window.file_size, end=window.file_size)
    before = bench.clock()
    for _ in range(_EMPTY):
        bench.extract(empty)
    seconds = (bench.clock() - before) / _EMPTY
    paths = {name: bench.folder / name / f"{empty.split_id}.parquet" for name in _SCHEMAS}
    return seconds, {name: accounts_bytes(path, _SCHEMAS[name]) for name, path in paths.items()}


def _extract(bench: Bench, windows: Sequence[Split], budget: Budget) -> Iterator[tuple[SplitAccount, int]]:
    """The account of each window and the bytes read for it, until the budget is spent."""
    pages, stop = 0, time.monotonic() + budget.seconds
    for window in windows:
        account = bench.extract(window)
        yield account, bench.meters[-1].bytes
        pages += account.read.responses
        if pages >= budget.pages or time.monotonic() >= stop:
            return


def _seen(account: SplitAccount, read: int) -> int:
    """Bytes of archive that a window stands for: its own, or what was read until its limit was reached."""
    window = account.read.split
    stopped = window.limit is not None and account.read.responses >= window.limit
    return min(read, window.end) if stopped else window.end - window.start


def _curated(curate: Curate, documents: Path, account: SplitAccount) -> Curated:
    before = time.process_time()
    corpus = curate(documents, account)
    cpu_s = time.process_time() - before
    shards = sorted(corpus.glob("*.parquet"))
    size = measure(shards, arrow_schema(CORPUS))
    return Curated(
        documents=account.rows,
        kept=sum(pq.read_metadata(path).num_rows for path in shards),
        corpus_bytes=size.rows,
        corpus_file=size.file,
        text_in_file=float(account.text_bytes),
        cpu_s=cpu_s,
        memory_mb=_peak_mb(resource.RUSAGE_SELF),
    )


def _peak_mb(who: int) -> float:
    """The most memory that this process, or the largest that it waited for, ever held, in MB; Linux counts in KiB."""
    return resource.getrusage(who).ru_maxrss * 1024 / 1e6
