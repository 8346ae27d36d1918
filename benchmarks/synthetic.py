"""Writes the output of an extraction that never was: synthetic documents that `firsthand curate` takes as real ones.

    python -m benchmarks.synthetic --documents 200000 --out DIR [--seed 1] [--files 64] [--words 480] [--name NAME]

Rows, accounts and plan are made by the code that makes the real ones, and texts are really fingerprinted.
`truth.parquet` says of which component each document is (`benchmarks.families`). The bytes depend on the arguments and
the installed libraries only. Memory is one row group and 13 bytes a document.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.families import KINDS, Layout, lay_out
from benchmarks.synthetic_pages import PageMaker, page_url
from pipeline import output as folders
from pipeline.accounts import SplitAccount
from pipeline.config import Config
from pipeline.output import Output
from pipeline.plan import Plan, makers_of
from transforms.filter.reading import TextReader
from transforms.read.chain import SplitReport
from transforms.read.splits import Archive, Split
from transforms.records import Origin
from transforms.rejection import Reason, RejectedRecord, Rejection
from transforms.schema import DOCUMENTS, REJECTIONS, arrow_schema
from transforms.score.detector import Detector
from transforms.write.imprint import Imprinted
from transforms.write.parquet import ParquetSink
from transforms.write.rows import document_id, rejection_row
from transforms.write.stage import commit

TRUTH = pa.schema(
    [
        ("id", pa.string()),
        ("warc_file", pa.string()),
        ("record_offset", pa.int64()),
        ("component", pa.int32()),  # equal for duplicates
        ("kind", pa.string()),  # one of benchmarks.families.KINDS
    ]
)
_RECORD = 16 << 10  # bytes a record is said to take in its archive
_PAGES_A_REFUSAL = 20


@dataclass(frozen=True, slots=True)
class _Book:
    """Where everything goes, and what every account says."""

    output: Output
    config: Config
    layout: str
    model: str


def write_documents(
    count: int, folder: str, *, files: int, seed: int, words: int = 480, name: str = "synthetic"
) -> None:
    """Write `count` documents of about so many `words` into `files` documents files of an output in `folder`.

    Plan, rejections and truth are written, too.

    Raises:
        OutputError: the folder cannot be written, or holds files of something else.
    """
    config, output = Config(), Output(folder)
    output.check()
    output.prepare(folders.DOCUMENTS, folders.REJECTIONS)
    bounds = np.linspace(0, count, files + 1).astype(int).tolist()
    plan = _plan([end - first for first, end in pairwise(bounds)], config, name)
    output.store_plan(plan)
    book = _Book(output, config, plan.layout, Detector.load().model_id)
    maker = PageMaker.of(lay_out(count, seed, words=words), seed, config.signature)
    with pq.ParquetWriter(output.path("truth.parquet"), TRUTH, compression="zstd") as truth:
        for split, (first, end) in zip(plan.splits(), pairwise(bounds), strict=True):
            pages = [_origin(split, number - first, number) for number in range(first, end)]
            _write_split(split, dict(zip(range(first, end), pages, strict=True)), maker, book)
            truth.write_table(_truth(pages, slice(first, end), maker.layout))


def _plan(sizes: Sequence[int], config: Config, prefix: str) -> Plan:
    """A plan with one archive for each documents file; no archive is split."""
    makers = makers_of(config, block_lists=TextReader(config.filter).block_digest, limit=None)
    archives = []
    for number, pages in enumerate(sizes):
        name, records = f"{prefix}-{number:05d}.warc.gz", 1 + pages + pages // _PAGES_A_REFUSAL
        archives.append(Archive(f"https://synthetic.invalid/{name}", name, records * _RECORD, splittable=False))
    return Plan(makers, config.run.split_bytes, None, tuple(archives))


def _origin(split: Split, place: int, number: int) -> Origin:
    """Where response number `place` of an archive lies, behind the record about the archive."""
    return Origin(
        file_path=split.file_path,
        warc_file=split.warc_file,
        record_offset=(1 + place) * _RECORD,
        record_length=_RECORD,
        record_id=f"<urn:synthetic:{number}>",
        record_type="response",
        target_uri=page_url(number),
    )


def _write_split(split: Split, pages: dict[int, Origin], maker: PageMaker, book: _Book) -> None:
    """Write the two files of a split as pipeline.split does; the documents come last."""
    refused = [_refuse(split, len(pages) + place) for place in range(len(pages) // _PAGES_A_REFUSAL)]
    account = _account(split, len(pages), refused, book)
    name, size = f"{split.split_id}.parquet", book.config.run.row_group_bytes

    def write_rejections(sink: BinaryIO) -> Imprinted:
        with ParquetSink(sink, arrow_schema(REJECTIONS), row_group_bytes=size) as rows:
            for record in refused:
                rows.add(rejection_row(record), 512)
            return rows.close({"rejections": account.all_rejections()})

    def write_rows(sink: BinaryIO) -> None:
        text_bytes = 0
        with ParquetSink(sink, arrow_schema(DOCUMENTS), row_group_bytes=size) as rows:
            for number, origin in pages.items():
                row = maker.row(number, origin)
                row_bytes = len(str(row["text"]).encode())
                text_bytes += row_bytes
                rows.add(row, row_bytes + 2048)
            whole = replace(account, text_bytes=text_bytes, refused_file=written.file, refused_imprint=written.imprint)
            rows.close(whole.as_json())

    written = commit(book.output.path(folders.REJECTIONS, name), write_rejections)
    commit(book.output.path(folders.DOCUMENTS, name), write_rows)


def _refuse(split: Split, place: int) -> RejectedRecord:
    """A response that was rejected when it was read."""
    reason, detail = (Reason.HTTP_STATUS, "404") if place % 2 else (Reason.NOT_HTML, "application/pdf")
    return RejectedRecord(_origin(split, place, place), Rejection(reason, detail))


def _account(split: Split, rows: int, refused: Sequence[RejectedRecord], book: _Book) -> SplitAccount:
    """The account of a split but for its bytes of text."""
    report = SplitReport(
        split=split,
        records=1 + rows + len(refused),
        gaps=0,
        responses=rows + len(refused),
        pages=rows,
        rejected=len(refused),
        passed=1,
        first_offset=0,
        end_offset=split.end,
    )
    account = SplitAccount(
        read=report,
        layout=book.layout,
        model=book.model,
        settings=book.config.extraction(),
        rows=rows,
        text_bytes=0,
        passed={"warcinfo": 1},
        not_responses={},
        rejections=dict(Counter(record.rejection.reason.value for record in refused)),
        cpu_s={},
    )
    account.check()
    return account


def _truth(pages: Iterable[Origin], numbers: slice, layout: Layout) -> pa.Table:
    origins = list(pages)
    columns = [
        [document_id(origin) for origin in origins],
        [origin.warc_file for origin in origins],
        [origin.record_offset for origin in origins],
        layout.component[numbers],
        [KINDS[kind] for kind in layout.kind[numbers].tolist()],
    ]
    return pa.table(columns, schema=TRUTH)


def main() -> None:
    """Write what the command line asks for, and say what it cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic", description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--out", required=True)
    parser.add_argument("--files", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", type=int, default=480, help="of a document, on average; fewer take less room")
    parser.add_argument("--name", default="synthetic", help="begins the names of the archives")
    options = parser.parse_args()
    began = time.process_time()
    write_documents(
        options.documents,
        options.out,
        files=options.files,
        seed=options.seed,
        words=options.words,
        name=options.name,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.documents} documents in {time.process_time() - began:.0f} CPU seconds, at most {peak:.0f} MiB")


if __name__ == "__main__":
    main()
