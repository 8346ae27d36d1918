"""The folder of an export: whether it holds what its accounts say, and how it is left when nothing came of it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from contextlib import suppress

from pipeline.export.account import ExportedFile
from pipeline.export.mds import INDEX
from pipeline.export.window import DATA
from transforms.errors import OutputError
from transforms.store.stage import find_stored
from transforms.write.stage import is_local, list_files, remove, remove_leftovers

PLAN = "plan.json"
WINDOWS = "windows"  # an account for each that is done
_LOCK = ".lock"


def any_file(root: str) -> str | None:
    """The path of a file that is there, None if there is none but the plan and the lock."""
    if is_local(root) and os.path.lexists(root) and not os.path.isdir(root):
        return root
    return next((path for path in _files(root) if posixpath.basename(path) not in (PLAN, _LOCK)), None)


def _files(root: str) -> Iterator[str]:
    if is_local(root):
        yield from (os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    else:
        for folder in (root, *(posixpath.join(root, name) for name in (DATA, WINDOWS, "corpus", "documents"))):
            yield from list_files(folder)


def sweep(root: str) -> None:
    """Delete what killed writers left, which a glob would take for shards; only safe while nobody else writes there."""
    if is_local(root):
        folders = [folder for folder, _, _ in os.walk(root)]
    else:
        folders = [root, posixpath.join(root, DATA), posixpath.join(root, WINDOWS)]
    for folder in folders:
        remove_leftovers(folder)


def abandon(root: str) -> None:
    """Leave the folder as it was, unless there is something by which, or with which, the same command goes on."""
    with suppress(OSError):  # why nothing came of it is told already
        sweep(root)
        if any_file(root) is None:
            remove([posixpath.join(root, PLAN)])
            if is_local(root):
                for name in (DATA, WINDOWS):
                    with suppress(FileNotFoundError):
                        os.rmdir(os.path.join(root, name))
                remove([os.path.join(root, _LOCK)])


def check_shards(root: str, files: Sequence[ExportedFile], *, alone: bool) -> None:
    """Raise OutputError if a file is missing, or has not as many bytes as were written.

    With `alone`, also if anything else lies beside them: a trainer would read it, too.
    """
    sizes = _sizes(root, files)
    for file in files:
        if (found := sizes.pop(file.path, None)) != file.bytes:
            what = "is missing" if found is None else f"has {found:,} bytes, not the {file.bytes:,} that were written"
            raise OutputError(f"{posixpath.join(root, file.path)} {what}: {_cure(root, file)}")
    others = sorted(path for path in sizes if posixpath.basename(path) != INDEX)
    if alone and others:
        other = posixpath.join(root, others[0])
        raise OutputError(f"{other} is not of this export: move it away and give the same command again")


def _cure(root: str, file: ExportedFile) -> str:
    account = posixpath.join(root, WINDOWS, f"{posixpath.basename(file.path).split('-')[1]}.json")
    success = posixpath.join(root, "_SUCCESS")
    return f"delete {account} and, if it is there, {success}, and give the same command again"


def _sizes(root: str, files: Sequence[ExportedFile]) -> dict[str, int]:
    """The bytes of all that lies in the folders of these files, by path below `root`."""
    folders = sorted({posixpath.dirname(file.path) for file in files})
    return {posixpath.join(folder, name): size for folder in folders for name, size in _listed(root, folder)}


def _listed(root: str, folder: str) -> Iterator[tuple[str, int]]:
    place = posixpath.join(root, folder)
    if not is_local(root):
        yield from ((posixpath.basename(found.address), found.size) for found in find_stored(f"{place}/*"))
    elif os.path.isdir(place):
        with os.scandir(place) as entries:
            yield from ((entry.name, entry.stat().st_size) for entry in entries)
