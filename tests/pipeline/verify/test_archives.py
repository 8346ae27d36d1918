"""`firsthand verify` takes rows back to their archives, wherever these lie now."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.verify.archives import Sample
from pipeline.verify.check import State
from pipeline.verify.command import verify
from pipeline.verify.progress import Pulse
from tests.tampering import flip, put, rewrite, shard
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
    data = gzip.decompress(sorted(crawl.glob("*.warc.gz"))[0].read_bytes())
    plain.write_bytes(re.sub(rb"WARC-Block-Digest: \S+\r\n", b"", data))  # with it, reading would find the letter
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
    assert "text_digest is" in said
    assert "1 payload without the digest that the crawler declared" in str(found["said"])


def page(number: int, digest: str = "") -> bytes:
    """A record with a page of its own, its digest declared."""
    words = f"<p>The {number} boats came back to the harbour in the evening, and everybody went to see them.</p>" * 5
    body = f"<html><title>{number}</title><body><article>{words}</article></body></html>".encode()
    declared = f"WARC-Payload-Digest: {digest}\r\n" if digest else ""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"WARC-Target-URI: http://example.com/{number}\r\nWARC-Record-ID: <urn:test:{number}>\r\n{declared}"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


LOOSE = ("--set", "filter.reject=[]")


def run_over(archive: Path, output: Path) -> None:
    """A run that drops nothing for its quality."""
    assert main(["run", str(archive), "--output", str(output), "--workers", "1", *LOOSE]) == 0


def test_a_digest_that_a_crawler_declared_wrongly_is_counted_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "a.warc.gz"
    archive.write_bytes(page(3, "sha1:" + "A" * 32) + page(4))
    run_over(archive, tmp_path / "out")
    code, found = check(tmp_path / "out", capsys, "--archives", "all")
    assert (code, found["state"]) == (0, "ok")
    assert str(found["said"]).startswith("2 of 2 rows taken back")
    assert str(found["said"]).endswith("; 1 payload without the digest that the crawler declared")


def test_a_digest_that_the_record_does_not_have_is_told(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Path(shutil.copytree(reference, tmp_path / "copy"))
    rewrite(shard(output), put("payload_digest", 5, "sha1:" + "A" * 32))
    code, found = check(output, capsys, "--archives", "all")
    assert (code, found["found"]) == (1, 1)
    assert "payload_digest is sha1:AAAA" in str(found["problems"])


def test_a_name_that_is_no_utf_8_is_found_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    archive = folder / os.fsdecode(b"\xe9t\xe9.warc.gz")
    archive.write_bytes(page(3) + page(4))
    run_over(archive, tmp_path / "out")
    for arguments in (), ("--input-root", str(folder)):
        code, found = check(tmp_path / "out", capsys, "--archives", "all", *arguments)
        assert (code, found["state"]) == (0, "ok")


def test_an_extractor_that_gives_another_name_is_told_and_that_of_another_release_is_counted(
    reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Path(shutil.copytree(reference, tmp_path / "copy"))
    rewrite(shard(output), put("extractor", 5, "trafilatura-0.0.1/fast"))
    number = len(rows(output))
    code, found = check(output, capsys, "--archives", "all")
    assert found["state"] == "ok"
    assert f"extracted again from {number - 1} (the others were extracted by another release" in str(found["said"])
    rewrite(shard(output), put("extractor", 5, "another"))
    code, found = check(output, capsys, "--archives", "all")
    assert (code, found["found"]) == (1, 1)
    assert "extractor is another, its record gives trafilatura-" in str(found["problems"])


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "zz://x/y", "/etc/passwd", "/etc/a\0b", "../x"])
def test_an_address_that_a_row_names_is_told_and_never_opened(reference: Path, tmp_path: Path, address: str) -> None:
    output = Path(shutil.copytree(reference, tmp_path / "copy"))
    rewrite(shard(output), put("file_path", 5, address))
    opened: list[str] = []

    def open_archive(path: str) -> io.BufferedReader:
        opened.append(path)
        return open(path, "rb")

    done = verify(
        Folder(str(output)), head=None, sample=Sample(None, 0, None), open_archive=open_archive, pulse=Pulse()
    )
    states = {check.name: check for check in done.checks}
    assert states["archives"].state is State.OK
    assert states["archives"].said.startswith(f"{len(rows(output))} of {len(rows(output))} rows")
    assert address not in opened
    [problem] = states["rows"].problems
    assert f"file_path is {address}" in problem
