"""In a small cell that is nearly all machine, a page that declares one can weigh above 1; a second ceiling ends it."""

from __future__ import annotations

import pytest

from training.mixture.declared import FLOORED, FLOORED_PRIOR, Case, Outcome, try_case
from training.mixture.pool import Pool
from training.mixture.route import Route
from training.mixture.rules import CEILING, DEFAULT


@pytest.fixture(scope="module")
def nearly_all(route: Route, pool: Pool) -> dict[str, Outcome]:
    return try_case(route, pool, Case(pages=60, share=0.95, declaring=1.0), draws=12, seed=0)


def test_a_declared_page_can_weigh_more_than_a_page_of_the_crawl(nearly_all: dict[str, Outcome]) -> None:
    assert nearly_all[DEFAULT].happens > 0.5
    assert nearly_all[DEFAULT].heaviest > 1.5


def test_a_second_ceiling_ends_it_and_keeps_the_mass(nearly_all: dict[str, Outcome]) -> None:
    outcome = nearly_all[CEILING]
    assert outcome.happens == 0
    assert outcome.heaviest <= 1 + 1e-9
    assert outcome.mass == pytest.approx(1)


def test_floors_end_it_too_at_a_price(nearly_all: dict[str, Outcome]) -> None:
    assert nearly_all[FLOORED].heaviest <= nearly_all[DEFAULT].heaviest
    assert nearly_all[FLOORED_PRIOR].mass < 0.8


def test_where_people_are_many_no_declared_page_weighs_above_1(route: Route, pool: Pool) -> None:
    outcomes = try_case(route, pool, Case(pages=400, share=0.3, declaring=1.0), draws=4, seed=0)
    assert outcomes[DEFAULT].heaviest < 0.2
