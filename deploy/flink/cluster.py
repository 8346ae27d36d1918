"""A session cluster on loopback: one JobManager, two TaskManagers, Beam's worker pool and Beam's job server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.flink.errors import ClusterError
from deploy.flink.processes import Process, found, spawn, stop
from deploy.flink.rest import Rest
from deploy.flink.settings import HOST, SLOTS, TASKMANAGERS, Ports, java_options, write_configuration

_START_S = 120.0  # a JVM of Flink takes 5 s on two idle cores
_STATE = "cluster.json"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that was started: where Flink lies, where its traces are, where it listens."""

    home: Path
    folder: Path
    ports: Ports

    @property
    def rest(self) -> Rest:
        """Asks its JobManager."""
        return Rest(f"http://{HOST}:{self.ports.rest}")

    def processes(self) -> list[Process]:
        """All that was started, alive or not."""
        return found(self.folder)

    def process(self, name: str) -> Process:
        """The process of this name."""
        return next(process for process in self.processes() if process.name == name)

    def flags(self, parallelism: int = TASKMANAGERS * SLOTS) -> list[str]:
        """Beam's flags for a run on it, through its job server and its worker pool."""
        return [
            "--runner=PortableRunner",
            f"--job_endpoint={HOST}:{self.ports.jobs}",
            "--environment_type=EXTERNAL",
            f"--environment_config={HOST}:{self.ports.workers}",
            f"--parallelism={parallelism}",
            f"--sdk_worker_parallelism={SLOTS}",  # Python processes of a TaskManager; one would be one core
            "--execution_mode_for_batch=BATCH_FORCED",  # what a killed TaskManager had done stays done
        ]

    def start_taskmanager(self, name: str) -> Process:
        """Start a TaskManager, also in the place of one that was killed."""
        script = str(self.home / "bin" / "taskmanager.sh")
        return spawn(name, ["bash", script, "start-foreground"], folder=self.folder, env=self._environment())

    def start_jobmanager(self) -> Process:
        """Start the JobManager."""
        script = str(self.home / "bin" / "jobmanager.sh")
        return spawn("jobmanager", ["bash", script, "start-foreground"], folder=self.folder, env=self._environment())

    def start_worker_pool(self) -> Process:
        """Start the pool that starts Python workers for whoever asks; they run in this environment."""
        return start_worker_pool(self.folder, self.ports.workers)

    def start_job_server(self, jar: Path) -> Process:
        """Start Beam's job server, which turns pipelines into jobs of this cluster."""
        opens = java_options((self.home / "conf" / "config.yaml").read_text(encoding="utf-8")).split()
        command = ["java", *opens, "-jar", str(jar), "--flink-master", f"{HOST}:{self.ports.rest}"]
        command += [
            "--job-host",
            HOST,
            "--job-port",
            str(self.ports.jobs),
            "--artifact-port",
            str(self.ports.artifacts),
        ]
        command += ["--expansion-port", "0", "--artifacts-dir", str(self.folder / "artifacts")]
        return spawn("job-server", command, folder=self.folder, env=self._environment())

    def stop(self) -> list[str]:
        """Stop all that was started, nothing else; returns the names of what ran."""
        return stop_all(self.folder)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "FLINK_CONF_DIR": str(self.folder / "conf"),
            "FLINK_LOG_DIR": str(self.folder / "log"),
            "FLINK_PID_DIR": str(self.folder / "tmp"),
            "FLINK_IDENT_STRING": "firsthand",
        }


def start_worker_pool(folder: Path, port: int) -> Process:
    """Start a pool of Python workers of this environment."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "deploy.flink.worker_pool", str(port)]
    return spawn("worker-pool", command, folder=folder, env=os.environ)


def start(home: Path, folder: Path, ports: Ports, *, jar: Path | None) -> Cluster:
    """Start a cluster and wait until all of it listens; without `jar` there is no job server.

    Raises:
        ClusterError: one runs already, a port is taken, there is no Java, or a piece of it ended; the rest is stopped.
    """
    if shutil.which("java") is None:
        raise ClusterError("Flink needs Java 11 or 17 (java): install openjdk-17-jre-headless or the like")
    if any(process.alive() for process in found(folder)):
        raise ClusterError(f"a cluster with traces in {folder} is running: `make flink-stop` first")
    ports.check()
    for name in ("log", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_configuration(home, folder, ports)
    cluster = Cluster(home, folder, ports)
    (folder / _STATE).write_text(json.dumps({"home": str(home), "ports": asdict(ports)}), encoding="utf-8")
    try:
        _start_all(cluster, jar)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _start_all(cluster: Cluster, jar: Path | None) -> None:
    cluster.start_jobmanager()
    for number in range(TASKMANAGERS):
        cluster.start_taskmanager(f"taskmanager-{number + 1}")
    cluster.start_worker_pool()
    wait_until(lambda: is_complete(cluster), "all TaskManagers have registered", cluster.processes())
    listening = [cluster.ports.workers]
    if jar is not None:
        cluster.start_job_server(jar)
        listening.append(cluster.ports.jobs)
    for port in listening:
        wait_until(lambda port=port: is_open(port), f"port {port} is open", cluster.processes())  # type: ignore[misc]


def registered(cluster: Cluster) -> int:
    """How many TaskManagers the JobManager knows, 0 while it does not answer."""
    try:
        return cluster.rest.overview().taskmanagers
    except ClusterError:
        return 0


def is_complete(cluster: Cluster) -> bool:
    """Whether every TaskManager has registered and told its slots, which it does a moment later."""
    try:
        return cluster.rest.overview().slots >= TASKMANAGERS * SLOTS
    except ClusterError:
        return False


def is_open(port: int) -> bool:
    """Whether something listens at this port of loopback."""
    with socket.socket() as attempt:
        attempt.settimeout(1.0)
        return attempt.connect_ex((HOST, port)) == 0


def wait_until(true: Callable[[], bool], what: str, needed: list[Process], *, seconds: float = _START_S) -> None:
    """Return once `true` is; raise ClusterError when that takes too long or one of the `needed` processes ends."""
    deadline = time.monotonic() + seconds
    while not true():
        for process in needed:
            if not process.alive():
                raise ClusterError(f"{process.name} has ended before {what}: its log says why")
        if time.monotonic() > deadline:
            raise ClusterError(f"{seconds:.0f} s have passed before {what}: the logs say why")
        time.sleep(0.25)


def stop_all(folder: Path) -> list[str]:
    """Stop all that has traces in `folder`, nothing else; returns the names of what ran."""
    stopped = stop(found(folder), folder=folder)
    (folder / _STATE).unlink(missing_ok=True)
    return stopped


def running(folder: Path) -> Cluster:
    """The cluster that has its traces in `folder`.

    Raises:
        ClusterError: none was started there.
    """
    path = folder / _STATE
    if not path.exists():
        raise ClusterError(f"no cluster was started in {folder}: `make flink` starts one")
    state = json.loads(path.read_text(encoding="utf-8"))
    return Cluster(Path(state["home"]), folder, Ports(**state["ports"]))
