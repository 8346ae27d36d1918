"""Children of an extractor as Linux shows them: the next to start, and one that parses a page."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator

from tests.processes import running

_CHILD = "transforms.extract.child"
_PATIENCE_S = 60.0
_SURELY_BUSY_S = 0.02


def children() -> set[int]:
    """Process ids of all there are."""
    return set(running(os.getpid(), _CHILD))


def next_child(others: set[int]) -> int:
    """The process id of the next child but these, seen long before it can have imported its parsers."""
    for _ in _patiently():
        if found := children() - others:
            return found.pop()
    raise AssertionError("no child started")


def busy_child(others: set[int]) -> int:
    """The process id of the next child but these, seen while it parses a page: let it be asked for one that is SLOW.

    After it has closed its standard error, all that is left to do before it waits for a page takes under 1 ms.
    """
    child, started_s = next_child(others), 0.0
    for _ in _patiently():
        spent_s = time.clock_gettime(~child << 3 | 2)  # Linux's clock of the CPU time of a process
        if started_s and spent_s > started_s + _SURELY_BUSY_S:
            return child
        if not started_s and os.readlink(f"/proc/{child}/fd/2") == os.devnull:
            started_s = spent_s
    raise AssertionError("the child was never asked for a page")


def end(child: int, number: int) -> None:
    """Ends a child by a signal, and waits until it has ended."""
    watched = os.pidfd_open(child)
    os.kill(child, number)
    ended = select.poll()
    ended.register(watched, select.POLLIN)
    assert ended.poll(_PATIENCE_S * 1000)
    os.close(watched)


def _patiently() -> Iterator[None]:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        yield
        time.sleep(0.001)
