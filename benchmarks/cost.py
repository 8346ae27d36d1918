"""What a command takes: time, CPU and memory of its process and of all that it starts."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and its descendants took."""

    wall_s: float
    cpu_s: float
    peak_mb: float  # largest sum of resident memory over all of them, sampled; shared pages count in each
    largest_mb: float  # largest resident memory of one of them, sampled


def measure(command: Sequence[str]) -> Cost:
    """Run the command to its end. Raises CalledProcessError if it fails."""
    began, before = time.monotonic(), _children_cpu()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    watch = _Watch(process.pid)
    watch.start()
    code = process.wait()
    wall = time.monotonic() - began
    watch.stop()
    if code not in (0, 3):  # 3: finished, with many rejections
        raise subprocess.CalledProcessError(code, command)
    cpu = max(_children_cpu() - before, sum(watch.cpu.values()))  # a process that nobody waits for is in the latter
    return Cost(wall, cpu, watch.peak / 1e6, watch.largest / 1e6)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Watch(threading.Thread):
    """Samples the memory and the CPU time of a process tree."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = self.largest = 0
        self.cpu: dict[int, float] = {}  # seconds by process, as last seen
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        """Twenty samples a second until stopped."""
        while not self._over.wait(0.05):
            resident = []
            for pid in _tree(self._pid):
                resident.append(_resident(pid))
                self.cpu[pid] = max(_cpu(pid), self.cpu.get(pid, 0.0))
            self.peak, self.largest = max(self.peak, sum(resident)), max(self.largest, *resident, 0)

    def stop(self) -> None:
        """End the sampling."""
        self._over.set()
        self.join()


def _tree(pid: int) -> Iterator[int]:
    """A process and its descendants, as far as they are there still."""
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _resident(pid: int) -> int:
    """Bytes resident in a process; what has just ended counts as nothing."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process took by itself so far, user and system."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
