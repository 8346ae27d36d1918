"""The narrow columns of a documents file, as blocks. The text column is never read here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.dedup.bands import band_keys
from transforms.dedup.blocks import BAND_ENTRY, MEMBER, Block, Keys, Sketches, references, rows_of
from transforms.dedup.params import DedupParams
from transforms.documents import open_documents
from transforms.errors import CURE, ConfigError, InputError, corpus_cure

_BATCH = 4096  # rows at a time: 4 MiB of signatures, 6 MiB of band factors


@dataclass(frozen=True, slots=True)
class DocumentsFile:
    """A documents file of the run. Its ordinal is unique in the run and below 2^32; results do not depend on it.

    Or one that an earlier corpus was made from, in which texts are looked up; or a file of that corpus itself, whose
    rows stand before all pages of the run.
    """

    path: str
    ordinal: int
    rows: int
    earlier: int = 0  # number of the earlier corpus, from 1; 0 for a file of this run
    is_corpus: bool = False

    @property
    def has_members(self) -> bool:
        """Whether its rows are told apart: kept, or dropped for one that is."""
        return self.is_corpus or not self.earlier

    @property
    def has_signatures(self) -> bool:
        """Whether it says what its texts are like."""
        return not self.is_corpus

    @property
    def cure(self) -> str:
        """What to do about it if it is damaged: nothing that others have is to be deleted."""
        if self.is_corpus:
            return corpus_cure(self.path)
        if self.earlier:
            return "bring back what the earlier corpus was made from, or extract and curate that again"
        return CURE


def read_members(stream: BinaryIO, file: DocumentsFile) -> Iterator[Block]:
    """MEMBER rows of every page in the file, each the root of its own component; a few thousand rows at a time."""
    for first, batch in _batches(stream, file, ["id", "text_digest", "date", "quality"]):
        members = np.empty(batch.num_rows, dtype=MEMBER)
        members["id_high"], members["id_low"] = _halves(batch, "id").T
        members["text_high"], members["text_low"] = _halves(batch, "text_digest").T
        members["component"] = members["text_high"]
        members["date"] = _dates(batch)
        members["quality"] = batch.column("quality").to_numpy(zero_copy_only=False)
        members["ref"] = references(file.ordinal, np.arange(first, first + batch.num_rows))
        members["earlier"] = file.earlier
        yield members


def read_band_entries(stream: BinaryIO, file: DocumentsFile, params: DedupParams) -> Iterator[Block]:
    """BAND_ENTRY rows, one a band, of every page long enough to have near-duplicates."""
    for first, batch in _batches(stream, file, ["text_digest", "shingles", "signature"]):
        long_enough = np.flatnonzero(_shingles(batch) >= params.min_shingles)
        if long_enough.size == 0:
            continue
        signatures = _signatures(batch)[long_enough]
        if problems := params.misfits(signatures.shape[1]):
            raise ConfigError(problems)
        entries = np.empty((long_enough.size, params.bands), dtype=BAND_ENTRY)
        entries["band"] = band_keys(signatures, params.bands, params.rows)
        entries["text"] = _halves(batch, "text_digest")[long_enough, :1]
        entries["ref"] = references(file.ordinal, long_enough + first)[:, np.newaxis]
        yield entries.reshape(-1)


def read_sketches(stream: BinaryIO, file: DocumentsFile, requests: Block) -> Iterator[Sketches]:
    """What REQUEST rows, all for this file, ask for: these rows with shingles and (half) signatures."""
    wanted = rows_of(requests["ref"])
    for first, batch in _batches(stream, file, ["shingles", "signature"]):
        here = (wanted >= first) & (wanted < first + batch.num_rows)
        if here.any():
            rows = wanted[here] - first
            asked = requests[here]
            lower = _signatures(batch)[rows].astype(np.uint16)
            yield Sketches(asked["group"], asked["text"], _shingles(batch)[rows], lower)


def _batches(stream: BinaryIO, file: DocumentsFile, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The columns in batches, each with the number of its first row.

    Raises ValueError, at the end, if there are more or fewer rows than the file is to have: its footer may lie.
    """
    first = 0
    with open_documents(stream, columns) as opened:
        for batch in opened.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False):
            yield first, batch
            first += batch.num_rows
    if first != file.rows:
        raise ValueError(f"it has {first} rows, expected {file.rows}")


def _halves(batch: pa.RecordBatch, name: str) -> Keys:
    """A column of 32 hex digits as 128-bit numbers: uint64 [n, 2], upper half first."""
    values = _checked(batch, name, "^[0-9a-f]{32}$", "32 hex digits")
    return np.frombuffer(bytes.fromhex("".join(values)), dtype=">u8").reshape(-1, 2).astype(np.uint64)


def _dates(batch: pa.RecordBatch) -> NDArray[np.bytes_]:
    """The dates as S20 [n]."""
    return np.array(_checked(batch, "date", "^([0-9TZ:-]{20})?$", "YYYY-MM-DDTHH:MM:SSZ or nothing"), dtype="S20")


def _checked(batch: pa.RecordBatch, name: str, pattern: str, form: str) -> list[str]:
    """A column's values, all of which match `pattern`; anything else would be compared wrongly without a word."""
    column = batch.column(name)
    wrong = column.filter(pc.invert(pc.match_substring_regex(column, pattern)))
    if len(wrong):
        raise InputError(f"column {name} of a documents file must hold {form}, got {wrong[0].as_py()!r}: extract again")
    values: list[str] = column.to_pylist()
    return values


def _shingles(batch: pa.RecordBatch) -> NDArray[np.int32]:
    return np.asarray(batch.column("shingles").to_numpy(zero_copy_only=False), dtype=np.int32)


def _signatures(batch: pa.RecordBatch) -> NDArray[np.uint32]:
    """uint32 [n, num_hashes]."""
    values = batch.column("signature").to_pylist()
    sizes = {len(value) for value in values}
    if len(sizes) != 1 or sizes & {0} or min(sizes) % 4:
        raise InputError(f"signatures of a documents file differ in size ({sorted(sizes)} bytes): extract again")
    return np.frombuffer(b"".join(values), dtype="<u4").reshape(len(values), -1)
