from __future__ import annotations

import os
import select
import subprocess
import sys
from contextlib import suppress

import pytest

from pipeline.export.pool import processes

_PARENT = """
import os, signal
from pipeline.export.pool import processes

def nothing():
    pass

if __name__ == "__main__":
    with processes(1, nothing) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def nothing() -> None:
    """What a worker begins with in these tests."""


def ended(pid: int) -> bool:
    """Whether the process of this number is gone within a minute."""
    with suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            return bool(select.select([descriptor], [], [], 60)[0])
        finally:
            os.close(descriptor)
    return True


def test_workers_end_with_a_parent_that_is_killed(tmp_path: os.PathLike[str]) -> None:
    script = os.path.join(tmp_path, "parent.py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(_PARENT)
    parent = subprocess.run(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    assert parent.returncode < 0
    assert ended(int(parent.stdout))


def test_workers_end_with_a_failure() -> None:
    pids: list[int] = []
    with pytest.raises(ZeroDivisionError):
        fail_beside(pids)
    assert ended(pids[0])


def fail_beside(pids: list[int]) -> None:
    with processes(1, nothing) as pool:
        pids.append(pool.submit(os.getpid).result())
        raise ZeroDivisionError
