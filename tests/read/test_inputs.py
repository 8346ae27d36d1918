"""What inputs name, and what is said of those that name nothing."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from transforms.read.address import UnknownSchemeError
from transforms.read.inputs import ARCHIVE_NAME, Files, Found, find_inputs
from transforms.read.patience import WebError


def nowhere(pattern: str) -> list[tuple[str, int]]:
    return []


def opened(path: str) -> BinaryIO:
    return open(path, "rb")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A working directory with archives at several depths."""
    for name in ("a.warc.gz", "b.WARC", "sub/c.arc.gz", "sub/deep/d.warc.wet.gz", "sub/notes.txt", "empty/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    with contextlib.chdir(tmp_path):
        yield tmp_path


def names(patterns: list[str], folder: Path) -> list[str]:
    findings = find_inputs(patterns, Files(nowhere, opened))
    assert findings.problems == []
    return sorted(os.path.relpath(path, folder) for path in findings.files)


@pytest.mark.parametrize(
    "name",
    ["x.warc", "x.warc.gz", "X.WARC.GZ", "x.warc.zst", "x.arc", "x.arc.gz", "x.warc.wat.gz", "x.wet", "x.warc.gz.open"],
)
def test_a_name_that_ends_like_an_archive_is_met_in_a_directory(name: str) -> None:
    assert ARCHIVE_NAME.search(name)


@pytest.mark.parametrize(
    "name", ["x.gz", "warc.txt", "x.warc.bz2", "x.warc.gz.sha1", "x.cdx.gz", "parc", "x.warc.paths.gz"]
)
def test_other_names_are_not(name: str) -> None:
    assert not ARCHIVE_NAME.search(name)


def test_files_globs_directories_and_lists_are_followed(folder: Path) -> None:
    everything = ["a.warc.gz", "b.WARC", "sub/c.arc.gz", "sub/deep/d.warc.wet.gz"]
    assert names(["."], folder) == everything
    assert names([str(folder), "a.warc.gz", "./a.warc.gz"], folder) == everything
    assert names(["sub/*"], folder) == ["sub/c.arc.gz", "sub/deep/d.warc.wet.gz", "sub/notes.txt"]
    assert names(["**/*.gz"], folder) == ["a.warc.gz", "sub/c.arc.gz", "sub/deep/d.warc.wet.gz"]
    (folder / "list.txt").write_text("# archives\n\n  a.warc.gz  \nsub/deep\n", encoding="utf-8")
    assert names(["@list.txt"], folder) == ["a.warc.gz", "sub/deep/d.warc.wet.gz"]
    assert names([f"file://{folder}/a.warc.gz"], folder) == ["a.warc.gz"]


def test_an_archive_with_several_addresses_is_read_once(folder: Path) -> None:
    (folder / "link.warc.gz").symlink_to(folder / "a.warc.gz")
    (folder / "also").symlink_to(folder / "sub")
    addresses = ["link.warc.gz", "a.warc.gz", "./a.warc.gz", "sub/../a.warc.gz", "*.gz", f"file://{folder}/a.warc.gz"]
    for patterns in (addresses, addresses[::-1]):
        assert names(patterns, folder) == ["a.warc.gz"]
        assert find_inputs(patterns, Files(nowhere, opened)).files[f"{folder}/a.warc.gz"].named
    assert names(["sub", "also", "sub/c.arc.gz"], folder) == ["sub/c.arc.gz", "sub/deep/d.warc.wet.gz"]
    assert names(["also"], folder) == ["also/c.arc.gz", "also/deep/d.warc.wet.gz"]


def test_of_two_links_to_an_archive_the_first_by_name_is_read(folder: Path) -> None:
    for name in ("y.warc.gz", "x.warc.gz"):
        (folder / name).symlink_to(folder / "a.warc.gz")
    assert names(["y.warc.gz", "x.warc.gz"], folder) == names(["x.warc.gz", "y.warc.gz"], folder) == ["x.warc.gz"]


def test_a_file_uri_names_a_local_file(folder: Path) -> None:
    (folder / "a b%20c.warc").write_bytes(b"x")
    (folder / "ö.warc").write_bytes(b"x")
    for uri in (f"file://{folder}/a.warc.gz", f"file://localhost{folder}/a.warc.gz", f"FILE://{folder}/a.warc.gz"):
        assert names([uri], folder) == ["a.warc.gz"]
    assert names([f"file://{folder}/a%20b%2520c.warc"], folder) == ["a b%20c.warc"]
    assert names([f"file://{folder}/a b%20c.warc"], folder) == ["a b%20c.warc"]
    assert names([f"file://{folder}/%C3%B6.warc", f"file://{folder}/ö.warc"], folder) == ["ö.warc"]
    assert names([f"file://{folder}/sub"], folder) == ["sub/c.arc.gz", "sub/deep/d.warc.wet.gz"]
    assert names([f"file://{folder}/*.gz"], folder) == ["a.warc.gz"]
    assert find_inputs(["file://host/a.warc", f"file://{folder}/gone"], Files(nowhere, opened)).problems == [
        "'file://host/a.warc' names another machine: a local file has three slashes, as in file:///path",
        f"no such file: 'file://{folder}/gone': check the path",
    ]


def test_a_name_with_wildcards_that_exists_is_that_file(folder: Path) -> None:
    (folder / "a[1].warc").write_bytes(b"x")
    assert names(["a[1].warc"], folder) == ["a[1].warc"]


def test_a_loop_of_links_is_walked_once(folder: Path) -> None:
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "other").symlink_to(folder / "empty")
    assert names(["sub"], folder) == ["sub/c.arc.gz", "sub/deep/d.warc.wet.gz", "sub/loop/a.warc.gz", "sub/loop/b.WARC"]


