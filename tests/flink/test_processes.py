"""What was started is stopped, with what it has started itself, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.flink.__main__ import main
from deploy.flink.processes import Process, cpu_seconds, found, resident_megabytes, spawn, stop

WAIT = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def test_a_process_outlives_its_command_until_it_is_stopped(tmp_path: Path) -> None:
    process = spawn("one", WAIT, folder=tmp_path, env=os.environ)
    assert found(tmp_path) == [process]
    assert process.alive()
    assert resident_megabytes(process.pid) > 1
    assert stop(found(tmp_path), folder=tmp_path) == ["one"]
    assert not process.alive()
    assert found(tmp_path) == []
    assert cpu_seconds(process.pid) == resident_megabytes(process.pid) == 0


def test_one_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(99)"
    process = spawn("deaf", [sys.executable, "-c", deaf], folder=tmp_path, env=os.environ)
    while "up" not in (tmp_path / "deaf.log").read_text():
        assert process.alive()
    assert stop([process], folder=tmp_path, patience=0.2) == ["deaf"]
    assert not process.alive()


def test_a_number_that_is_another_process_now_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(WAIT, stdout=subprocess.DEVNULL) as other:
        (tmp_path / "gone.pid").write_text(f"{other.pid} Thu Jan  1 00:00:00 1970\n")
        assert not Process("gone", other.pid, "Thu Jan 1 00:00:00 1970").alive()
        assert stop(found(tmp_path), folder=tmp_path) == []
        assert other.poll() is None
        other.kill()
    assert found(tmp_path) == []


def test_a_cluster_that_was_never_started_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main([*folder, "status"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("flink: error: no cluster was started in ")
    assert main([*folder, "stop"]) == 0
    assert capsys.readouterr().out == "nothing of it ran\n"
