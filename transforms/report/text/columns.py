"""How a column is spread, as bars."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.story import Distribution, Values
from transforms.report.text.funnel import NAME
from transforms.report.text.numerals import bar, compact, counted, figure
from transforms.terminal import clean, fit, table

_BAR = 30  # columns


def column(found: Distribution | Values, width: int) -> str:
    """The text of a column, ends with a newline; no line is wider than `width`."""
    lines = _distribution(found, width) if isinstance(found, Distribution) else _values(found, width)
    return "".join(f"{fit(line, width)}\n" for line in lines)


def _distribution(found: Distribution, width: int) -> Iterator[str]:
    yield f"{found.column}: {counted(sum(found.pages), 'page')}, {found.missing:,} without a value"
    if found.minimum is None or found.maximum is None:
        return
    yield f"  from {figure(found.minimum)} to {figure(found.maximum)}, mean {figure(found.mean or 0.0)}"
    told = ", ".join(f"{share} % {figure(q)}" for share, q in zip((5, 25, 50, 75, 95), found.quantiles, strict=True))
    yield f"  quantiles: {told}"
    most = max(found.pages)
    rows = [
        (f"{figure(low)} –", figure(high), compact(pages), compact(tokens), bar(pages, most, _BAR))
        for low, high, pages, tokens in zip(found.edges, found.edges[1:], found.pages, found.tokens, strict=False)
    ]
    yield from _barred([("from", "to", "pages", "tokens", ""), *rows], width)


def _values(found: Values, width: int) -> Iterator[str]:
    more = found.distinct - len(found.top)
    yield f"{found.column}: {counted(found.distinct, 'value')}, {counted(found.missing, 'page')} without one"
    most = max((pages for _, pages in found.top), default=0)
    rows = [(clean(value, NAME), compact(pages), bar(pages, most, _BAR)) for value, pages in found.top]
    yield from _barred([("value", "pages", ""), *rows], width)
    if more:
        yield f"  and {counted(more, 'other value')}"


def _barred(rows: list[tuple[str, ...]], width: int) -> Iterator[str]:
    """A table whose last column, bars, begins at the left."""
    lines = table([row[:-1] for row in rows], left=1, width=width - 2 - _BAR)
    widest = max(map(len, lines))
    for line, row in zip(lines, rows, strict=True):
        yield f"{line}{' ' * (widest - len(line))}  {row[-1]}".rstrip()
