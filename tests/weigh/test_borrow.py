"""Small cells borrow: from the language, the script, all."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.weigh.borrow import Stratum, estimate_priors
from transforms.weigh.cells import Cell
from transforms.weigh.histogram import Histogram, histogram
from transforms.weigh.params import WeighParams
from transforms.weigh.prior import HOST_GROUPS, ratio_keys

PARAMS = WeighParams()


def ratios(human: int, machine: int, early: int = 0) -> Histogram:
    """Pages a good detector is almost sure of, each of another host; `early` of the human ones are old."""
    log_lr = np.repeat([-8.0, 8.0], [human, machine])
    group = np.arange(log_lr.size) % HOST_GROUPS
    return histogram(ratio_keys(log_lr, group, np.arange(log_lr.size) < early), np.ones(log_lr.size, np.int64))


CORPUS: list[tuple[Stratum, Histogram]] = [
    ((Cell("en", 0), "Latn"), ratios(900, 100)),
    ((Cell("en", 1), "Latn"), ratios(2, 1)),
    ((Cell("de", 0), "Latn"), ratios(3, 0)),
    ((Cell("ru", 0), "Cyrl"), ratios(40, 160, early=30)),
    ((Cell("uk", 0), "Cyrl"), ratios(0, 0)),
    ((Cell("km", 0), "Khmr"), ratios(1, 1)),
]


def test_a_large_cell_is_its_own() -> None:
    prior = estimate_priors(CORPUS, PARAMS).cells[Cell("en", 0)]
    assert (prior.borrowed_from, prior.pages) == ("", 1000)
    # 900 of its own 1000 pages are human, and English, from which it borrows 50, is hardly anything else
    assert 0.895 < prior.prior_human < 0.905


@pytest.mark.parametrize(
    ("cell", "lender", "share"),
    [
        (Cell("en", 1), "language", (0.86, 0.91)),  # 3 pages of its own, 50 from English
        (Cell("de", 0), "script", (0.88, 0.93)),  # all 3 human, the rest from Latin script
        (Cell("uk", 0), "script", (0.25, 0.37)),  # none, so Cyrillic, itself drawn from 20 % towards all
        (Cell("km", 0), "all", (0.74, 0.80)),  # 2 pages, the rest from everything
    ],
)
def test_a_small_cell_leans_on_the_nearest_group_with_enough_pages(
    cell: Cell, lender: str, share: tuple[float, float]
) -> None:
    prior = estimate_priors(CORPUS, PARAMS).cells[cell]
    assert prior.borrowed_from == lender
    assert share[0] < prior.prior_human < share[1]


def test_pages_whose_ratio_is_1_are_not_enough_to_stand_alone() -> None:
    keys = ratio_keys(np.zeros(1000), np.arange(1000) % HOST_GROUPS, np.zeros(1000, np.bool_))
    cell = Cell("sw", 0)
    dull = ((cell, "Latn"), histogram(keys, np.ones(1000, np.int64)))
    prior = estimate_priors([*CORPUS, dull], PARAMS).cells[cell]
    assert (prior.pages, prior.borrowed_from) == (1000, "script")
    assert 0.85 < prior.prior_human < 0.92
    assert (prior.low, prior.high) == (0.0, 1.0)


def test_a_corpus_without_a_scored_page_has_even_odds() -> None:
    priors = estimate_priors([((Cell("en", 0), "Latn"), ratios(0, 0))], PARAMS)
    prior = priors.cells[Cell("en", 0)]
    assert (prior.prior_human, prior.low, prior.high, prior.borrowed_from) == (0.5, 0.0, 1.0, "even odds")
    assert not priors.early


def test_an_empty_corpus_has_no_priors() -> None:
    assert estimate_priors([], PARAMS).cells == {}


def test_the_order_of_strata_does_not_matter() -> None:
    assert estimate_priors(CORPUS[::-1], PARAMS) == estimate_priors(CORPUS, PARAMS)


def test_the_cell_of_two_scripts_is_estimated_from_both() -> None:
    cell = Cell("sr", 0)
    both = [((cell, "Latn"), ratios(100, 0)), ((cell, "Cyrl"), ratios(0, 100))]
    prior = estimate_priors([*CORPUS, *both], PARAMS).cells[cell]
    assert (prior.pages, prior.borrowed_from) == (200, "")
    assert 0.4 < prior.prior_human < 0.6


def test_a_language_in_two_scripts_borrows_from_its_main_one() -> None:
    cell = Cell("mk", 0)
    both = [((cell, "Latn"), ratios(1, 0)), ((cell, "Cyrl"), ratios(1, 2))]
    prior = estimate_priors([*CORPUS, *both], PARAMS).cells[cell]
    assert prior.borrowed_from == "script"
    assert 0.25 < prior.prior_human < 0.37  # Cyrillic; Latin would give about 0.9


def test_a_fixed_prior_holds_for_every_cell() -> None:
    priors = estimate_priors(CORPUS, WeighParams(prior=0.25))
    assert {(p.prior_human, p.low, p.high, p.borrowed_from) for p in priors.cells.values()} == {
        (0.25, 0.25, 0.25, "fixed")
    }
    assert priors.cells[Cell("en", 0)].pages == 1000


def test_pages_from_before_chatbots_are_judged_apart() -> None:
    early = estimate_priors(CORPUS, PARAMS).early
    assert set(early) == {"", "ru"}
    assert (early["ru"].pages, early["ru"].prior_human, early["ru"].high) == (30, 1.0, 1.0)
