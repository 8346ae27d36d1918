"""No program is fetched that nobody asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.prism import prism_problems

RUNNER = "--runner=PrismRunner"


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--runner=FnApiRunner"],
        ["--runner=FlinkRunner"],
        [RUNNER, f"--prism_location={sys.executable}"],
        [RUNNER, "--prism_location", sys.executable],
        [RUNNER, "--prism_location=https://github.com/apache/beam/releases/tag/v2.77.0"],
        [RUNNER, "--job_endpoint=localhost:8073"],
    ],
)
def test_a_program_that_is_here_or_asked_for_is_no_problem(flags: list[str]) -> None:
    assert prism_problems(flags) == []


def test_prism_without_its_program_is_refused_with_the_command_that_makes_it() -> None:
    [line] = prism_problems([RUNNER])
    assert "would download" in line
    assert "go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2." in line


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    text = tmp_path / "prism"
    text.write_text("no program")
    os.chmod(text, 0o600)
    for location in (text, tmp_path, tmp_path / "none"):
        [line] = prism_problems([RUNNER, f"--prism_location={location}"])
        assert line.startswith(f"--prism_location={location} is no file that can be run: ")


@pytest.mark.parametrize("name", ["DirectRunner", "direct", "apache_beam.runners.direct.direct_runner.DirectRunner"])
def test_the_runner_that_tries_prism_first_is_refused(name: str) -> None:
    [line] = prism_problems([f"--runner={name}"])
    assert "would first download another runner" in line


def test_a_command_ends_before_anything_is_downloaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.warc").write_bytes(b"")
    assert main(["run", str(tmp_path / "a.warc"), "--output", str(tmp_path / "out"), "--", RUNNER]) == 2
    assert "Beam would download the program of PrismRunner" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
