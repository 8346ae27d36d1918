"""The three Beam graphs. Element types stand beside each step; text crosses no shuffle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NotRequired, TypedDict, TypeVar

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PBegin, PCollection
from apache_beam.transforms.combiners import ToList

from pipeline.cells import cells_json
from pipeline.config import Config
from pipeline.documents import DocumentsRescorer
from pipeline.output import Output
from pipeline.split import SplitExtractor
from pipeline.verdicts import scored_block, verdict_table
from pipeline.worklist import CurationLists, DocumentsPiece, read_pieces, write_pieces
from transforms.dedup.documents import DocumentsFile
from transforms.dedup.keeper import DuplicateVerdicts
from transforms.dedup.stage import FindDuplicates
from transforms.errors import naming_damage
from transforms.filter.reading import TextReader
from transforms.read.splits import Split
from transforms.read.stage import open_archive
from transforms.score.detector import Detector
from transforms.score.stage import calibrate, p_null
from transforms.weigh.block import ScoredBlock, WeightBlock
from transforms.weigh.report import WeighReport
from transforms.weigh.stage import WeighDocuments
from transforms.write.shards import Shard, ShardReport
from transforms.write.stage import WriteShards, commit, is_local, open_file

T = TypeVar("T")


def extract_graph(
    pipeline: beam.Pipeline,
    splits: str,
    config: Config,
    reader: TextReader,
    *,
    layout: str,
    output: str,
) -> None:
    """Archives to documents: every split is read, extracted, filtered, scored, sketched and committed by one worker.

    `splits` is the path of a work list of `Split`.
    """
    (
        pipeline
        | "Plan" >> _ReadPieces(splits, Split)  # Split
        | "Distribute" >> beam.Reshuffle()  # a split for whoever is free
        | "ExtractSplits" >> beam.ParDo(_ExtractSplit(config, reader, layout, output))  # Split → committed files
    )


def rescore_graph(pipeline: beam.Pipeline, files: str, *, model: Path | None, output: str) -> None:
    """Documents to documents: every file is scored again from its own text and committed by one worker.

    `files` is the path of a work list of `DocumentsFile`.
    """
    (
        pipeline
        | "Documents" >> _ReadPieces(files, DocumentsFile)  # DocumentsFile
        | "Distribute" >> beam.Reshuffle()
        | "Path" >> beam.Map(lambda file: file.path)  # path
        | "RescoreFiles" >> beam.ParDo(_RescoreFile(model, output))  # path → committed file
    )


def curate_graph(
    pipeline: beam.Pipeline,
    lists: CurationLists,
    config: Config,
    *,
    partitions: int,
    output: str,
) -> None:
    """Documents to corpus: duplicates found, survivors weighed, and only then the text joined to its verdict."""
    pieces = pipeline | "Documents" >> _ReadPieces(lists.pieces, DocumentsPiece) | "Distribute" >> beam.Reshuffle()
    documents = pieces | "Files" >> beam.Map(lambda piece: DocumentsFile(piece.path, piece.ordinal, piece.rows))
    by_file = pieces | "ByFile" >> beam.Map(lambda piece: (piece.ordinal, piece))  # (ordinal, DocumentsPiece)
    if lists.earlier:
        earlier = pipeline | "Earlier" >> _ReadPieces(lists.earlier, DocumentsFile)  # DocumentsFile
        documents = (documents, earlier | "DistributeEarlier" >> beam.Reshuffle()) | "WithEarlier" >> beam.Flatten()
    duplicates = documents | FindDuplicates(config.dedup, partitions=partitions)  # (ordinal, DuplicateVerdicts)
    kept = (
        {"file": by_file, "duplicates": duplicates}
        | "JoinDuplicates" >> beam.CoGroupByKey()
        | "ReadScores" >> beam.MapTuple(_read_scores)  # ScoredBlock
    )
    weights, report = kept | WeighDocuments(config.weigh, calibrate)  # WeightBlock, one WeighReport
    verdicts = (
        {"file": by_file, "duplicates": duplicates, "weights": weights | "ByBlock" >> beam.Map(lambda w: (w.file, w))}
        | "JoinWeights" >> beam.CoGroupByKey()
        | "Decide" >> beam.MapTuple(_decide, lists.labels)  # (shard, (path, verdict table))
    )
    paths = pieces | "ByShard" >> beam.Map(lambda piece: (piece.shard, piece.path))
    written = _write(paths, verdicts, config, output)  # ShardReport
    written | "GatherReports" >> ToList() | "WriteReports" >> beam.Map(_write_reports, lists.reports)
    report | "WriteCells" >> beam.Map(_write_cells, FileSystems.join(output, "cells.json"))


def _write(
    paths: PCollection[tuple[int, str]],
    verdicts: PCollection[tuple[int, tuple[str, pa.Table]]],
    config: Config,
    output: str,
) -> PCollection[ShardReport]:
    reports: PCollection[ShardReport] = (
        {"paths": paths, "verdicts": verdicts}
        | "JoinShards" >> beam.CoGroupByKey()
        | "ShardVerdicts" >> beam.MapTuple(_shard_verdicts)  # (Shard, verdict tables by path)
        | WriteShards(
            output=output,
            config_digest=config.digest(),
            row_group_bytes=config.run.row_group_bytes,
            p_null=p_null,
        )
    )
    return reports


class _ReadPieces(beam.PTransform[PBegin, PCollection[T]]):
    """The pieces of a work list, read by a worker."""

    def __init__(self, path: str, kind: type[T]) -> None:
        super().__init__()
        self._path = path
        self._kind = kind

    def expand(self, pbegin: PBegin) -> PCollection[T]:
        pieces: PCollection[T] = (
            pbegin | "Path" >> beam.Create([self._path]) | "Read" >> beam.FlatMap(_read_list, self._kind)
        )
        return pieces


def _read_list(path: str, kind: type[T]) -> Iterator[T]:
    with closing(open_file(path)) as source:
        yield from read_pieces(source, kind)


class _ExtractSplit(beam.DoFn):
    """Holds a `SplitExtractor` for the life of a worker."""

    def __init__(self, config: Config, reader: TextReader, layout: str, output: str) -> None:
        self._config = config
        self._reader = reader
        self._layout = layout
        self._output = output
        self._pages = Metrics.counter("firsthand", "responses")
        self._rows = Metrics.counter("firsthand", "documents")

    def setup(self) -> None:
        self._extractor = SplitExtractor(
            self._config,
            self._reader,
            Detector.load(),
            layout=self._layout,
            output=self._output,
            heartbeats=is_local(self._output),
        )

    def process(self, split: Split) -> Iterator[str]:
        # An engine hands out again what a lost worker had in hand, and often all that it had ever done.
        account = Output(self._output).account(split.split_id)
        if account is None or not self._extractor.would_make(account, split):
            account = self._extractor.extract(split, open_archive, commit)
        self._pages.inc(account.read.responses)
        self._rows.inc(account.rows)
        yield split.split_id

    def teardown(self) -> None:
        self._extractor.close()


class _RescoreFile(beam.DoFn):
    """Holds a detector for the life of a worker."""

    def __init__(self, model: Path | None, output: str) -> None:
        self._model = model
        self._heartbeats = FileSystems.join(output, "documents") if is_local(output) else None
        self._rows = Metrics.counter("firsthand", "rescored")

    def setup(self) -> None:
        self._rescorer = DocumentsRescorer(Detector.load(self._model), self._heartbeats)

    def process(self, path: str) -> Iterator[str]:
        self._rows.inc(self._rescorer.rescore(path, open_file, commit))
        yield path


class Joined(TypedDict):
    """What is known of one documents file; `weights` are there once they are known."""

    file: Iterable[DocumentsPiece]
    duplicates: Iterable[DuplicateVerdicts]
    weights: NotRequired[Iterable[WeightBlock]]


def _read_scores(ordinal: int, joined: Joined) -> ScoredBlock:
    [file] = joined["file"]
    with naming_damage(file.path), open_file(file.path) as documents:
        return scored_block(documents, ordinal, joined["duplicates"], rows=file.rows)


def _decide(_ordinal: int, joined: Joined, labels: tuple[str, ...] = ()) -> tuple[int, tuple[str, pa.Table]]:
    [file] = joined["file"]
    return file.shard, (file.path, verdict_table(file.rows, joined["duplicates"], joined["weights"], labels))


class Verdicts(TypedDict):
    """What is known of one shard."""

    paths: Iterable[str]
    verdicts: Iterable[tuple[str, pa.Table]]


def _shard_verdicts(ordinal: int, joined: Verdicts) -> tuple[Shard, Iterable[tuple[str, pa.Table]]]:
    return Shard(ordinal, tuple(sorted(joined["paths"]))), joined["verdicts"]


def _write_reports(reports: Iterable[ShardReport], path: str) -> None:
    ordered = sorted(reports, key=lambda report: report.ordinal)
    commit(path, lambda sink: write_pieces(ordered, sink))


def _write_cells(report: WeighReport, path: str) -> None:
    commit(path, lambda sink: sink.write(cells_json(report)))
