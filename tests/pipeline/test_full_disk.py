"""An output that takes no more: one line with the file, nothing half written, and the same command goes on."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits another process as Linux does")


def test_a_file_that_may_not_grow_is_named_and_the_same_command_completes(crawl: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = ["extract", str(crawl / "crawl-00000.warc.gz"), "--output", str(output), "--workers", "1"]
    with subprocess.Popen([sys.executable, "-m", "pipeline", *command], stderr=subprocess.PIPE) as process:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1 << 13, 1 << 13))  # bytes: a plan fits, a split does not
        said = process.communicate(timeout=300)[1].decode()
    *_, last = said.splitlines()
    assert process.returncode == 1
    assert last.startswith(f"firsthand: error: cannot write {output}/")
    assert "File too large; make room there" in last
    assert "Traceback" not in said
    assert not list((output / "documents").glob("*.parquet"))
    assert main(command) == 0
    assert len(list((output / "documents").glob("*.parquet"))) == 1
