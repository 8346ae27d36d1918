"""The answer to a query: an aligned table for a terminal, tab-separated values for a pipe, JSON lines for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from transforms.report.jsontext import to_json
from transforms.report.queries import Answer
from transforms.terminal import clean, columns, fit

_MEASURED = 200  # rows whose values say how wide the columns are
_NARROWEST = 8  # columns of text to a column of the table: with less to each, rows are shown as blocks
_LONG = 1 << 20  # characters of a value in tab-separated values


def aligned(answer: Answer, width: int) -> Iterator[str]:
    """Lines of a table, or of a block a row where it has too many columns for the width."""
    if len(answer.names) * (_NARROWEST + 2) > width:
        yield from _blocks(answer, width)
        return
    first = list(islice(answer.rows, _MEASURED))
    cells = [[clean(name, width) for name in answer.names], *([_short(value, width) for value in row] for row in first)]
    widths = _fitted([max(map(columns, column)) for column in zip(*cells, strict=True)], width)
    right = [all(_is_number(row[i]) for row in first) for i in range(len(answer.names))]
    later = ([_short(value, width) for value in row] for row in answer.rows)
    for row in chain(cells, later):
        yield _line(row, widths, right)


def _blocks(answer: Answer, width: int) -> Iterator[str]:
    left = max(columns(clean(name, width)) for name in answer.names)
    for number, row in enumerate(answer.rows, start=1):
        yield f"row {number:,}"
        for name, value in zip(answer.names, row, strict=True):
            yield fit(f"  {clean(name, width):<{left}}  {_short(value, width)}", width).rstrip()


def tab_separated(answer: Answer) -> Iterator[str]:
    """A line of names, then a line a row; a missing value is empty, a line break or tab in a value becomes a space."""
    yield "\t".join(clean(name, _LONG) for name in answer.names)
    for row in answer.rows:
        yield "\t".join(_shown(value, _LONG) for value in row)


def json_lines(answer: Answer) -> Iterator[str]:
    """An object a row."""
    for row in answer.rows:
        yield to_json(dict(zip(answer.names, row, strict=True)))


def _short(value: object, limit: int) -> str:
    """A value for people: a number with a fraction to six digits."""
    return f"{value:.6g}" if isinstance(value, float) else _shown(value, limit)


def _shown(value: object, limit: int) -> str:
    """A value on one line, made harmless; lists and structs as JSON."""
    if value is None:
        return ""
    text = str(value) if isinstance(value, str | float) else to_json(value).strip('"')
    return clean(text, limit)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _fitted(widths: Sequence[int], width: int) -> list[int]:
    """These widths, the widest of them cut alike until all fit with two spaces between them."""
    room = width - 2 * (len(widths) - 1)
    cap = max(widths, default=0)
    while cap > 1 and sum(min(each, cap) for each in widths) > room:
        cap -= 1
    return [min(each, cap) for each in widths]


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    shown = [fit(cell, width) for cell, width in zip(cells, widths, strict=True)]
    pads = [" " * (width - columns(cell)) for cell, width in zip(shown, widths, strict=True)]
    sides = zip(shown, pads, right, strict=True)
    return "  ".join(pad + cell if to_right else cell + pad for cell, pad, to_right in sides).rstrip()
