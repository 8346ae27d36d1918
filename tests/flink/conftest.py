"""Engines of several processes, started on loopback for the tests that are marked `cluster`.

What cannot be fetched skips the tests that need it, and says what it was.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from deploy.flink import cluster as clusters
from deploy.flink.cluster import Cluster
from deploy.flink.distribution import FLINK, fetch_flink, fetch_job_server
from deploy.flink.errors import ClusterError
from deploy.flink.processes import found, spawn, stop
from deploy.flink.settings import Ports
from tests.flink.engines import Engine, FlinkEngine, PrismEngine

OUT = Path(__file__).parent.parent.parent / "out"
PRISM = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{version('apache-beam')}"


@pytest.fixture(scope="session")
def flink_home() -> Path:
    """A distribution of Flink, fetched once into out/flink."""
    if shutil.which("java") is None:
        pytest.skip("Flink needs Java, and there is no `java` here")
    try:
        return fetch_flink(FLINK, OUT / "flink")
    except ClusterError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def job_server() -> Path | ClusterError:
    """The jar of Beam's job server for Flink, or why it cannot be had."""
    given = os.environ.get("FLINK_JOB_SERVER_JAR")
    if given:
        return Path(given).resolve(strict=True)
    try:
        return fetch_job_server(FLINK, OUT / "flink")
    except ClusterError as error:
        return error


@pytest.fixture(scope="session")
def cluster(
    flink_home: Path, job_server: Path | ClusterError, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """One JobManager, two TaskManagers with two slots each, a worker pool, and the job server if it can be had."""
    jar = job_server if isinstance(job_server, Path) else None
    started = clusters.start(flink_home, tmp_path_factory.mktemp("cluster"), Ports.free(), jar=jar)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def flink(cluster: Cluster, job_server: Path | ClusterError) -> Engine:
    """Beam's job server in front of the cluster."""
    if isinstance(job_server, ClusterError):
        pytest.skip(f"no job server for Flink: {job_server}")
    return FlinkEngine(cluster)


@pytest.fixture(scope="session")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Beam's own job server written in Go, and a worker pool: the same protocol without a cluster behind it."""
    program = OUT / "bin" / "prism"
    if not program.exists():
        if shutil.which("go") is None:
            pytest.skip(f"{PRISM} needs Go, and there is no `go` here")
        environment = {**os.environ, "GOBIN": str(program.parent)}
        done = subprocess.run(["go", "install", PRISM], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"go could not fetch {PRISM}: {done.stderr.strip().splitlines()[-1]}")
    folder, ports = tmp_path_factory.mktemp("prism"), Ports.free()
    command = [str(program), f"-job_port={ports.jobs}", "-serve_http=false", "-log_kind=text"]
    processes = [spawn("prism", command, folder=folder, env=os.environ)]
    processes.append(clusters.start_worker_pool(folder, ports.workers))
    clusters.wait_until(lambda: clusters.is_open(ports.jobs), "Prism listens", processes)
    clusters.wait_until(lambda: clusters.is_open(ports.workers), "the worker pool listens", processes)
    yield PrismEngine(folder, ports)
    stop(found(folder), folder=folder)


@pytest.fixture(params=["flink", "prism"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine that takes jobs over Beam's job API and has workers in a pool."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine
