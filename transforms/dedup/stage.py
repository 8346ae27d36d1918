"""Dedup on Beam: documents files in, verdicts by file out.

files ─▶ band entries ─▶ buckets ─▶ requests ─▶ signatures ─▶ edges ─▶ forest ─┐
   └───▶ members ───────────────────────────────────────────────────────────▶ components ─▶ verdicts

Blocks of rows cross every shuffle, never single rows; a partition is read in one pass and sorted as arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import BinaryIO, cast

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from transforms.dedup import documents
from transforms.dedup.bands import drop_repeated, find_candidates
from transforms.dedup.blocks import (
    BAND_ENTRY,
    EDGE,
    MEMBER,
    REQUEST,
    Block,
    decode,
    decode_sketches,
    encode,
    encode_sketches,
    ordinals,
    partition,
    split,
)
from transforms.dedup.components import MAX_EDGES, check_size, link_members, name_roots, spanning_forest
from transforms.dedup.documents import DocumentsFile
from transforms.dedup.keeper import DuplicateVerdicts, judge
from transforms.dedup.params import DedupParams
from transforms.dedup.verify import find_edges
from transforms.errors import naming_damage
from transforms.store.stage import open_stored

_CHUNK = 1 << 20  # bytes of a request to a store: narrow columns
_GATHERED = 16 << 20  # bytes of rows that wait to go into blocks together: band entries of 35,000 pages


class FindDuplicates(beam.PTransform[PCollection[DocumentsFile], PCollection[tuple[int, DuplicateVerdicts]]]):
    """Verdicts on every page of the run that has a copy or a near copy, as blocks keyed by the ordinal of its file.

    A file may get several blocks; a row is in one of them, or in none if it is unique. The verdicts depend on the set
    of pages only: not on files, ordinals, partitions or workers. Each file is read by one worker: give them spread
    (`beam.Reshuffle`) where there are several. The run fails with a cure if the forest of near-duplicates has more than
    `max_edges` edges, 16 bytes each: a worker holds all of them, about 100 bytes each while it merges.
    """

    def __init__(self, params: DedupParams, *, partitions: int, max_edges: int = MAX_EDGES) -> None:
        super().__init__()
        self.params = params
        self.partitions = partitions
        self.max_edges = max_edges

    def expand(self, files: PCollection[DocumentsFile]) -> PCollection[tuple[int, DuplicateVerdicts]]:
        method, partitions = self.params.method, self.partitions
        if method == "none":
            none: PCollection[tuple[int, DuplicateVerdicts]] = files | beam.FlatMap(_nothing)
            return none
        members = (
            files
            | "with members" >> beam.Filter(lambda file: file.has_members)
            | "read members" >> beam.ParDo(_ReadRows(documents.read_members, "component", partitions))
        )
        near = _FindForest(self.params, partitions=partitions, max_edges=self.max_edges)
        sketched = files | "with signatures" >> beam.Filter(lambda file: file.has_signatures)
        forest = sketched | "near-duplicates" >> (near if method == "near" else beam.FlatMap(_no_edges))
        verdicts: PCollection[tuple[int, DuplicateVerdicts]] = (
            {"members": members, "forest": forest}
            | "by text" >> beam.CoGroupByKey()
            | "link" >> beam.FlatMap(_link, partitions)
            | "by component" >> beam.GroupByKey()
            | "judge" >> beam.FlatMap(_judge)
        )
        return verdicts


class _FindForest(beam.PTransform[PCollection[DocumentsFile], PCollection[tuple[int, bytes]]]):
    """The forest of near-duplicate texts, its roots named, as EDGE blocks by partition of the text key."""

    def __init__(self, params: DedupParams, *, partitions: int, max_edges: int) -> None:
        super().__init__()
        self.params = params
        self.partitions = partitions
        self.max_edges = max_edges

    def expand(self, files: PCollection[DocumentsFile]) -> PCollection[tuple[int, bytes]]:
        partitions = self.partitions
        read_band_entries = partial(documents.read_band_entries, params=self.params)
        requests = (
            files
            | "read bands" >> beam.ParDo(_ReadRows(read_band_entries, "band", partitions))
            | "by band" >> beam.GroupByKey()
            | "find candidates" >> beam.FlatMap(_find_candidates)
        )
        forest: PCollection[tuple[int, bytes]] = (
            {"file": files | "key files" >> beam.Map(_key_by_ordinal), "requests": requests}
            | "by file" >> beam.CoGroupByKey()
            | "read signatures" >> beam.FlatMap(_read_sketches, partitions)
            | "by group" >> beam.GroupByKey()
            | "verify" >> beam.Map(_find_edges, self.params.threshold)
            | "join" >> beam.CombineGlobally(_merge_forests, self.max_edges)
            | "spread forest" >> beam.FlatMap(_spread_forest, partitions)
        )
        return forest


def _nothing(_: DocumentsFile) -> Iterator[tuple[int, DuplicateVerdicts]]:
    yield from ()


def _no_edges(_: DocumentsFile) -> Iterator[tuple[int, bytes]]:
    yield from ()


def _key_by_ordinal(file: DocumentsFile) -> tuple[int, DocumentsFile]:
    return file.ordinal, file


class _ReadRows(beam.DoFn):
    """DocumentsFile → (partition, block) of the rows `read` finds in it, by their column `key`.

    The rows of several files of a bundle go into one block: a run has partitions by the thousand, and a single file
    would put a few rows into each, fewer bytes than a block of one costs.
    """

    def __init__(self, read: Callable[[BinaryIO, DocumentsFile], Iterator[Block]], key: str, partitions: int) -> None:
        self._read = read
        self._key = key
        self._partitions = partitions

    def start_bundle(self) -> None:
        self._waiting: list[Block] = []
        self._waiting_bytes = 0

    def process(self, file: DocumentsFile) -> Iterator[tuple[int, bytes]]:
        with naming_damage(file.path, cure=file.cure), _open(file.path) as stream:
            for rows in self._read(stream, file):
                self._waiting.append(rows)
                self._waiting_bytes += rows.nbytes
                if self._waiting_bytes >= _GATHERED:
                    yield from self._blocks()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for block in self._blocks():
            yield GlobalWindows.windowed_value(block)

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """All that waits, in blocks."""
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        if waiting:
            yield from _encoded(np.concatenate(waiting), self._key, self._partitions)


def _find_candidates(bucket: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
    requests = find_candidates(decode(bucket[1], BAND_ENTRY))
    for ordinal, rows in split(requests, ordinals(requests["ref"])):
        yield ordinal, encode(rows)


def _read_sketches(group: tuple[int, Mapping[str, Iterable[object]]], partitions: int) -> Iterator[tuple[int, bytes]]:
    requests = drop_repeated(decode(cast(Iterable[bytes], group[1]["requests"]), REQUEST))
    if requests.size == 0:
        return
    (file,) = cast(Iterable[DocumentsFile], group[1]["file"])
    with naming_damage(file.path, cure=file.cure), _open(file.path) as stream:
        for sketches in documents.read_sketches(stream, file, requests):
            for number, rows in partition(np.arange(sketches.group.size), sketches.group, partitions):
                yield number, encode_sketches(sketches.take(rows))


def _find_edges(group: tuple[int, Iterable[bytes]], threshold: float) -> bytes:
    return encode(find_edges(decode_sketches(group[1]), threshold))


def _merge_forests(forests: Iterable[bytes], max_edges: int) -> bytes:
    """The monoid of components.py on blocks; Beam calls it on a few at a time, in any order."""
    return encode(check_size(spanning_forest(decode(forests, EDGE)), max_edges))


def _spread_forest(forest: bytes, partitions: int) -> Iterator[tuple[int, bytes]]:
    yield from _encoded(name_roots(decode([forest], EDGE)), "high", partitions)


def _link(group: tuple[int, Mapping[str, Iterable[bytes]]], partitions: int) -> Iterator[tuple[int, bytes]]:
    members = decode(group[1]["members"], MEMBER)
    yield from _encoded(link_members(members, decode(group[1]["forest"], EDGE)), "component", partitions)


def _judge(group: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, DuplicateVerdicts]]:
    members = decode(group[1], MEMBER)
    verdicts, ours = judge(members), np.flatnonzero(members["earlier"] == 0)
    for ordinal, rows in split(ours, ordinals(members["ref"][ours])):
        yield ordinal, verdicts.take(rows)


def _encoded(block: Block, key: str, partitions: int) -> Iterator[tuple[int, bytes]]:
    """The block cut by its column `key`, ready for a shuffle."""
    for number, rows in partition(block, block[key], partitions):
        yield number, encode(rows)


def _open(path: str) -> BinaryIO:
    """The file as it is, wherever Beam finds it; Parquet compresses inside."""
    return open_stored(path, chunk=_CHUNK)
