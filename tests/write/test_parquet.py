"""Parquet files: row groups by bytes, accounts in the footer, meanings in the schema."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.write.conftest import MakeDocuments, make_row
from transforms.errors import InputError
from transforms.schema import CORPUS, DOCUMENTS, REJECTIONS, SIGNALS, arrow_schema
from transforms.write.parquet import ACCOUNTS, ParquetSink, read_accounts, rewrite


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


def rewritten(path: Path, change: Callable[[pa.Table], pa.Table], accounts: dict[str, object]) -> bytes:
    """The bytes of the file as `rewrite` makes it."""
    sink = io.BytesIO()
    with open(path, "rb") as source:
        rewrite(source, sink, change, accounts=accounts, name=str(path))
    return sink.getvalue()


def test_a_file_rewritten_without_a_change_is_the_same_to_the_byte(make_documents: MakeDocuments) -> None:
    path = make_documents([make_row(offset, "x" * 40) for offset in range(5)], group=80)
    assert rewritten(path, lambda group: group, {"rows": 5}) == path.read_bytes()


def test_a_row_group_is_changed_at_a_time(make_documents: MakeDocuments) -> None:
    path = make_documents([make_row(offset, "x" * 40) for offset in range(5)], group=80)
    seen: list[int] = []

    def double(group: pa.Table) -> pa.Table:
        seen.append(group.num_rows)
        at = group.schema.get_field_index("detector_score")
        return group.set_column(
            at, group.schema.field(at), pc.multiply(group["detector_score"], pa.scalar(2.0, pa.float32()))
        )

    sink = io.BytesIO(rewritten(path, double, {"by": "another"}))
    assert read_accounts(sink) == {"by": "another"}
    assert seen == [2, 2, 1]
    assert pq.read_table(sink)["detector_score"].to_pylist() == [-3.0] * 5


@pytest.mark.parametrize("harm", ["its end", "its middle", "its schema"])
def test_a_file_that_cannot_be_rewritten_is_named(make_documents: MakeDocuments, harm: str) -> None:
    path = make_documents([make_row(0, "x" * 4000)])
    content = path.read_bytes()
    if harm == "its schema":
        pq.write_table(pq.read_table(path), path, store_schema=False)
    else:
        path.write_bytes(content[:-9] if harm == "its end" else content[:4] + b"?" * 2000 + content[2004:])
    with pytest.raises(InputError, match=r"documents\.parquet is damaged"):
        rewritten(path, lambda group: group, {})


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


@pytest.mark.parametrize("accounts", ["[" * 100_000, "[]", "{", "\xff"])
def test_accounts_that_are_none_are_damage(accounts: str) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"]}).replace_schema_metadata({ACCOUNTS: accounts}), sink)
    with pytest.raises(ValueError, match=r"Expecting|its accounts are none"):
        read_accounts(sink)
