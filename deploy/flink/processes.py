"""Processes that outlive the command that starts them, and that a later command stops: exactly those."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 10.0  # seconds between the polite signal and the other one


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours. Numbers are used again, so the moment of its birth is part of its name."""

    name: str
    pid: int
    born: str  # as ps tells it

    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        return _born(self.pid) == self.born


def spawn(name: str, command: Sequence[str], *, folder: Path, env: Mapping[str, str]) -> Process:
    """Start a daemon in a process group of its own: `NAME.log` and `NAME.pid` in `folder` are its traces."""
    log = str(folder / f"{name}.log")
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    pid = os.posix_spawnp(command[0], list(command), env, file_actions=streams, setsid=True)
    process = Process(name, pid, _born(pid) or "")
    (folder / f"{name}.pid").write_text(f"{process.pid} {process.born}\n", encoding="ascii")
    return process


def found(folder: Path) -> list[Process]:
    """The processes that left traces in `folder`, alive or not, in order of their names."""
    processes = []
    for path in sorted(folder.glob("*.pid")):
        pid, _, born = path.read_text(encoding="ascii").strip().partition(" ")
        processes.append(Process(path.stem, int(pid), born))
    return processes


def stop(processes: Sequence[Process], *, folder: Path, patience: float = _PATIENCE_S) -> list[str]:
    """End these with all that they have started, and remove their traces; returns the names of those that ran."""
    running = [process for process in processes if process.alive()]
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = [process for process in running if process.alive()]
        for process in left:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        _wait(left, patience)
    for process in processes:
        (folder / f"{process.name}.pid").unlink(missing_ok=True)
    return [process.name for process in running]


def resident_megabytes(pid: int) -> float:
    """What a process holds in memory, in MB; 0 if it has ended."""
    return int(_ps(pid, "rss=") or 0) * 1024 / 1e6


def cpu_seconds(pid: int) -> float:
    """What a process and its children that it has seen end have used of the processors. Linux only: proc(5)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return 0.0
    return sum(int(ticks) for ticks in told.rpartition(")")[2].split()[11:15]) / os.sysconf("SC_CLK_TCK")


def _wait(processes: Sequence[Process], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(process.alive() for process in processes):
        time.sleep(0.1)


def _born(pid: int) -> str | None:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child of this very process would stay as a zombie
    told = _ps(pid, "stat=,lstart=").split()
    return None if not told or told[0].startswith("Z") else " ".join(told[1:])


def _ps(pid: int, columns: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["ps", "-o", columns, "-p", str(pid)],  # noqa: S607 - from the PATH, as everywhere
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    return done.stdout
