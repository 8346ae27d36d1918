"""`plan.json` of an export: from what, how, and in which windows; a second run goes on by it."""

from __future__ import annotations

import dataclasses
import json
import posixpath
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import pyarrow.parquet as pq

from pipeline.committed import READERS
from pipeline.export.rows import NEEDED
from pipeline.export.settings import Settings
from pipeline.output import CORPUS
from transforms.errors import InputError, corpus_cure, naming_damage
from transforms.write.stage import list_files, open_file


@dataclass(frozen=True, slots=True)
class Window:
    """Corpus shards whose rows are put in one order. The unit of work, of commit and of resumption."""

    ordinal: int
    parts: tuple[str, ...]  # names of files in corpus/
    bytes: int  # of the exported columns, before compression


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """An export as it is to be."""

    source: str  # the output of a run
    manifest_sha256: str  # of its manifest.json: another is another corpus
    success: str  # what its _SUCCESS says: the head of its chain of digests
    config_digest: str  # of the configuration that made the corpus, "" if its manifest does not say
    settings: Settings
    windows: tuple[Window, ...]

    def to_json(self) -> bytes:
        """As it is written."""
        return json.dumps(dataclasses.asdict(self), indent=1).encode()

    def part(self, name: str) -> str:
        """Where a corpus shard lies."""
        return posixpath.join(self.source, CORPUS, name)


def plan_export(source: str, settings: Settings) -> ExportPlan:
    """The plan of exporting this output.

    Raises:
        InputError: it is not the output of a finished run.
    """
    success, manifest = _read(source, "_SUCCESS"), _read(source, "manifest.json")
    return ExportPlan(
        source,
        sha256(manifest).hexdigest(),
        success.decode("ascii", "replace").strip()[:200],
        _config_digest(manifest),
        settings,
        tuple(_windows(_sizes(source, settings), settings.window_bytes)),
    )


def _read(source: str, name: str) -> bytes:
    try:
        with closing(open_file(posixpath.join(source, name))) as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        begun = any(list_files(source, name) for name in ("extract.json", "manifest.json"))
        cure = "the run has not finished: give its command again" if begun else "name the --output of a finished run"
        raise InputError(f"{source} has no {name}; {cure}") from None


def _config_digest(manifest: bytes) -> str:
    try:
        return str(json.loads(manifest).get("config_digest", ""))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _sizes(source: str, settings: Settings) -> list[tuple[str, int]]:
    """Name and bytes of every corpus shard, in order."""
    columns = frozenset(settings.read_columns(NEEDED))
    parts = list_files(posixpath.join(source, CORPUS), "*.parquet")
    if not parts:
        raise InputError(f"{source} has no corpus/*.parquet: name the --output of `firsthand run` or `curate`")
    with ThreadPoolExecutor(READERS) as pool:
        sizes = pool.map(partial(_size, columns=columns), parts)
    return [(posixpath.basename(path), size) for path, size in zip(parts, sizes, strict=True)]


def _size(path: str, columns: frozenset[str]) -> int:
    with naming_damage(path, cure=corpus_cure(path)), closing(open_file(path)) as file:
        footer = pq.read_metadata(file)
    chunks = (
        footer.row_group(group).column(index)
        for group in range(footer.num_row_groups)
        for index in range(footer.num_columns)
    )
    return sum(int(c.total_uncompressed_size) for c in chunks if c.path_in_schema.split(".")[0] in columns)


def _windows(sizes: Sequence[tuple[str, int]], limit: int) -> list[Window]:
    """Consecutive shards, as many to a window as fit, one at least."""
    groups: list[list[tuple[str, int]]] = []
    for part in sizes:
        if not groups or sum(size for _, size in groups[-1]) + part[1] > limit:
            groups.append([])
        groups[-1].append(part)
    return [
        Window(ordinal, tuple(name for name, _ in group), sum(size for _, size in group))
        for ordinal, group in enumerate(groups)
    ]
