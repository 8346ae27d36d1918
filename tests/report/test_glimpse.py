"""A bounded look at a corpus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq
import pytest

from transforms.errors import InputError
from transforms.report.folder import Folder
from transforms.report.glimpse import glimpse_of, read_glimpse

MakeOutput = Callable[..., Path]


def make_shards(make_output: MakeOutput, shards: int, rows: int, group: int) -> Folder:
    """An output of `shards` shards with so many rows each, in row groups of `group` rows."""
    output = make_output([[{"id": f"{s}-{r}", "text": "x"} for r in range(rows)] for s in range(shards)])
    for path in (output / "corpus").iterdir():
        pq.write_table(pq.read_table(path), path, row_group_size=group)
    (output / "rejections").mkdir()
    for shard in range(shards):
        (output / "rejections" / f"curate-{shard:05}.parquet").touch()
        (output / "rejections" / f"crawl-{shard}.parquet").touch()
    return Folder(str(output))


def test_row_groups_are_read_until_there_are_enough_rows(make_output: MakeOutput) -> None:
    folder = make_shards(make_output, shards=3, rows=10, group=2)
    seen = read_glimpse(folder, 7).rows
    assert seen.num_rows == 8
    assert len(set(seen["id"].to_pylist())) == 8
    assert "text" not in seen.column_names


def test_rows_come_from_several_shards(make_output: MakeOutput) -> None:
    folder = make_shards(make_output, shards=12, rows=10, group=1)
    shards = {name.split("-")[0] for name in read_glimpse(folder, 40).rows["id"].to_pylist()}
    assert 4 < len(shards) <= 8


def test_all_rows_are_read_where_there_are_no_more(make_output: MakeOutput) -> None:
    folder = make_shards(make_output, shards=12, rows=3, group=2)
    assert sorted(read_glimpse(folder, 1000).rows["id"].to_pylist()) == sorted(
        f"{s}-{r}" for s in range(12) for r in range(3)
    )


def test_the_same_rows_are_seen_wherever_the_output_lies(make_output: MakeOutput, tmp_path: Path) -> None:
    folder = make_shards(make_output, shards=4, rows=10, group=2)
    seen = read_glimpse(folder, 9).rows
    Path(folder.root).rename(tmp_path / "elsewhere")
    assert read_glimpse(Folder(str(tmp_path / "elsewhere")), 9).rows == seen


def test_rejections_are_those_that_curation_wrote_beside_the_shards(make_output: MakeOutput) -> None:
    folder = make_shards(make_output, shards=2, rows=1, group=1)
    names = [Path(path).name for path in read_glimpse(folder, 1).rejections]
    assert names == ["curate-00000.parquet", "curate-00001.parquet"]


def test_a_corpus_without_shards_is_a_table_without_rows(make_output: MakeOutput) -> None:
    assert read_glimpse(Folder(str(make_output())), 10).rows.num_rows == 0


def test_a_corpus_that_has_no_more_rows_is_no_glimpse(make_output: MakeOutput) -> None:
    folder = Folder(str(make_output([[{"id": "a"}] * 5], counts={"records": 5, "responses": 5, "rows": 5})))
    assert glimpse_of(folder, 5) is None
    seen = glimpse_of(folder, 4)
    assert seen is not None
    assert seen.of_rows == 5


def test_of_many_small_shards_some_are_opened_one_at_a_time(make_output: MakeOutput) -> None:
    local = make_shards(make_output, shards=70, rows=1, group=1)
    opened: list[BinaryIO] = []

    def open_file(path: str) -> BinaryIO:
        assert all(file.closed for file in opened)
        opened.append(local.open_file(path))
        return opened[-1]

    seen = read_glimpse(Folder(local.root, open_file=open_file), 1000)
    assert (seen.rows.num_rows, len(seen.paths)) == (64, 64)


def test_a_damaged_shard_is_named(make_output: MakeOutput) -> None:
    folder = make_shards(make_output, shards=2, rows=1, group=1)
    Path(folder.parquet("corpus")[1]).write_bytes(b"PAR1 and nothing more")
    with pytest.raises(InputError, match=r"part-00001\.parquet is damaged"):
        read_glimpse(folder, 10)
