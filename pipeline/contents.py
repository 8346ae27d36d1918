"""What an output consists of: the corpus, its rejections and the cells, each with the digest its writer gave it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

from pipeline.accounts import SplitAccount
from pipeline.committed import READERS
from pipeline.output import CORPUS, REJECTIONS, Output
from transforms.write.digest import FileDigest, WrittenFile, digest_of
from transforms.write.shards import ShardReport
from transforms.write.stage import open_file

CELLS = "cells.json"


def contents(
    documents: Sequence[tuple[str, SplitAccount]], reports: Iterable[ShardReport], output: Output
) -> list[WrittenFile]:
    """Every file of the output that its manifest answers for: corpus, rejections, cells; each group by name.

    Only `cells.json`, and rejections that an early release extracted, are read for it.
    """
    reports = list(reports)
    with ThreadPoolExecutor(READERS) as pool:
        refused = [*pool.map(partial(_extracted, output=output), documents), *map(_dropped, reports)]
    cells = _digest(output.path(CELLS))
    return [
        *sorted(map(_kept, reports), key=_path),
        *sorted(refused, key=_path),
        WrittenFile(CELLS, cells.bytes, None, cells.sha256),
    ]


def _path(file: WrittenFile) -> str:
    return file.path


def _kept(report: ShardReport) -> WrittenFile:
    file = report.corpus
    return WrittenFile(f"{CORPUS}/part-{report.ordinal:05d}.parquet", file.bytes, report.rows, file.sha256)


def _dropped(report: ShardReport) -> WrittenFile:
    file, rows = report.rejections, sum(report.reasons.values())
    return WrittenFile(f"{REJECTIONS}/curate-{report.ordinal:05d}.parquet", file.bytes, rows, file.sha256)


def _extracted(entry: tuple[str, SplitAccount], *, output: Output) -> WrittenFile:
    documents, account = entry
    name = posixpath.basename(documents)
    file = account.refused_file or _digest(output.path(REJECTIONS, name))
    rows = sum(account.all_rejections().values())
    return WrittenFile(f"{REJECTIONS}/{name}", file.bytes, rows, file.sha256)


def _digest(path: str) -> FileDigest:
    with closing(open_file(path)) as file:
        return digest_of(file)
