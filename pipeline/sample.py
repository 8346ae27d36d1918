"""A sample of a crawl: what its parts cost and what they left, as far as a whole can be judged by it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.accounts import SplitAccount

# What a documents row weighs as Parquet, to share a file out to its parts: 256 hashes of 4 bytes do not compress,
# the other columns take about 600 bytes, text shrinks to 0.4 (`python -m benchmarks.plan`).
_ROW_BYTES = 1600
_TEXT_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Part:
    """What was found in one part of the input. Costs and bytes are without those of a part that holds nothing."""

    archive_bytes: int  # whose records are in it: those that begin there
    records: int
    responses: int
    rows: int  # documents
    refusals: int  # rows of rejections/
    text_bytes: int
    cpu_s: float
    documents_bytes: float = 0.0
    rejections_bytes: float = 0.0


@dataclass(frozen=True, slots=True)
class Curated:
    """What curation made of the documents of a sample."""

    documents: int  # rows that went in
    kept: int  # rows of the corpus
    corpus_bytes: float  # of these rows, without what a file weighs by itself
    corpus_file: float  # bytes of a corpus file by itself
    text_in_file: float  # bytes of text of the documents of one corpus file
    cpu_s: float | None  # on one worker; None if nobody measured it
    memory_mb: float | None  # the most that the process held


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample, and what was measured beside it on the machine it was taken on. Seconds are CPU seconds."""

    parts: tuple[Part, ...]
    curated: Curated | None  # None: nobody curated it
    start_s: float  # until a process and its parser are ready to work
    split_s: float  # of a split that holds nothing
    documents_file: float  # bytes of a documents file by itself
    rejections_file: float
    text_in_file: float  # bytes of text in the file whose rows were weighed; more text in one shrinks better
    memory_mb: float  # of a worker with its parser
    wait_s: float  # on the clock, for one byte of archive
    within: bool = True  # whether the parts are of the input itself

    @property
    def archive_bytes(self) -> int:
        """Bytes of archive that were seen."""
        return sum(part.archive_bytes for part in self.parts)

    @property
    def pages(self) -> int:
        """Responses that were seen."""
        return sum(part.responses for part in self.parts)


def part_of(account: SplitAccount, *, archive_bytes: int) -> Part:
    """The part that a split is, its files not weighed yet.

    Its CPU seconds are those of its pages: what two files cost that hold few rows is not in the account's clock.
    """
    return Part(
        archive_bytes=archive_bytes,
        records=account.read.records,
        responses=account.read.responses,
        rows=account.rows,
        refusals=sum(account.all_rejections().values()),
        text_bytes=account.text_bytes,
        cpu_s=sum(account.cpu_s.values()),
    )


def share_out(parts: list[Part], *, documents: float, rejections: float) -> list[Part]:
    """The parts with their shares of the bytes that all their documents, and all their rejections, weigh together."""
    weights = [_TEXT_SHARE * part.text_bytes + _ROW_BYTES * part.rows for part in parts]
    by_weight = documents / (sum(weights) or 1)
    by_number = rejections / (sum(part.refusals for part in parts) or 1)
    return [
        replace(part, documents_bytes=by_weight * weight, rejections_bytes=by_number * part.refusals)
        for part, weight in zip(parts, weights, strict=True)
    ]
