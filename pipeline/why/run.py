"""The run behind an output, as far as the story of a page needs it: manifest, configuration, cells, documents."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.config import Config, build
from pipeline.seal import head_of
from pipeline.why.weight import CellFacts
from transforms.errors import ConfigError, InputError
from transforms.original import LABEL
from transforms.read.address import is_remote
from transforms.report.folder import Folder
from transforms.report.loose import mapping, name, real, sequence, whole
from transforms.report.manifest import read_manifest
from transforms.report.rows import Row, fetch_rows

Places = Mapping[str, tuple[str, int]]
"""Archive and offset of pages by id."""

_RANGE = re.compile(r"-(\d{14,})-(\d{14,})\.parquet$")  # the bytes of the archive that a documents file was made from


@dataclass(frozen=True, slots=True)
class Run:
    """What made an output."""

    folder: Folder
    config: Config
    model: str
    calibration: str  # digest
    archives: Mapping[str, str]  # short name → address
    cells: Mapping[tuple[str, str], CellFacts]  # by language and range of tokens
    documents: tuple[str, ...]  # the folders that held the documents, some of which may be gone
    earlier: Mapping[str, str]  # by the first digits of its head, where an output lay that this was curated against

    def archive(self, warc_file: str) -> str:
        """The address of an archive, "" if the manifest does not name it."""
        return self.archives.get(warc_file, "")

    def documents_rows(self, places: Places, *, columns: Sequence[str] | None = None) -> dict[str, Row]:
        """The documents rows of these pages by id, as far as they are at hand; `columns`: all if None."""
        paths = [path for folder in self.documents for path in self.folder.list_files(folder, "*.parquet")]
        likely = sorted(paths, key=lambda path: not any(_may_hold(path, *place) for place in places.values()))
        return fetch_rows(self.folder, likely, places, columns=columns)

    def corpus_rows(self, ids: Sequence[str], *, columns: Sequence[str] | None = None) -> dict[str, Row]:
        """Rows of the corpus by id; `columns`: all if None."""
        return fetch_rows(self.folder, self.folder.parquet("corpus"), ids, columns=columns)

    def earlier_run(self, label: str) -> Run | None:
        """The run behind an output that this one was curated against, None if it is not at hand or is another now."""
        root = self.earlier.get(label)
        if root is None or is_remote(root) == self.folder.is_local:
            return None
        try:
            folder = replace(self.folder, root=root)
            found = read_run(folder)
            return found if head_of(_json(folder, "manifest.json")).startswith(label) else None
        except InputError:
            return None


def read_run(folder: Folder) -> Run:
    """The run that wrote the folder.

    Raises:
        InputError: it is not the output of a finished run, or of a release with another configuration.
    """
    read_manifest(folder)  # says what is wrong with it
    manifest = _json(folder, "manifest.json")
    try:
        config = build(mapping(manifest.get("config")))
    except ConfigError as error:
        raise InputError(
            f"{folder.path('manifest.json')}: made with other settings than this release knows ({error})"
        ) from error
    inputs = [mapping(entry) for entry in sequence(manifest.get("inputs"))]
    named = [str(folder) for folder in sequence(manifest.get("documents"))]
    return Run(
        folder=folder,
        config=config,
        model=name(manifest.get("model")),
        calibration=name(manifest.get("calibration")),
        archives={name(entry.get("warc_file")): name(entry.get("file_path")) for entry in inputs},
        cells=_cells(_json(folder, "cells.json")),
        documents=tuple(dict.fromkeys(posixpath.join(folder.root, place) for place in ("documents", *named))),
        earlier=_earlier(manifest),
    )


def _earlier(manifest: Mapping[str, object]) -> dict[str, str]:
    entries = map(mapping, sequence(manifest.get("against")))
    return {name(entry.get("head"))[:LABEL]: name(entry.get("output")) for entry in entries}


def _json(folder: Folder, file_name: str) -> Mapping[str, object]:
    path = folder.path(file_name)
    try:
        with folder.open_file(path) as file:
            return mapping(json.loads(file.read()))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read as JSON ({error}); run the command that wrote it again") from error


def _cells(document: Mapping[str, object]) -> dict[tuple[str, str], CellFacts]:
    cells = [_cell(mapping(entry)) for entry in sequence(document.get("cells"))]
    return {(cell.language, cell.length): cell for cell in cells}


def _cell(values: Mapping[str, object]) -> CellFacts:
    prior = mapping(values.get("prior"))
    share, low, high = (real(prior.get(key)) or 0.0 for key in ("prior_human", "low", "high"))
    return CellFacts(
        language=name(values.get("language")),
        length=name(values.get("length")),
        pages=whole(values.get("pages")),
        prior_human=share,
        low=low,
        high=high,
        judged=whole(prior.get("pages")),
        borrowed_from=name(prior.get("borrowed_from")),
        lift=real(values.get("lift")) or 0.0,
        mean_probability=real(values.get("mean_probability")),
    )


def _may_hold(path: str, warc_file: str, record_offset: int) -> bool:
    """Whether the name of a documents file says that it is of this archive and of bytes around this one."""
    found = _RANGE.search(path)
    begins = posixpath.basename(path).startswith(posixpath.basename(warc_file))
    return found is not None and begins and int(found[1]) <= record_offset < int(found[2])
