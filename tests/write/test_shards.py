"""Shards: what goes into which, and that every row of a documents file ends as a row or a rejection."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.write.conftest import MakeDocuments, make_row
from transforms.schema import CORPUS, arrow_schema
from transforms.write.parquet import read_accounts
from transforms.write.shards import (
    CORPUS_SCHEMA,
    REJECTIONS_SCHEMA,
    VERDICTS,
    Shard,
    part_rows,
    plan_shards,
    row_groups,
    write_corpus,
    write_rejections,
)
from transforms.write.sorted_rows import SortedRows

WEIGHED = {"human_weight": 1.0, "expected_repeats": 1.0, "weight_bucket": 3}
UNIQUE = pa.Table.from_pylist([{"keep": True, "exact": False, "duplicate_count": 1} | WEIGHED] * 3, VERDICTS)


def rarity(scores: NDArray[np.float32], language: str, script: str) -> NDArray[np.float64]:
    """Made up: .5 in English and .25 in Russian for scores below 0, .001 above; nothing is known of other languages."""
    assert scores.dtype == np.float32
    below = {("en", "Latn"): 0.5, ("ru", "Cyrl"): 0.25}.get((language, script), np.nan)
    return np.where(np.isnan(scores * below), np.nan, np.where(scores < 0, below, 0.001))


def kept(path: Path, decided: pa.Table) -> pa.Table:
    """The rows of a documents file that are kept."""
    with open(path, "rb") as file:
        return part_rows(file, decided, config_digest="abc", p_null=rarity)[0]


def verdicts(rows: int) -> pa.Table:
    """Row 1 is an exact and row 2 a near duplicate of row 0; the rest are unique; every page weighs 0.5 + row."""
    first = f"{0:032x}"
    copies = {"keeper_id": first, "component_id": first, "duplicate_count": 3}
    return pa.Table.from_pylist(
        [
            {"keep": True, "exact": False, "first_seen": "2019-01-01T00:00:00Z", "human_weight": 0.5} | copies,
            {"keep": False, "exact": True, "first_seen": "2019-01-01T00:00:00Z"} | copies,
            {"keep": False, "exact": False, "first_seen": ""} | copies,
            *(
                {
                    "keep": True,
                    "exact": False,
                    "duplicate_count": 1,
                    "human_probability": 0.25,
                    "human_weight": 0.5 + row,
                }
                for row in range(3, rows)
            ),
        ],
        VERDICTS,
    )


def test_kept_rows_have_their_verdict_in_every_row_group(make_documents: MakeDocuments) -> None:
    path = make_documents([make_row(offset, f"text {offset}") for offset in range(5)], group=8)
    rows = kept(path, verdicts(5)).to_pylist()
    assert [row["text"] for row in rows] == ["text 0", "text 3", "text 4"]
    assert [row["human_weight"] for row in rows] == [0.5, 3.5, 4.5]
    assert [row["duplicate_count"] for row in rows] == [3, 1, 1]
    assert [row["human_probability"] for row in rows] == [None, 0.25, 0.25]
    assert {row["config_digest"] for row in rows} == {"abc"}


def test_a_page_without_a_copy_stands_for_itself(make_documents: MakeDocuments) -> None:
    path = make_documents([make_row(offset, f"text {offset}") for offset in range(4)])
    first, last = kept(path, verdicts(4)).to_pylist()
    assert (first["component_id"], first["first_seen"]) == ("0" * 32, "2019-01-01T00:00:00Z")
    assert (last["component_id"], last["first_seen"]) == (last["id"], "2021-05-06T07:08:09Z")


def test_whether_a_language_is_calibrated_is_settled_when_the_corpus_is_made(make_documents: MakeDocuments) -> None:
    """By the verdict; a reason that has nothing to do with calibration stays."""
    recorded = ["", "not_calibrated", "", "not_calibrated", "too_short", "not_calibrated"]
    settled = ["", "", "not_calibrated", "not_calibrated", "not_calibrated", None]
    path = make_documents([make_row(at, "text") | {"abstain_reason": reason} for at, reason in enumerate(recorded)])
    decided = pa.Table.from_pylist(
        [{"keep": True, "exact": False, "duplicate_count": 1, "abstain_reason": r} | WEIGHED for r in settled], VERDICTS
    )
    rows = kept(path, decided)
    assert rows["abstain_reason"].to_pylist() == ["", "", *["not_calibrated"] * 2, "too_short", "not_calibrated"]


def test_how_rare_a_score_is_goes_by_language_and_script_and_an_abstention_has_none(
    make_documents: MakeDocuments,
) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"detector_score": 2.5},
        {"language": "ru", "language_script": "Cyrl"},
        {"language": "ru"},  # in Latin letters
        {"detector_score": None, "abstain_reason": "too_short"},
        {"abstain_reason": "not_calibrated"},
        {"abstain_reason": "not_calibrated"},  # but it is now
    ]
    settled = ["", "", "", "not_calibrated", "not_calibrated", "not_calibrated", ""]
    path = make_documents([make_row(at, f"text {at}") | change for at, change in enumerate(changes)], group=12)
    decided = pa.Table.from_pylist(
        [{"keep": True, "exact": False, "duplicate_count": 1, "abstain_reason": r} | WEIGHED for r in settled], VERDICTS
    )
    rows = kept(path, decided)
    assert rows.schema.field("p_null").type == pa.float32()
    assert rows["p_null"].to_pylist() == [0.5, np.float32(0.001), 0.25, None, None, None, 0.5]


def test_every_row_is_kept_or_dropped_with_its_reason(make_documents: MakeDocuments) -> None:
    path = make_documents([make_row(offset, f"text {offset}") for offset in range(4)])
    with open(path, "rb") as file:
        dropped = part_rows(file, verdicts(4), config_digest="abc", p_null=rarity)[1].to_pylist()
    assert [(row["record_offset"], row["reason"]) for row in dropped] == [(1, "duplicate_exact"), (2, "duplicate_near")]
    assert dropped[0]["detail"] == f"keeper={'0' * 32} component={'0' * 32}"
    assert {row["stage"] for row in dropped} == {"dedup"}
    sink = io.BytesIO()
    assert write_rejections(sink, [arrow_table(dropped)]) == {"duplicate_exact": 1, "duplicate_near": 1}
    assert read_accounts(sink) == {"rejections": {"duplicate_exact": 1, "duplicate_near": 1}}


def arrow_table(rows: list[dict[str, object]]) -> pa.Table:
    """Rejections as a table."""
    return pa.Table.from_pylist(rows, REJECTIONS_SCHEMA)


def sorted_rows(tables: list[pa.Table]) -> SortedRows:
    """The rows of these tables in order, two shelves of them."""
    keys = [table.select(["language", "url", "id"]) for table in tables]
    rows = SortedRows(keys, CORPUS_SCHEMA, shelves=2)
    for table in tables:
        rows.add(table)
    return rows


def test_a_shard_is_sorted_by_language_url_and_id(make_documents: MakeDocuments) -> None:
    rows = [
        make_row(0, "a", "fr", "http://b/"),
        make_row(1, "b", "en", "http://z/"),
        make_row(2, "c", "en", "http://a/"),
    ]
    table = kept(make_documents(rows), UNIQUE)
    sink = io.BytesIO()
    assert write_corpus(sink, sorted_rows([table.slice(0, 1), table.slice(1)]), row_group_bytes=1) == 3
    written = pq.ParquetFile(sink)
    assert written.num_row_groups == 3
    assert written.read(columns=["url"])["url"].to_pylist() == ["http://a/", "http://z/", "http://b/"]
    assert written.schema_arrow.names == arrow_schema(CORPUS).names


def test_an_empty_corpus_is_a_file_with_the_schema() -> None:
    sink = io.BytesIO()
    assert write_corpus(sink, sorted_rows([]), row_group_bytes=1) == 0
    assert pq.read_table(sink).schema.names == CORPUS_SCHEMA.names
    assert plan_shards([], shard_bytes=100) == [Shard(0, ())]


@given(st.lists(st.integers(0, 500), max_size=30), st.integers(1, 1000))
def test_shards_hold_every_file_once_and_end_when_full(sizes: list[int], limit: int) -> None:
    files = [(f"{number:03d}", size) for number, size in enumerate(sizes)]
    shards = plan_shards(reversed(files), shard_bytes=limit)
    assert [path for shard in shards for path in shard.paths] == [path for path, _ in files]
    for shard in shards:
        assert len(shard.paths) <= 1 or sum(sizes[int(path)] for path in shard.paths) <= limit


@given(st.lists(st.integers(0, 500), max_size=30), st.integers(1, 1000))
def test_row_groups_cover_all_rows_and_close_at_the_limit(sizes: list[int], limit: int) -> None:
    groups = list(row_groups(np.array(sizes, np.int32), limit=limit))
    assert [row for start, length in groups for row in range(start, start + length)] == list(range(len(sizes)))
    for start, length in groups[:-1]:
        assert sum(sizes[start : start + length]) >= limit > sum(sizes[start : start + length - 1])
