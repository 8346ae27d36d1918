"""Rows against the archives they came from: offset → record → payload digest → text → text digest."""

from __future__ import annotations

import os
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from pipeline.config import Config
from pipeline.manifest import versions
from pipeline.verify.check import UNREADABLE, Check, Findings, State, many, skipped
from pipeline.verify.claim import Claim
from pipeline.verify.corpus import Row, batches, row_name
from pipeline.verify.places import find_archive
from pipeline.verify.progress import Pulse
from transforms.dedup.normalize import normalize, text_digest
from transforms.extract.extractor import Extractor
from transforms.read.lookup import look_up, page_of, payload_digests
from transforms.read.record import Record
from transforms.records import Origin, Page
from transforms.rejection import Rejection
from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema

_SCHEMA = arrow_schema(CORPUS)
_RECORD = ["warc_file", "file_path", "record_offset", "record_length", "record_id", "payload_digest"]
_COLUMNS = ["id", "url", "date", *_RECORD, "text_digest", "extractor"]
_BATCH = 10_000
OpenArchive = Callable[[str], BinaryIO]
_RELEASE = re.compile(r"([a-z]+)-([0-9][^/+]*)")  # of a library, in `extractor`


@dataclass(frozen=True, slots=True)
class Sample:
    """Which rows are taken back to their archives."""

    rows: int | None  # None: every row
    seed: int
    root: str | None  # a folder that holds the archives now, None where the manifest says


class ArchiveReader:
    """Takes rows back to their archives."""

    def __init__(
        self, claim: Claim, config: Config, open_archive: OpenArchive, *, output: str, root: str | None
    ) -> None:
        self._claim = claim
        self._output = output
        self._installed = versions()
        self._config = config
        self._open = open_archive
        self._root = root
        self._findings = Findings()
        self._unread: dict[str, tuple[str, int]] = {}  # why, and rows, by short name
        self._checked = 0
        self._texts = 0
        self._other_payloads = 0  # pages whose payload has not the digest that their crawler declared

    def take(self, rows: Sequence[tuple[Row, str]], extractor: Extractor) -> None:
        """Compare these rows, each with the path of its file, with what their archives hold."""
        by_archive: defaultdict[str, list[tuple[Row, str]]] = defaultdict(list)
        for row, path in rows:
            by_archive[str(row["warc_file"])].append((row, path))
        for archive, own in sorted(by_archive.items()):
            wanted: defaultdict[int, list[tuple[Row, str]]] = defaultdict(list)
            for row, path in own:
                wanted[int(str(row["record_offset"]))].append((row, path))
            try:
                address = find_archive(archive, self._claim, output=self._output, root=self._root)
                with closing(self._open(address)) as stream:
                    self._compare(archive, stream, wanted, extractor)
            except UNREADABLE as error:  # the store, or a place that no archive has; what archives hold raises nothing
                self._leave(archive, str(error), sum(map(len, wanted.values())))

    def _leave(self, archive: str, why: str, rows: int) -> None:
        self._unread[archive] = (why, self._unread.get(archive, ("", 0))[1] + rows)

    def _compare(
        self, archive: str, stream: BinaryIO, wanted: dict[int, list[tuple[Row, str]]], extractor: Extractor
    ) -> None:
        """Compare the rows wanted at each offset; those that were compared are wanted no longer."""
        size, told = stream.seek(0, os.SEEK_END), self._claim.sizes.get(archive)
        if told is not None and size != told:
            self._findings.add(f"archive {archive} has {size} bytes, it had {told} when it was read")
        for record in look_up(stream, wanted.keys(), self._config.read):
            for row, path in wanted.pop(record.offset):
                self._checked += 1
                for problem in self._row(row, record, extractor):
                    self._findings.add(f"{row_name(row, path)}: {problem}")
        for offset in list(wanted):
            for row, path in wanted.pop(offset):
                self._checked += 1
                self._findings.add(f"{row_name(row, path)}: no record begins at offset {offset} of {archive}")

    def _row(self, row: Row, record: Record, extractor: Extractor) -> Iterator[str]:
        """What about the record is not as the row says."""
        where = f"the record at offset {record.offset} of {row['warc_file']}"
        if record.fault:
            yield f"{where} is damaged: {record.fault.detail}"
            return
        header = record.header
        found = {"record_id": header.record_id, "url": header.target_uri, "record_length": record.length}
        for name, value in found.items():
            if value != row[name]:
                yield f"{name} is {row[name]}, {where} has {value}"
        page = page_of(record, _origin(row, record), self._config.read)
        if isinstance(page, str):
            yield f"{where} is no page: {page}"
            return
        if page.date != row["date"]:
            yield f"date is {row['date']}, {where} has {page.date}"
        if page.payload_digest != row["payload_digest"]:
            yield f"payload_digest is {row['payload_digest']}, {where} has {page.payload_digest}"
        elif page.payload_digest not in payload_digests(record, page, self._config.read):
            self._other_payloads += 1  # reading takes a crawler at its word, which may be wrong from the start
        yield from self._text(row, page, extractor)

    def _text(self, row: Row, page: Page, extractor: Extractor) -> Iterator[str]:
        made = extractor.extract(page)
        if isinstance(made, Rejection):
            yield f"no text comes of its record: {made.reason} ({made.detail})"
        elif made.extractor == row["extractor"]:
            self._texts += 1
            digest = text_digest(normalize(made.text))
            if digest != row["text_digest"]:
                yield f"text_digest is {row['text_digest']}, the text in its record has {digest}"
        elif self._claim.version == self._installed["firsthand"] and not self._is_of_others(str(row["extractor"])):
            yield f"extractor is {row['extractor']}, its record gives {made.extractor}"

    def _is_of_others(self, extractor: str) -> bool:
        """Whether other releases of libraries extracted a text: it may have been curated later, by this one."""
        return any(self._installed.get(name, release) != release for name, release in _RELEASE.findall(extractor))

    def check(self, total: int) -> Check:
        """The check, once all rows have been taken."""
        left = sum(rows for _, rows in self._unread.values())
        said = (
            f"{self._checked:,} of {many(total, 'row')} taken back to their archives: record, payload digest; text "
            f"extracted again from {self._texts:,}"
        )
        if self._texts < self._checked:
            said += " (the others were extracted by another release, or could not be)"
        if self._other_payloads:
            said += f"; {many(self._other_payloads, 'payload')} without the digest that the crawler declared"
        if left:
            archive, (why, _) = next(iter(self._unread.items()))
            said += f"; {left:,} not checked, for {many(len(self._unread), 'archive')} cannot be read: {archive}: {why}"
        check = self._findings.check("archives", said)
        if check.state is State.OK and left:
            return skipped("archives", said)
        return check


