"""How the values of a column are spread: numbers in bins, names by how common they are."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from transforms.errors import UsageError
from transforms.report.bins import edges_for
from transforms.report.languages import rounded
from transforms.report.story import Distribution, Values
from transforms.report.tables import Tables
from transforms.schema import CORPUS, arrow_schema

_SCHEMA = arrow_schema(CORPUS)
_EXACT = 10_000_000  # rows up to which quantiles are exact; above, they come from a digest of bounded size (t-digest)
_QUANTILES = "[0.05, 0.25, 0.5, 0.75, 0.95]"


def read_column(tables: Tables, column: str, *, where: str | None = None, limit: int = 20) -> Distribution | Values:
    """How the values of a column, or of `signals.<name>`, are spread over the rows for which `where` holds.

    A column of lists counts each page once for each different name in its list; evidence counts by its kind.

    Raises:
        UsageError: there is no such column, or it is text to be read.
        duckdb.Error: `where` is no condition.
    """
    kind = _type_of(column)
    rows = f"(SELECT * FROM corpus WHERE {where}\n)" if where is not None else "corpus"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _distribution(tables, column, rows)
    return _values(tables, column, kind, rows, limit)


def _type_of(column: str) -> pa.DataType:
    fields = {field.name: field.type for field in _SCHEMA}
    fields |= {f"signals.{field.name}": field.type for field in fields.pop("signals")}
    del fields["text"]
    if column == "text":
        raise UsageError("--column text: every text is different; read some with --sample, search them with --where")
    if column not in fields:
        raise UsageError(f"--column {column!r}: no such column; there are {', '.join(sorted(fields))}")
    kind: pa.DataType = fields[column]
    return kind


def read_distributions(tables: Tables, columns: Sequence[str]) -> tuple[Distribution, ...]:
    """The distribution of each of these numeric columns."""
    return tuple(_distribution(tables, column, "corpus") for column in columns)


def _distribution(tables: Tables, column: str, rows: str) -> Distribution:
    value = f"(SELECT {_quoted(column)}::DOUBLE AS value, token_count AS n FROM {rows})"
    finite = f"(SELECT value, n FROM {value} WHERE isfinite(value))"
    ((of_all, present),) = tables.rows(f"SELECT count(*), count(value) FILTER (isfinite(value)) FROM {value}")
    if not present:
        return Distribution(column, of_all, None, (), None, None, (), (), ())
    quantile = "quantile_cont" if present <= _EXACT else "approx_quantile"
    ((minimum, quantiles, maximum, mean),) = tables.rows(
        f"SELECT min(value), {quantile}(value, {_QUANTILES}), max(value), favg(value) FROM {finite}"
    )
    edges = edges_for(minimum, quantiles[2], maximum)
    place = " + ".join(f"(value >= {edge!r})::INT" for edge in edges[1:-1]) or "0"
    counts = {
        i: (pages, int(n)) for i, pages, n in tables.rows(f"SELECT {place}, count(*), sum(n) FROM {finite} GROUP BY 1")
    }
    bins = [counts.get(i, (0, 0)) for i in range(len(edges) - 1)]
    return Distribution(
        column=column,
        missing=of_all - present,
        minimum=_short(minimum),
        quantiles=tuple(map(_short, quantiles)),
        maximum=_short(maximum),
        mean=rounded(mean),
        edges=edges,
        pages=tuple(pages for pages, _ in bins),
        tokens=tuple(tokens for _, tokens in bins),
    )


def _values(tables: Tables, column: str, kind: pa.DataType, rows: str, limit: int) -> Values:
    name = _quoted(column)
    listed = pa.types.is_list(kind)
    each = f"SELECT {name} AS value FROM {rows} WHERE {name} <> ''"
    if listed:
        each = f"SELECT unnest(list_distinct({name})) AS value FROM {rows}"
    if listed and pa.types.is_struct(kind.value_type):
        pairs = f"SELECT id, unnest({name}) AS sign FROM {rows}"
        each = f"SELECT kind AS value FROM (SELECT DISTINCT sign.kind AS kind, id FROM ({pairs}))"
    empty = f"len({name}) = 0" if listed else f"{name} = ''"
    ((missing,),) = tables.rows(f"SELECT count(*) FROM {rows} WHERE {name} IS NULL OR {empty}")
    found = tables.rows(
        f"SELECT value, count(*), count(*) OVER () FROM ({each}) GROUP BY value ORDER BY 2 DESC, value LIMIT ?", [limit]
    )
    return Values(column, missing, found[0][2] if found else 0, tuple((value, pages) for value, pages, _ in found))


def _quoted(column: str) -> str:
    """A column that was found in the schema, as SQL."""
    return ".".join(f'"{part}"' for part in column.split("."))


def _short(value: float) -> float:
    """To the seven digits that a float32 has."""
    return float(f"{value:.7g}")