def test_all_problems_are_told_at_once_with_a_cure(folder: Path) -> None:
    (folder / "blank.txt").write_text("\n# nothing\n", encoding="utf-8")
    (folder / "dangling.warc").symlink_to(folder / "gone")
    patterns = [
        "gone.warc",
        "*.zip",
        "empty",
        "@gone.txt",
        "@blank.txt",
        "dangling.warc",
        "s3://bucket/x/",
        "a.warc.gz",
    ]
    findings = find_inputs(patterns, Files(nowhere, opened))
    assert len(findings.problems) == len(patterns) - 1
    for pattern, problem in zip(patterns, findings.problems, strict=False):
        assert pattern.removeprefix("@") in problem
        assert ":" in problem
        assert "\n" not in problem
    assert find_inputs([], Files(nowhere, opened)).problems


def test_addresses_are_looked_up_where_they_belong() -> None:
    asked: list[str] = []

    def lookup(pattern: str) -> list[tuple[str, int]]:
        asked.append(pattern)
        return [("s3://b/x.warc.gz", 5), ("s3://b/x.txt", 6)]

    findings = find_inputs(["s3://b/dir/", "gs://b/*.gz"], Files(lookup, opened))
    assert asked == ["s3://b/dir/**", "gs://b/*.gz"]
    assert findings.files["s3://b/x.warc.gz"] == Found("s3://b/x.warc.gz", 5, named=False)
    assert find_inputs(["s3://b/dir/"], Files(lookup, opened)).files.keys() == {"s3://b/x.warc.gz"}


@pytest.mark.parametrize(
    ("address", "package"),
    [
        ("s3://b/x", "firsthand[aws]"),
        ("gs://b/x", "firsthand[gcp]"),
        ("hdfs://b/x", "apache-beam[hadoop]"),
        ("azfs://b/x", "apache-beam[azure]"),
    ],
)
def test_a_store_whose_package_is_missing_names_the_package(address: str, package: str) -> None:
    def lookup(pattern: str) -> list[tuple[str, int]]:
        raise ModuleNotFoundError("No module named 'x'")

    assert find_inputs([f"{address}/*"], Files(lookup, opened)).problems == [
        f"cannot look up '{address}/*' (No module named 'x'): pip install '{package}'"
    ]


def test_a_remote_file_given_by_its_name_is_not_looked_up_yet() -> None:
    def lookup(pattern: str) -> list[tuple[str, int]]:
        raise AssertionError(pattern)

    for address in ("s3://b/x.warc.gz", "https://e.com/a/x.warc.gz", "http://e.com/get?file=x.warc.gz"):
        found = find_inputs([address, address], Files(lookup, opened)).files
        assert found == {address: Found(address, None, named=True)}
    assert list(find_inputs(["HTTPS://e.com/x"], Files(lookup, opened)).files) == ["https://e.com/x"]


