"""What a crash left, and whether an output is that of another run but for what tells the time."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from tests.outputs import corpus, rejections

_OF_TIME = ("cpu_s", "elapsed", "ended", "chain")  # in the manifest: seconds, the date, and digests of these


def splits_begun(output: Path) -> int:
    """How many splits have a documents file that is not committed."""
    return sum(not path.name.startswith(".tmp-progress-") for path in (output / "documents").glob(".tmp-*"))


def lost_pages(output: Path) -> int:
    """How many pages of splits that are not committed were done, as their workers said last."""
    folder = output / "documents"
    beats = {path: path.name.removeprefix(".tmp-progress-") for path in folder.glob(".tmp-progress-*")}
    return sum(_pages(path) for path, split in beats.items() if not (folder / f"{split}.parquet").exists())


def _pages(heartbeat: Path) -> int:
    try:
        return int(json.loads(heartbeat.read_text())[1])
    except (OSError, ValueError):
        return 0


def differences(output: Path, other: Path) -> list[str]:
    """What two finished outputs of the same archives differ in, that is not time."""
    ours, theirs = manifest(output), manifest(other)
    found = [f"the manifest's {key}" for key in theirs if ours.get(key) != theirs[key]]
    found += ["documents"] if documents(output) != documents(other) else []
    found += ["rows"] if corpus(output) != corpus(other) else []
    found += ["rejections"] if rejections(output) != rejections(other) else []
    found += ["cells"] if (output / "cells.json").read_bytes() != (other / "cells.json").read_bytes() else []
    return found


def manifest(output: Path) -> dict[str, object]:
    """The manifest but for what tells the time; the digests of the corpus and the rejections are in it."""
    page: dict[str, object] = json.loads((output / "manifest.json").read_bytes())
    return {key: value for key, value in page.items() if key not in _OF_TIME}


def documents(output: Path) -> dict[str, list[dict[str, object]]]:
    """Every document by file; the files differ by the seconds in their footers."""
    return {path.name: pq.read_table(path).to_pylist() for path in (output / "documents").glob("*.parquet")}


def leftovers(output: Path, temporary: Path) -> list[str]:
    """Files that nothing will read any more."""
    hidden = [path for path in output.rglob(".*") if path.name != ".lock"]
    return [f"{path.name} was left" for path in [*hidden, *temporary.iterdir()]]
