"""A Google Cloud on loopback, and one run of the small crawl on it."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from examples.make_crawl import make_crawl

if TYPE_CHECKING:
    from tests.dataflow.cloud import Cloud
    from tests.dataflow.service import Job, Verdict

ROOT = Path(__file__).parent.parent.parent


def said(stderr: str) -> list[str]:
    """What a command said, a line each, without how far it was."""
    return [line for line in stderr.splitlines() if line.startswith("firsthand: ")]


def _require(*modules: str) -> None:
    for module in modules:
        try:
            missing = find_spec(module) is None
        except ImportError:
            missing = True
        if missing:
            pytest.skip(f"needs {module}: pip install 'firsthand[gcp,stores]'")


@pytest.fixture(scope="package")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The cloud, and a checkout that holds what a user's holds."""
    _require("google.cloud.dataflow", "google.cloud.storage", "gcp_storage_emulator")
    from gcp_storage_emulator.server import create_server

    from tests.dataflow.cloud import BUCKET, Cloud, write_credentials
    from tests.dataflow.service import FakeDataflow

    folder = tmp_path_factory.mktemp("cloud")
    checkout = folder / "checkout"
    for name in ("pipeline", "transforms"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    emulator = create_server("127.0.0.1", port, in_memory=True, default_bucket=BUCKET)
    emulator.start()
    try:
        with FakeDataflow() as service:
            credentials = folder / "account.json"
            write_credentials(credentials, token_uri=f"{service.address}/token")
            yield Cloud(service, f"http://127.0.0.1:{port}", checkout, credentials)
    finally:
        emulator.stop()


@dataclass(frozen=True, slots=True)
class Finished:
    """A run over the small crawl on the cloud, with the jobs it asked for."""

    process: subprocess.CompletedProcess[str]
    jobs: list[Job]
    crawl: Path


@pytest.fixture(scope="package")
def finished(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """`firsthand run` from the checkout; the fake service has each job done by a worker that has the package alone."""
    from tests.dataflow.cloud import BUCKET

    crawl = tmp_path_factory.mktemp("recorded") / "crawl"
    make_crawl(crawl, pages=10)
    for archive in crawl.glob("*.warc.gz"):
        cloud.upload(f"crawl/{archive.name}", archive.read_bytes())

    def work(job: Job) -> Verdict:
        return cloud.work(job, tmp_path_factory.mktemp("worker"))

    cloud.service.judge = work
    before = len(cloud.service.created())
    process = cloud.firsthand(
        "run", f"gs://{BUCKET}/crawl/", "--output", f"gs://{BUCKET}/out", "--",
        *cloud.flags("contract"), "--setup_file=./setup.py", "--max_num_workers=8", "--machine_type=n2-standard-2",
    )  # fmt: skip
    return Finished(process, cloud.service.created()[before:], crawl)
