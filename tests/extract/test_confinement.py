"""What the process that parses pages cannot do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def confined(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    source = f"from transforms.extract.confinement import confine\nconfine(512)\n{program}\n"
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_writes_no_byte_into_a_file(tmp_path: Path) -> None:
    ended = confined("open('taken', 'wb', buffering=0).write(b'x')", tmp_path)
    assert "File too large" in ended.stderr
    assert (tmp_path / "taken").read_bytes() == b""


@pytest.mark.parametrize("name", ["AS", "STACK", "CORE", "FSIZE", "NPROC"])
def test_it_cannot_take_its_limits_back(name: str, tmp_path: Path) -> None:
    ended = confined(
        f"import resource as r\nsoft, hard = r.getrlimit(r.RLIMIT_{name})\nprint(soft == hard != r.RLIM_INFINITY)",
        tmp_path,
    )
    assert ended.stdout == "True\n", ended.stderr


def test_pipes_stay_open_to_it(tmp_path: Path) -> None:
    assert confined("print('x' * 100_000)", tmp_path).stdout == "x" * 100_000 + "\n"
