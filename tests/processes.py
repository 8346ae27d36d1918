"""Processes below another, as Linux tells: for tests that kill some."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
_PROC = Path("/proc")
_PATIENCE_S = 300.0


def below(pid: int) -> list[int]:
    """Process ids of all descendants, parents first."""
    children: dict[int, list[int]] = {}
    for path in _PROC.glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        children.setdefault(int(after_name[1]), []).append(int(path.parent.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found[1:]


def running(pid: int, module: str) -> list[int]:
    """Descendants that run `python -m module`."""
    return [child for child in below(pid) if module in command(child)]


def command(pid: int) -> list[str]:
    """The words a process was started with; none if it has ended."""
    try:
        return (_PROC / str(pid) / "cmdline").read_text().split("\0")
    except OSError:
        return []


def ended(pids: Iterable[int], *, within_s: float = _PATIENCE_S) -> bool:
    """Whether all these processes come to an end in time; one whose parent has not asked yet how it ended counts."""
    deadline = time.monotonic() + within_s
    while any(map(_is_alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _is_alive(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def opened(pid: int) -> list[str]:
    """The files that a process holds open."""
    found = []
    for link in (_PROC / str(pid) / "fd").glob("*"):
        try:
            found.append(os.readlink(link))
        except OSError:  # closed meanwhile
            continue
    return found


def await_sight(process: subprocess.Popen[bytes], look: Callable[[], T | None], *, of: str) -> T:
    """What `look` finds, asked again until it finds something; the process must still be running then."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        try:
            process.wait(timeout=0.01)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the run ended before there was {of}")
    process.kill()
    pytest.fail(f"there was not {of} in {_PATIENCE_S:.0f} s")
