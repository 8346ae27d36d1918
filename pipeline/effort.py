"""Seconds of a run, of CPU and on the clock: start-up of the engine, splits, pages."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.interval import Interval, expand
from pipeline.sample import Sample
from pipeline.terms import NOISE, START_S, Terms
from pipeline.traffic import blocks
from pipeline.workload import Workload, busiest


@dataclass(frozen=True, slots=True)
class Setting:
    """Who does the work: an engine, so many workers for each graph, and how many of them have a core of their own."""

    terms: Terms
    workers: int
    curating: int
    cores: int


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds of one graph; those of CPU are of all processes together."""

    fixed_cpu: float  # that the first page waits for, and whatever no page causes
    work_cpu: Interval  # that pages and splits cause
    wall: Interval

    @property
    def cpu(self) -> Interval:
        """CPU seconds in all."""
        return (Interval.exact(self.fixed_cpu) + self.work_cpu).widened(NOISE)


def extracting(work: Workload, sample: Sample, setting: Setting, pages: Interval) -> Effort:
    """What extraction takes. A worker and its parser take turns, so a worker is one core."""
    terms, speed = setting.terms, _speed(sample)
    own = 0 if terms.in_process and setting.workers == 1 else setting.workers  # processes beside the command's
    pages_cpu = _pages_cpu(sample, work) + pages.times(terms.page_s * speed)
    start = sample.start_s + terms.graph_s * speed
    parallel = min(setting.workers, setting.cores)
    share = busiest(work.splits, parallel) / max(work.archive_bytes, 1)
    turns = math.ceil(len(work.splits) / parallel) * sample.split_s
    waiting = Interval.exact(sample.wait_s * work.archive_bytes)
    ready = start + (terms.worker_s * speed + terms.wait_s if own else 0.0)
    return Effort(
        fixed_cpu=start + terms.worker_s * speed * own,
        work_cpu=pages_cpu + Interval.exact(sample.split_s * len(work.splits)),
        wall=((pages_cpu + waiting).times(share) + Interval.exact(turns + ready)).widened(NOISE),
    )


def curating(work: Workload, sample: Sample, setting: Setting, documents: Interval) -> Effort:
    """What curation takes after an extraction in the same process."""
    terms, speed = setting.terms, _speed(sample)
    own = 0 if terms.in_process and setting.curating == 1 else setting.curating
    measured = sample.curated.cpu_s if sample.curated else None
    graph = terms.curate_s * speed if measured is None else measured
    files = Interval.exact(terms.file_s * speed * len(work.splits))
    shuffling = Interval.exact(terms.block_s * speed * blocks(work, documents.value))
    work_cpu = files + shuffling + documents.times(terms.row_s * speed)
    ready = graph + (terms.curate_worker_s * speed + terms.wait_s if own else 0.0)
    return Effort(
        fixed_cpu=graph + terms.curate_worker_s * speed * own,
        work_cpu=work_cpu,
        wall=(work_cpu.times(1 / min(setting.curating, setting.cores)) + Interval.exact(ready)).widened(NOISE),
    )


def longest_split(work: Workload, sample: Sample) -> Interval:
    """Seconds on the clock of the largest split: however many workers there are, none is faster."""
    share = max(work.splits, default=0) / max(work.archive_bytes, 1)
    waiting = Interval.exact(sample.wait_s * work.archive_bytes)
    return (_pages_cpu(sample, work) + waiting).times(share).widened(NOISE)


def _pages_cpu(sample: Sample, work: Workload) -> Interval:
    parts = [(float(part.archive_bytes), part.cpu_s) for part in sample.parts]
    return expand(parts, work.archive_bytes, within=sample.within)


def _speed(sample: Sample) -> float:
    """How many times as long this machine takes as the one where the terms were measured."""
    return sample.start_s / START_S
