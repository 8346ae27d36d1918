"""croissant.json as the reference implementation reads it."""

from __future__ import annotations

import logging
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.cards.conftest import publish

mlc = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed: pip install -e .[cards]")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def plain(value: Any) -> Any:
    """A value of a record as Arrow has it: names without their path, text as text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {key.rsplit("/", 1)[-1]: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.item() if isinstance(value, np.generic) else value


def rows(folder: Path) -> list[Any]:
    return [row for path in sorted((folder / "corpus").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_the_metadata_is_valid_without_a_warning(published: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        metadata = mlc.Dataset(jsonld=str(published / "croissant.json")).metadata
    assert not caplog.records
    assert (metadata.issues.errors, metadata.issues.warnings) == (set(), set())
    assert metadata.ctx.is_v1_1()
    assert metadata.name == "ferries"
    assert metadata.data_biases
    assert metadata.data_collection_timeframe


def test_every_row_is_loaded_as_it_is_in_the_corpus(published: Path) -> None:
    records = mlc.Dataset(jsonld=str(published / "croissant.json")).records(record_set="rows")
    loaded = {row["id"]: row for row in (plain(record) for record in records)}
    expected = rows(published)
    assert len(loaded) == len(expected) > 40
    for row in expected:
        assert loaded[row["id"]] == row
    assert any(row["evidence"] for row in expected)
    assert any(row["human_probability"] is None for row in expected)


def test_the_folder_may_be_moved(published: Path, tmp_path: Path) -> None:
    moved = copytree(published, tmp_path / "elsewhere")
    record = next(iter(mlc.Dataset(jsonld=str(moved / "croissant.json")).records(record_set="rows")))
    assert plain(record)["id"] in {row["id"] for row in rows(published)}


def test_a_corpus_without_rows_is_described(tmp_path: Path, empty_output: Path) -> None:
    folder = publish(empty_output)
    metadata = mlc.Dataset(jsonld=str(folder / "croissant.json")).metadata
    assert not metadata.issues.errors
    assert metadata.license[0].name == "unknown"
