"""What a run will take and leave, judged by a sample: plain arithmetic, explained term by term in docs/scaling.md."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.effort import Effort, Setting, curating, extracting, longest_split
from pipeline.interval import Interval
from pipeline.prices import Prices
from pipeline.sample import Sample
from pipeline.terms import NOISE
from pipeline.volume import Volume, volume
from pipeline.workload import Workload, partitions_of

_GROUPED = 0.35  # bytes of memory for a byte that the in-process runner shuffles (benchmarks.million)
_SORTED = 2  # times the text of a shard, while it is sorted (docs/configuration.md, [run] shard_bytes)
_ENTRY = 100  # bytes of memory for a band entry, while a partition is sorted (pipeline/workload.py)
_EDGE = 100  # bytes of memory for an edge of the forest of near-duplicates, in the worker that merges it


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run of both graphs will take and leave."""

    engine: str
    workers: int
    splits: int
    volume: Volume
    extract: Effort
    curate: Effort
    longest_split: Interval  # seconds on the clock: no number of workers is faster
    extract_memory: Interval  # bytes, of a worker with its parser
    curate_memory: Interval  # bytes, of the largest process
    bill: dict[str, Interval]  # by what is paid for, in the currency of the prices

    @property
    def cpu(self) -> Interval:
        """CPU seconds of both graphs."""
        return self.extract.cpu + self.curate.cpu

    @property
    def wall(self) -> Interval:
        """Seconds on the clock of both graphs."""
        return self.extract.wall + self.curate.wall

    @property
    def worker_seconds(self) -> Interval:
        """Seconds on the clock times workers: what a cloud counts, waiting included."""
        return self.wall.times(self.workers)


def estimate(
    work: Workload, sample: Sample, setting: Setting, *, prices: Prices | None = None, kept: float | None = None
) -> Estimate:
    """The estimate for a workload; `kept`, where it is known, is the share of documents that curation keeps, 0–1.

    Intervals are those of the sample; those of seconds and of memory are wider by NOISE. They grow with the input, and
    a sample that is the whole input leaves only NOISE.
    """
    contents = volume(work, sample, kept=kept)
    extract = extracting(work, sample, setting, contents.pages)
    curate = curating(work, sample, setting, contents.documents)
    billed = (extract.wall + curate.wall).times(setting.workers)
    return Estimate(
        engine=setting.terms.engine,
        workers=setting.workers,
        splits=len(work.splits),
        volume=contents,
        extract=extract,
        curate=curate,
        longest_split=longest_split(work, sample),
        extract_memory=Interval.exact(sample.memory_mb * 1e6).widened(NOISE),
        curate_memory=_curate_memory(work, sample, setting, contents).widened(NOISE),
        bill={} if prices is None else prices.bill(contents, billed, work.archive_bytes),
    )


def _curate_memory(work: Workload, sample: Sample, setting: Setting, contents: Volume) -> Interval:
    """Of the process that holds most: it sorts a shard or a partition, merges the forest, or holds all shuffled."""
    base = (sample.curated.memory_mb if sample.curated else None) or sample.memory_mb
    text = Interval(*(_SORTED * min(work.shard_bytes, size) for size in _ends(contents.text_bytes)))
    rows = contents.documents.value
    partition = Interval.exact(_ENTRY * work.bands * rows / partitions_of(round(rows)))
    forest = Interval.exact(_EDGE * (rows - contents.rows.value))
    held = contents.shuffle_bytes.times(_GROUPED) if setting.terms.in_process else Interval.exact(0.0)
    return Interval.exact(base * 1e6) + max(text, partition, forest, key=lambda interval: interval.value) + held


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.low, interval.value, interval.high
