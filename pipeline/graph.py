"""The three Beam graphs. Element types stand beside each step; text crosses no shuffle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from pipeline.cells import cells_json
from pipeline.config import Config
from pipeline.documents import DocumentsRescorer
from pipeline.split import SplitExtractor
from pipeline.verdicts import scored_block, verdict_table
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
from transforms.write.shards import Shard
from transforms.write.stage import WriteShards, commit, is_local, open_file


def extract_graph(
    pipeline: beam.Pipeline,
    splits: Sequence[Split],
    config: Config,
    reader: TextReader,
    *,
    layout: str,
    output: str,
) -> None:
    """Archives to documents: every split is read, extracted, filtered, scored, sketched and committed by one worker."""
    (
        pipeline
        | "Plan" >> beam.Create(splits)  # Split
        | "Distribute" >> beam.Reshuffle()  # a split for whoever is free
        | "ExtractSplits" >> beam.ParDo(_ExtractSplit(config, reader, layout, output))  # Split → committed files
    )


def rescore_graph(pipeline: beam.Pipeline, paths: Sequence[str], *, model: Path | None, output: str) -> None:
    """Documents to documents: every file is scored again from its own text and committed by one worker."""
    (
        pipeline
        | "Documents" >> beam.Create(paths)  # path
        | "Distribute" >> beam.Reshuffle()
        | "RescoreFiles" >> beam.ParDo(_RescoreFile(model, output))  # path → committed file
    )


def curate_graph(
    pipeline: beam.Pipeline,
    files: Sequence[DocumentsFile],
    shards: Sequence[Shard],
    config: Config,
    *,
    partitions: int,
    output: str,
) -> None:
    """Documents to corpus: duplicates found, survivors weighed, and only then the text joined to its verdict."""
    documents = pipeline | "Documents" >> beam.Create(files) | "Distribute" >> beam.Reshuffle()  # DocumentsFile
    by_file = documents | "ByFile" >> beam.Map(lambda file: (file.ordinal, file))
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
        | "Decide" >> beam.MapTuple(_decide)  # (path, verdict table)
    )
    _write(verdicts, shards, config, output)
    report | "WriteCells" >> beam.Map(_write_cells, FileSystems.join(output, "cells.json"))


def _write(verdicts: PCollection[tuple[str, pa.Table]], shards: Sequence[Shard], config: Config, output: str) -> None:
    shard_of = {path: shard.ordinal for shard in shards for path in shard.paths}
    by_ordinal = verdicts.pipeline | "Shards" >> beam.Create([(shard.ordinal, shard) for shard in shards])
    by_shard = verdicts | "ByShard" >> beam.Map(lambda verdict: (shard_of[verdict[0]], verdict))
    (
        {"shard": by_ordinal, "verdicts": by_shard}  # an empty shard is written too
        | "JoinShards" >> beam.CoGroupByKey()
        | "ShardVerdicts" >> beam.MapTuple(lambda _, joined: (next(iter(joined["shard"])), joined["verdicts"]))
        | WriteShards(
            output=output,
            config_digest=config.digest(),
            row_group_bytes=config.run.row_group_bytes,
            p_null=p_null,
        )
    )


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

    file: Iterable[DocumentsFile]
    duplicates: Iterable[DuplicateVerdicts]
    weights: NotRequired[Iterable[WeightBlock]]


def _read_scores(ordinal: int, joined: Joined) -> ScoredBlock:
    [file] = joined["file"]
    with naming_damage(file.path), open_file(file.path) as documents:
        return scored_block(documents, ordinal, joined["duplicates"])


def _decide(_ordinal: int, joined: Joined) -> tuple[str, pa.Table]:
    [file] = joined["file"]
    return file.path, verdict_table(file.rows, joined["duplicates"], joined["weights"])


def _write_cells(report: WeighReport, path: str) -> None:
    commit(path, lambda sink: sink.write(cells_json(report)))
