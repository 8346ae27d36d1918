"""One split, from archive to documents file: read → extract → filter → score → fingerprint → write.

Plain Python. A worker holds one `SplitExtractor`; the engine hands it splits.
"""

from __future__ import annotations

import posixpath
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import BinaryIO, Protocol, Self, TypeVar

from pipeline.accounts import SplitAccount, Tally
from pipeline.config import Config
from pipeline.progress import Heartbeat
from transforms.dedup.fingerprint import fingerprint_all, prepare
from transforms.errors import IntegrityError
from transforms.extract.extractor import Extractor
from transforms.filter.reading import TextReader
from transforms.read.chain import SplitReport
from transforms.read.response import Passed
from transforms.read.splits import Split
from transforms.read.warc import read_split
from transforms.records import Page
from transforms.rejection import RejectedRecord, Rejection
from transforms.schema import DOCUMENTS, REJECTIONS, arrow_schema
from transforms.score.detector import Asked, Detector
from transforms.write.parquet import ParquetSink
from transforms.write.rows import Row, document_row, rejection_row

T = TypeVar("T")
Item = Page | RejectedRecord | Passed | SplitReport
_ROW_BYTES = 2048  # what a documents row weighs beside its text: mostly the signature
_REJECTION_BYTES = 512
_BLOCK_ITEMS = 32  # records: some 16 pages, for most crawls hold a request beside each
_BLOCK_BYTES = 2 << 20  # of pages, unless one alone has more


class Commit(Protocol):
    """Writes a file that appears whole or not at all, and returns what `write` returned."""

    def __call__(self, path: str, write: Callable[[BinaryIO], T], /) -> T: ...


