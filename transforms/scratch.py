"""A temporary folder that only this user can enter, and that goes when its process is gone, one way or another."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from transforms.flock import NO_LOCKS, Flock

_PREFIX = "firsthand-scratch-"
_LOCK = ".lock"  # in the folder; held by its process for as long as it lives
_NEW = ".lock.new"  # … until it is held


class ScratchFolder:
    """A new folder of mode 0700, in `place` or where temporary files lie. Use as a context manager, or `remove` it.

    Those of processes that were killed are removed first: what they hold may be text of pages. Where there are no locks
    nobody can tell, and they stay.
    """

    def __init__(self, place: str | None = None, *, flock: Flock = fcntl.flock) -> None:
        place = place or gettempdir()
        remove_abandoned(place)
        self.path = mkdtemp(prefix=_PREFIX, dir=place)
        try:
            self._lock = _locked(self.path, flock)
        except BaseException:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    def __enter__(self) -> ScratchFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Take the folder away, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _locked(folder: str, flock: Flock) -> int:
    """The descriptor that holds the lock of a folder; of one without, if there are none here."""
    lock = os.open(os.path.join(folder, _NEW), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        flock(lock, fcntl.LOCK_EX)
        os.rename(os.path.join(folder, _NEW), os.path.join(folder, _LOCK))
    except OSError as error:
        if error.errno not in NO_LOCKS:
            os.close(lock)
            raise
    return lock


def remove_abandoned(place: str) -> None:
    """Remove the scratch folders in `place` whose processes were killed."""
    for path in Path(place).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # held by its process, no folder of ours, or removed by another at this moment
            _remove_abandoned(path)


def _remove_abandoned(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        lock = os.open(_LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        if os.fstat(lock).st_uid == os.getuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path)
    finally:
        os.close(lock)
