"""A folder for sockets that only this user can enter, and that goes when the process is gone, one way or another."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

_PREFIX = "firsthand-run-"
_LONGEST = 60  # characters of the folder above: the path of a socket may have 107 bytes, 103 on macOS


class SocketFolder:
    """A new folder of mode 0700, locked by this process, in `place` or where temporary files lie."""

    def __init__(self, place: str | None = None) -> None:
        self.path = mkdtemp(prefix=_PREFIX, dir=place or _place())
        self._lock = os.open(self.path, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Take the folder away, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _place() -> str:
    return gettempdir() if len(gettempdir()) <= _LONGEST else "/tmp"  # noqa: S108 - a folder of our own in it


def remove_abandoned(place: str | None = None) -> None:
    """Remove the folders of processes that were killed."""
    for path in Path(place or _place()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # held by its process, or removed by another at this moment
            _remove_abandoned(path)


def _remove_abandoned(path: Path) -> None:
    """Remove a folder of ours with sockets in it whose process is gone; raises OSError if it is not.

    One without sockets may be a moment old, and not locked yet.
    """
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if os.fstat(lock).st_uid == os.getuid() and _has_sockets_alone(lock):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path)
    finally:
        os.close(lock)


def _has_sockets_alone(folder: int) -> bool:
    names = os.listdir(folder)
    modes = [os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode for name in names]
    return bool(modes) and all(map(stat.S_ISSOCK, modes))
