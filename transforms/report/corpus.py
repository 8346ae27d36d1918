"""The figures of a corpus, from the narrow columns of its Parquet files; the text is never read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.report.languages import Language, add_sums, describe_languages, describe_total, sum_by_language
from transforms.schema import CORPUS, arrow_schema

DECLARED = ("declared",)
"""Kinds of evidence by which a page itself says that a machine wrote it."""

_COLUMNS = (
    "url",
    "title",
    "language",
    "token_count",
    "human_probability",
    "human_weight",
    "duplicate_count",
    "evidence",
)
_BATCH = 65_536  # rows; some 20 MB of these columns
_SAMPLES = 3
_TOP_HOSTS = 10

# The host of a URL without user and port (RFC 3986 §3.2); an IPv6 address keeps its brackets.
_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]*)"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What deduplication merged, told by the rows that were kept. A monoid under `+`."""

    components: int = 0  # rows that stand for more than one page
    merged: int = 0  # pages they stand for beside themselves
    largest: int = 0  # pages in the largest component; 0 if nothing was merged

    def __add__(self, other: Duplicates) -> Duplicates:
        components, merged = self.components + other.components, self.merged + other.merged
        return Duplicates(components, merged, max(self.largest, other.largest))


@dataclass(frozen=True, slots=True)
class Sample:
    """One row as the page has it: untrusted text."""

    url: str
    title: str
    language: str
    tokens: int
    human_probability: float | None
    human_weight: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """The figures of all rows."""

    total: Language
    languages: tuple[Language, ...]  # most tokens first
    hosts: int  # number of different hosts
    top_hosts: tuple[tuple[str, int], ...]  # host and pages, most pages first; "" stands for URLs without a host
    evidence: tuple[tuple[str, int], ...]  # kind of evidence and pages that show it, most pages first
    declared: int  # pages that show any kind of DECLARED
    duplicates: Duplicates
    samples: tuple[Sample, ...]  # the first rows


@dataclass(frozen=True, slots=True)
class _Part:
    """The figures of some rows, in the form in which they add up. A monoid under `+`."""

    sums: pa.Table
    hosts: pa.Table  # name and pages, as `evidence`
    evidence: pa.Table
    declared: int
    duplicates: Duplicates
    samples: tuple[Sample, ...]

    def __add__(self, other: _Part) -> _Part:
        return _Part(
            add_sums([self.sums, other.sums]),
            _add_counts(self.hosts, other.hosts),
            _add_counts(self.evidence, other.evidence),
            self.declared + other.declared,
            self.duplicates + other.duplicates,
            (self.samples + other.samples)[:_SAMPLES],
        )


def read_corpus(paths: Iterable[str], open_file: Callable[[str], BinaryIO]) -> Corpus:
    """The figures of these Parquet files, in one pass. Memory: one batch, and the number of different hosts.

    Raises:
        pa.ArrowException, KeyError, OSError: a file is no Parquet, or lacks a column.
    """
    nothing = _part(arrow_schema(CORPUS).empty_table().select(_COLUMNS))
    whole = reduce(_Part.__add__, map(_part, _batches(paths, open_file)), nothing)
    return Corpus(
        describe_total(whole.sums),
        describe_languages(whole.sums),
        whole.hosts.num_rows,
        _ranked(whole.hosts, _TOP_HOSTS),
        _ranked(whole.evidence),
        whole.declared,
        whole.duplicates,
        whole.samples,
    )


def _batches(paths: Iterable[str], open_file: Callable[[str], BinaryIO]) -> Iterator[pa.Table]:
    for path in paths:
        with open_file(path) as source, pq.ParquetFile(source) as file:
            for batch in file.iter_batches(batch_size=_BATCH, columns=list(_COLUMNS)):
                yield pa.Table.from_batches([batch])


def _part(rows: pa.Table) -> _Part:
    page, kind = _evidence(rows["evidence"].combine_chunks())
    declared = pc.is_in(kind, value_set=pa.array(DECLARED))
    return _Part(
        sum_by_language(rows),
        _counted(pc.fill_null(pc.struct_field(pc.extract_regex(rows["url"], _HOST), "host"), "")),
        _pages_by_kind(page, kind),
        pc.count_distinct(pc.filter(page, declared)).as_py(),
        _duplicates(rows["duplicate_count"]),
        _samples(rows.slice(0, _SAMPLES)),
    )


def _evidence(lists: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Row number and kind of every piece of evidence."""
    return pc.list_parent_indices(lists), pc.struct_field(pc.list_flatten(lists), "kind")


def _pages_by_kind(page: pa.Array, kind: pa.Array) -> pa.Table:
    pairs = pa.table({"page": page, "kind": kind}).group_by(["page", "kind"]).aggregate([])
    return _counted(pairs["kind"])


def _counted(names: pa.ChunkedArray) -> pa.Table:
    """How often each name occurs: columns `name` and `pages`, each name once."""
    counts = pa.table({"name": names}).group_by("name").aggregate([([], "count_all")])
    return counts.rename_columns(["name", "pages"])


def _add_counts(first: pa.Table, second: pa.Table) -> pa.Table:
    sums = pa.concat_tables([first, second]).group_by("name").aggregate([("pages", "sum")])
    return sums.rename_columns(["name", "pages"])


def _duplicates(counts: pa.ChunkedArray) -> Duplicates:
    several = pc.filter(counts, pc.greater(counts, 1))
    if not len(several):
        return Duplicates()
    pages = pc.sum(several).as_py()
    return Duplicates(len(several), pages - len(several), pc.max(several).as_py())


def _samples(rows: pa.Table) -> tuple[Sample, ...]:
    columns = ("url", "title", "language", "token_count", "human_probability", "human_weight")
    return tuple(Sample(*values) for values in zip(*(rows[name].to_pylist() for name in columns), strict=True))


def _ranked(counts: pa.Table, limit: int | None = None) -> tuple[tuple[str, int], ...]:
    """Most pages first, then by name."""
    ordered = counts.sort_by([("pages", "descending"), ("name", "ascending")]).slice(0, limit)
    return tuple(zip(ordered["name"].to_pylist(), ordered["pages"].to_pylist(), strict=True))
