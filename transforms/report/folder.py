"""The folder of an output as a report reads it, wherever it lies."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


def _list_local(folder: str, pattern: str) -> list[str]:
    return sorted(str(path) for path in Path(folder).glob(pattern))


def _open_local(path: str) -> BinaryIO:
    return open(path, "rb")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, with the functions that list and open what is in it; those of local files if none are given."""

    root: str
    list_files: Callable[[str, str], list[str]] = _list_local  # folder and pattern of names → paths, in order
    open_file: Callable[[str], BinaryIO] = _open_local

    @property
    def is_local(self) -> bool:
        """Whether the paths are those of files of this machine, opened as they are."""
        return self.open_file is _open_local

    def path(self, name: str) -> str:
        """A path below the folder."""
        return posixpath.join(self.root, name)

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name in the folder."""
        return bool(self.list_files(self.root, name))

    def parquet(self, name: str) -> list[str]:
        """The Parquet files of a folder in this one by name, without those still being written."""
        found = self.list_files(self.path(name), "*.parquet")
        return [path for path in found if not posixpath.basename(path).startswith((".", "_"))]
