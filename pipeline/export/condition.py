"""The condition of `--where`: SQL about one row, which sees nothing else and says the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from transforms.errors import InputError
from transforms.schema import CORPUS, arrow_schema
from transforms.terminal import clean

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "python_enable_replacements": False,  # an unknown table would be looked up among Python's variables
    "threads": 1,  # workers are processes
}
# The clock by other names than those of functions: words of SQL, and a macro.
_CLOCK = frozenset({"current_timestamp", "current_time", "localtime", "localtimestamp", "ago"})
_UNSTABLE = "SELECT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT'"
_SAMPLE = "USING SAMPLE"
_MOST_TOLD = 300  # characters of what DuckDB says


def filtered(rows: pa.Table, where: str) -> pa.Table:
    """The rows that meet an SQL condition, in order. It sees nothing but the row: no file, no other table.

    Raises InputError, without a word of the row, if it cannot be told of one of them.
    """
    try:
        return _filtered(rows, where)
    except duckdb.Error as error:
        kind = clean(type(error).__name__, 60)  # its message quotes the row
        raise InputError(
            f"--where {where!r} cannot be told of every row ({kind}): make it a condition that is true or false for "
            "each, with try_cast(… AS …) instead of a cast"
        ) from None


def _filtered(rows: pa.Table, where: str) -> pa.Table:
    with duckdb.connect(config=_CLOSED) as connection:
        connection.execute("SET lock_configuration = true")
        met = connection.from_arrow(rows).filter(where).to_arrow_table()
    return met.cast(rows.schema)


def problems(where: str) -> list[str]:
    """What is wrong with a condition before it meets a row, as sentences."""
    try:
        _filtered(arrow_schema(CORPUS).empty_table(), where)
    except duckdb.Error as error:
        why = clean(str(error).split("\n\n")[0], _MOST_TOLD)
        return [f"--where {where!r} is no condition on a row ({why}): see `firsthand schema` for its columns"]
    if unstable := _unstable(where):
        return [
            f"--where {where!r} asks {', '.join(unstable)}, which says something else each time: take rows by chance "
            "with --repeats and --seed, or by hash(id), and write a date as it is meant"
        ]
    return []


def _unstable(where: str) -> list[str]:
    """What in a condition may say something else the next time: chance, a clock, the session."""
    with duckdb.connect(config=_CLOSED) as connection:
        [parsed] = connection.execute("SELECT json_serialize_sql(?)", [f"SELECT 1 WHERE {where}"]).fetchall()
        known = {name for (name,) in connection.execute(_UNSTABLE).fetchall()} | _CLOCK
    return sorted({name for name in _names(json.loads(parsed[0])) if name in known or name == _SAMPLE})


def _names(node: object) -> Iterator[str]:
    """The names of functions in a parsed statement, and of what may be columns: `current_date` looks like one."""
    if isinstance(node, list):
        for child in node:
            yield from _names(child)
    elif isinstance(node, dict):
        yield str(node.get("function_name", "")).lower()
        yield from (str(name).lower() for name in node.get("column_names") or ())
        if node.get("sample"):
            yield _SAMPLE
        for child in node.values():
            yield from _names(child)
