"""The worker processes that this one started: watched, and killed when a run is over before its time."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

WATCH = "run_worker"
"""The name of a thread that waits for a worker process, and ends by an exception if that dies."""

_running: set[subprocess.Popen[bytes]] = set()
_locks: set[int] = set()


@contextmanager
def locked_for_workers(descriptor: int) -> Iterator[None]:
    """Has workers that start meanwhile hold a lock as well: it is free when this process and all of them are gone."""
    _locks.add(descriptor)
    try:
        yield
    finally:
        _locks.discard(descriptor)


def start_worker(command: Sequence[str], environment: Mapping[str, str]) -> threading.Thread:
    """Start a worker process; returns the thread that watches it. pipeline/interruption.py hears how that ends.

    What it has for standard input ends with this process, so that it may too (pipeline/worker.py).
    """
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and Beam's module
        command, env=environment, stdin=subprocess.PIPE, pass_fds=tuple(_locks)
    )
    _running.add(process)
    watch = threading.Thread(name=WATCH, target=_watch, args=(process,))
    watch.start()
    return watch


def end_workers() -> None:
    """Kill every worker process, whatever it does: what it has committed stays, the rest is done again."""
    for process in tuple(_running):
        process.kill()


def _watch(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a worker; raises if it is none it came to by itself."""
    try:
        status = process.wait()
    finally:
        _running.discard(process)
        if process.stdin:
            process.stdin.close()
    if status:
        raise RuntimeError(f"Worker subprocess exited with return code {128 - status if status < 0 else status}")