def test_a_scheme_that_nothing_reads_is_told_with_those_that_are() -> None:
    def lookup(pattern: str) -> list[tuple[str, int]]:
        raise UnknownSchemeError

    known = "file, http, https, s3, gs, hdfs, azfs"
    assert find_inputs(["foo://x/"], Files(lookup, opened)).problems == [
        f"cannot look up 'foo://x/': nothing reads foo://; give a path, or an address with {known}"
    ]


def test_a_name_that_no_file_can_have_is_a_problem(folder: Path) -> None:
    (folder / "list.txt").write_text("a\0b\na\0b/*\n", encoding="utf-8")
    [problem] = find_inputs(["@list.txt"], Files(nowhere, opened)).problems
    assert "a NUL at byte 1" in problem
    problems = find_inputs(["a\0b", "a\0b/*"], Files(nowhere, opened)).problems
    assert problems == ["no such file: 'a\\x00b': check the path", "no such file: 'a\\x00b/*': check the path"]


def test_a_store_that_cannot_be_asked_is_a_problem() -> None:
    def lookup(pattern: str) -> list[tuple[str, int]]:
        raise RuntimeError("no\ncredentials")

    assert find_inputs(["s3://b/x/"], Files(lookup, opened)).problems == [
        "cannot look up 's3://b/x/' (no credentials): check the address and your credentials"
    ]


def test_what_is_left_out_or_read_once_is_told(folder: Path) -> None:
    (folder / "link.warc.gz").symlink_to(folder / "a.warc.gz")
    notices = find_inputs(["sub", "a.warc.gz", "a.warc.gz", "link.warc.gz"], Files(nowhere, opened)).notices
    assert notices == [
        "sub: files not named like an archive are left out (1); a glob takes them",
        f"{folder}/link.warc.gz is {folder}/a.warc.gz by another name: it is read once",
    ]
    assert find_inputs(["a.warc.gz", "*.WARC"], Files(nowhere, opened)).notices == []


def test_the_lines_of_a_list_elsewhere_are_resolved_and_never_name_a_local_file(folder: Path) -> None:
    lines = f"cc/x.warc.gz\n{folder}/a.warc.gz\nfile://{folder}/b\n"
    files = Files(nowhere, lambda path: io.BytesIO({"https://h/cc/warc.paths.gz": gzip.compress(lines.encode())}[path]))
    findings = find_inputs(["@HTTPS://h/cc/warc.paths.gz"], files)
    assert set(findings.files) == {"https://h/cc/x.warc.gz", f"https://h{folder}/a.warc.gz"}
    [problem] = findings.problems
    assert problem.endswith("is not read: a list from elsewhere cannot name a local file")
    based = find_inputs(["@https://h/cc/warc.paths.gz"], files, base="s3://b/")
    assert set(based.files) == {"s3://b/cc/x.warc.gz", f"s3://b{folder}/a.warc.gz"}


def test_a_list_that_cannot_be_fetched_says_why(folder: Path) -> None:
    def broken(path: str) -> BinaryIO:
        raise WebError(f"cannot read {path!r}: the server refuses it")

    findings = find_inputs(["@https://h/list", "@https://u:pa55@h/list"], Files(nowhere, broken))
    assert findings.problems[0] == "cannot read 'https://h/list': the server refuses it"
    assert "pa55" not in findings.problems[1]


def test_a_base_without_a_list_is_a_problem_and_so_is_a_bad_one(folder: Path) -> None:
    files = Files(nowhere, opened)
    assert find_inputs(["a.warc.gz"], files, base="s3://b/").problems == [
        "--base is for the lines of an @list: leave it out, or give one"
    ]
    (folder / "list.txt").write_text("a.warc.gz", encoding="utf-8")
    assert "--base is empty" in find_inputs(["@list.txt"], files, base="").problems[0]
    assert list(find_inputs(["@list.txt"], files, base=str(folder)).files) == [f"{folder}/a.warc.gz"]
