"""Narrow columns of documents files as blocks."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.dedup.blocks import REQUEST, references
from transforms.dedup.documents import DocumentsFile, read_band_entries, read_members, read_sketches
from transforms.dedup.params import DedupParams
from transforms.errors import ConfigError, InputError
from transforms.schema import DOCUMENTS, arrow_schema

PARAMS = DedupParams(bands=4, rows=2)
ROWS = 9000  # more than two batches


def columns(rows: int = ROWS) -> dict[str, list[object]]:
    return {
        "id": [f"{7 * i:032x}" for i in range(rows)],
        "text_digest": [f"{i:016x}{2 * i:016x}" for i in range(rows)],
        "date": ["2020-01-01T00:00:00Z" if i % 2 else "" for i in range(rows)],
        "quality": [0.5] * rows,
        "shingles": [9 + i % 2 for i in range(rows)],  # every other text is too short to compare
        "signature": [np.full(16, i, dtype="<u4").tobytes() for i in range(rows)],
    }


def file_of(rows: int = ROWS) -> DocumentsFile:
    return DocumentsFile("documents.parquet", 3, rows)


def parquet(content: dict[str, list[object]]) -> io.BytesIO:
    stream = io.BytesIO()
    schema = pa.schema([arrow_schema(DOCUMENTS).field(name) for name in content])
    pq.write_table(pa.table(content, schema=schema), stream)
    return stream


def test_members_are_read_in_whole_and_in_order() -> None:
    rows = np.concatenate(list(read_members(parquet(columns()), file_of())))
    assert rows["id_low"].tolist() == [7 * i for i in range(ROWS)]
    assert rows["component"].tolist() == rows["text_high"].tolist() == list(range(ROWS))
    assert rows["text_low"].tolist() == [2 * i for i in range(ROWS)]
    assert rows["date"][:2].tolist() == [b"", b"2020-01-01T00:00:00Z"]
    assert rows["ref"].tolist() == references(3, np.arange(ROWS)).tolist()


def test_short_texts_have_no_bands() -> None:
    rows = np.concatenate(list(read_band_entries(parquet(columns()), file_of(), PARAMS)))
    assert rows["text"].tolist() == np.repeat(np.arange(1, ROWS, 2), 4).tolist()
    assert rows["ref"].tolist() == references(3, np.repeat(np.arange(1, ROWS, 2), 4)).tolist()


def test_sketches_are_those_of_the_rows_asked_for() -> None:
    wanted = np.array([8999, 0, 4096, 0])
    requests = np.zeros(wanted.size, dtype=REQUEST)
    requests["group"], requests["text"], requests["ref"] = [1, 2, 3, 4], wanted, references(3, wanted)
    found = list(read_sketches(parquet(columns()), file_of(), requests))
    texts = np.concatenate([sketches.text for sketches in found])
    assert sorted(texts.tolist()) == [0, 0, 4096, 8999]
    assert np.concatenate([s.signature for s in found])[:, 0].tolist() == texts.tolist()
    assert np.concatenate([s.shingles for s in found]).tolist() == [9 + t % 2 for t in texts.tolist()]
    assert sorted(np.concatenate([s.group for s in found]).tolist()) == [1, 2, 3, 4]


def test_bands_larger_than_the_signature_are_refused() -> None:
    with pytest.raises(ConfigError, match="got 20 \\* 8 = 160"):
        list(read_band_entries(parquet(columns(20)), file_of(20), DedupParams()))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("id", "short", "column id .* got 'short'"),
        ("id", "g" * 32, "column id .* hex digits"),
        ("text_digest", "0" * 33, "column text_digest"),
        ("date", "2020-01-01T00:00:00.000Z", "column date"),
    ],
)
def test_column_of_another_form_is_refused_by_name(name: str, value: str, message: str) -> None:
    content = columns(20)
    content[name][7] = value
    with pytest.raises(InputError, match=message):
        list(read_members(parquet(content), file_of(20)))


def test_signatures_of_different_sizes_in_a_file_are_refused() -> None:
    content = columns(20)
    content["signature"][7] = bytes(60)
    with pytest.raises(InputError, match=r"differ in size \(\[60, 64\] bytes\)"):
        list(read_band_entries(parquet(content), file_of(20), PARAMS))


def test_empty_file_has_no_rows() -> None:
    stream = parquet(columns(0))
    assert list(read_members(stream, file_of(0))) == []
    assert list(read_band_entries(stream, file_of(0), PARAMS)) == []


@pytest.mark.parametrize("rows", [0, ROWS - 1, ROWS + 1])
def test_file_with_other_rows_than_it_is_to_have_is_refused(rows: int) -> None:
    requests = np.zeros(1, dtype=REQUEST)
    for read in (
        lambda stream: read_members(stream, file_of(rows)),
        lambda stream: read_band_entries(stream, file_of(rows), PARAMS),
        lambda stream: read_sketches(stream, file_of(rows), requests),
    ):
        with pytest.raises(ValueError, match=f"has {ROWS} rows, expected {rows}"):
            list(read(parquet(columns())))
