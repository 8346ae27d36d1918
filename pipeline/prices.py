"""What a run costs in money, for prices that the user names. There are none by default: they differ and change."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pipeline.interval import Interval
from pipeline.volume import Volume

_HOUR, _GB = 3600, 1e9


@dataclass(frozen=True, slots=True)
class Prices:
    """In any one currency; None is left out of the bill."""

    cpu_hour: float | None = None  # of a worker with one core, as long as it is held
    gb_month: float | None = None  # of storage of documents, corpus and rejections, for one month
    shuffle_gb: float | None = None  # shuffled
    thousand_reads: float | None = None  # requests of an object store
    thousand_writes: float | None = None
    input_gb: float | None = None  # of archive that crosses a border: egress, or transfer

    def bill(self, volume: Volume, worker_seconds: Interval, archive_bytes: int) -> dict[str, Interval]:
        """What each thing costs that has a price, and all of them together."""
        amounts = {
            "cpu_hour": worker_seconds.times(1 / _HOUR),
            "gb_month": volume.output_bytes.times(1 / _GB),
            "shuffle_gb": volume.shuffle_bytes.times(1 / _GB),
            "thousand_reads": volume.reads.times(1e-3),
            "thousand_writes": volume.writes.times(1e-3),
            "input_gb": Interval.exact(archive_bytes / _GB),
        }
        found = {
            name: amounts[name].times(price) for name, price in dataclasses.asdict(self).items() if price is not None
        }
        return {**found, "total": sum(found.values(), Interval.exact(0.0))} if found else {}
