"""The seeds of each harness: stored in tests/data, and made when wanted where they follow formats of our own.

A stored Parquet file or header would go stale with the next column, and a fuzzer that starts from it never get behind
the first check.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fuzz.seeding import outputs

DATA = Path(__file__).parent.parent / "data"
"""What is stored: DATA/<target>/<what the input does>."""

FRESH: dict[str, Callable[[], dict[str, bytes]]] = {
    "configuration": outputs.defaults,
    "footers": outputs.footers,
    "models": outputs.models,
    "shards": outputs.shards,
}


def seeds_of(target: str) -> dict[str, bytes]:
    """The seeds of a target by name."""
    folder = DATA / target
    stored = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} if folder.exists() else {}
    return stored | FRESH.get(target, dict)()


def write(target: str, folder: Path) -> None:
    """Put the seeds of a target into a folder, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds_of(target).items():
        (folder / name).write_bytes(data)