class StageClock:
    """CPU seconds of the calling thread, shared out to stages: each lap goes to the stage it names."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.thread_time()

    def lap(self, stage: str, extra: float = 0.0) -> None:
        """Charge the time since the last lap, and `extra` seconds spent elsewhere on its behalf, to `stage`."""
        now = time.thread_time()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last + extra
        self._last = now


@dataclass(frozen=True, slots=True)
class _Book:
    """The two files of a split being written, and its counts."""

    rows: ParquetSink
    refused: ParquetSink
    heart: Heartbeat
    tally: Tally = field(default_factory=Tally)
    clock: StageClock = field(default_factory=StageClock)

    def enter(self, outcome: Row | RejectedRecord) -> None:
        """Write and count what became of one record."""
        if isinstance(outcome, RejectedRecord):
            self.tally.reject(outcome)
            self.refused.add(rejection_row(outcome), _REJECTION_BYTES)
        else:
            text_bytes = len(str(outcome["text"]).encode())
            self.tally.add_row(text_bytes)
            self.rows.add(outcome, text_bytes + _ROW_BYTES)
        self.clock.lap("write")


class SplitExtractor:
    """Takes splits through the stages. A context manager: it owns a parser process."""

    def __init__(
        self, config: Config, reader: TextReader, detector: Detector, *, layout: str, output: str, heartbeats: bool
    ) -> None:
        """`reader` is made where the block lists are; `heartbeats` say in `output` how far a split is."""
        self._config = config
        self._reader = reader
        self._layout = layout
        self._documents = posixpath.join(output, "documents")
        self._rejections = posixpath.join(output, "rejections")
        self._heartbeats = self._documents if heartbeats else None
        self._extractor = Extractor(config.extract)
        self._detector = detector
        self._sketcher = prepare(config.signature)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def parser_seconds(self) -> float:
        """CPU seconds of the parser processes so far; the caller's own are not among them."""
        return self._extractor.cpu_seconds

    def close(self) -> None:
        """End the parser process."""
        self._extractor.close()

    def extract(self, split: Split, open_archive: Callable[[str], BinaryIO], commit: Commit) -> SplitAccount:
        """Read the split to its end and commit its two files; the documents file comes last and makes it count."""
        name = f"{split.split_id}.parquet"

        def write(documents: BinaryIO) -> SplitAccount:
            return commit(
                posixpath.join(self._rejections, name),
                lambda rejections: self._write(split, open_archive, documents, rejections),
            )

        return commit(posixpath.join(self._documents, name), write)

    def would_make(self, account: SplitAccount, split: Split) -> bool:
        """Whether extracting this split makes the files that `account` is of."""
        return (account.read.split, account.layout, account.model) == (split, self._layout, self._detector.model_id)

    def _write(
        self, split: Split, open_archive: Callable[[str], BinaryIO], documents: BinaryIO, rejections: BinaryIO
    ) -> SplitAccount:
        size = self._config.run.row_group_bytes
        with (
            closing(open_archive(split.file_path)) as stream,
            ParquetSink(documents, arrow_schema(DOCUMENTS), row_group_bytes=size) as rows,
            ParquetSink(rejections, arrow_schema(REJECTIONS), row_group_bytes=size) as refused,
        ):
            book = _Book(rows, refused, Heartbeat(self._heartbeats, split.split_id))
            for block in _blocks(read_split(stream, split, self._config.read)):
                book.clock.lap("read")
                outcomes = iter(self._take([item for item in block if isinstance(item, Page)], book.clock))
                for item in block:
                    if isinstance(item, SplitReport):
                        return self._close(book, item)
                    if isinstance(item, Passed):
                        book.tally.passed[item.record_type] += 1
                        continue
                    book.enter(next(outcomes) if isinstance(item, Page) else item)
                    origin = item.origin
                    book.heart.beat(book.tally, done=origin.record_offset + origin.record_length - split.start)
        raise IntegrityError(f"{split.split_id}: reading ended without a report")

    def _close(self, book: _Book, report: SplitReport) -> SplitAccount:
        """Finish both files; the account goes into the footer of the documents."""
        book.heart.beat(book.tally, done=report.split.end - report.split.start, last=True)
        book.clock.lap("write")
        account = SplitAccount(
            read=report,
            layout=self._layout,
            model=self._detector.model_id,
            settings=self._config.extraction(),
            rows=book.tally.rows,
            text_bytes=book.tally.text_bytes,
            passed=dict(book.tally.passed),
            not_responses=dict(book.tally.not_responses),
            rejections=dict(book.tally.rejections),
            cpu_s={stage: round(seconds, 4) for stage, seconds in book.clock.seconds.items()},
        )
        account.check()
        written = book.refused.close({"rejections": account.all_rejections()})
        account = replace(account, refused_file=written.file, refused_imprint=written.imprint)
        book.rows.close(account.as_json())
        return account

    def _take(self, pages: Sequence[Page], clock: StageClock) -> list[Row | RejectedRecord]:
        """What becomes of each page. Each stage takes all of them before the next: its code and data stay at hand."""
        refused: dict[int, Rejection] = {}

        def passing(outcomes: Iterable[tuple[int, T | Rejection]]) -> dict[int, T]:
            kept: dict[int, T] = {}
            for at, outcome in outcomes:
                if isinstance(outcome, Rejection):
                    refused[at] = outcome
                else:
                    kept[at] = outcome
            return kept

        urls = [page.origin.target_uri for page in pages]
        allowed = passing((at, self._reader.blocked(urls[at]) or page) for at, page in enumerate(pages))
        clock.lap("filter")
        before = self._extractor.cpu_seconds
        found = self._extractor.extract_all(list(allowed.values()))
        extractions = passing(zip(allowed, found, strict=True))
        clock.lap("extract", self._extractor.cpu_seconds - before)
        texts = [(found.text, urls[at]) for at, found in extractions.items()]
        readings = passing(zip(extractions, self._reader.read_all(texts), strict=True))
        clock.lap("filter")
        asked = [
            Asked(extractions[at].text, read.language, read.language_script, extractions[at].declarations, urls[at])
            for at, read in readings.items()
        ]
        assessments = dict(zip(readings, self._detector.assess_all(asked), strict=True))
        clock.lap("score")
        kept = [extractions[at].text for at in readings]
        sketches = dict(zip(readings, fingerprint_all(kept, self._sketcher), strict=True))
        clock.lap("dedup")
        return [
            RejectedRecord(page.origin, refused[at])
            if at in refused
            else document_row(page, extractions[at], readings[at], assessments[at], sketches[at])
            for at, page in enumerate(pages)
        ]


def _blocks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in their order, some at a time."""
    block: list[Item] = []
    size = 0
    for item in items:
        block.append(item)
        size += len(item.body) if isinstance(item, Page) else 0
        if len(block) >= _BLOCK_ITEMS or size >= _BLOCK_BYTES:
            yield block
            block, size = [], 0
    yield block
