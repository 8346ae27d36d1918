"""The folder of the sockets: it goes with its process, and with the next one if that was killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.sockets import SocketFolder, remove_abandoned

_KILLED = """
import os, signal, socket, sys
from pipeline.sockets import SocketFolder
socket.socket(socket.AF_UNIX).bind(os.path.join(SocketFolder(sys.argv[1]).path, "control"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short path."""
    return tmp_path_factory.mktemp("s")


def test_the_folder_of_a_killed_process_goes_and_no_other_does(place: Path) -> None:
    foreign, young = place / "firsthand-run-notes", place / "firsthand-run-young"
    for folder in (foreign, young):
        folder.mkdir()
    (foreign / "notes.txt").write_text("somebody's own")
    (place / "firsthand-run-link").symlink_to(foreign)
    before = set(place.iterdir())
    subprocess.run([sys.executable, "-c", _KILLED, str(place)], check=False, timeout=60)
    [killed] = set(place.iterdir()) - before
    remove_abandoned(str(place))
    assert not killed.exists()
    assert set(place.iterdir()) == before
    assert (foreign / "notes.txt").exists()


def test_the_folder_of_a_process_that_lives_stays(place: Path) -> None:
    living = SocketFolder(str(place))
    os.mknod(Path(living.path, "control"), stat.S_IFSOCK | 0o600)
    remove_abandoned(str(place))
    assert stat.S_IMODE(Path(living.path).stat().st_mode) == 0o700
    living.remove()
    assert not list(place.iterdir())
