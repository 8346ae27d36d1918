"""Beam edge of write: files that appear whole or not at all, and the corpus shards."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from glob import glob
from typing import BinaryIO, TypeVar
from uuid import uuid4

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.pvalue import PCollection

from transforms.errors import IntegrityError, OutputError, StoreError, naming_damage
from transforms.memory import give_back
from transforms.spool import open_spool
from transforms.store.objects import ObjectStore
from transforms.store.stage import find_stored, open_stored, store_of
from transforms.write.digest import hashed
from transforms.write.shards import (
    CORPUS_SCHEMA,
    PNull,
    Shard,
    ShardReport,
    key_rows,
    part_rows,
    write_corpus,
    write_rejections,
)
from transforms.write.sorted_rows import SortedRows

_TEMPORARY = ".tmp-"
_SHELVES = 8  # parts of a shard that are sorted one after the other: of 128 MiB of text each has 16
_CHUNK = 1 << 20  # bytes of a request: a footer is one, and so are a few narrow columns side by side
_WRITTEN = {
    "s3": "firsthand[aws]",
    "gs": "firsthand[gcp]",
    "hdfs": "apache-beam[hadoop]",
    "azfs": "apache-beam[azure]",
}  # by scheme, the package that writes there
# Never said of a file that is read; where reading it writes, `open_spool` says so.
_REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
T = TypeVar("T")


def commit(path: str, write: Callable[[BinaryIO], T]) -> T:
    """Let `write` fill a file that is then at `path` as a whole: readers see all of it or nothing, whatever fails.

    A file of that name is replaced. A local file reaches the disk before it is renamed; its name may not, and a machine
    that loses power then has the file of before, or none. Where there is no renaming, on object stores, the file is
    kept in an unnamed local file until it is complete and goes up under its final name.
    """
    if is_local(path):
        return _commit_local(path, _beside(path), write)
    store = store_of(path)
    if store is not None:
        with open_spool() as spool:
            result = write(spool)
            store.put(path, spool)
        return result
    temporary = _beside(path)
    with FileSystems.create(temporary, compression_type=CompressionTypes.UNCOMPRESSED) as sink:
        result = write(sink)
    FileSystems.rename([temporary], [path])
    return result


def _beside(path: str) -> str:
    folder, name = FileSystems.split(path)
    return FileSystems.join(folder, f"{_TEMPORARY}{uuid4().hex}-{name}")


def _commit_local(path: str, temporary: str, write: Callable[[BinaryIO], T]) -> T:
    try:
        with open(temporary, "xb") as sink:
            result = write(sink)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError) and (error.errno in _REFUSED or error.filename == temporary):
            raise OutputError(
                f"cannot write {path}: {error.strerror}; make room there, or mend it, and give the same command again"
            ) from error
        raise
    return result


def is_local(path: str) -> bool:
    """Whether the path is on a mounted file system rather than an object store."""
    return FileSystems.get_scheme(path) is None


def open_file(path: str) -> BinaryIO:
    """The file's bytes, seekable, never decompressed. For Parquet: of a store, little more than what is read.

    Raises FileNotFoundError if there is none.
    """
    if is_local(path):
        return open(path, "rb", opener=_without_waiting)
    if store_of(path) is None and not FileSystems.exists(path):  # each of Beam's says it in another way
        raise FileNotFoundError(f"no file at {path}")
    return open_stored(path, chunk=_CHUNK)


def _without_waiting(path: str, flags: int) -> int:
    """The `opener` of `open`: a pipe in place of a file would be opened when somebody writes into it."""
    return os.open(path, flags | os.O_NONBLOCK)


def check_file_system(path: str) -> None:
    """Raise OutputError if there is no file system for this address, or it lacks its libraries or credentials."""
    if is_local(path):
        return
    if path.lower().startswith(("http://", "https://")):
        raise OutputError(f"cannot write to {path}: the web is read only; name a folder or a bucket")
    try:
        list_files(path, "_SUCCESS")
    except StoreError as error:
        raise OutputError(
            f"cannot reach {error}; name another --output, or see to the bucket and the credentials"
        ) from error
    except (ValueError, OSError, BeamIOError, NotImplementedError, ImportError) as error:
        raise OutputError(_unreachable(path, error)) from error


def _unreachable(path: str, error: Exception) -> str:
    scheme = FileSystems.get_scheme(path)
    if scheme not in _WRITTEN:
        known = ", ".join(f"{name}://" for name in _WRITTEN)
        return f"cannot write to {path}: nothing writes {scheme}://; name a folder, or an address with {known}"
    return f"cannot reach {path} ({error}): see to that, or pip install '{_WRITTEN[scheme]}' if it is missing"


def list_files(folder: str, pattern: str = "*") -> list[str]:
    """Committed files of a folder whose name matches, in order; leftovers of killed writers are not among them."""
    return [path for path in _match(folder, pattern) if not FileSystems.split(path)[1].startswith(".")]


def make_folder(folder: str) -> None:
    """Make a folder and those above it; no error if it is there, and nothing to do on an object store."""
    if is_local(folder):
        os.makedirs(folder, exist_ok=True)


def remove(paths: Iterable[str]) -> None:
    """Delete these files, of one file system; one that is gone already is no error."""
    remote = []
    for path in paths:
        if is_local(path):  # Beam takes brackets in a name for a pattern
            with suppress(FileNotFoundError):
                os.unlink(path)
        else:
            remote.append(path)
    store = store_of(remote[0]) if remote else None
    if store is not None:
        store.delete(remote)
    elif remote:
        FileSystems.delete(remote)


def match_files(pattern: str) -> list[str]:
    """The files that a glob matches, in order; `**` for any depth on a mounted file system."""
    if is_local(pattern):
        return sorted(path for path in glob(pattern, recursive=True) if os.path.isfile(path))
    return [found.address for found in find_stored(pattern)]


def remove_leftovers(folder: str, *, begin: str = _TEMPORARY) -> None:
    """Delete what killed writers left in a folder, by how it begins; only safe while nobody else writes there."""
    remove(_match(folder, f"{begin}*"))


def _match(folder: str, pattern: str) -> list[str]:
    if is_local(folder):  # Beam takes brackets in the folder's own name for a pattern
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return [os.path.join(folder, name) for name in sorted(names) if fnmatchcase(name, pattern)]
    store = store_of(folder)
    if store is not None:
        return _list_store(store, folder.rstrip("/") + "/", pattern)
    [match] = FileSystems.match([FileSystems.join(folder, pattern)])
    return sorted(entry.path for entry in match.metadata_list)


def _list_store(store: ObjectStore, folder: str, pattern: str) -> list[str]:
    begin = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    names = (found.address.removeprefix(folder) for found in store.list(folder + begin))
    return sorted(folder + name for name in names if "/" not in name and fnmatchcase(name, pattern))


class WriteShards(beam.PTransform[PCollection[tuple[Shard, Iterable[tuple[str, pa.Table]]]], PCollection[ShardReport]]):
    """(Shard, verdict tables by documents path) → ShardReport, with both files of the shard committed."""

    def __init__(self, *, output: str, config_digest: str, row_group_bytes: int, p_null: PNull) -> None:
        super().__init__()
        self._write = _WriteShard(output, config_digest, row_group_bytes, p_null)

    def expand(self, shards: PCollection[tuple[Shard, Iterable[tuple[str, pa.Table]]]]) -> PCollection[ShardReport]:
        """Wire the writer."""
        reports: PCollection[ShardReport] = shards | "WriteShard" >> beam.ParDo(self._write)
        return reports


class _WriteShard(beam.DoFn):
    def __init__(self, output: str, config_digest: str, row_group_bytes: int, p_null: PNull) -> None:
        self._output = output
        self._config_digest = config_digest
        self._row_group_bytes = row_group_bytes
        self._p_null = p_null

    def process(self, element: tuple[Shard, Iterable[tuple[str, pa.Table]]]) -> Iterator[ShardReport]:
        shard, verdicts = element
        by_path = dict(verdicts)
        if by_path.keys() != set(shard.paths):
            raise IntegrityError(f"shard {shard.ordinal} got verdicts on other files than its own: please report this")
        give_back()  # what came before a shard: this is where a curation holds most
        rows, dropped = self._sort(shard, by_path)
        name = f"{shard.ordinal:05d}.parquet"
        reasons, refused = commit(
            FileSystems.join(self._output, "rejections", f"curate-{name}"),
            hashed(lambda sink: write_rejections(sink, dropped)),
        )
        count, corpus = commit(
            FileSystems.join(self._output, "corpus", f"part-{name}"),
            hashed(lambda sink: write_corpus(sink, rows, row_group_bytes=self._row_group_bytes)),
        )
        yield ShardReport(shard.ordinal, corpus, count, refused, reasons)

    def _sort(self, shard: Shard, verdicts: Mapping[str, pa.Table]) -> tuple[SortedRows, list[pa.Table]]:
        """The rows of a shard that are kept, and those that are not as rejections."""
        keys = []
        for path in shard.paths:
            with naming_damage(path), open_file(path) as documents:
                keys.append(key_rows(documents, verdicts[path]))
        rows, dropped = SortedRows(keys, CORPUS_SCHEMA, shelves=_SHELVES), list[pa.Table]()
        for path in shard.paths:
            with naming_damage(path), open_file(path) as documents:
                kept, others = part_rows(
                    documents, verdicts[path], config_digest=self._config_digest, p_null=self._p_null
                )
            rows.add(kept)
            dropped.append(others)
        return rows, dropped
