"""Releases of Flink beside each other, on this machine: `python -m deploy.flink.measure [--versions 1.20.5 2.2.1]`.

What Flink alone takes is always measured. The crawl through Beam is, too, where the release's job server can be had;
where it cannot, the table says what was missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.curate import digest
from deploy.flink.cluster import Cluster, is_complete, registered, start, wait_until
from deploy.flink.distribution import fetch_flink, fetch_job_server
from deploy.flink.errors import ClusterError
from deploy.flink.numbers import sums_command
from deploy.flink.processes import cpu_seconds, resident_megabytes
from deploy.flink.rest import Job, shuffled_bytes
from deploy.flink.settings import TASKMANAGERS, Ports
from examples.make_crawl import make_crawl

_ROWS = 3_000_000
_ALL_AT_ONCE = 1_000_000_000  # rows a second: as fast as it goes
_SLOWLY = 20_000
_Table = dict[str, str]


def main() -> int:
    """Measure the releases one after another and print the table."""
    parser = argparse.ArgumentParser(prog="python -m deploy.flink.measure", description=__doc__)
    parser.add_argument("--versions", nargs="+", default=["1.20.5", "2.2.1"])
    parser.add_argument("--folder", type=Path, default=Path("out/flink"))
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    tables: dict[str, _Table] = {}
    try:
        with tempfile.TemporaryDirectory() as scratch:
            crawl, local = _local_run(Path(scratch))
            for version in options.versions:
                print(f"measuring {version}", file=sys.stderr, flush=True)
                tables[version] = _measure(version, folder, Path(scratch) / version, crawl) | {"local run": local}
    except ClusterError as error:
        print(f"flink: error: {error}", file=sys.stderr)
        return 1
    _print(tables)
    return 0


def _print(tables: dict[str, _Table]) -> None:
    print(f"| | {' | '.join(tables)} |\n|---|{'---:|' * len(tables)}")
    for row in dict.fromkeys(name for table in tables.values() for name in table):
        print(f"| {row} | {' | '.join(table.get(row, '') for table in tables.values())} |")


def _local_run(scratch: Path) -> tuple[Path, str]:
    """The crawl, and what the run that others are compared with costs; its output is in `scratch`/local."""
    make_crawl(scratch / "crawl", pages=180)
    began, used = time.monotonic(), _children_cpu_s()
    _firsthand(scratch / "crawl", scratch / "local", ["--workers", "2"])
    wall, cpu = time.monotonic() - began, _children_cpu_s() - used
    return scratch / "crawl", f"{wall:.1f} s, {cpu:.1f} CPU s, files {digest(scratch / 'local')}"


def _measure(version: str, folder: Path, scratch: Path, crawl: Path) -> _Table:
    home = fetch_flink(version, folder)
    try:
        jar, missing = fetch_job_server(version, folder), ""
    except ClusterError as error:
        jar, missing = None, str(error)
    scratch.mkdir()
    began = time.monotonic()
    cluster = start(home, scratch / "run", Ports.free(), jar=jar)
    try:
        table = {
            "start": f"{time.monotonic() - began:.1f} s",
            **_memory(cluster, "after start"),
            **_sums(cluster, scratch),
        }
        table |= _memory(cluster, "after the sums") | _kill(cluster, scratch)
        table["crawl through Beam"] = _crawl(cluster, crawl, scratch) if jar else f"not measured: {missing}"
    finally:
        cluster.stop()
    return table


def _memory(cluster: Cluster, when: str) -> _Table:
    names = ("jobmanager", "taskmanager-1", "taskmanager-2")
    sizes = [f"{resident_megabytes(cluster.process(name).pid):.0f}" for name in names]
    return {f"MB of JobManager, TaskManagers, {when}": ", ".join(sizes)}


def _sums(cluster: Cluster, scratch: Path) -> _Table:
    used = _cpu_s(cluster)
    command = sums_command(cluster, rows=_ROWS, rows_a_second=_ALL_AT_ONCE, folder=scratch / "sums")
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    job = _newest(cluster)
    moved = shuffled_bytes(cluster.rest.vertices(job.job_id)) / 1e6
    cpu = _cpu_s(cluster) - used
    return {f"{_ROWS:,} numbers summed": f"{job.seconds:.1f} s, {cpu:.1f} CPU s, {moved:.1f} MB shuffled"}


def _kill(cluster: Cluster, scratch: Path) -> _Table:
    command = sums_command(cluster, rows=_SLOWLY * 10, rows_a_second=_SLOWLY, folder=scratch / "again")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:  # noqa: S603
        _wait(lambda: _newest(cluster).state == "RUNNING", cluster)
        os.kill(cluster.process("taskmanager-2").pid, signal.SIGKILL)
        began = time.monotonic()
        _wait(lambda: registered(cluster) < TASKMANAGERS, cluster)
        noticed = time.monotonic() - began
        client.wait()
    job = _newest(cluster)
    cluster.start_taskmanager("taskmanager-2")
    _wait(lambda: is_complete(cluster), cluster)
    return {"TaskManager killed, its loss noticed": f"after {noticed:.1f} s, job {job.state} in {job.seconds:.1f} s"}


def _crawl(cluster: Cluster, crawl: Path, scratch: Path) -> str:
    began, used = time.monotonic(), _cpu_s(cluster) + _children_cpu_s()
    _firsthand(crawl, scratch / "corpus", ["--", *cluster.flags()])
    wall, cpu = time.monotonic() - began, _cpu_s(cluster) + _children_cpu_s() - used
    moved = sum(shuffled_bytes(cluster.rest.vertices(job.job_id)) for job in cluster.rest.jobs()[-2:]) / 1e3
    return f"{wall:.1f} s, {cpu:.1f} CPU s, {moved:.0f} kB shuffled, files {digest(scratch / 'corpus')}"


def _firsthand(crawl: Path, output: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pipeline", "run", str(crawl), "--output", str(output), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _newest(cluster: Cluster) -> Job:
    return cluster.rest.jobs()[-1]


def _wait(true: Callable[[], bool], cluster: Cluster) -> None:
    wait_until(true, "what was waited for", [cluster.process("jobmanager")])


def _cpu_s(cluster: Cluster) -> float:
    return sum(cpu_seconds(process.pid) for process in cluster.processes())


def _children_cpu_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    if shutil.which("java") is None:
        sys.exit("flink: error: measuring needs Java (java and javac)")
    sys.exit(main())
