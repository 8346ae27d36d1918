"""An estimate as a table for a terminal, and as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator

from pipeline.estimate import Estimate
from pipeline.interval import COVERAGE, Interval
from pipeline.progress import duration
from pipeline.sample import Sample
from pipeline.terms import ENGINES, NOISE
from transforms.terminal import table

_UNITS = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_LABELS = {
    "cpu_hour": "workers",
    "gb_month": "storage, a month",
    "shuffle_gb": "shuffle",
    "thousand_reads": "reads",
    "thousand_writes": "writes",
    "input_gb": "input moved",
    "total": "in all",
}


def render(estimate: Estimate, sample: Sample, *, width: int) -> str:
    """The estimate in at most `width` columns, 60 or more; what it rests on stands below."""
    rows = [("", "estimate", f"{COVERAGE:.0%} interval"), *_rows(estimate)]
    return "\n".join([_title(estimate), *table(rows, left=1, width=width), "", *_basis(estimate, sample)])


def _title(estimate: Estimate) -> str:
    workers = f"{estimate.workers} worker{'s' if estimate.workers > 1 else ''}"
    return f"plan: {show_count(estimate.splits)} splits of archives, {workers} on {estimate.engine}"


def _rows(estimate: Estimate) -> Iterator[tuple[str, str, str]]:
    volume = estimate.volume
    yield _row("records", volume.records, show_count)
    yield _row("pages (responses)", volume.pages, show_count)
    yield _row("documents", volume.documents, show_count)
    yield _row("rows of the corpus", volume.rows, show_count)
    yield _row("CPU of extract", estimate.extract.cpu, _time)
    yield _row("CPU of curate", estimate.curate.cpu, _time)
    yield _row("time, extract", estimate.extract.wall, _time)
    yield _row("time, curate", estimate.curate.wall, _time)
    yield _row("at least (longest split)", estimate.longest_split, _time)
    yield _row("worker time", estimate.worker_seconds, _time)
    yield _row("shuffle", volume.shuffle_bytes, show_bytes)
    yield _row("memory, worker of extract", estimate.extract_memory, show_bytes)
    yield _row("memory, largest of curate", estimate.curate_memory, show_bytes)
    yield _row("documents/", volume.documents_bytes, show_bytes)
    yield _row("corpus/", volume.corpus_bytes, show_bytes)
    yield _row("rejections/", volume.rejections_bytes, show_bytes)
    yield _row("reads of a store", volume.reads, show_count)
    yield _row("writes to a store", volume.writes, show_count)
    for name, amount in estimate.bill.items():
        yield _row(f"price: {_LABELS[name]}", amount, _money)


def _row(name: str, interval: Interval, show: Callable[[float], str]) -> tuple[str, str, str]:
    low, value, high = show(interval.low), show(interval.value), show(interval.high)
    return name, value, "" if low == value == high else f"{low} – {high}"


def _basis(estimate: Estimate, sample: Sample) -> Iterator[str]:
    seen = sum(part.cpu_s for part in sample.parts)
    pages = max(sample.pages, 1)
    yield (
        f"sampled: {show_bytes(sample.archive_bytes)} in {show_count(len(sample.parts))} places, "
        f"{show_count(sample.pages)} pages; {1000 * seen / pages:.1f} ms of CPU a page,"
    )
    yield f"  {sample.start_s:.1f} s to start a process; seconds vary by {NOISE:.0%} between runs."
    yield f"engine: {ENGINES[estimate.engine].source}"
    if estimate.volume.rows.low < 0.9 * estimate.volume.rows.value:
        yield "duplicates: a sample sees few; name what an earlier curation kept with --kept."
    yield "The model, its terms and its errors: docs/scaling.md"


def to_json(estimate: Estimate, sample: Sample) -> str:
    """The estimate as one JSON object: bytes and seconds; every interval as low, value, high."""
    values = dataclasses.asdict(estimate)
    for name in ("extract", "curate"):
        values[name]["cpu"] = dataclasses.asdict(getattr(estimate, name).cpu)
    for name in ("cpu", "wall", "worker_seconds"):
        values[name] = dataclasses.asdict(getattr(estimate, name))
    values["sample"] = {
        **dataclasses.asdict(dataclasses.replace(sample, parts=())),
        "parts": len(sample.parts),
        "archive_bytes": sample.archive_bytes,
        "pages": sample.pages,
        "cpu_s": sum(part.cpu_s for part in sample.parts),
    }
    return json.dumps(values, indent=1)


def show_count(number: float) -> str:
    """A number of things: whole, or in millions (M), or thousands of millions (G)."""
    return (
        f"{round(number):,}"
        if number < 1e7
        else f"{number / 1e6:,.0f} M"
        if number < 1e10
        else f"{number / 1e9:,.1f} G"
    )


def show_bytes(number: float) -> str:
    """Bytes in the unit that fits, to three figures."""
    for size, unit in _UNITS:
        if number >= size:
            return f"{number / size:.3g} {unit}" if number < 1000 * size else f"{number / size:,.0f} {unit}"
    return f"{number:.0f} B"


def _time(seconds: float) -> str:
    return duration(seconds) if seconds < 100 * 3600 else f"{seconds / 3600:,.0f} h"


def _money(amount: float) -> str:
    return f"{amount:,.2f}"
