"""The figures of each language, from the cells where there are any and from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from transforms.report.cells import Cell
from transforms.report.story import FIXED, LanguageFigures, Share
from transforms.report.tables import Tables

ALL = "all"  # the name under which all languages together go

_BY_LANGUAGE = """
    SELECT language, count(*), sum(n), count(*) - count(p), fsum(n * w), fsum(n * w * w),
           sum(n) FILTER (p IS NOT NULL), fsum(n * (1 - p)),
           fsum(n * w) FILTER (p IS NOT NULL), fsum(n * w * (1 - p))
    FROM (SELECT language, token_count AS n, human_weight::DOUBLE AS w, human_probability::DOUBLE AS p FROM corpus)
    GROUP BY GROUPING SETS ((language), ())
    ORDER BY grouping(language) DESC, sum(n) DESC, language
"""


def read_languages(tables: Tables) -> tuple[LanguageFigures, tuple[LanguageFigures, ...]]:
    """All rows together under `ALL`, and each language, most tokens first; what only the cells know is None."""
    total, *languages = (_figures(row) for row in tables.rows(_BY_LANGUAGE))
    return replace(total, language=ALL), tuple(languages)


def _figures(row: tuple[Any, ...]) -> LanguageFigures:
    language, pages, tokens, abstained, weighted, squares, judged, machine, judged_weighted, after = row
    return LanguageFigures(
        language=language or "",
        pages=pages,
        tokens=int(tokens or 0),
        abstained=abstained,
        mean_probability=_ratio((judged or 0) - (machine or 0.0), judged),
        mean_weight=_ratio(weighted, tokens),
        effective_share=_ratio((weighted or 0.0) ** 2, (squares or 0.0) * (tokens or 0)),
        synthetic=None,
        synthetic_weighted=_ratio(after, judged_weighted),
        synthetic_unweighted=_ratio(machine, judged),
    )


def join_cells(cells: Sequence[Cell]) -> tuple[LanguageFigures, tuple[LanguageFigures, ...]]:
    """The same figures from the cells: of the whole corpus, without reading a row of it."""
    names = {cell.figures.language for cell in cells}
    found = [_of_cells(name, (c for c in cells if c.figures.language == name)) for name in names]
    return _of_cells(ALL, cells), tuple(sorted(found, key=lambda entry: (-entry.tokens, entry.language)))


def _of_cells(language: str, cells: Iterable[Cell]) -> LanguageFigures:
    cells = tuple(cells)
    tokens, weighted = sum(cell.figures.tokens for cell in cells), sum(cell.weighted for cell in cells)
    judged, judged_weighted = sum(cell.judged for cell in cells), sum(cell.judged_weighted for cell in cells)
    return LanguageFigures(
        language=language,
        pages=sum(cell.figures.pages for cell in cells),
        tokens=tokens,
        abstained=sum(cell.figures.abstained for cell in cells),
        mean_probability=_ratio(sum(cell.human for cell in cells), judged),
        mean_weight=_ratio(weighted, tokens),
        effective_share=_ratio(weighted**2, sum(cell.squares for cell in cells) * tokens),
        synthetic=synthetic_share(cells),
        synthetic_weighted=_ratio(judged_weighted - sum(cell.human_weighted for cell in cells), judged_weighted),
        synthetic_unweighted=_ratio(judged - sum(cell.human for cell in cells), judged),
    )


def synthetic_share(cells: Sequence[Cell]) -> Share | None:
    """The estimated share of judged tokens that a machine wrote, with a 95 % interval.

    None if none were judged, or if weigh.prior says what it is, for that is no estimate.
    1 - prior of each cell, weighted by the tokens that were judged in it. The ends of the intervals are weighted in the
    same way, as if all cells erred together. They lean on the same calibration and borrow from the same wider groups,
    so their errors do go together; how far is not known, and this is the widest that the interval can be.
    """
    judged = sum(cell.judged for cell in cells)
    if not judged or prior_set(cells) is not None:
        return None
    human = [
        sum(c.judged * share for c, share in zip(cells, shares, strict=True)) / judged for shares in _priors(cells)
    ]
    value, high, low = (round(1 - share, 6) for share in human)  # the lower end of human is the upper one of synthetic
    return Share(value, low, high)


def prior_set(cells: Sequence[Cell]) -> float | None:
    """The share of human pages that weigh.prior set for every cell; None if the priors are estimates."""
    found = [cell.figures for cell in cells]
    return found[0].prior_human.value if found and all(cell.borrowed_from == FIXED for cell in found) else None


def _priors(cells: Sequence[Cell]) -> Iterable[tuple[float, ...]]:
    priors = [cell.figures.prior_human for cell in cells]
    return zip(*((prior.value, prior.low, prior.high) for prior in priors), strict=True)


def rounded(value: float | None) -> float | None:
    """To the sixth digit: sums of floats depend on the order of the rows in the last ones."""
    return None if value is None else round(value, 6)


def _ratio(part: float | None, whole: float | None) -> float | None:
    return round((part or 0.0) / whole, 6) if whole else None