def _origin(row: Row, record: Record) -> Origin:
    return Origin(
        file_path=str(row["file_path"]),
        warc_file=str(row["warc_file"]),
        record_offset=record.offset,
        record_length=record.length,
        record_id=record.header.record_id,
        record_type=record.header.record_type,
        target_uri=record.header.target_uri,
    )


def check_archives(
    folder: Folder,
    claim: Claim,
    rows_by_file: Mapping[str, int],
    sample: Sample,
    open_archive: OpenArchive,
    pulse: Pulse,
) -> Check:
    """Rows of a sample, or all, against their archives. `rows_by_file`: rows of each file of the corpus, in order."""
    if claim.config is None:
        return skipped("archives", "the configuration in the manifest is none that this release knows")
    total = sum(rows_by_file.values())
    chosen = None if sample.rows is None else _choose(total, sample.rows, sample.seed)
    reader = ArchiveReader(claim, claim.config, open_archive, output=folder.root, root=sample.root)
    extractor = Extractor(claim.config.extract)
    try:
        held: list[tuple[Row, str]] = []
        for number, (path, table) in enumerate(_tables(folder, chosen)):
            held += [(row, path) for row in table.to_pylist()]
            if chosen is None or len(held) >= _BATCH:  # of a sample archive by archive, not file by file
                reader.take(held, extractor)
                held = []
            pulse("archives, files", number, len(rows_by_file))
        reader.take(held, extractor)
    finally:
        extractor.close()
    return reader.check(total)


def _choose(total: int, rows: int, seed: int) -> list[int]:
    """Numbers of rows, ascending, of each as likely."""
    return sorted(random.Random(seed).sample(range(total), min(rows, total)))  # noqa: S311 - no secret


def _tables(folder: Folder, chosen: list[int] | None) -> Iterator[tuple[str, pa.Table]]:
    """The rows with these numbers in the corpus, or all, by file; a file that cannot be read was told of before."""
    start = 0
    for path in folder.parquet("corpus"):
        for table in batches(folder, path, _SCHEMA, _COLUMNS, Findings(), rows=_BATCH):
            stop = start + table.num_rows
            if chosen is None:
                yield path, table
            elif own := [number - start for number in chosen if start <= number < stop]:
                yield path, table.take(own)
            start = stop
