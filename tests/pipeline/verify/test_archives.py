"""`firsthand verify` takes rows back to their archives, wherever these lie now."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.verify.archives import Sample
from pipeline.verify.check import State
from pipeline.verify.command import verify
from pipeline.verify.progress import Pulse
from tests.tampering import flip, shard
from transforms.errors import InputError
from transforms.report.folder import Folder

Row = dict[str, object]


@pytest.fixture
def archives(crawl: Path, tmp_path: Path) -> Path:
    """The archives of the reference output, moved."""
    folder = tmp_path / "moved"
    folder.mkdir()
    for path in crawl.glob("*.warc.gz"):
        shutil.copy(path, folder)
    return folder


def check(output: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    """The exit code, and what was said of the archives."""
    capsys.readouterr()
    code = main(["verify", str(output), "--json", *arguments])
    [found] = [c for c in json.loads(capsys.readouterr().out)["checks"] if c["name"] == "archives"]
    return code, found


def rows(output: Path) -> list[Row]:
    """The rows of the first shard, without their text."""
    names = ["id", "warc_file", "record_offset", "record_length", "url"]
    found: list[Row] = pq.read_table(shard(output), columns=names).to_pylist()
    return found


def test_all_rows_agree_with_archives_that_were_moved(
    reference: Path, archives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = len(rows(reference))
    code, found = check(reference, capsys, "--archives", "all", "--input-root", str(archives))
    assert (code, found["state"], found["problems"]) == (0, "ok", [])
    assert f"{number} of {number} rows taken back to their archives" in str(found["said"])
    assert str(found["said"]).endswith(f"extracted again from {number}")


def test_a_changed_byte_of_an_archive_names_the_row_whose_record_it_is_in(
    reference: Path, archives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = rows(reference)[3]
    place = int(str(row["record_offset"])) + int(str(row["record_length"])) // 2
    flip(archives / str(row["warc_file"]), place)
    code, found = check(reference, capsys, "--archives", "all", "--input-root", str(archives))
    assert (code, found["state"], found["found"]) == (1, "FAILED", 1)
    [problem] = found["problems"]  # type: ignore[misc]
    assert str(problem).startswith(f"row {row['id']} ({row['url']}) of corpus/part-00000.parquet: the record at offset")
    assert "is damaged" in str(problem)


def test_archives_that_are_gone_are_counted_as_not_checked(
    reference: Path, archives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = str(rows(reference)[0]["warc_file"])
    (archives / gone).unlink()
    left = sum(row["warc_file"] == gone for row in rows(reference))
    code, found = check(reference, capsys, "--archives", "all", "--input-root", str(archives))
    assert (code, found["state"]) == (0, "not checked")
    assert f"{left} not checked, for 1 archive cannot be read: {gone}: " in str(found["said"])


class Silent(io.BytesIO):
    """An archive on a store that does not answer, as is noticed when it is read."""

    def seek(self, place: int, whence: int = 0) -> int:
        raise InputError("https://example.invalid does not answer")


def test_archives_that_open_and_cannot_be_read_are_not_checked(reference: Path) -> None:
    done = verify(
        Folder(str(reference)), head=None, sample=Sample(5, 0, None), open_archive=lambda _: Silent(), pulse=Pulse()
    )
    [found] = [check for check in done.checks if check.name == "archives"]
    assert found.state is State.SKIPPED
    assert found.said.startswith("0 of ")
    assert "5 not checked, for " in found.said
    assert "https://example.invalid does not answer" in found.said


def test_an_archive_of_another_size_is_told(
    reference: Path, archives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = rows(reference)[0]
    with (archives / str(row["warc_file"])).open("ab") as file:
        file.write(b"more")
    code, found = check(reference, capsys, "--archives", "all", "--input-root", str(archives))
    assert code == 1
    assert f"archive {row['warc_file']} has " in str(found["problems"])


def test_a_place_where_no_record_begins_any_longer_is_named(
    reference: Path, archives: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = rows(reference)[0]
    archive, start = archives / str(row["warc_file"]), int(str(row["record_offset"]))
    data = bytearray(archive.read_bytes())
    data[start : start + 3] = b"\0\0\0"
    archive.write_bytes(data)
    code, found = check(reference, capsys, "--archives", "all", "--input-root", str(archives))
    assert (code, found["found"]) == (1, 1)
    assert f"no record begins at offset {start} of {row['warc_file']}" in str(found["problems"])


def test_a_letter_changed_where_nothing_is_compressed_is_found_by_digest_and_text(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, output = tmp_path / "plain.warc", tmp_path / "out"
    plain.write_bytes(gzip.decompress(sorted(crawl.glob("*.warc.gz"))[0].read_bytes()))
    assert main(["run", str(plain), "--output", str(output), "--workers", "1", "--limit", "12"]) == 0
    code, found = check(output, capsys)
    assert (code, found["state"]) == (0, "ok")
    row = pq.read_table(shard(output), columns=["id", "text", "record_offset"]).to_pylist()[0]
    word = max((word for word in row["text"].split() if word.isascii() and word.isalpha()), key=len).encode()
    data = plain.read_bytes()
    place = data.index(b"<body", row["record_offset"])
    plain.write_bytes(data[:place] + data[place:].replace(word, word.swapcase()[:-1] + b"q", 1))
    code, found = check(output, capsys)
    assert code == 1
    said = "\n".join(found["problems"])  # type: ignore[arg-type]
    assert f"row {row['id']}" in said
    assert "payload_digest is sha1:" in said
