"""A Dask cluster on loopback whose machines can be killed, frozen and thawed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.processes import below, opened

_START_S = 120.0
# A machine that says nothing for so long has lost its work; a busy one may be silent for some seconds.
_SILENCE = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s"}
_ENVIRONMENT = {"OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Machine:
    """One `dask worker` and all below it: its nanny if it has one, the worker, the parser of pages."""

    process: subprocess.Popen[bytes]

    def pids(self) -> list[int]:
        """All its processes."""
        return [self.process.pid, *below(self.process.pid)]

    def kill(self) -> None:
        """End all of it at once; no one starts it again."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """Stop all of it where it stands."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had happened."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def begun(self) -> list[Path]:
        """Files it is writing that are not committed yet."""
        files = (Path(name) for pid in self.pids() for name in opened(pid))
        return [file for file in files if file.name.startswith(".tmp-") and file.suffix == ".parquet"]


@dataclass(frozen=True, slots=True)
class DaskCluster:
    """A scheduler and its machines."""

    scheduler: subprocess.Popen[bytes]
    machines: list[Machine]
    address: str

    @classmethod
    def start(cls, folder: Path, *, machines: int, nannies: bool) -> DaskCluster:
        """Start it, with one thread a machine."""
        place = folder / "scheduler.json"
        scheduler = _spawn("scheduler", folder, "--port", "0", "--scheduler-file", str(place), **_SILENCE)
        deadline = time.monotonic() + _START_S
        while not place.exists():
            assert scheduler.poll() is None
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        nanny = "--nanny" if nannies else "--no-nanny"
        started = [
            _spawn("worker", folder, "--scheduler-file", str(place), "--nthreads", "1", "--memory-limit", "0", nanny)
            for _ in range(machines)
        ]
        return cls(scheduler, [Machine(process) for process in started], json.loads(place.read_text())["address"])

    def flags(self) -> list[str]:
        """Beam's flags for a run on it."""
        return ["--runner=pipeline.dask.DaskRunner", f"--dask_client_address={self.address}", "--dask_npartitions=6"]

    def writing(self, folder: Path) -> Machine | None:
        """A machine that is in the middle of a file of this folder."""
        living = (machine for machine in self.machines if machine.process.poll() is None)
        return next((one for one in living if any(file.parent == folder for file in one.begun())), None)

    def stop(self) -> None:
        """End what is left of it."""
        for machine in self.machines:
            if machine.process.poll() is None:
                machine.kill()
        self.scheduler.kill()
        self.scheduler.wait()


def _spawn(what: str, folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "dask", what, *arguments, "--host", "127.0.0.1", "--no-dashboard"]
    with open(folder / f"{what}.log", "ab") as log:
        return subprocess.Popen(words, cwd=folder, env={**os.environ, **_ENVIRONMENT, **environment}, stderr=log)
