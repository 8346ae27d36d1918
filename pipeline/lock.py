"""The lock of an output folder: one run writes there, or several read its documents.

It goes with the process that took it and the workers that this one started, the only children that inherit the
descriptor: while one of them can still commit, no other run begins.
"""

from __future__ import annotations

import fcntl
import os
import sys
from io import BufferedIOBase

from pipeline.opener import no_link
from transforms.errors import OutputError
from transforms.flock import NO_LOCKS, Flock

_FILE = ".lock"


def lock_to_write(folder: str, *, flock: Flock = fcntl.flock) -> BufferedIOBase:
    """The lock that keeps out all others, held until it is closed. Where there are no locks, that is said.

    Raises:
        OutputError: another has it.
        OSError: there can be no such file.
    """
    lock = open(os.path.join(folder, _FILE), "ab", opener=no_link)  # noqa: SIM115 - the caller closes it
    _take(lock, fcntl.LOCK_EX, folder, flock)
    return lock


def lock_to_read(folder: str, *, flock: Flock = fcntl.flock) -> BufferedIOBase | None:
    """The lock that keeps out who would write, held until it is closed; None for a folder that was copied without.

    Raises OutputError if one writes there.
    """
    try:
        lock = open(os.path.join(folder, _FILE), "rb")  # noqa: SIM115 - the caller closes it
    except OSError:
        return None
    _take(lock, fcntl.LOCK_SH, folder, flock)
    return lock


def _take(lock: BufferedIOBase, kind: int, folder: str, flock: Flock) -> None:
    try:
        flock(lock.fileno(), kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in NO_LOCKS:
            say = f"firsthand: {folder} cannot be locked ({error.strerror}): see that no other run writes there"
            print(say, file=sys.stderr, flush=True)
            return
        with lock:
            if isinstance(error, BlockingIOError):
                other = "another run is writing to" if _is_written(lock, flock) else "another command is using"
                raise OutputError(f"{other} {folder}: wait for it, or name another --output") from None
        raise


def _is_written(lock: BufferedIOBase, flock: Flock) -> bool:
    """Whether who holds the lock would not share it."""
    try:
        flock(lock.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def is_written(folder: str) -> bool:
    """Whether a run is writing there, as far as its lock can tell."""
    try:
        lock = lock_to_read(folder)
    except (OutputError, OSError):
        return True
    if lock is not None:
        lock.close()
    return False
