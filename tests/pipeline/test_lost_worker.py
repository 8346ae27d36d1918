"""Worker processes of the local runner, and their parsers, killed: an end in bounded time, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.lock import is_written
from tests.outputs import Row
from tests.processes import await_sight, below, ended, opened, running

WORKER, PARSER = "apache_beam.runners.worker.sdk_worker_main", "transforms.extract.child"
CUT = ["--set", "run.split_bytes=32768"]  # four splits of one archive
ONE_PROCESS = ["--", "--direct_num_workers=1", "--direct_running_mode=multi_processing"]
END_S = 120.0  # for ever, before there was pipeline/interruption.py

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture
def archive(crawl: Path) -> Path:
    """One archive of `crawl`, of some twenty pages."""
    return crawl / "crawl-00000.warc.gz"


def start(archive: Path, output: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A `firsthand extract`."""
    command = [sys.executable, "-m", "pipeline", "extract", str(archive), "--output", str(output), *CUT, *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def rows(paths: Iterable[Path]) -> list[Row]:
    """All rows of these files, in order of their values."""
    return sorted((row for path in paths for row in pq.read_table(path).to_pylist()), key=str)


def test_a_worker_killed_in_the_middle_of_a_split_ends_the_run_and_the_same_command_goes_on(
    archive: Path, reference: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    process = start(archive, output, "--workers", "2")

    def extracting() -> int | None:
        workers = running(process.pid, WORKER) if list((output / "documents").glob("crawl-*.parquet")) else []
        return next((pid for pid in workers if any("/documents/.tmp-" in name for name in opened(pid))), None)

    os.kill(await_sight(process, extracting, of="a worker in the middle of a split"), signal.SIGKILL)
    said = process.communicate(timeout=END_S)[1].decode()
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "a worker process died" in said.splitlines()[-1]
    kept = {path: path.stat().st_mtime_ns for path in (output / "documents").glob("crawl-*.parquet")}
    assert 0 < len(kept) < 4

    assert main(["extract", str(archive), "--output", str(output), *CUT, "--workers", "1"]) == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    for folder in ("documents", "rejections"):
        whole = (reference / folder).glob(f"{archive.name.split('.')[0]}*.parquet")
        assert rows((output / folder).glob("*.parquet")) == rows(whole)


def test_a_parser_killed_in_the_middle_costs_one_page_at_most(archive: Path, reference: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = start(archive, output, "--workers", "1")

    def parsing() -> int | None:
        begun = any((output / "documents").glob(".tmp-*"))
        return next(iter(running(process.pid, PARSER)), None) if begun else None

    os.kill(await_sight(process, parsing, of="a parser at work"), signal.SIGKILL)
    process.communicate(timeout=END_S)
    assert process.returncode == 0
    whole, found = (
        {row["id"] for row in rows((root / "documents").glob(f"{archive.name.split('.')[0]}*.parquet"))}
        for root in (reference, output)
    )
    assert found <= whole
    assert len(whole - found) <= 1


def test_workers_of_a_run_that_was_killed_end_and_keep_others_out_until_then(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = start(archive, output, *ONE_PROCESS)

    def working() -> list[int] | None:
        begun = any((output / "documents").glob(".tmp-*"))
        return running(process.pid, PARSER) and running(process.pid, WORKER) if begun else None

    [worker] = await_sight(process, working, of="a worker with its parser")
    family = below(process.pid)
    os.kill(worker, signal.SIGSTOP)  # it neither ends nor commits
    process.kill()
    with process:  # waits for its end, and closes what it spoke into
        pass
    assert is_written(str(output))
    os.kill(worker, signal.SIGCONT)
    assert ended(family)
    assert not is_written(str(output))
