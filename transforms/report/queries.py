"""A user's own SQL over the tables of an output: one question, its answer row by row, its mistakes in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.errors import InputError, UsageError
from transforms.report.tables import TABLES, Tables

_BATCH = 500  # rows fetched at a time; a row may hold a whole text
_MISTAKES = (
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.PermissionException,
    duckdb.DataError,
    duckdb.NotImplementedException,
)
"""What is wrong with the SQL, not with the files."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that a query gives; they are read once, as they are asked for."""

    names: tuple[str, ...]  # of the columns, each once
    rows: Iterator[tuple[Any, ...]]


def ask(tables: Tables, sql: str) -> Answer:
    """The answer to one SELECT (or FROM, WITH, DESCRIBE, SUMMARIZE, EXPLAIN).

    Raises:
        UsageError: it is something else, or wrong; the message is one line and names what there is.
        InputError: a file cannot be read. Of an answer of up to 500 rows it is raised here, with nothing printed yet;
            of a longer one maybe while its rows are read.
    """
    with naming_mistakes("--sql", sql):
        statements = duckdb.extract_statements(sql)
        asked = [statement.type.name for statement in statements]
        if len(asked) != 1 or asked[0] not in ("SELECT", "EXPLAIN"):
            raise UsageError(
                f"--sql takes one SELECT, got {' and '.join(asked) or 'nothing'}: ask one question at a time"
            )
        cursor = tables.connection.execute(statements[0])
        first = cursor.fetchmany(_BATCH)
        return Answer(_unique([column[0] for column in cursor.description]), _fetched(first, cursor, sql))


def _fetched(rows: list[tuple[Any, ...]], cursor: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    while rows:
        yield from rows
        with naming_mistakes("--sql", sql):
            rows = cursor.fetchmany(_BATCH)


def _unique(names: list[str]) -> tuple[str, ...]:
    """Each name once: the second `id` is `id_2`."""
    ordinal: Counter[str] = Counter()
    unique = []
    for name in names:
        ordinal[name] += 1
        unique.append(name if ordinal[name] == 1 else f"{name}_{ordinal[name]}")
    return tuple(unique)


@contextmanager
def naming_mistakes(flag: str, sql: str) -> Iterator[None]:
    """Turns what the database says of the SQL given by `flag` into one line with what there is to ask for."""
    try:
        yield
    except _MISTAKES as error:
        raise UsageError(f"{flag}: {_first_line(error)}{_hint(error, sql)}") from error
    except duckdb.Error as error:
        cure = "if the SQL is right, the output is damaged: `firsthand verify` says where"
        raise InputError(f"{flag}: {_first_line(error)}; {cure}") from error


def check_condition(where: str) -> None:
    """Raise UsageError if what is given by `--where` is more than one condition."""
    content = where.encode()  # places are in bytes
    if any(content[place : place + 1] == b";" for place, _ in duckdb.tokenize(where)):
        raise UsageError("--where takes one condition, got `;`: leave it out, and what follows")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".!")


def _hint(error: Exception, sql: str) -> str:
    if isinstance(error, duckdb.CatalogException) and "Table" in _first_line(error):
        return f"; the tables are {', '.join(TABLES)}"
    if isinstance(error, duckdb.BinderException) and "column" in _first_line(error):
        asked = [name for name in TABLES if name in sql.lower()] or ["corpus"]
        return "".join(f"; {name} has {', '.join(column.name for column in TABLES[name])}" for name in asked)
    if isinstance(error, duckdb.PermissionException):
        return f"; a query reads the tables {', '.join(TABLES)} and nothing else"
    return ""
