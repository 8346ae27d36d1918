"""How probabilities, weights and lengths are distributed, by pages and by tokens."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.report.html.element import Html, element, join
from transforms.report.html.figure import figure
from transforms.report.html.numbers import NONE, count, part, percent
from transforms.report.html.section import Section, prose
from transforms.report.html.table import Cell, Head, Table
from transforms.report.story import Distribution, Story

_MEANING = {
    "human_probability": "probability that a human wrote the page, 0–1; pages abstained on have none",
    "human_weight": "weight for training; 1 leaves a token as it is",
    "token_count": "length of a page in tokens",
    "quality": "quality of the prose, 0–1, higher is cleaner; it never weighs",
    "detector_score": "log-odds that a machine wrote the page, before calibration; higher is more machine",
}

_HEADS = (
    Head("Column", "as it is named in the Parquet files", False),
    Head("Mean", "over rows"),
    Head("Least", "smallest value"),
    Head("5 %", "a twentieth of the rows lie below"),
    Head("25 %", "a quarter of the rows lie below"),
    Head("Median", "half of the rows lie below"),
    Head("75 %", "three quarters of the rows lie below"),
    Head("95 %", "nineteen of twenty rows lie below"),
    Head("Most", "largest value"),
    Head("Missing", "rows without a value"),
)

_BINS = (
    Head("From", "lower edge of the bin, which belongs to it"),
    Head("To", "upper edge, which belongs to the next bin"),
    Head("Pages", "rows in the bin"),
    Head("Tokens", "of these rows"),
)


def distributions(story: Story) -> Section:
    """A histogram a column, the quantiles of all in a table, the bins of each folded away."""
    explained = prose(
        "Filled columns count pages, the line counts tokens: where the line is higher, long pages are. Each adds up to "
        "100 %."
    )
    plots = element("div", *(_plot(d) for d in story.distributions), class_="plots first")
    table = Table("quantiles", "Quantiles over rows", _HEADS, tuple(map(_row, story.distributions)))
    bins = element(
        "details",
        element("summary", "The bins of every histogram"),
        join(map(_bins, story.distributions)),
        class_="more",
    )
    return Section("distributions", "Probabilities, weights, lengths", (explained, plots, table.html(), bins))


def _plot(found: Distribution) -> Html:
    meaning = join((element("code", found.column), " ", _MEANING.get(found.column, "")))
    pages, tokens = sum(found.pages), sum(found.tokens)
    bins = zip(found.edges, found.edges[1:], found.pages, found.tokens, strict=False)
    values = [{"from": a, "to": b, "pages": part(p, pages), "tokens": part(t, tokens)} for a, b, p, t in bins]
    told = f"Histogram of {found.column}. {_quartiles(found.quantiles)}; the bins stand in a table below."
    return figure("histogram", f"{found.column}-plot", meaning, told, values, column=found.column)


def _quartiles(quantiles: Sequence[float]) -> str:
    if len(quantiles) != 5:
        return "No values"
    return f"Half of the rows lie between {quantiles[1]:.3g} and {quantiles[3]:.3g}, the median is {quantiles[2]:.3g}"


def _row(found: Distribution) -> tuple[Cell, ...]:
    quantiles: Sequence[float | None] = found.quantiles or (None,) * 5
    values = (found.mean, found.minimum, *quantiles, found.maximum)
    return (
        Cell(element("code", found.column)),
        *(Cell(_short(value), value) for value in values),
        Cell(count(found.missing), found.missing),
    )


def _bins(found: Distribution) -> Html:
    pages = zip(found.edges, found.edges[1:], found.pages, found.tokens, strict=False)
    rows = tuple(
        (Cell(_short(a), a), Cell(_short(b), b), Cell(_share(p, found.pages), p), Cell(_share(t, found.tokens), t))
        for a, b, p, t in pages
    )
    return Table(f"{found.column}-bins", f"Bins of {found.column}", _BINS, rows).html()


def _share(number: int, of: Sequence[int]) -> str:
    return f"{count(number)} ({percent(part(number, sum(of)))})"


def _short(value: float | None) -> str:
    if value is None:
        return NONE
    shown = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:.3f}"
    return shown.replace("-", "−")
