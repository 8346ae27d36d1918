"""Reading an output that a run may write anew meanwhile: what was read is of one run, or it is said that it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from pipeline.lock import is_written
from transforms.errors import FirsthandError, OutputError
from transforms.read.address import is_remote
from transforms.report.folder import Folder


@contextmanager
def steady(folder: Folder) -> Iterator[None]:
    """Everything read within is of one run.

    Raises:
        OutputError: a run took back its mark of success or put up another meanwhile; or something could not be read,
            and a run is writing.
    """
    mark = mark_of(folder)
    try:
        yield
    except (FirsthandError, OSError) as error:
        _check(folder, mark)
        if folder.is_local and is_written(folder.root):
            raise OutputError(f"{error}; a run is writing to {folder.root}: wait for it") from error
        raise
    _check(folder, mark)


@contextmanager
def unwritten(roots: Sequence[str]) -> Iterator[None]:
    """What is amiss with these local outputs, or others, is put down to a run that is writing to one of them.

    Raises OutputError if one is, and something was amiss.
    """
    try:
        yield
    except FirsthandError as error:
        for root in roots:
            if not is_remote(root) and is_written(root):
                raise OutputError(f"another run is writing to {root}: wait for it") from error
        raise


def _check(folder: Folder, mark: bytes | None) -> None:
    if mark_of(folder) != mark:
        raise OutputError(f"a run wrote to {folder.root} while it was read: give the same command again after it")


def mark_of(folder: Folder) -> bytes | None:
    """What _SUCCESS holds, None if it cannot be read: the head of a run's chain, which no other run has."""
    try:
        with closing(folder.open_file(folder.path("_SUCCESS"))) as file:
            return file.read(1000)
    except (FirsthandError, OSError):
        return None
