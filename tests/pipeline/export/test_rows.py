from __future__ import annotations

from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.condition import filtered, problems
from pipeline.export.rows import Taken, exact, order_keys, repeated, take_rows
from transforms.errors import InputError
from transforms.weigh.weight import whole_copies


def rows(count: int) -> pa.Table:
    return pa.table(
        {
            "id": [f"{n:032x}" for n in range(count)],
            "language": ["en", "de"] * (count // 2) + ["fr"] * (count % 2),
            "expected_repeats": np.linspace(0.1, 3.9, count, dtype=np.float32),
        }
    )


def parquet(table: pa.Table, *, group_rows: int) -> BytesIO:
    file = BytesIO()
    pq.write_table(table, file, row_group_size=group_rows)
    file.seek(0)
    return file


def test_rows_come_a_row_group_at_a_time() -> None:
    taken = list(take_rows(parquet(rows(25), group_rows=10), ["id"], where="", repeats_seed=None))
    assert [part.rows.num_rows for part in taken] == [10, 10, 5]
    assert [part.copies.sum() for part in taken] == [10, 10, 5]


def test_copies_are_those_of_weighing() -> None:
    table = rows(40)
    [taken] = take_rows(parquet(table, group_rows=40), ["id", "expected_repeats"], where="", repeats_seed=7)
    expected = whole_copies(table["expected_repeats"].to_numpy(), table["id"].to_pylist(), 7)
    assert taken.copies.tolist() == expected.tolist()


def test_a_condition_keeps_rows_and_order() -> None:
    kept = filtered(rows(30), "language = 'de' AND expected_repeats > 1")
    assert kept["id"].to_pylist() == [
        row["id"] for row in rows(30).to_pylist() if row["language"] == "de" and row["expected_repeats"] > 1
    ]
    assert kept.schema == rows(1).schema


@pytest.mark.parametrize(
    "where",
    [
        "id IN (SELECT content FROM read_text('/etc/hostname'))",
        "id IN (SELECT id FROM rows)",
        "true) UNION SELECT * FROM (VALUES (1, 2, 3)",
        "count(*) > 1",
        "true; CREATE TABLE x (a INT)",
        "id IN (SELECT value FROM duckdb_settings() WHERE name = 'secret_directory') AND getenv('HOME') = 'x'",
    ],
)
def test_a_condition_sees_nothing_but_the_row(where: str) -> None:
    with pytest.raises(InputError):
        filtered(rows(2), where)


@pytest.mark.parametrize("where", ["cast(id AS int) > 3", "id", "id = 3"])
def test_a_condition_that_fails_on_a_row_says_nothing_of_it(where: str) -> None:
    table = pa.table({"id": ["\x1b[31msecret"]})
    with pytest.raises(InputError, match="cannot be told of every row") as refused:
        filtered(table, where)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("random() < 0.5", "random"),
        ("id = Gen_Random_UUID()::text", "gen_random_uuid"),
        ("id IN (SELECT uuid()::text)", "uuid"),
        ("date < current_date::text", "current_date"),
        ("date < (now() - INTERVAL 1 DAY)::text", "now"),
        ("date < CURRENT_TIMESTAMP::text", "current_timestamp"),
        ("(SELECT count(*) FROM range(9) USING SAMPLE 50%) > 4", "USING SAMPLE"),
    ],
)
def test_a_condition_on_chance_or_the_clock_is_refused(where: str, named: str) -> None:
    [problem] = problems(where)
    assert f" asks {named}, which" in problem
    assert "--repeats and --seed" in problem


def test_a_condition_that_only_quotes_such_a_name_is_none() -> None:
    assert problems("url LIKE '%random()%' AND hash(id) % 2 = 0 AND date < '2026-01-01'") == []


def test_a_copy_has_its_number_and_its_row() -> None:
    taken = Taken(rows(4), np.array([2, 0, 1, 3]))
    [(table, places)] = repeated(taken, ("id",), number_copies=True)
    assert places == [0, 0, 2, 3, 3, 3]
    assert table["copy"].to_pylist() == [0, 1, 0, 0, 1, 2]
    assert table["id"].to_pylist() == [taken.rows["id"][place].as_py() for place in places]


def test_many_copies_come_in_slices() -> None:
    taken = Taken(rows(1), np.array([2500]))
    parts = [table["copy"].to_pylist() for table, _ in repeated(taken, ("id",), number_copies=True)]
    assert [len(part) for part in parts] == [1000, 1000, 500]
    assert [copy for part in parts for copy in part] == list(range(2500))


def test_the_order_depends_on_id_copy_and_seed_alone() -> None:
    once, turned = Taken(rows(6), np.full(6, 2)), Taken(rows(6).take([5, 4, 3, 2, 1, 0]), np.full(6, 2))
    keys = order_keys(once, 1)
    assert len(set(keys)) == 12
    assert set(keys) == set(order_keys(turned, 1))
    assert not set(keys) & set(order_keys(once, 2))
    assert all(0 <= key < 2**64 for key in keys)


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=20))
def test_a_float_is_the_shortest_decimal_and_the_same_float32(values: list[float]) -> None:
    single = np.array(values, np.float32)
    column = exact(pa.table({"x": pa.array(single)}))["x"].to_numpy()
    assert (column.astype(np.float32) == single).all()
    assert column.tolist() == [float(str(value)) for value in single]


def test_floats_within_lists_and_structures_are_exact_too() -> None:
    nested = pa.array(
        [[{"kind": "a", "log_ratio": 0.1}], [], [{"kind": "b", "log_ratio": 0.7}, {"kind": "c", "log_ratio": None}]],
        pa.list_(pa.struct([("kind", pa.string()), ("log_ratio", pa.float32())])),
    )
    table = pa.table({"evidence": nested}).slice(1)
    assert exact(table)["evidence"].to_pylist() == [
        [],
        [{"kind": "b", "log_ratio": 0.7}, {"kind": "c", "log_ratio": None}],
    ]
