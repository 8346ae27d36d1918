"""Corpus shards: documents joined with their verdicts, sorted, in row groups by bytes.

This is the only place of a curation that reads text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.documents import open_documents
from transforms.original import details
from transforms.rejection import Reason
from transforms.schema import CORPUS, REJECTIONS, arrow_schema
from transforms.write.digest import FileDigest
from transforms.write.parquet import ACCOUNTS, open_writer
from transforms.write.sorted_rows import SortedRows

CORPUS_SCHEMA = arrow_schema(CORPUS)
REJECTIONS_SCHEMA = arrow_schema(REJECTIONS)

PNull = Callable[[NDArray[np.float32], str, str], NDArray[np.float64]]
"""(detector scores, language, script) → how rare so high a score is among people, NaN where nobody knows."""

# What curation decides about each row of one documents file, in the order of its rows.
VERDICTS = pa.schema(
    [
        ("keep", pa.bool_()),
        ("exact", pa.bool_()),  # of a row not kept: it has the keeper's text, not merely one like it
        ("keeper_id", pa.string()),
        ("component_id", pa.string()),
        (
            "earlier",
            pa.string(),
        ),  # of a row not kept: the earlier corpus that has its keeper, null: this one
        ("duplicate_count", pa.int32()),
        ("first_seen", pa.string()),
        ("abstain_reason", pa.string()),  # as far as calibration goes; null leaves the document's own
        ("human_probability", pa.float32()),
        ("human_weight", pa.float32()),
        ("expected_repeats", pa.float32()),
        ("weight_bucket", pa.int8()),
    ]
)
_FROM_VERDICT = [name for name in CORPUS_SCHEMA.names if name in VERDICTS.names]
_SETTLED = {"abstain_reason"}  # by both
_MADE = {"config_digest", "p_null"}  # here
_FROM_DOCUMENT = [name for name in CORPUS_SCHEMA.names if name in _SETTLED or name not in {*VERDICTS.names, *_MADE}]
_KEYS = ["language", "url", "id"]  # by which a shard is sorted
_OF_DROPPED = ["url", "warc_file", "record_offset", "record_id"]  # of a document, in its rejection


@dataclass(frozen=True, slots=True)
class Shard:
    """A corpus shard and the documents files whose rows go into it."""

    ordinal: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The two files of one shard, and why rows left on their way."""

    ordinal: int
    corpus: FileDigest
    rows: int
    rejections: FileDigest
    reasons: dict[str, int]  # rows of the rejections file

    @classmethod
    def from_json(cls, *, corpus: dict[str, object], rejections: dict[str, object], **values: object) -> ShardReport:
        """The report from the values of its fields, as JSON has them."""
        return cls(corpus=FileDigest(**corpus), rejections=FileDigest(**rejections), **values)  # type: ignore[arg-type]


def plan_shards(files: Iterable[tuple[str, int]], *, shard_bytes: int) -> list[Shard]:
    """Neighbouring documents files, given as (path, bytes of text), gathered into shards of about `shard_bytes`.

    At least one shard, even without files: an empty corpus is a corpus.
    """
    groups: list[list[str]] = [[]]
    size = 0
    for path, text_bytes in sorted(files):
        if groups[-1] and size + text_bytes > shard_bytes:
            groups.append([])
            size = 0
        groups[-1].append(path)
        size += text_bytes
    return [Shard(ordinal, tuple(paths)) for ordinal, paths in enumerate(groups)]


def part_rows(
    documents: BinaryIO, verdicts: pa.Table, *, config_digest: str, p_null: PNull
) -> tuple[pa.Table, pa.Table]:
    """The rows of one documents file: those kept, in the corpus schema; the others as rows of rejections/*.parquet.

    It is read once. Text is read of the row groups of which a row is kept.
    """
    file = open_documents(documents, _FROM_DOCUMENT)
    kept, dropped, start = [CORPUS_SCHEMA.empty_table()], [REJECTIONS_SCHEMA.empty_table()], 0
    for index in range(file.metadata.num_row_groups):
        length = file.metadata.row_group(index).num_rows
        mine = verdicts.slice(start, length)
        start += length
        keep, drop = mine["keep"], pc.invert(mine["keep"])
        some = pc.any(keep).as_py()
        rows = file.read_row_group(index, columns=_FROM_DOCUMENT if some else _OF_DROPPED, use_threads=False)
        if some:
            kept.append(_join(rows.filter(keep), mine.filter(keep), config_digest, p_null))
        if pc.any(drop).as_py():
            dropped.append(_refuse(rows.select(_OF_DROPPED).filter(drop), mine.filter(drop)))
    return pa.concat_tables(kept), pa.concat_tables(dropped)


