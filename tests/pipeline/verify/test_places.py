"""Which addresses a verification opens: an output may have been made by anybody."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.verify.claim import Claim, read_claim
from pipeline.verify.places import find_archive
from transforms.errors import InputError
from transforms.report.folder import Folder


def claim_of(folder: Path, address: str, archive: str = "a.warc.gz") -> Claim:
    """What a manifest says that has one archive."""
    page = {"counts": {}, "inputs": [{"warc_file": archive, "file_path": address}]}
    (folder / "manifest.json").write_text(json.dumps(page))
    return read_claim(Folder(str(folder)))


def find(folder: Path, address: str, *, archive: str = "a.warc.gz", output: str = "", root: str | None = None) -> str:
    """Where the archive of that manifest is opened."""
    claim = claim_of(folder, address, archive)
    return find_archive(archive, claim, output=output or str(folder), root=root)


def test_an_archive_lies_where_the_manifest_says(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.touch()
    assert find(tmp_path, str(path)) == str(path)


@pytest.mark.parametrize("name", [b"caf\xe9.warc.gz", rb"caf\udce9.warc.gz"])
def test_escapes_are_undone_unless_they_are_the_name_itself(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.touch()
    assert find(tmp_path, f"{tmp_path}/caf\\udce9.warc.gz") == str(path)


def test_below_a_folder_of_the_user_it_goes_by_its_short_name(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.warc.gz").touch()
    assert find(tmp_path, "/gone/a.warc.gz", root=f"{tmp_path}/x") == f"{tmp_path}/x/a.warc.gz"
    assert find(tmp_path, "https://w.invalid/a.warc.gz", root=f"{tmp_path}/x") == f"{tmp_path}/x/a.warc.gz"


def test_below_an_address_of_the_user_it_goes_by_its_own(tmp_path: Path) -> None:
    address = "https://w.invalid/crawl/7/a.warc.gz"
    assert find(tmp_path, address, root="https://w.invalid/crawl") == address
    assert find(tmp_path, address, root="https://v.invalid/b") == "https://v.invalid/b/a.warc.gz"


def test_a_store_is_asked_for_the_archives_of_an_output_on_such_a_store(tmp_path: Path) -> None:
    assert find(tmp_path, "s3://crawls/a.warc.gz", output="s3://corpora/out") == "s3://crawls/a.warc.gz"


@pytest.mark.parametrize(
    ("address", "output"),
    [
        ("http://127.0.0.1:9/a.warc.gz", ""),
        ("https://w.invalid/a.warc.gz", "s3://corpora/out"),
        ("https://w.invalid/a.warc.gz", "https://w.invalid/out"),
        ("s3://crawls/a.warc.gz", ""),
        ("gs://crawls/a.warc.gz", "s3://corpora/out"),
        ("zz://x/y", ""),
    ],
)
def test_no_other_machine_is_asked_because_an_output_says_so(tmp_path: Path, address: str, output: str) -> None:
    with pytest.raises(InputError, match=r"is on another machine: .* --input-root"):
        find(tmp_path, address, output=output)


@pytest.mark.parametrize("archive", ["../secret.warc.gz", "x/../../secret.warc.gz", "/etc/passwd", ".."])
def test_a_short_name_does_not_lead_out_of_the_folder_of_the_user(tmp_path: Path, archive: str) -> None:
    (tmp_path / "secret.warc.gz").touch()
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError, match="leads out of"):
        find(tmp_path, "/gone/a.warc.gz", archive=archive, root=f"{tmp_path}/in")


def test_an_address_does_not_lead_out_of_that_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="leads out of"):
        find(tmp_path, "https://w.invalid/in/../secret", root="https://w.invalid/in")


def test_only_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(InputError, match="is no file"):
            find(tmp_path, str(place))
    with pytest.raises(InputError, match="is no absolute path"):
        find(tmp_path, "pipe")


def test_an_archive_that_the_manifest_does_not_have_lies_nowhere(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no archive of the manifest"):
        find_archive("b.warc.gz", claim_of(tmp_path, "/a"), output=str(tmp_path), root=str(tmp_path))
