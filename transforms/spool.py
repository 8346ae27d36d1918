"""An unnamed file for what does not fit into memory, whose failures name the folder it lies in."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile, gettempdir
from typing import BinaryIO, cast

from transforms.errors import SpoolError


def open_spool() -> BinaryIO:
    """A new file for writing, then reading, that is gone once it is closed.

    Raises SpoolError, here and whenever it is written to, where the temporary folder takes no more: a bare OSError
    would be taken for one of the output, whose writer reads from here.
    """
    with _naming_folder(), TemporaryFile(buffering=0) as file:
        return cast(BinaryIO, io.BufferedRandom(_Spool(os.dup(file.fileno()), "r+b")))


class _Spool(io.FileIO):
    def write(self, data: object, /) -> int:
        with _naming_folder():
            return super().write(data)  # type: ignore[arg-type]  # FileIO says what it is


@contextmanager
def _naming_folder() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise SpoolError(
            f"cannot write a temporary file to {_folder()}: {why}; make room there, or set TMPDIR to another folder"
        ) from error


def _folder() -> str:
    try:
        return gettempdir()
    except FileNotFoundError:  # none of those it tries takes a file
        return os.environ.get("TMPDIR", "/tmp")  # noqa: S108 - named, not used
