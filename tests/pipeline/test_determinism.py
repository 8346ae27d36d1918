"""The same rows whatever the runner, the number of workers, the cut, the order of inputs, or a death on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.outputs import corpus, rejections


def sealed_files(output: Path) -> list[dict[str, object]]:
    """The files of the output with their digests, as its manifest lists them; they are those on disk."""
    files: list[dict[str, object]] = json.loads((output / "manifest.json").read_bytes())["files"]
    assert all(sha256((output / str(file["path"])).read_bytes()).hexdigest() == file["sha256"] for file in files)
    return files


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--workers", "2"], id="two processes"),
        pytest.param(["--workers", "1", "--set", "run.split_bytes=16384"], id="splits of 16 KiB"),
        pytest.param(["--workers", "1", "--set", "run.shard_bytes=20000"], id="many shards"),
        pytest.param(["--", "--runner=BundleBasedDirectRunner"], id="the runner that knows no stages"),
    ],
)
def test_the_rows_do_not_depend_on_how_the_work_is_done(
    crawl: Path, reference: Path, tmp_path: Path, arguments: list[str]
) -> None:
    assert main(["run", str(crawl), "--output", str(tmp_path / "out"), *arguments]) == 0
    assert corpus(tmp_path / "out") == corpus(reference)
    assert rejections(tmp_path / "out") == rejections(reference)
    files = sealed_files(tmp_path / "out")
    if not any("_bytes=" in argument for argument in arguments):  # cut alike, the files are the same to the last byte
        assert files == sealed_files(reference)


def test_the_rows_do_not_depend_on_the_order_of_the_inputs(crawl: Path, reference: Path, tmp_path: Path) -> None:
    inputs = [str(path) for path in sorted(crawl.glob("*.warc.gz"), reverse=True)]
    assert main(["run", *inputs, "--output", str(tmp_path / "out"), "--workers", "1"]) == 0
    assert corpus(tmp_path / "out") == corpus(reference)


def test_a_killed_run_goes_on_where_it_stopped(
    crawl: Path, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    command = ["run", str(crawl), "--output", str(output), "--workers", "1", "--set", "run.split_bytes=32768"]
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command], stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        committed = wait_for_split(process, output / "documents")
        os.kill(process.pid, signal.SIGKILL)
    assert not (output / "_SUCCESS").exists()
    kept = {path: path.stat().st_mtime_ns for path in committed}
    assert main(command) == 0
    assert "committed by an earlier run" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in committed} == kept
    assert corpus(output) == corpus(reference)
    assert rejections(output) == rejections(reference)


def wait_for_split(process: subprocess.Popen[bytes], documents: Path) -> list[Path]:
    """The documents files there are once there is one; the run must still be going on."""
    for _ in range(1200):
        committed = [path for path in documents.glob("*.parquet") if not path.name.startswith(".")]
        if committed:
            return committed
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail("the run ended before it had committed a split")


def test_a_second_run_changes_nothing(crawl: Path, reference: Path, tmp_path: Path) -> None:
    output = shutil.copytree(reference, tmp_path / "out")
    assert main(["run", str(crawl), "--output", str(output), "--workers", "1"]) == 0
    assert corpus(output) == corpus(reference)
