"""The files of an output as tables of a database, read where they lie; what is asked of them can touch nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow.fs import FileInfo, FileSystemHandler, FileType, LocalFileSystem, PyFileSystem

from transforms.report.folder import Folder
from transforms.report.lent import LentFile
from transforms.report.shards import check_columns, naming_shard
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, Column, arrow_schema
from transforms.scratch import ScratchFolder

TABLES: dict[str, tuple[Column, ...]] = {"corpus": CORPUS, "rejections": REJECTIONS, "documents": DOCUMENTS}
"""Every table by name: the folder of the output that holds its files, and its columns."""

_MEMORY = "2GB"  # of the database; what needs more goes to a temporary folder

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # an unknown table would be looked up among Python's variables
}


@dataclass(frozen=True, slots=True)
class Tables:
    """A connection that knows the tables of `TABLES`; one without files has no rows. Use as a context manager."""

    connection: duckdb.DuckDBPyConnection
    spill: ScratchFolder  # the one place that a query could write to; gone with the tables

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.spill.remove()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query of ours; `?` in it stand for the parameters."""
        return self.connection.execute(sql, list(parameters)).fetchall()


def open_tables(
    folder: Folder,
    *,
    corpus: Sequence[str] | pa.Table | None = None,
    rejections: Sequence[str] | None = None,
    other: Folder | None = None,
) -> Tables:
    """The tables of the folder; `corpus` are the shards to read, or rows already read, all if it is None; `rejections`
    likewise. Those of another folder, if there is one, have the same names after `other_`.

    A query reads no other file, loads no extension and changes no setting: SQL from a command line or a page's text in
    it cannot reach beyond the tables. Memory: 2 GB; what needs more is sorted and grouped in a temporary folder.

    Raises:
        InputError: the first shard of the corpus cannot be read, or an older release wrote it.
    """
    for each in (folder if not isinstance(corpus, pa.Table) else None, other):
        if each is not None:
            _check_release(each)
    chosen = {"corpus": corpus, "rejections": rejections}
    spill = ScratchFolder()
    connection = duckdb.connect(config=_CLOSED | {"memory_limit": _MEMORY, "temp_directory": f"{spill.path}/spill"})
    with ExitStack() as opened:
        tables = opened.enter_context(Tables(connection, spill))
        for name, columns in TABLES.items():
            rows = chosen.get(name)
            if not isinstance(rows, pa.Table):
                rows = dataset(folder, folder.parquet(name) if rows is None else rows, arrow_schema(columns))
            connection.register(name, rows)
            if other is not None:
                connection.register(f"other_{name}", dataset(other, other.parquet(name), arrow_schema(columns)))
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        opened.pop_all()
    return tables


def _check_release(folder: Folder) -> None:
    """Raise InputError unless the first shard has the columns that figures are made of; a run's shards are alike."""
    for path in folder.parquet("corpus")[:1]:
        with naming_shard(path), folder.open_file(path) as source:
            names = pq.read_schema(source).names
        check_columns(path, [column.name for column in CORPUS if column.name != "text"], names)


def dataset(folder: Folder, paths: Sequence[str], schema: pa.Schema) -> ds.Dataset:
    """These Parquet files as one dataset of this schema; a file opens when it is read."""
    # Arrow opens local files itself: threads that read ahead, as under a LIMIT, then need no interpreter at its end.
    system = LocalFileSystem() if folder.is_local else PyFileSystem(_Files(folder))
    form = ds.ParquetFileFormat()
    fragments = [form.make_fragment(path, system) for path in paths]
    return _Dataset(fragments, schema, form, system)


class _Dataset(ds.FileSystemDataset):  # type: ignore[misc]  # pyarrow has no types
    """A dataset whose files may be Python's: whoever scans it lets go of the interpreter while Arrow works."""

    def scanner(self, **options: object) -> _Scan:
        """A scan of some columns of some rows, as DuckDB asks for it."""
        return _Scan(super().scanner(**options))


class _Scan:
    """Rows of a scan, batch by batch.

    pyarrow's own `Scanner.to_reader` (25.0) starts the scan while it holds the interpreter's lock. A thread of Arrow's
    that opens a Python file then waits for that lock, with a mutex in hand that the start of the scan waits for.
    """

    def __init__(self, scanner: ds.Scanner) -> None:
        self._scanner = scanner

    def to_reader(self) -> pa.RecordBatchReader:
        """The rows as a reader; the scan starts with its first batch, without the lock."""
        batches = (tagged.record_batch for scan in (self._scanner,) for tagged in scan.scan_batches())
        return pa.RecordBatchReader.from_batches(self._scanner.projected_schema, batches)


class _Files(FileSystemHandler):  # type: ignore[misc]  # pyarrow has no types
    """A folder as Arrow's datasets want a file system: files open for reading, nothing else is possible."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def get_type_name(self) -> str:
        return "firsthand"

    def normalize_path(self, path: str) -> str:
        return path

    def get_file_info(self, paths: list[str]) -> list[FileInfo]:
        return [FileInfo(path, FileType.File, size=self._size(path)) for path in paths]

    def _size(self, path: str) -> int:
        with closing(self._folder.open_file(path)) as file:
            return file.seek(0, 2)

    def open_input_file(self, path: str) -> pa.PythonFile:
        return pa.PythonFile(LentFile(self._folder.open_file(path)), mode="r")

    def open_input_stream(self, path: str) -> pa.PythonFile:
        return self.open_input_file(path)

    def get_file_info_selector(self, selector: object) -> list[FileInfo]:
        raise NotImplementedError("files are named, never searched for")

    def create_dir(self, path: str, recursive: bool) -> None:
        raise PermissionError(path)

    def delete_dir(self, path: str) -> None:
        raise PermissionError(path)

    def delete_dir_contents(self, path: str, missing_dir_ok: bool = False) -> None:
        raise PermissionError(path)

    def delete_root_dir_contents(self) -> None:
        raise PermissionError

    def delete_file(self, path: str) -> None:
        raise PermissionError(path)

    def move(self, src: str, dest: str) -> None:
        raise PermissionError(src)

    def copy_file(self, src: str, dest: str) -> None:
        raise PermissionError(src)

    def open_output_stream(self, path: str, metadata: object) -> None:
        raise PermissionError(path)

    def open_append_stream(self, path: str, metadata: object) -> None:
        raise PermissionError(path)
