"""How columns are spread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import UsageError
from transforms.report.columns import read_column
from transforms.report.folder import Folder
from transforms.report.story import Distribution, Values
from transforms.report.tables import Tables, open_tables
from transforms.scratch import ScratchFolder

MakeOutput = Callable[..., Path]
SIGN = {"kind": "declared", "detail": "header", "log_ratio": 6.9}
ROWS = [
    {"id": "1", "language": "en", "token_count": 100, "quality": 0.5, "signals": {"words": 90.0}, "rights": ["noai"]},
    {"id": "2", "language": "en", "token_count": 30, "quality": 1.0, "evidence": [SIGN, SIGN]},
    {"id": "3", "language": "", "token_count": 7, "quality": 0.0, "rights": ["noai", "noai", "tdm-reservation"]},
]


def spread(output: Path, column: str, where: str | None = None) -> Distribution | Values:
    with open_tables(Folder(str(output))) as tables:
        return read_column(tables, column, where=where)


def test_numbers_are_told_in_bins(make_output: MakeOutput) -> None:
    found = spread(make_output([ROWS]), "quality")
    assert isinstance(found, Distribution)
    assert (found.missing, found.minimum, found.maximum, found.mean) == (0, 0.0, 1.0, 0.5)
    assert found.quantiles == (0.05, 0.25, 0.5, 0.75, 0.95)
    assert (found.pages[0], found.pages[10], found.pages[-1]) == (1, 1, 1)
    assert (found.tokens[0], found.tokens[10], found.tokens[-1]) == (7, 100, 30)


def test_a_quality_signal_is_a_column(make_output: MakeOutput) -> None:
    found = spread(make_output([ROWS]), "signals.words")
    assert isinstance(found, Distribution)
    assert (found.column, found.missing, found.mean) == ("signals.words", 2, 90.0)


def test_names_are_told_by_how_common_they_are(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    assert spread(output, "language") == Values("language", 1, 1, (("en", 2),))
    assert spread(output, "rights") == Values("rights", 1, 2, (("noai", 2), ("tdm-reservation", 1)))
    assert spread(output, "evidence") == Values("evidence", 2, 1, (("declared", 1),))


def test_a_condition_leaves_rows_out(make_output: MakeOutput) -> None:
    output = make_output([ROWS])
    assert spread(output, "rights", "token_count < 100 -- and a comment") == Values(
        "rights", 1, 2, (("noai", 1), ("tdm-reservation", 1))
    )
    found = spread(output, "token_count", "false")
    assert found == Distribution("token_count", 0, None, (), None, None, (), (), ())


def test_a_condition_that_is_none_is_an_error_of_the_database(make_output: MakeOutput) -> None:
    with pytest.raises(duckdb.Error, match="nosuch"):
        spread(make_output([ROWS]), "language", "nosuch = 1")


@pytest.mark.parametrize("name", ["nosuch", "signals", "signals.nosuch", 'id" FROM corpus; --', "documents.id", ""])
def test_only_columns_of_the_schema_are_columns(make_output: MakeOutput, name: str) -> None:
    with pytest.raises(UsageError, match=r"no such column; there are abstain_reason, charset"):
        spread(make_output([ROWS]), name)


def test_texts_are_to_be_read(make_output: MakeOutput) -> None:
    with pytest.raises(UsageError, match=r"read some with --sample"):
        spread(make_output([ROWS]), "text")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(width=32) | st.none(), st.integers(0, 10**6)), max_size=60))
def test_every_row_is_in_one_bin_or_missing(rows: list[tuple[float | None, int]]) -> None:
    value, tokens = [v for v, _ in rows], [n for _, n in rows]
    corpus = pa.table({"detector_score": pa.array(value, pa.float32()), "token_count": pa.array(tokens, pa.int32())})
    with Tables(duckdb.connect(), ScratchFolder()) as tables:
        tables.connection.register("corpus", corpus)
        found = read_column(tables, "detector_score")
    finite = [(v, n) for v, n in rows if v is not None and np.isfinite(v)]
    assert isinstance(found, Distribution)
    assert found.missing == len(rows) - len(finite)
    assert sum(found.pages) == len(finite)
    assert sum(found.tokens) == sum(n for _, n in finite)
    if finite:
        assert found.pages == tuple(np.histogram([v for v, _ in finite], found.edges)[0])
