"""Trials are repeatable, kept, and found again only by the same question."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from training.mixture.figures import SHARE, Figure
from training.mixture.pool import Pool
from training.mixture.route import Route
from training.mixture.rules import DEFAULT, NONE
from training.mixture.settings import DOMAIN, FAMILY, WRITTEN, Setting
from training.mixture.store import append, key_of, load
from training.mixture.trials import Effort, Results, try_share

EFFORT = Effort(draws=2, replicates=12)


@pytest.fixture(scope="module")
def results(route: Route, pool: Pool) -> Results:
    return try_share(route, pool, 0.4, DOMAIN.rules(), EFFORT)


def test_the_same_seed_gives_the_same_figures(route: Route, pool: Pool, results: Results) -> None:
    again = try_share(route, pool, 0.4, DOMAIN.rules(), EFFORT)
    assert {figure: str(value) for figure, value in again.items()} == {f: str(v) for f, v in results.items()}


def test_another_seed_gives_others(route: Route, pool: Pool, results: Results) -> None:
    other = try_share(route, pool, 0.4, DOMAIN.rules(), dataclasses.replace(EFFORT, seed=1))
    assert other[Figure(DEFAULT, SHARE)] != results[Figure(DEFAULT, SHARE)]


def test_weighting_lowers_the_share_beyond_its_interval(results: Results) -> None:
    after = results[Figure(DEFAULT, SHARE)]
    assert after.low < after.high < results[Figure(NONE, SHARE)].low


def test_results_are_found_again_by_their_key(results: Results, tmp_path: Path) -> None:
    file, key = tmp_path / "deep" / "results.jsonl", key_of(DOMAIN, 0.4, EFFORT, "texts")
    append(file, key, results)
    with file.open("a") as out:
        out.write('{"key": "cut sho')  # a kill
    append(file, "next", results)
    for kept in load(file).values():
        assert {f: str(v) for f, v in kept.items()} == {f: str(v) for f, v in results.items()}
    assert list(load(file)) == [key, "next"]
    assert load(tmp_path / "none.jsonl") == {}


def test_a_key_tells_questions_apart() -> None:
    keys = {
        key_of(setting, share, effort, texts)
        for setting in (FAMILY, DOMAIN)
        for share in (0.2, 0.4)
        for effort in (EFFORT, Effort())
        for texts in ("a", "b")
    }
    assert len(keys) == 16


@pytest.mark.parametrize(("setting", "count"), [(FAMILY, 690), (dataclasses.replace(FAMILY, disguised=True), 60)])
def test_a_setting_names_its_machine_texts(route: Route, setting: Setting, count: int) -> None:
    assert np.count_nonzero(setting.machines(route.corpus)) == count
    assert not WRITTEN.machines(route.corpus).any()
