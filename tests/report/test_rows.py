"""Rows are found by id, wherever they lie, and nothing is read that need not be."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.errors import InputError
from transforms.report.folder import Folder
from transforms.report.rows import fetch_rows


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two files of ten rows each, three to a row group."""
    (tmp_path / "corpus").mkdir()
    for number in range(2):
        ids = [f"{10 * number + i:02}" for i in range(10)]
        table = pa.table({"id": ids, "text": [f"text of {each}" for each in ids], "n": list(range(10))})
        pq.write_table(table, tmp_path / "corpus" / f"part-{number}.parquet", row_group_size=3)
    return Folder(str(tmp_path))


def test_rows_are_found_in_every_file_and_row_group(folder: Folder) -> None:
    found = fetch_rows(folder, folder.parquet("corpus"), ["19", "00", "04"])
    assert found == {
        "00": {"id": "00", "text": "text of 00", "n": 0},
        "04": {"id": "04", "text": "text of 04", "n": 4},
        "19": {"id": "19", "text": "text of 19", "n": 9},
    }


def test_only_the_columns_asked_for_come_and_the_id(folder: Folder) -> None:
    assert fetch_rows(folder, folder.parquet("corpus"), ["07"], columns=["n"]) == {"07": {"id": "07", "n": 7}}


def test_ids_that_are_nowhere_are_left_out(folder: Folder) -> None:
    assert fetch_rows(folder, folder.parquet("corpus"), ["07", "77"]).keys() == {"07"}
    assert fetch_rows(folder, folder.parquet("corpus"), []) == {}


def test_files_after_the_last_row_are_not_opened(folder: Folder) -> None:
    first, second = folder.parquet("corpus")
    Path(second).write_bytes(b"no Parquet")
    assert fetch_rows(folder, [first, second], ["01", "09"]).keys() == {"01", "09"}


def test_a_file_with_damaged_text_is_named_with_what_makes_it_anew(folder: Folder) -> None:
    path = Path(folder.parquet("corpus")[1])
    chunk = pq.read_metadata(path).row_group(0).column(1)
    content = bytearray(path.read_bytes())
    content[chunk.dictionary_page_offset : chunk.data_page_offset] = bytes(
        chunk.data_page_offset - chunk.dictionary_page_offset
    )
    path.write_bytes(content)
    assert fetch_rows(folder, [str(path)], ["10"], columns=["n"])
    with pytest.raises(InputError, match=r"part-1\.parquet is damaged .*`firsthand curate .* makes it anew") as raised:
        fetch_rows(folder, [str(path)], ["10"])
    assert f"`firsthand verify {folder.root}` says" in str(raised.value)


def test_a_file_of_an_older_release_is_named_with_what_it_lacks(folder: Folder) -> None:
    with pytest.raises(InputError, match=r"part-0\.parquet lacks the columns quality, url: made by an older release"):
        fetch_rows(folder, folder.parquet("corpus"), ["01"], columns=["text", "quality", "url"])
