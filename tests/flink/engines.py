"""Engines beyond this process that take Beam's jobs over the network, and what tests do to them."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.flink.cluster import Cluster, is_complete, wait_until
from deploy.flink.processes import Process, cpu_seconds, found
from deploy.flink.settings import HOST, Ports


class Engine(Protocol):
    """A job server, what runs its jobs, and a pool of Python workers."""

    name: str
    folder: Path  # with the logs
    survives: bool  # a job goes on when a part of the engine is killed; where not, it fails with a message

    def flags(self) -> list[str]:
        """Beam's flags for a run on it."""

    def processes(self) -> list[Process]:
        """What was started for it."""

    def is_busy(self) -> bool:
        """Whether it works on a job of ours right now."""

    def kill(self) -> None:
        """End a part of it that works on the job, without a word of warning."""

    def mend(self) -> None:
        """Bring back what was killed, as those do who look after a cluster."""


@dataclass(frozen=True, slots=True)
class FlinkEngine:
    """A session cluster; its TaskManagers can be killed."""

    cluster: Cluster
    name: str = "Flink"
    survives: bool = True

    @property
    def folder(self) -> Path:
        """See `Engine`."""
        return self.cluster.folder

    def flags(self) -> list[str]:
        """See `Engine`."""
        return self.cluster.flags()

    def processes(self) -> list[Process]:
        """See `Engine`."""
        return self.cluster.processes()

    def is_busy(self) -> bool:
        """See `Engine`."""
        running = any(job.state == "RUNNING" for job in self.cluster.rest.jobs())
        return running and bool(workers(self.processes()))

    def kill(self) -> None:
        """See `Engine`: the second TaskManager."""
        os.kill(self.cluster.process("taskmanager-2").pid, signal.SIGKILL)

    def mend(self) -> None:
        """See `Engine`: another TaskManager, and the killed one forgotten."""
        self.cluster.start_taskmanager("taskmanager-2")
        alive = [process for process in self.processes() if process.alive()]
        wait_until(lambda: is_complete(self.cluster), "the TaskManager is back", alive)


@dataclass(frozen=True, slots=True)
class PrismEngine:
    """Prism; its Python workers can be killed."""

    folder: Path
    ports: Ports
    name: str = "Prism"
    survives: bool = False

    def flags(self) -> list[str]:
        """See `Engine`."""
        return [
            "--runner=PortableRunner",
            f"--job_endpoint={HOST}:{self.ports.jobs}",
            "--environment_type=EXTERNAL",
            f"--environment_config={HOST}:{self.ports.workers}",
        ]

    def processes(self) -> list[Process]:
        """See `Engine`."""
        return found(self.folder)

    def is_busy(self) -> bool:
        """See `Engine`."""
        return bool(workers(self.processes()))

    def kill(self) -> None:
        """See `Engine`: a Python worker."""
        os.kill(workers(self.processes())[0], signal.SIGKILL)

    def mend(self) -> None:
        """See `Engine`: every job has a worker of its own."""


def workers(processes: list[Process]) -> list[int]:
    """The ids of the Python workers that the pool among these processes has started, and that are alive."""
    [pool] = [process for process in processes if process.name == "worker-pool"]
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    entries = [line.split() for line in told.splitlines()]
    return [int(pid) for pid, parent, state in entries if int(parent) == pool.pid and not state.startswith("Z")]


def calls(engine: Engine) -> int:
    """How often a Python worker has opened a channel for data so far: it does so for the first work it is given.

    It says so to the engine, or to the pool as long as it has no connection to the engine's log.
    """
    return sum(
        log.read_text(errors="replace").count("Data channel established") for log in engine.folder.rglob("*.log")
    )


def engine_cpu_s(engine: Engine) -> float:
    """What the engine has used of the processors so far, with its Python workers, those that ended included."""
    pids = [process.pid for process in engine.processes() if process.alive()] + workers(engine.processes())
    return sum(map(cpu_seconds, pids))
