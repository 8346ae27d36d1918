"""Cells: language × length, in which priors are estimated and weights have mean 1."""

from __future__ import annotations

from transforms.report.html.element import element
from transforms.report.html.figure import Value, figure
from transforms.report.html.numbers import count, decimal, percent
from transforms.report.html.section import Section, prose
from transforms.report.html.source import name
from transforms.report.html.table import Cell, Head, Table
from transforms.report.html.visible import cut
from transforms.report.story import FIXED, CellFigures, Story

_DRAWN = 6  # languages in the plot: the table has all cells

_HEADS = (
    Head("Language", "ISO 639 code", False),
    Head("Length", "range of tokens of a page"),
    Head("Pages", "rows in the cell"),
    Head("Tokens", "of these rows"),
    Head("Abstained", "pages on which the detector gave no opinion"),
    Head(
        "Prior",
        "share of human pages in the cell, 0–1; where the detector's score is turned into a probability",
    ),
    Head("Low", "lower end of the prior's 95 % interval, bootstrap by host"),
    Head("High", "upper end of the prior's 95 % interval"),
    Head(
        "Leans on",
        "the wider group that lends a small cell its prior; a dash if it stands for itself, weigh.prior if that is it",
        False,
    ),
    Head("Effective", "Kish effective sample size over tokens, as a share of them"),
)


def cells(story: Story) -> Section:
    """Every cell with its prior."""
    explained = prose(
        "A score becomes a probability only with a prior: how many pages of this language and length are human to "
        "begin with. " + _origin(story.prior_set)
    )
    place = {entry.language: i for i, entry in enumerate(story.languages)}
    ordered = sorted(story.cells, key=lambda cell: (place.get(cell.language, len(place)), cell.language, _start(cell)))
    judged = [cell for cell in ordered if cell.pages > cell.abstained]
    first = list(dict.fromkeys(cell.language for cell in judged))[:_DRAWN]
    drawn = [_drawn(cell) for cell in judged if cell.language in first]
    plot = figure(
        "cells",
        "cells-plot",
        f"Prior share of human pages by length{'' if story.prior_set is not None else ', with its 95 % interval'}: the "
        "languages with most tokens",
        "Prior share of human pages by language and length in tokens; the same numbers stand in the table of cells.",
        drawn,
    )
    table = Table(
        "cells-table", "Cells and their priors", _HEADS, tuple(map(_row, ordered)), filtered_by="Filter cells"
    )
    return Section("cells", "Priors by language and length", (explained, plot, table.html()))


def _origin(prior_set: float | None) -> str:
    if prior_set is not None:
        return f"It was set to {prior_set:g} for all of them by weigh.prior."
    return (
        "It is estimated from the corpus itself. A long line says that the pages do not tell; such a cell leans on a "
        "wider group."
    )


def _drawn(cell: CellFigures) -> Value:
    prior = cell.prior_human
    return {
        "language": cut(cell.language, 12),
        "length": cut(cell.length, 12),
        "start": _start(cell),
        "prior": prior.value,
        "low": prior.low,
        "high": prior.high,
        "pages": cell.pages,
    }


def _row(cell: CellFigures) -> tuple[Cell, ...]:
    prior = cell.prior_human
    return (
        Cell(element("code", name(cell.language))),
        Cell(name(cell.length), _start(cell)),
        Cell(count(cell.pages), cell.pages),
        Cell(count(cell.tokens), cell.tokens),
        Cell(count(cell.abstained), cell.abstained),
        Cell(decimal(prior.value), prior.value),
        Cell(decimal(prior.low), prior.low),
        Cell(decimal(prior.high), prior.high),
        Cell({"": "–", FIXED: "weigh.prior"}.get(cell.borrowed_from, cell.borrowed_from)),
        Cell(percent(cell.effective_share), cell.effective_share),
    )


def _start(cell: CellFigures) -> int:
    """Where the range of tokens begins: 0 for "<128", 4096 for "≥4096"."""
    digits = cell.length.lstrip("≥").split("–")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
