"""An output that takes no more: one line with the file, nothing half written, and the same command goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from tests.limits import no_file_beyond


def test_a_file_that_may_not_grow_is_named_and_the_same_command_completes(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    command = ["extract", str(crawl / "crawl-00000.warc.gz"), "--output", str(output), "--workers", "1"]
    with no_file_beyond(1 << 13):  # a plan fits, a split does not
        assert main(command) == 1
    said = capsys.readouterr().err
    *_, last = said.splitlines()
    assert last.startswith(f"firsthand: error: cannot write {output}/")
    assert "File too large; make room there" in last
    assert "Traceback" not in said
    assert not list((output / "documents").glob("*.parquet"))
    assert main(command) == 0
    assert len(list((output / "documents").glob("*.parquet"))) == 1
