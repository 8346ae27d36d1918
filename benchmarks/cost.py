"""What a command takes: time, CPU and memory of its process and of all that it starts."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PERIOD_S = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and its descendants took."""

    wall_s: float
    cpu_s: float
    peak_mb: float  # largest sum of resident memory over all of them, sampled; shared pages count in each
    largest_mb: float  # largest resident memory of one of them, sampled
    branch_mb: float = 0.0  # largest sum over a child and its descendants: a worker and its parser
    branch_cpu_s: tuple[float, ...] = ()  # of each child and its descendants, as last sampled, the largest first


def measure(command: Sequence[str]) -> Cost:
    """Run the command to its end. Raises CalledProcessError if it fails."""
    return measure_halves(command, None)[0]


def measure_halves(command: Sequence[str], second: Path | None) -> tuple[Cost, Cost]:
    """Run the command to its end: what it took until it made the path `second`, and from then on.

    Raises CalledProcessError if it fails.
    """
    before = _children_cpu()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    watch = _Watch(process.pid, second)
    watch.start()
    code = process.wait()
    watch.stop()
    if code not in (0, 3):  # 3: finished, with many rejections
        raise subprocess.CalledProcessError(code, command)
    first, rest = watch.halves
    total = max(_children_cpu() - before, first.cpu + rest.cpu)  # the latter has those that nobody waits for
    first_cpu = first.cpu if rest.wall else total
    return first.cost(first_cpu), rest.cost(total - first_cpu)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@dataclass(slots=True)
class _Half:
    """What was seen in a part of the time."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    largest: int = 0
    branch: int = 0
    branch_cpu: dict[int, float] = field(default_factory=dict)

    def cost(self, cpu: float) -> Cost:
        branches = tuple(sorted(self.branch_cpu.values(), reverse=True))
        return Cost(self.wall, cpu, self.peak / 1e6, self.largest / 1e6, self.branch / 1e6, branches)

    def see(self, resident: Mapping[int, int], cpu: Mapping[int, float], branch_of: Mapping[int, int]) -> None:
        """A sample: bytes by process, CPU seconds of all there were by process, and whose branch each process is of."""
        self.peak, self.largest = max(self.peak, sum(resident.values())), max(self.largest, *resident.values(), 0)
        memory, spent = defaultdict[int, int](int), defaultdict[int, float](float)
        for pid, branch in branch_of.items():
            memory[branch] += resident.get(pid, 0)
            spent[branch] += cpu[pid]
        self.branch, self.branch_cpu = max(self.branch, *memory.values(), 0), dict(spent)


class _Watch(threading.Thread):
    """Samples the memory and the CPU time of a process tree, in two halves."""

    def __init__(self, pid: int, second: Path | None) -> None:
        super().__init__(daemon=True)
        self.halves = (_Half(), _Half())
        self._pid, self._second = pid, second
        self._cpu: dict[int, float] = {}  # seconds by process, as last seen
        self._branch_of: dict[int, int] = {}  # of a process, the child of the first that it descends from, or is
        self._over = threading.Event()
        self._last = time.monotonic()

    def run(self) -> None:
        """Twenty samples a second until stopped."""
        at = 0
        while not self._over.wait(_PERIOD_S):
            at = at or int(self._second is not None and self._second.exists())
            resident = {}
            for pid, branch in _tree(self._pid):
                resident[pid] = _resident(pid)
                self._cpu[pid] = max(_cpu(pid), self._cpu.get(pid, 0.0))
                if branch:
                    self._branch_of[pid] = branch
            half = self.halves[at]
            half.cpu = sum(self._cpu.values()) - (self.halves[0].cpu if at else 0.0)
            half.see(resident, self._cpu, self._branch_of)
            self._lap(half)
        self._lap(self.halves[at])

    def stop(self) -> None:
        """End the sampling."""
        self._over.set()
        self.join()

    def _lap(self, half: _Half) -> None:
        now = time.monotonic()
        half.wall, self._last = half.wall + now - self._last, now


def _tree(pid: int, branch: int = 0, *, root: bool = True) -> Iterator[tuple[int, int]]:
    """A process and its descendants, as far as they are there still, each with its branch: 0 for the root."""
    yield pid, branch
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _tree(child, child if root else branch, root=False)


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