def _join(documents: pa.Table, verdicts: pa.Table, config_digest: str, p_null: PNull) -> pa.Table:
    columns = {name: documents[name] for name in _FROM_DOCUMENT} | {name: verdicts[name] for name in _FROM_VERDICT}
    for name, own in (("component_id", "id"), ("first_seen", "date")):  # a page without a copy stands for itself
        columns[name] = pc.coalesce(verdicts[name], documents[own])
    columns["abstain_reason"] = _settle(documents["abstain_reason"], verdicts["abstain_reason"])
    columns["p_null"] = pc.if_else(pc.equal(columns["abstain_reason"], ""), _rarity(documents, p_null), None)
    columns["config_digest"] = pa.array([config_digest] * documents.num_rows, pa.string())
    return pa.table([columns[name] for name in CORPUS_SCHEMA.names], schema=CORPUS_SCHEMA)


def _settle(recorded: pa.ChunkedArray, decided: pa.ChunkedArray) -> pa.ChunkedArray:
    """Why there is no opinion: other reasons than calibration are as recorded, and there is none where it gives one."""
    by_calibration = pc.or_(pc.equal(recorded, ""), pc.equal(decided, ""))
    return pc.coalesce(pc.if_else(by_calibration, decided, recorded), recorded)


def _rarity(documents: pa.Table, p_null: PNull) -> pa.Array:
    """`p_null` of the score of each row: float32, null where there is none."""
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    names = (documents["language"].to_pylist(), documents["language_script"].to_pylist())
    for row, name in enumerate(zip(*names, strict=True)):
        rows[name].append(row)
    score = pc.fill_null(documents["detector_score"], float("nan")).to_numpy()
    rarity = np.full(documents.num_rows, np.nan, np.float32)
    for (language, script), own in rows.items():
        rarity[own] = p_null(score[own], language, script)
    return pa.array(rarity, from_pandas=True)  # NaN becomes null


def key_rows(documents: BinaryIO, verdicts: pa.Table) -> pa.Table:
    """What the kept rows of a documents file are sorted by: language, URL and id."""
    file = open_documents(documents, _KEYS)
    return file.read(columns=_KEYS, use_threads=False).select(_KEYS).filter(verdicts["keep"])


def write_corpus(sink: BinaryIO, rows: SortedRows, *, row_group_bytes: int) -> int:
    """Write these rows in their order; returns their number. Memory is that of a shelf and a row group."""
    lengths = rows.text_bytes
    with open_writer(sink, CORPUS_SCHEMA) as writer:
        for table in rows.cut(length for _, length in row_groups(lengths, limit=row_group_bytes)):
            writer.write_table(table, row_group_size=table.num_rows)
    return int(lengths.size)


def row_groups(sizes: np.ndarray[tuple[int], np.dtype[np.int32]], *, limit: int) -> Iterator[tuple[int, int]]:
    """(start, length) of consecutive runs of rows; a run closes with the row that takes it to `limit` bytes."""
    start = 0
    total = 0
    for row, size in enumerate(sizes.tolist()):
        total += size
        if total >= limit:
            yield start, row + 1 - start
            start, total = row + 1, 0
    if start < len(sizes):
        yield start, len(sizes) - start


def _refuse(documents: pa.Table, verdicts: pa.Table) -> pa.Table:
    """These rows, none of which is kept, as rows of rejections/*.parquet."""
    count = documents.num_rows
    exact, near = Reason.DUPLICATE_EXACT.value, Reason.DUPLICATE_NEAR.value
    columns = [
        *(documents[name] for name in _OF_DROPPED),
        pa.array(["response"] * count, pa.string()),
        pa.array(["dedup"] * count, pa.string()),
        pc.if_else(verdicts["exact"], exact, near),
        details(verdicts["keeper_id"], verdicts["component_id"], verdicts["earlier"]),
    ]
    return pa.table(columns, schema=REJECTIONS_SCHEMA)


def write_rejections(sink: BinaryIO, tables: Sequence[pa.Table]) -> dict[str, int]:
    """Write these rejections, their number by reason into the footer; returns that."""
    table = pa.concat_tables([REJECTIONS_SCHEMA.empty_table(), *tables])
    counts = pc.value_counts(table["reason"].combine_chunks()).to_pylist()
    reasons = {str(entry["values"]): int(entry["counts"]) for entry in counts}
    with open_writer(sink, REJECTIONS_SCHEMA) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({ACCOUNTS: json.dumps({"rejections": reasons}, sort_keys=True)})
    return dict(sorted(reasons.items()))
