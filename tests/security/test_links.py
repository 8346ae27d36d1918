"""Somebody else's links in the output, or where it is about to be: nothing is written where they lead."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.accounts import Tally
from pipeline.cli import main
from pipeline.output import PUBLISHED
from pipeline.progress import PREFIX, Heartbeat
from tests.security.hostile import archive, page

PRECIOUS = (
    b'precious <meta name="generator" content="firsthand"> "@id": "prov.json#curation" "@id": "#firsthand" '
    b"rank,domain,hosts,pages,tokens,archive_bytes,"
)  # passes for each of our published files, so that it is not refused before


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file that is nobody's business."""
    path = tmp_path / "victim"
    path.write_bytes(PRECIOUS)
    return path


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """One page."""
    return archive(tmp_path / "a.warc.gz", [("http://example.org/ferry", page())])


@pytest.fixture
def narrow() -> Iterator[None]:
    """A mask that leaves nothing to group and others."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("narrow")
def test_links_at_the_names_of_an_output_are_replaced_and_not_followed(
    crawl: Path, victim: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    names = (*PUBLISHED, "manifest.json", "cells.json", "_SUCCESS", "corpus/part-00000.parquet")
    names += ("rejections/curate-00000.parquet", "documents/.tmp-progress-x", "documents/.tmp-x")
    (output / "corpus").mkdir(parents=True)
    for name in names:
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).symlink_to(victim)
    assert main(["run", str(crawl), "--output", str(output), "--workers", "1"]) == 0
    assert victim.read_bytes() == PRECIOUS
    written = [path for path in output.rglob("*") if path.name != ".lock"]
    assert not any(path.is_symlink() for path in written)
    # What the mask says holds for everything: nothing is opened wider, by hand or by a library.
    assert Counter(stat.S_IMODE(path.stat().st_mode) for path in written).keys() == {0o600, 0o700}


@pytest.mark.parametrize("put", [Path.symlink_to, lambda path, _: os.mkfifo(path)], ids=["link", "pipe"])
def test_a_lock_that_is_a_link_or_a_pipe_is_refused(
    put: object, crawl: Path, victim: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    put(tmp_path / "out" / ".lock", tmp_path / "made")  # type: ignore[operator]
    assert main(["run", str(crawl), "--output", str(tmp_path / "out"), "--workers", "1"]) == 1
    assert "cannot write to" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("put", [Path.symlink_to, lambda path, _: os.mkfifo(path)], ids=["link", "pipe"])
def test_a_heartbeat_goes_nowhere_else(put: object, victim: Path, tmp_path: Path) -> None:
    put(tmp_path / f"{PREFIX}x", victim)  # type: ignore[operator]
    Heartbeat(str(tmp_path), "x").beat(Tally(), done=1)
    assert victim.read_bytes() == PRECIOUS


def test_scores_are_not_written_where_a_name_that_can_be_foretold_leads(victim: Path, tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"id": 1, "text": "A text."}\n')
    for pid in (os.getpid(), os.getppid()):
        (tmp_path / f".out.jsonl.{pid}").symlink_to(victim)
    assert main(["score", str(lines), "--output", str(tmp_path / "out.jsonl")]) == 0
    assert victim.read_bytes() == PRECIOUS
    assert (tmp_path / "out.jsonl").stat().st_size > 0
