"""Rows that wait on disk come back in order, all of them, whatever is asked for at once."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.write.sorted_rows import SortedRows

SCHEMA = pa.schema([pa.field("key", pa.string(), nullable=False), pa.field("text", pa.string(), nullable=False)])
KEYS = st.lists(st.lists(st.integers(0, 10**6), max_size=8), max_size=5)


def tables(keys: list[list[int]]) -> list[pa.Table]:
    """A table for each list of keys, the number of a row behind its key so that no two are the same."""
    found, number = [], 0
    for own in keys:
        rows = [{"key": f"{key:07d}-{number + at}", "text": "x" * (key % 9)} for at, key in enumerate(own)]
        number += len(own)
        found.append(pa.Table.from_pylist(rows, SCHEMA))
    return found


@given(KEYS, st.integers(1, 6), st.integers(1, 7))
@settings(deadline=None)
def test_rows_come_in_the_order_of_their_keys_in_tables_of_any_length(
    keys: list[list[int]], shelves: int, length: int
) -> None:
    given_tables = tables(keys)
    rows = SortedRows([table.select(["key"]) for table in given_tables], SCHEMA, shelves=shelves)
    for table in given_tables:
        rows.add(table)
    whole = pa.concat_tables([SCHEMA.empty_table(), *given_tables]).sort_by("key")
    count = whole.num_rows
    lengths = [min(length, count - start) for start in range(0, count, length)]
    cut = list(rows.cut(lengths))
    assert [table.num_rows for table in cut] == lengths
    assert pa.concat_tables([SCHEMA.empty_table(), *cut]).equals(whole)
    assert rows.text_bytes.tolist() == [len(text) for text in whole["text"].to_pylist()]
