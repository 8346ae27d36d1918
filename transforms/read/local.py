"""Archives on this machine."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from transforms.errors import InputError
from transforms.read.address import why


def open_local(path: str) -> BinaryIO:
    """The bytes of a regular file. Never waits: a pipe that took the place of a file would hold a worker for ever.

    Raises:
        InputError: there is no regular file that can be read.
    """
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path!r} ({why(error)}): put it back, or check its permissions") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise InputError(f"{path!r} is no regular file: write what it gives to a file first")
    return os.fdopen(number, "rb")
