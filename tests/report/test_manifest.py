"""A folder that is not the output of a finished run is told what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.errors import InputError
from transforms.report.folder import Folder
from transforms.report.manifest import read_manifest


def test_a_missing_directory_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: holds no manifest\.json; name the --output of an earlier run"):
        read_manifest(Folder(str(tmp_path / "nowhere")))


def test_an_unfinished_run_is_told_from_a_foreign_directory(tmp_path: Path) -> None:
    (tmp_path / "extract.json").touch()
    with pytest.raises(InputError, match=r"the run has not finished; give its command again"):
        read_manifest(Folder(str(tmp_path)))


@pytest.mark.parametrize(
    "text", ["{", "\x00", "[1]", "{}", '{"counts": 3}', '{"counts": {"records": 1}}', "[" * 100_000]
)
def test_a_manifest_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json: (cannot be read as JSON|has no counts)"):
        read_manifest(Folder(str(tmp_path)))
