"""What was read of a split, and whether the splits of an archive add up to the archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from transforms.read.splits import Split


@dataclass(frozen=True, slots=True)
class SplitReport:
    """The accounts of one split: `pages + rejected + passed == records + gaps`."""

    split: Split
    records: int  # records whose header was found
    gaps: int  # regions that belong to no record; each is a rejection
    responses: int  # records of type response, pages included
    pages: int
    rejected: int
    passed: int
    first_offset: int | None  # where the first gzip member it owns begins, None if it owns none
    end_offset: int | None  # where the next one begins: what it owns and the gap behind end here


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A place where the splits of an archive do not meet. The archive must be read again as one split."""

    file_path: str
    warc_file: str
    offset: int  # where the next split should have begun
    found: int | None  # where it did, None if the splits end there


def chain_breaks(reports: Iterable[SplitReport]) -> list[ChainBreak]:
    """The first break of every archive whose splits do not chain, in order of name; empty if all do.

    The start of a span is found by looking for the magic number of gzip and a WARC header behind it. A page may hold
    just that: a gzip of a WARC, which the archive's own gzip stores as it is. A split that begins inside such a page
    takes it for a record. But the split before it knows where that page truly ends, and the first split begins at 0:
    if every split begins where the one before it ended, none was misled.

    An archive read as one split is not looked at. `reports` must hold all the splits of an archive; order is free. It
    is known by its short name, as it may have been moved between the reading of two splits.
    """
    ordered = sorted(reports, key=lambda report: (report.split.warc_file, report.split.start))
    grouped = groupby(ordered, key=lambda report: report.split.warc_file)
    breaks = (_first_break(list(group)) for _, group in grouped)
    return [found for found in breaks if found is not None]


def _first_break(reports: list[SplitReport]) -> ChainBreak | None:
    if len(reports) == 1 and reports[0].split.is_whole:
        return None
    split = reports[-1].split
    expected = planned = 0
    for report in reports:
        if report.split.start != planned:
            return ChainBreak(split.file_path, split.warc_file, planned, report.split.start)
        planned = report.split.end
        if report.first_offset is None or report.end_offset is None:
            continue
        if report.first_offset != expected:
            return ChainBreak(split.file_path, split.warc_file, expected, report.first_offset)
        expected = report.end_offset
    if expected == planned == split.file_size:
        return None
    return ChainBreak(split.file_path, split.warc_file, min(expected, planned), None)
