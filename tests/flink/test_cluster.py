"""The cluster itself, without Beam: a job whose result and traffic are known beforehand."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from deploy.flink.cluster import Cluster, is_complete, registered, running, start, wait_until
from deploy.flink.distribution import FLINK
from deploy.flink.errors import ClusterError
from deploy.flink.numbers import ROW_BYTES, sums_command
from deploy.flink.rest import shuffled_bytes
from deploy.flink.settings import SLOTS, TASKMANAGERS, Ports

pytestmark = pytest.mark.cluster


def test_all_taskmanagers_register(cluster: Cluster) -> None:
    there = cluster.rest.overview()
    assert (there.version, there.taskmanagers, there.slots) == (FLINK, TASKMANAGERS, TASKMANAGERS * SLOTS)


def test_a_second_cluster_does_not_start_over_the_first(cluster: Cluster) -> None:
    with pytest.raises(ClusterError, match="is running: `make flink-stop` first"):
        start(cluster.home, cluster.folder, Ports.free(), jar=None)
    assert running(cluster.folder) == cluster
    assert registered(cluster) == TASKMANAGERS


def test_a_job_outlives_a_killed_taskmanager_and_its_traffic_is_told(cluster: Cluster, tmp_path: Path) -> None:
    if shutil.which("javac") is None:
        pytest.skip("the job is Java source, and there is no Java compiler here")
    rows = 200_000
    command = sums_command(cluster, rows=rows, rows_a_second=10_000, folder=tmp_path / "sums")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
        alive = [process for process in cluster.processes() if process.alive()]
        wait_until(lambda: client.poll() is not None or has_sources(cluster), "its sources run", alive)
        os.kill(cluster.process("taskmanager-2").pid, signal.SIGKILL)
        said, _ = client.communicate(timeout=240)
    assert client.returncode == 0, said
    [job] = cluster.rest.jobs()[-1:]
    assert job.state == "FINISHED"
    assert cluster.rest.attempts(job.job_id) > 1
    assert sums(tmp_path / "sums") == {k: expected_sum(k, rows) for k in range(97)}
    assert rows * ROW_BYTES <= shuffled_bytes(cluster.rest.vertices(job.job_id)) < rows * ROW_BYTES * 1.01
    cluster.start_taskmanager("taskmanager-2")
    wait_until(lambda: is_complete(cluster), "the TaskManager is back", cluster.processes())


def has_sources(cluster: Cluster) -> bool:
    """Whether all subtasks that bring forth rows for the newest job run now: they fill the slots of all TaskManagers.

    Not whether bytes were written, which may be told when the last of them has moved: then a killed TaskManager is
    missed by nobody.
    """
    jobs = [job for job in cluster.rest.jobs() if job.state == "RUNNING"]
    sources = [vertex for job in jobs[-1:] for vertex in cluster.rest.vertices(job.job_id) if not vertex.ships]
    return bool(sources) and all(vertex.running == vertex.parallelism for vertex in sources)


def sums(folder: Path) -> dict[int, tuple[int, int]]:
    """What the job has written: remainder → how many, and their sum."""
    text = [path.read_text(encoding="ascii") for path in folder.rglob("part-*")]
    lines = list(csv.reader("".join(text).splitlines()))
    assert len(lines) == 97  # none twice
    return {int(remainder): (int(many), int(total)) for remainder, many, total in lines}


def expected_sum(remainder: int, rows: int) -> tuple[int, int]:
    """How many of 1…rows have this remainder modulo 97, and their sum."""
    numbers = range(remainder or 97, rows + 1, 97)
    return len(numbers), sum(numbers)
