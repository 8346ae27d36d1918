"""The run behind an output, as far as the story of a page needs it: manifest, configuration, cells, documents."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pipeline.config import Config, build
from pipeline.why_weight import CellFacts
from transforms.errors import ConfigError, InputError
from transforms.report.folder import Folder
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


def read_run(folder: Folder) -> Run:
    """The run that wrote the folder.

    Raises:
        InputError: it is not the output of a finished run, or of a release with another configuration.
    """
    read_manifest(folder)  # says what is wrong with it
    manifest = _json(folder, "manifest.json")
    try:
        config = build(cast(dict[str, object], manifest.get("config", {})))
    except ConfigError as error:
        raise InputError(
            f"{folder.path('manifest.json')}: made with other settings than this release knows ({error})"
        ) from error
    inputs = cast(list[dict[str, str]], manifest.get("inputs", []))
    named = cast(list[str], manifest.get("documents", []))
    return Run(
        folder=folder,
        config=config,
        model=str(manifest.get("model", "")),
        calibration=str(manifest.get("calibration", "")),
        archives={entry["warc_file"]: entry["file_path"] for entry in inputs},
        cells=_cells(_json(folder, "cells.json")),
        documents=tuple(dict.fromkeys(posixpath.join(folder.root, name) for name in ("documents", *named))),
    )


def _json(folder: Folder, name: str) -> dict[str, object]:
    path = folder.path(name)
    try:
        with folder.open_file(path) as file:
            document = json.loads(file.read())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read as JSON ({error}); run the command that wrote it again") from error
    if not isinstance(document, dict):
        raise InputError(f"{path}: holds no JSON object; run the command that wrote it again")
    return document


def _cells(document: Mapping[str, object]) -> dict[tuple[str, str], CellFacts]:
    cells = map(_cell, cast(list[dict[str, object]], document.get("cells", [])))
    return {(cell.language, cell.length): cell for cell in cells}


def _cell(values: Mapping[str, object]) -> CellFacts:
    prior = cast(dict[str, float], values["prior"])
    return CellFacts(
        language=str(values["language"]),
        length=str(values["length"]),
        pages=cast(int, values["pages"]),
        prior_human=float(prior["prior_human"]),
        low=float(prior["low"]),
        high=float(prior["high"]),
        judged=int(prior["pages"]),
        borrowed_from=str(prior["borrowed_from"]),
        lift=float(cast(float, values["lift"])),
        mean_probability=cast(float | None, values["mean_probability"]),
    )


def _may_hold(path: str, warc_file: str, record_offset: int) -> bool:
    """Whether the name of a documents file says that it is of this archive and of bytes around this one."""
    found = _RANGE.search(path)
    begins = posixpath.basename(path).startswith(posixpath.basename(warc_file))
    return found is not None and begins and int(found[1]) <= record_offset < int(found[2])
