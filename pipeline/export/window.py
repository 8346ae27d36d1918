"""One window of an export: its rows are read, put in order by way of a spool, and written as shards."""

from __future__ import annotations

import math
import posixpath
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from hashlib import sha256
from typing import BinaryIO

import pyarrow as pa

from pipeline.export import jsonl, mds
from pipeline.export.account import Account, ExportedFile, count
from pipeline.export.plan import ExportPlan, Window
from pipeline.export.rows import COPY, NEEDED, Taken, order_keys, repeated, take_rows
from pipeline.export.settings import BUCKETS, COPIES, MDS, Settings
from pipeline.export.spool import Spool
from transforms.errors import corpus_cure, naming_damage
from transforms.schema import CORPUS, arrow_schema
from transforms.write.stage import commit, is_local, make_folder, open_file

DATA = "data"
"""The folder of all shards, unless they go by weight band."""
_SLOTS_A_SHARD = 8  # a spool is read back in pieces of this part of a shard

Beat = Callable[[int, int], None]
"""Takes the rows and the parts done since it was last called."""


def export_window(plan: ExportPlan, window: Window, root: str, beat: Beat) -> Account:
    """Write the shards of a window below `root`; the account is in the order of the files.

    Memory is two shards and the spool's buffer; disk is the window. The same plan gives the same bytes.
    """
    settings = plan.settings
    account = Account()
    with tempfile.TemporaryFile(dir=root if is_local(root) else None) as file:
        spool = Spool(file, slot_bits=_slot_bits(window.bytes, settings.shard_bytes))
        for name in window.parts:
            for taken in _taken(plan.part(name), settings):
                _spool(spool, taken, settings)
                account += count(taken)
                beat(taken.rows.num_rows, 0)
            beat(0, 1)
        for group in spool.groups():
            make_folder(posixpath.join(root, group))
            for index, records in enumerate(_shards(spool.read(group), settings.shard_bytes)):
                path = posixpath.join(group, f"shard-{window.ordinal:05d}-{index:05d}{suffix(settings)}")
                account += Account({}, (_write(root, path, records, settings),))
    return account


def _slot_bits(window_bytes: int, shard_bytes: int) -> int:
    return math.ceil(math.log2(max(1, _SLOTS_A_SHARD * window_bytes // shard_bytes))) if window_bytes else 0


def _taken(path: str, settings: Settings) -> Iterator[Taken]:
    columns = settings.read_columns(NEEDED)
    seed = settings.seed if settings.layout == COPIES else None
    with naming_damage(path, cure=corpus_cure(path)), closing(open_file(path)) as file:
        yield from take_rows(file, columns, where=settings.where, repeats_seed=seed)


def _spool(spool: Spool, taken: Taken, settings: Settings) -> None:
    keys = iter(order_keys(taken, settings.seed))
    groups = _groups(taken, settings)
    encode = mds.encode_samples if settings.format == MDS else jsonl.encode_lines
    for rows, places in repeated(taken, settings.columns, number_copies=settings.layout == COPIES):
        for place, record in zip(places, encode(rows), strict=True):
            spool.add(groups[place], next(keys), record)


def _groups(taken: Taken, settings: Settings) -> Sequence[str]:
    """The folder of each row."""
    if settings.layout != BUCKETS:
        return [DATA] * taken.rows.num_rows
    cells = zip(taken.rows["language"].to_pylist(), taken.rows["weight_bucket"].to_pylist(), strict=True)
    return [bucket_folder(language, band) for language, band in cells]


def bucket_folder(language: str, band: int) -> str:
    """The folder of a weight band of a language; a code that is no plain word is told by its bytes.

    >>> bucket_folder("en", 3), bucket_folder("../x", 0)
    ('en/bucket-3', 'x-2e2e2f78/bucket-0')
    """
    plain = language.isascii() and language.isalnum()
    return f"{language if plain else 'x-' + language.encode().hex()}/bucket-{band}"


def _shards(records: Iterable[bytes], limit: int) -> Iterator[list[bytes]]:
    """Consecutive records, as many to a shard as fit, one at least."""
    shard: list[bytes] = []
    size = 0
    for record in records:
        if shard and size + len(record) > limit:
            yield shard
            shard, size = [], 0
        shard.append(record)
        size += len(record)
    if shard:
        yield shard


def _write(root: str, path: str, records: Sequence[bytes], settings: Settings) -> ExportedFile:
    size, digest = commit(posixpath.join(root, path), partial(_fill, records=records, settings=settings))
    return ExportedFile(path, len(records), size, digest)


def _fill(sink: BinaryIO, records: Sequence[bytes], settings: Settings) -> tuple[int, str]:
    """Write a shard; its bytes and their digest."""
    digested = _Digested(sink)
    if settings.format == MDS:
        mds.write_shard(digested.write, records, configuration(settings))
    else:
        jsonl.write_lines(digested.write, records)
    return digested.size, digested.digest.hexdigest()


def configuration(settings: Settings) -> dict[str, object]:
    """What MDS shards of this export say of themselves."""
    schema = arrow_schema(CORPUS)
    fields = [schema.field(name) for name in settings.columns]
    fields += [pa.field(COPY, pa.int32())] if settings.layout == COPIES else []
    return mds.layout_of(pa.schema(fields)).configuration(settings.shard_bytes)


def suffix(settings: Settings) -> str:
    """How the names of the shards end."""
    return mds.SUFFIX if settings.format == MDS else jsonl.SUFFIX


class _Digested:
    """A sink that knows how much was written to it, and the digest."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self.size = 0
        self.digest = sha256()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self.digest.update(data)
        self._sink.write(data)
