"""A mixture holds the share of machine tokens that was asked for, language by language."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.training.conftest import RUSSIAN
from training.mixture.pool import PER_SOURCE, Pool, Rows, gather_pool
from training.mixture.route import Route


def share_of(pool: Pool, route: Route, rows: Rows, language: str) -> float:
    own = rows[pool.language[rows] == language]
    tokens = pool.tokens[own]
    return float(tokens[route.corpus.machine[own]].sum() / tokens.sum())


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8, 0.95])
@pytest.mark.parametrize("resample", [False, True])
def test_machines_hold_the_share_of_tokens_asked_for(pool: Pool, route: Route, share: float, resample: bool) -> None:
    rows = pool.draw(share, np.random.default_rng(1), resample=resample)
    for language, texts in (("en", 500), ("ru", RUSSIAN)):
        bound = 300 / (texts * 50)  # half of the longest text, over fewest tokens that the scarcer side can have
        assert share_of(pool, route, rows, language) == pytest.approx(share, abs=bound)


def test_the_scarcer_side_is_taken_whole(pool: Pool, route: Route) -> None:
    rows = pool.draw(0.05, np.random.default_rng(1), resample=False)
    people = np.sort(rows[~route.corpus.machine[rows]])
    assert people.tolist() == np.sort(pool.people).tolist()


def test_disguised_texts_are_left_out_as_asked(pool: Pool, route: Route) -> None:
    assert set(pool.machines) == set(np.flatnonzero(route.corpus.machine & (route.corpus.attack == "")))


def test_a_language_with_few_machine_texts_has_people_alone(route: Route) -> None:
    few = (np.cumsum((route.corpus.language == "ru") & route.corpus.machine) <= 19) | (route.corpus.language == "en")
    pool = gather_pool(route.corpus, route.judged, few, registers=True, seed=0)
    assert pool.mixed() == ["en"]
    rows = pool.draw(0.5, np.random.default_rng(1), resample=False)
    assert np.count_nonzero(pool.language[rows] == "ru") == RUSSIAN


def test_a_source_without_pages_gives_a_limited_number_of_texts(route: Route) -> None:
    web = route.corpus.web & (np.arange(1500) < 600)
    one = dataclasses.replace(route.corpus, origin=np.where(web, route.corpus.origin, "one"), web=web)
    pool = gather_pool(one, route.judged, one.machine, registers=True, seed=0)
    capped = pool.people[~one.web[pool.people]]
    assert np.count_nonzero(one.language[capped] == "en") == PER_SOURCE


def test_without_registers_people_of_a_language_with_pages_are_pages(route: Route) -> None:
    half = dataclasses.replace(route.corpus, web=route.corpus.web & (np.arange(1500) < 600))
    pool = gather_pool(half, route.judged, half.machine, registers=False, seed=0)
    english = pool.people[half.language[pool.people] == "en"]
    assert half.web[english].all()
    assert np.count_nonzero(half.language[pool.people] == "ru") == RUSSIAN


def test_resampling_draws_whole_sources_of_people(pool: Pool) -> None:
    rows = pool.draw(0.001, np.random.default_rng(3), resample=True)
    people = rows[np.isin(rows, pool.people)]
    copies = np.bincount(people, minlength=pool.language.size)[pool.people]
    for source in np.unique(pool.source[pool.people]):
        for language in ("en", "ru"):
            own = (pool.source[pool.people] == source) & (pool.language[pool.people] == language)
            assert np.unique(copies[own]).size <= 1
    assert (copies == 0).any()
    assert (copies > 1).any()


def test_the_same_seed_draws_the_same_rows(pool: Pool) -> None:
    first, again = (pool.draw(0.3, np.random.default_rng(7), resample=True).tolist() for _ in range(2))
    assert first == again
