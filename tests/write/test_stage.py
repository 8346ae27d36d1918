"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from transforms.errors import OutputError
from transforms.write.stage import commit, list_files, remove_leftovers


def test_a_committed_file_holds_what_was_written_and_replaces_the_old(tmp_path: Path) -> None:
    path = str(tmp_path / "a.bin")
    assert commit(path, lambda sink: sink.write(b"old")) == 3
    commit(path, lambda sink: sink.write(b"newer"))
    assert (tmp_path / "a.bin").read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [tmp_path / "a.bin"]


def test_a_write_that_fails_leaves_nothing_and_keeps_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail(sink: object) -> None:
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        commit(str(path), fail)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS])
def test_what_the_file_system_refuses_is_told_with_the_file_and_the_cure(tmp_path: Path, code: int) -> None:
    def fail(sink: object) -> None:
        raise OSError(code, os.strerror(code))

    with pytest.raises(OutputError, match=rf"cannot write .*a\.bin: {os.strerror(code)}; make room there"):
        commit(str(tmp_path / "a.bin"), fail)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_vanished_is_told_with_the_file_and_one_that_is_read_is_not(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*gone/a\.bin: No such file or directory"):
        commit(str(tmp_path / "gone" / "a.bin"), lambda sink: sink.write(b""))
    with pytest.raises(FileNotFoundError):
        commit(str(tmp_path / "a.bin"), lambda _: (tmp_path / "input").read_bytes())


def test_what_killed_writers_leave_is_not_listed_and_can_be_swept(tmp_path: Path) -> None:
    for name in ("b.parquet", "a.parquet", ".tmp-123-c.parquet", ".tmp-progress-x"):
        (tmp_path / name).touch()
    assert list_files(str(tmp_path), "*.parquet") == [str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")]
    remove_leftovers(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]


def test_brackets_in_a_folder_are_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "run [1]"
    folder.mkdir()
    commit(str(folder / "a.parquet"), lambda sink: sink.write(b"x"))
    assert list_files(str(folder), "*.parquet") == [str(folder / "a.parquet")]
    assert list_files(str(tmp_path / "none")) == []
