"""The arithmetic of languages from cells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.cells import Cell
from transforms.report.languages import join_cells, prior_set, synthetic_share
from transforms.report.story import FIXED, CellFigures, Share


def cell(language: str, tokens: int, judged: int, prior: tuple[float, float, float]) -> Cell:
    low, value, high = prior
    figures = CellFigures(language, "<128", 1, tokens, 0, Share(value, low, high), "", 1.0)
    return Cell(figures, judged, float(tokens), float(tokens), float(judged), judged * value, judged * value)


CELLS = st.lists(
    st.builds(
        lambda language, tokens, judged, prior: cell(
            language, tokens, min(judged, tokens), (prior[0], prior[1], prior[2])
        ),
        st.sampled_from(["en", "de", "ja"]),
        st.integers(1, 10**9),
        st.integers(0, 10**9),
        st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted),
    ),
    max_size=8,
)


def test_shares_are_weighted_by_the_tokens_that_were_judged() -> None:
    cells = [cell("en", 500, 100, (0.5, 0.6, 0.9)), cell("en", 50, 50, (0.2, 0.3, 0.6)), cell("en", 9, 0, (0, 0.5, 1))]
    assert synthetic_share(cells) == Share(0.5, 0.2, 0.6)


def test_nothing_judged_is_no_share() -> None:
    assert synthetic_share([cell("en", 9, 0, (0, 0.5, 1))]) is None
    assert synthetic_share([]) is None


def test_a_prior_that_was_set_is_no_estimate() -> None:
    estimated = cell("en", 9, 9, (0.5, 0.5, 0.5))
    fixed = replace(estimated, figures=replace(estimated.figures, borrowed_from=FIXED))
    assert (prior_set([fixed, fixed]), synthetic_share([fixed, fixed])) == (0.5, None)
    assert (prior_set([estimated]), synthetic_share([estimated])) == (None, Share(0.5, 0.5, 0.5))
    assert prior_set([]) is None


@settings(deadline=None)
@given(CELLS)
def test_the_interval_holds_the_estimate_and_lies_between_those_of_the_cells(cells: list[Cell]) -> None:
    share = synthetic_share(cells)
    judged = [c.figures.prior_human for c in cells if c.judged]
    assert (share is None) == (not judged)
    if share is not None:
        assert 0 <= share.low <= share.value <= share.high <= 1
        assert 1 - max(p.high for p in judged) <= share.low + 1e-6
        assert share.high <= 1 - min(p.low for p in judged) + 1e-6


@settings(deadline=None)
@given(CELLS)
def test_languages_add_up_to_the_total(cells: list[Cell]) -> None:
    total, languages = join_cells(cells)
    assert sum(entry.pages for entry in languages) == total.pages == len(cells)
    assert sum(entry.tokens for entry in languages) == total.tokens
    assert [entry.tokens for entry in languages] == sorted((e.tokens for e in languages), reverse=True)
    assert total.mean_weight == (1.0 if cells else None)
    assert total.effective_share == (pytest.approx(1.0) if cells else None)
