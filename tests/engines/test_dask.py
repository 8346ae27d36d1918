"""Runs on a Dask cluster whose machines are killed or frozen: the job is done, and its rows are the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.engines.machines import DaskCluster, Machine
from tests.outputs import corpus, rejections
from tests.processes import await_sight

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(find_spec("distributed") is None, reason="needs Dask: pip install 'firsthand[engines]'"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]

END_S = 400.0
SMALL = ["--set", "run.split_bytes=32768", "--set", "run.shard_bytes=20000"]


@pytest.fixture
def three_machines(tmp_path: Path) -> Iterator[DaskCluster]:
    """Three machines, each with a nanny that starts a lost worker again."""
    cluster = DaskCluster.start(tmp_path, machines=3, nannies=True)
    yield cluster
    cluster.stop()


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[DaskCluster]:
    """Two workers that nobody starts again."""
    cluster = DaskCluster.start(tmp_path, machines=2, nannies=False)
    yield cluster
    cluster.stop()


def start(crawl: Path, output: Path, cluster: DaskCluster) -> subprocess.Popen[bytes]:
    """A run on the cluster."""
    words = ["run", str(crawl), "--output", str(output), *SMALL, "--", *cluster.flags()]
    return subprocess.Popen([sys.executable, "-m", "pipeline", *words], stderr=subprocess.PIPE)


def expect_same(process: subprocess.Popen[bytes], output: Path, reference: Path) -> None:
    """Fail unless the run ends well, with the rows of the reference, each once, and no file beside those that count."""
    said = process.communicate(timeout=END_S)[1].decode()
    assert process.returncode == 0, said
    assert corpus(output) == corpus(reference)
    assert rejections(output) == rejections(reference)
    splits = {path.name for path in (output / "documents").iterdir()}
    assert splits == {path.name for path in (output / "rejections").iterdir() if not path.name.startswith("curate-")}
    assert not [path for path in output.rglob(".*") if path.name != ".lock"]


def test_machines_killed_while_extracting_and_while_curating_change_no_row(
    crawl: Path, reference: Path, tmp_path: Path, three_machines: DaskCluster
) -> None:
    output = tmp_path / "out"
    process = start(crawl, output, three_machines)

    def extracting() -> Machine | None:
        begun = any((output / "documents").glob("crawl-*.parquet"))
        return three_machines.writing(output / "documents") if begun else None

    await_sight(process, extracting, of="a machine in the middle of a split").kill()
    committed = {path: path.stat().st_mtime_ns for path in (output / "documents").glob("crawl-*.parquet")}

    def curating() -> Machine | None:
        begun = (output / "rejections").glob("curate-*.parquet")
        return next(one for one in three_machines.machines if one.process.poll() is None) if any(begun) else None

    await_sight(process, curating, of="a shard being written").kill()
    (output / "corpus" / ".tmp-1234-part-00000.parquet").write_bytes(b"half")  # as one that had begun would leave it
    expect_same(process, output, reference)
    assert {path: path.stat().st_mtime_ns for path in committed} == committed  # not extracted again


def test_a_worker_that_comes_back_after_its_split_was_extracted_elsewhere_changes_no_row(
    crawl: Path, reference: Path, tmp_path: Path, two_workers: DaskCluster
) -> None:
    output = tmp_path / "out"
    process = start(crawl, output, two_workers)

    def frozen() -> Machine | None:
        machine = two_workers.writing(output / "documents")
        if machine:
            machine.freeze()
            if any(file.parent.name == "documents" for file in machine.begun()):
                return machine
            machine.thaw()  # it was done a moment before
        return None

    zombie = await_sight(process, frozen, of="a worker in a split")
    [begun] = [file for file in zombie.begun() if file.parent.name == "documents"]
    split = begun.with_name(begun.name.split("-", 2)[2])
    assert not split.exists()
    await_sight(process, split.exists, of="the same split from another worker")
    zombie.thaw()
    expect_same(process, output, reference)
