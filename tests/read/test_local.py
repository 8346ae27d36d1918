"""Files that are not what they were, or what they are called."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from transforms.errors import InputError
from transforms.read.chain import SplitReport, chain_breaks
from transforms.read.params import ReadParams
from transforms.read.splits import Split, plan_splits
from transforms.read.stage import expand_inputs, open_archive
from transforms.read.warc import Item, read_split
from transforms.records import Page
from transforms.rejection import Reason, RejectedRecord

if TYPE_CHECKING:
    from tests.read.conftest import Workshop


def crawl(make: Workshop, count: int = 8) -> bytes:
    return make.members([make.record(b"<html>" + os.urandom(600), uri=f"http://e.com/{i}") for i in range(count)])


def read_all(splits: list[Split]) -> tuple[list[Item], list[SplitReport]]:
    items: list[Item] = []
    reports: list[SplitReport] = []
    for split in splits:
        with open_archive(split.file_path) as stream:
            for item in read_split(stream, split, ReadParams()):
                if isinstance(item, SplitReport):
                    reports.append(item)
                else:
                    items.append(item)
    return items, reports


def pages(items: list[Item]) -> int:
    return sum(isinstance(item, Page) for item in items)


def test_a_directory_named_like_an_archive_is_a_directory(make: Workshop, tmp_path: Path) -> None:
    inner = tmp_path / "x.warc.gz"
    inner.mkdir()
    (inner / "y.warc.gz").write_bytes(crawl(make))
    for named in (tmp_path, inner, tmp_path / "*.warc.gz"):
        [archive] = expand_inputs([str(named)])
        assert archive.file_path == str(inner / "y.warc.gz")


def test_what_is_no_file_is_left_out_of_a_directory_with_a_word_and_never_waited_for(
    make: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "a.warc.gz").write_bytes(crawl(make))
    os.mkfifo(tmp_path / "b.warc.gz")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "c.warc.gz"))
        notices: list[str] = []
        [archive] = expand_inputs([str(tmp_path)], notice=notices.append)
    assert archive.warc_file == "a.warc.gz"
    assert [notice.split(": ")[-1] for notice in notices] == ["it is left out"] * 2
    with pytest.raises(InputError, match="no regular file"):
        expand_inputs([str(tmp_path / "b.warc.gz")])


def test_a_link_to_nothing_or_to_itself_is_a_problem_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").symlink_to(tmp_path / "gone")
    (tmp_path / "b.warc.gz").symlink_to(tmp_path / "b.warc.gz")
    with pytest.raises(InputError) as error:
        expand_inputs([str(tmp_path)])
    assert [name in str(error.value) for name in ("a.warc.gz", "b.warc.gz")] == [True, True]


def test_a_file_that_vanished_or_became_a_pipe_is_an_error_that_names_it(make: Workshop, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(crawl(make))
    splits = plan_splits(expand_inputs([str(path)]), split_bytes=1000)
    path.unlink()
    with pytest.raises(InputError, match=r"a\.warc\.gz.*put it back"):
        read_all(splits)
    os.mkfifo(path)
    with pytest.raises(InputError, match="no regular file"):
        read_all(splits)


@pytest.mark.parametrize("split_bytes", [1 << 20, 2000])
def test_a_file_that_shrank_says_what_is_missing(make: Workshop, tmp_path: Path, split_bytes: int) -> None:
    path = tmp_path / "a.warc.gz"
    data = crawl(make)
    path.write_bytes(data)
    splits = plan_splits(expand_inputs([str(path)]), split_bytes=split_bytes)
    member = make.members([make.record(b"<html>")])
    path.write_bytes(member)  # whole as far as it goes: only its size tells
    items, _ = read_all(splits)
    assert pages(items) == 1
    lost = [item.origin for item in items if isinstance(item, RejectedRecord)]
    assert sum(origin.record_length for origin in lost) == len(data) - len(member)
    assert {item.rejection.reason for item in items if isinstance(item, RejectedRecord)} == {Reason.CORRUPT_ARCHIVE}


@pytest.mark.parametrize("split_bytes", [1 << 20, 2000])
def test_a_file_that_grows_gives_at_least_what_it_had(make: Workshop, tmp_path: Path, split_bytes: int) -> None:
    path = tmp_path / "a.warc.gz"
    data = crawl(make)
    path.write_bytes(data[:-100])  # a crawler is writing its last record
    splits = plan_splits(expand_inputs([str(path)]), split_bytes=split_bytes)
    path.write_bytes(data + crawl(make))
    items, reports = read_all(splits)
    assert pages(items) >= 8
    assert not any(isinstance(item, RejectedRecord) for item in items)
    assert (chain_breaks(reports) == []) is (len(splits) == 1)  # then it is read again as one


@pytest.mark.parametrize("name", ["a\nb.warc.gz", "\x1b[2Jx.warc.gz", "caf\udce9.warc.gz", "\u202egz.craw.warc.gz"])
def test_an_odd_name_is_read_and_written_as_valid_text(make: Workshop, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(crawl(make, 2))
    archives = expand_inputs([str(tmp_path)])
    items, _ = read_all(plan_splits(archives, split_bytes=1 << 20))
    assert pages(items) == 2
    assert all(item.origin.file_path.encode() for item in items if isinstance(item, Page))
