"""Worker processes of the local runner, and their parsers, killed: an end in bounded time, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.lock import is_written
from tests.outputs import corpus, rejections
from tests.processes import await_sight, below, ended, opened, running

WORKER, PARSER = "apache_beam.runners.worker.sdk_worker_main", "transforms.extract.child"
TWO = ["--workers", "2", "--set", "run.split_bytes=32768", "--set", "run.shard_bytes=20000"]
END_S = 120.0  # for ever, before there was pipeline/interruption.py

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def start(command: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A `firsthand` with two worker processes."""
    return subprocess.Popen([sys.executable, "-m", "pipeline", command, *arguments, *TWO], stderr=subprocess.PIPE)


def message(process: subprocess.Popen[bytes]) -> str:
    """What it says last before it ends, with exit status 1."""
    said = process.communicate(timeout=END_S)[1].decode()
    assert process.returncode == 1
    assert "Traceback" not in said
    return said.splitlines()[-1]


def test_a_worker_killed_while_extracting_or_curating_ends_the_run_and_the_same_command_goes_on(
    crawl: Path, reference: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    run = ["run", str(crawl), "--output", str(output)]
    process = start(*run)

    def extracting() -> int | None:
        workers = running(process.pid, WORKER) if list((output / "documents").glob("crawl-*.parquet")) else []
        return next((pid for pid in workers if any("/documents/.tmp-" in name for name in opened(pid))), None)

    os.kill(await_sight(process, extracting, of="a worker in the middle of a split"), signal.SIGKILL)
    assert "a worker process died" in message(process)
    kept = {path: path.stat().st_mtime_ns for path in (output / "documents").glob("crawl-*.parquet")}
    assert len(kept) > 0

    process = start(*run)

    def curating() -> int | None:
        begun = list((output / "rejections").glob("curate-*.parquet"))
        return next(iter(running(process.pid, WORKER)), None) if begun else None

    os.kill(await_sight(process, curating, of="a worker that writes shards"), signal.SIGKILL)
    assert "a worker process died" in message(process)
    assert not (output / "_SUCCESS").exists()
    assert {path: path.stat().st_mtime_ns for path in kept} == kept

    process = start(*run)
    process.communicate(timeout=END_S)
    assert process.returncode == 0
    assert corpus(output) == corpus(reference)
    assert rejections(output) == rejections(reference)


def test_a_parser_killed_in_the_middle_costs_one_page_at_most(crawl: Path, reference: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = start("extract", str(crawl), "--output", str(output))

    def parsing() -> int | None:
        begun = any((output / "documents").glob(".tmp-*"))
        return next(iter(running(process.pid, PARSER)), None) if begun else None

    os.kill(await_sight(process, parsing, of="a parser at work"), signal.SIGKILL)
    process.communicate(timeout=END_S)
    assert process.returncode == 0
    whole, found = (
        {row["id"] for path in (root / "documents").glob("*.parquet") for row in pq.read_table(path).to_pylist()}
        for root in (reference, output)
    )
    assert found <= whole
    assert len(whole - found) <= 1


def test_workers_of_a_run_that_was_killed_end_and_keep_others_out_until_then(crawl: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = start("extract", str(crawl), "--output", str(output))

    def working() -> list[int] | None:
        begun = any((output / "documents").glob(".tmp-*"))
        return running(process.pid, PARSER) and running(process.pid, WORKER) if begun else None

    workers = await_sight(process, working, of="workers with their parsers")
    family = below(process.pid)
    os.kill(workers[0], signal.SIGSTOP)  # it neither ends nor commits
    process.kill()
    with process:  # waits for its end, and closes what it spoke into
        pass
    assert is_written(str(output))
    os.kill(workers[0], signal.SIGCONT)
    assert ended(family)
    assert not is_written(str(output))
