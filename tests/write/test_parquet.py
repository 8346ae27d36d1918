"""Parquet files: row groups by bytes, accounts in the footer, meanings in the schema."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq
import pytest

from tests.write.conftest import MakeDocuments, make_row
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, SIGNALS, arrow_schema
from transforms.write.parquet import ParquetSink, read_accounts


def test_rows_come_back_as_they_were_given(make_documents: MakeDocuments) -> None:
    row = make_row(0, "Ein Text. 日本語")
    [back] = pq.read_table(make_documents([row])).to_pylist()
    assert back["text"] == "Ein Text. 日本語"
    assert back["signals"] == dict.fromkeys(SIGNALS, 0.25)
    assert back["evidence"] == [
        {"kind": "declared", "detail": "ai-disclosure: header", "log_ratio": pytest.approx(6.9)}
    ]
    assert back["signature"] == bytes([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])
    assert back["detector_score"] == -1.5


def test_row_groups_close_at_their_size(make_documents: MakeDocuments) -> None:
    rows = [make_row(offset, "x" * 40) for offset in range(5)]
    file = pq.ParquetFile(make_documents(rows, group=80))
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [2, 2, 1]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_accounts_lie_in_the_footer(make_documents: MakeDocuments) -> None:
    with open(make_documents([make_row(0, "a")]), "rb") as file:
        assert read_accounts(file) == {"rows": 1}


def test_a_foreign_parquet_file_has_no_accounts() -> None:
    sink = io.BytesIO()
    pq.write_table(arrow_schema(REJECTIONS).empty_table(), sink)
    assert read_accounts(sink) == {}


def test_a_file_without_rows_is_a_file(make_documents: MakeDocuments) -> None:
    assert pq.read_table(make_documents([])).num_rows == 0


def test_a_failed_write_does_not_hide_its_cause() -> None:
    def fail() -> None:
        with ParquetSink(io.BytesIO(), arrow_schema(DOCUMENTS), row_group_bytes=1 << 20) as file:
            file.add(make_row(0, "a"), 10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()


@pytest.mark.parametrize("columns", [DOCUMENTS, CORPUS, REJECTIONS])
def test_every_field_says_what_it_means(columns: tuple[object, ...]) -> None:
    schema = arrow_schema(columns)  # type: ignore[arg-type]
    assert len({field.name for field in schema}) == len(schema)
    for field in schema:
        assert json.dumps(field.metadata[b"comment"].decode())


def test_the_names_of_fineweb_are_kept() -> None:
    ours = {column.name for column in CORPUS}
    assert {"text", "id", "dump", "url", "date", "file_path", "language", "language_score", "token_count"} <= ours
