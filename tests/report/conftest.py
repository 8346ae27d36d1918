"""Small outputs of runs, written by hand so that every figure is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.schema import CORPUS, REJECTIONS, Column, arrow_schema

Rows = Sequence[Mapping[str, object]]


def write(path: Path, columns: tuple[Column, ...], rows: Rows) -> None:
    """Rows as Parquet; columns that a row does not name hold an empty value."""
    schema = arrow_schema(columns)
    whole = [{field.name: row.get(field.name, _empty(field)) for field in schema} for row in rows]
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(whole, schema), path)


def _empty(field: pa.Field) -> object:
    if field.nullable:
        return None
    if pa.types.is_string(field.type):
        return ""
    if pa.types.is_list(field.type):
        return []
    return {} if pa.types.is_struct(field.type) else 0


@pytest.fixture
def make_output(tmp_path: Path) -> Callable[..., Path]:
    """Writes an output: corpus rows one file each list, rejections, counts of the manifest, cells, other keys of the
    manifest."""

    def make(
        corpus: Sequence[Rows] = (),
        rejections: Rows = (),
        counts: Mapping[str, object] | None = None,
        cells: Rows | None = None,
        early: Mapping[str, object] | None = None,
        **keys: object,
    ) -> Path:
        output = tmp_path / "output"
        output.mkdir()
        if cells is not None:
            (output / "cells.json").write_text(json.dumps({"cells": cells, "early": early or {}}), encoding="utf-8")
        for i, rows in enumerate(corpus):
            write(output / "corpus" / f"part-{i:05}.parquet", CORPUS, rows)
        if rejections:
            write(output / "rejections" / "part-00000.parquet", REJECTIONS, rejections)
        counts = counts or {"records": 0, "responses": 0, "rows": 0}
        (output / "manifest.json").write_text(json.dumps({"counts": counts, **keys}), encoding="utf-8")
        (output / "_SUCCESS").touch()
        return output

    return make
