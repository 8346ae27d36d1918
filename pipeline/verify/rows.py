"""Every row of the corpus by itself: its id, its place, its text digest and its tokens are what they must be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.verify.check import Check, Findings, many
from pipeline.verify.claim import Claim
from pipeline.verify.corpus import Row, batches, name_of, row_name
from pipeline.verify.documents import Places
from pipeline.verify.keys import KeyStore, Kind, is_key
from pipeline.verify.progress import Pulse
from transforms.dedup.normalize import normalize, text_digest
from transforms.filter.tokens import count_tokens
from transforms.report.folder import Folder
from transforms.schema import CORPUS, arrow_schema
from transforms.write.rows import page_id

_SCHEMA = arrow_schema(CORPUS)
_BATCH = 500  # rows with their text
_NARROW = ["id", "url", "language", "warc_file", "file_path", "record_offset", "config_digest", "text_digest"]
_COLUMNS = [*_NARROW, "token_count", "duplicate_count", "component_id", "first_seen", "date", "text"]


@dataclass(slots=True)
class CorpusCount:
    """What was found in the corpus."""

    rows: int = 0
    tokens: int = 0
    by_archive: Counter[str] = field(default_factory=Counter)  # rows by short name
    by_file: dict[str, int] = field(default_factory=dict)  # rows by file, as `name_of` has it
    whole: bool = True  # every row could be read


class RowReader:
    """Reads the whole corpus once, text and all."""

    def __init__(self, folder: Folder, claim: Claim, keys: KeyStore, places: Places) -> None:
        self.count = CorpusCount()
        self._folder = folder
        self._claim = claim
        self._keys = keys
        self._places = places | claim.addresses.items()
        self._rows = Findings()
        self._texts = Findings()
        self._last = ("", "", "")

    def read(self, pulse: Pulse) -> list[Check]:
        """The checks on rows and on texts."""
        for path in self._folder.parquet("corpus"):
            self._last = ("", "", "")
            self.count.by_file[name_of(path)] = 0
            for table in batches(self._folder, path, _SCHEMA, _COLUMNS, self._rows, rows=_BATCH):
                self._batch(table, path)
                pulse("rows", self.count.rows, self._claim.rows())
        self._rows.compare("config_digest of the manifest", found=self._claim.config_digest, expected=self._digest())
        self.count.whole = not self._rows.broken
        unread = "" if self.count.whole else f"not all rows can be read, see rows: {many(self.count.rows, 'row')} could"
        told = f"columns, order, ids, archives, configuration of {many(self.count.rows, 'row')}"
        texts = f"text_digest and token_count of {many(self.count.tokens, 'token')}"
        return [self._rows.check("rows", told), self._texts.check("texts", texts, unread=unread)]

    def _digest(self) -> str:
        """Of the configuration in the manifest; the manifest's own word where this release cannot read it."""
        return self._claim.config.digest() if self._claim.config else self._claim.config_digest

    def _batch(self, table: pa.Table, path: str) -> None:
        before = self._rows.found
        for name in _COLUMNS:
            if table[name].null_count:
                self._rows.add(f"{name_of(path)} has rows without {name}")
        if self._rows.found > before:
            self._rows.broken = True
            return
        rows: list[Row] = table.to_pylist()
        self.count.by_file[name_of(path)] += len(rows)
        self.count.rows += len(rows)
        for row in rows:
            self._row(row, path)
        sound = [row for row in rows if all(is_key(str(row[name])) for name in ("id", "text_digest", "component_id"))]
        ids = [str(row["id"]) for row in sound]
        self._keys.add(
            Kind.ROW,
            ids,
            numbers=[int(str(row["duplicate_count"])) for row in sound],
            others=[str(row["component_id"]) for row in sound],
        )
        self._keys.add(Kind.TEXT, [str(row["text_digest"]) for row in sound], others=ids)

    def _row(self, row: Row, path: str) -> None:
        self.count.by_archive[str(row["warc_file"])] += 1
        place = (str(row["language"]), str(row["url"]), str(row["id"]))
        if place <= self._last:
            self._rows.add(f"{row_name(row, path)} is out of order: rows are sorted by language, url, id")
        self._last = place
        self._compare(row, path, "id", page_id(str(row["warc_file"]), int(str(row["record_offset"]))), self._rows)
        self._compare(row, path, "config_digest", self._claim.config_digest, self._rows)
        if row["warc_file"] not in self._claim.inputs:
            self._rows.add(f"{row_name(row, path)}: {row['warc_file']} is no archive of the manifest")
        elif (row["warc_file"], row["file_path"]) not in self._places:
            told = self._claim.addresses[str(row["warc_file"])]
            self._rows.add(f"{row_name(row, path)}: file_path is {row['file_path']}, {row['warc_file']} lay at {told}")
        if row["date"] and not "" < str(row["first_seen"]) <= str(row["date"]):
            self._rows.add(f"{row_name(row, path)}: first_seen is {row['first_seen']}, it was fetched {row['date']}")
        text = str(row["text"])
        tokens = count_tokens(text)
        self.count.tokens += tokens
        self._compare(row, path, "text_digest", text_digest(normalize(text)), self._texts)
        self._compare(row, path, "token_count", tokens, self._texts)

    def _compare(self, row: Row, path: str, name: str, expected: object, findings: Findings) -> None:
        if row[name] != expected:
            findings.add(f"{row_name(row, path)}: {name} is {row[name]}, it should be {expected}")
