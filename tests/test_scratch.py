"""Scratch folders: they go with their process, and with the next one if that was killed."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.flock import NO_LOCKS, Flock
from transforms.scratch import ScratchFolder, remove_abandoned

_KILLED = """
import os, signal, sys
import pytest

from transforms.flock import NO_LOCKS, Flock
from transforms.scratch import ScratchFolder
open(os.path.join(ScratchFolder(sys.argv[1]).path, "page"), "w").write("text")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_folder_of_a_killed_process_goes_and_no_other_does(tmp_path: Path) -> None:
    foreign, young = tmp_path / "firsthand-scratch-notes", tmp_path / "firsthand-scratch-young"
    for folder in (foreign, young):
        folder.mkdir()
    (foreign / "notes.txt").write_text("somebody's own")
    (tmp_path / "firsthand-scratch-link").symlink_to(foreign)
    (tmp_path / "firsthand-scratch-file").write_text("no folder")
    before = set(tmp_path.iterdir())
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False, timeout=60)
    [killed] = set(tmp_path.iterdir()) - before
    assert (killed / "page").exists()
    remove_abandoned(str(tmp_path))
    assert set(tmp_path.iterdir()) == before
    assert (foreign / "notes.txt").exists()


def test_the_folder_of_a_process_that_lives_stays(tmp_path: Path) -> None:
    with ScratchFolder(str(tmp_path)) as living:
        remove_abandoned(str(tmp_path))
        assert stat.S_IMODE(Path(living.path).stat().st_mode) == 0o700
    assert not list(tmp_path.iterdir())


def test_a_new_folder_removes_those_of_the_killed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False, timeout=60)
    with ScratchFolder(str(tmp_path)) as living:
        assert list(tmp_path.iterdir()) == [Path(living.path)]


@pytest.mark.parametrize("number", sorted(NO_LOCKS))
def test_a_folder_on_a_file_system_without_locks_is_of_use_and_stays_until_it_is_removed(
    tmp_path: Path, number: int
) -> None:
    with ScratchFolder(str(tmp_path), flock=refusal(number)) as unlocked, ScratchFolder(str(tmp_path)):
        assert Path(unlocked.path).is_dir()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_locked_for_another_reason_does_not_stay(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="output error"):
        ScratchFolder(str(tmp_path), flock=refusal(errno.EIO))
    assert not list(tmp_path.iterdir())


def refusal(number: int) -> Flock:
    """Locks of a file system that answers so."""

    def refuse(_descriptor: int, _kind: int) -> None:
        raise OSError(number, os.strerror(number))

    return refuse
