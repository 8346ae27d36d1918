"""Files lent to Arrow close once it lets go of them, and can be waited for."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from transforms.report.folder import Folder
from transforms.report.lent import LentFile, wait_for_files
from transforms.report.tables import open_tables


def test_a_file_closes_when_nobody_holds_it() -> None:
    source = io.BytesIO(b"abc")
    lent = LentFile(source)
    assert (lent.read(2), lent.tell(), lent.closed) == (b"ab", 2, False)
    del lent
    assert source.closed


def test_a_file_that_is_held_is_waited_for() -> None:
    lent = LentFile(io.BytesIO(b"abc"))
    assert not wait_for_files(0.0)
    del lent
    assert wait_for_files(0.0)


def test_a_scan_that_ends_early_leaves_no_file_open(reference: Path) -> None:
    opened: list[BinaryIO] = []

    def open_file(path: str) -> BinaryIO:
        opened.append(open(path, "rb"))  # noqa: SIM115 - whether it is closed is the question
        return opened[-1]

    folder = Folder(str(reference), open_file=open_file)
    assert not folder.is_local
    with open_tables(folder) as tables:
        assert len(tables.rows("SELECT reason FROM rejections LIMIT 1")) == 1
    assert wait_for_files()
    assert opened
    assert all(file.closed for file in opened)


def test_local_files_are_opened_by_arrow_itself(reference: Path) -> None:
    assert Folder(str(reference)).is_local
    with open_tables(Folder(str(reference))) as tables:
        assert tables.rows("SELECT count(*) FROM corpus") != [(0,)]
        assert wait_for_files(0.0)
