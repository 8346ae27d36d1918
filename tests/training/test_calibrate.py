"""Calibration recovers a known ratio, shrinks where there is little text, and accuses no more people than it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from training.calibrate import MIN_HUMAN, Held, calibrate, null_scores
from transforms.probability import fuse
from transforms.score.calibration import NULL_LEVELS, Calibration, bound
from transforms.score.params import ScoreParams


def draw(language: str, human: int, machine: int, shift: float = 0.0, seed: int = 0) -> Held:
    """Scores N(shift, 1) of people and N(shift + 2, 1) of machines: the true log-ratio is 2·(score − shift) − 2."""
    rng = np.random.default_rng(seed)
    score = np.concatenate([rng.normal(shift, 1, human), rng.normal(shift + 2, 1, machine)])
    label = np.arange(human + machine) >= human
    same = np.full(label.size, language)
    return Held(score, label, same, np.full(label.size, "Latn"), np.zeros(label.size, dtype=np.bool_))


def join(*parts: Held) -> Held:
    return Held(*(np.concatenate([getattr(part, name) for part in parts]) for name in Held.__slots__))


def test_the_true_log_ratio_is_recovered() -> None:
    line = calibrate(draw("en", 4000, 4000))["en"]
    assert line.slope == pytest.approx(2.0, abs=0.15)  # 2 % for shrinking by 50 texts, four standard errors of .03
    assert line.offset == pytest.approx(-2.0, abs=0.2)


def test_the_share_of_machine_texts_does_not_move_the_ratio() -> None:
    even, odd = calibrate(draw("en", 4000, 4000))["en"], calibrate(draw("en", 4000, 800))["en"]
    crossing = [-line.offset / line.slope for line in (even, odd)]
    assert crossing == pytest.approx([1.0, 1.0], abs=0.12)


@pytest.mark.parametrize(("pages", "crossing"), [(MIN_HUMAN, 1.0), (MIN_HUMAN - 1, 0.0)])
def test_a_language_with_enough_web_pages_is_fitted_on_them_alone(pages: int, crossing: float) -> None:
    """Pages are N(0, 1), machines N(2, 1); 3,000 other human texts N(-2, 1) move the even score to 0 if they count."""
    rng = np.random.default_rng(6)
    score = np.concatenate([rng.normal(0, 1, pages), rng.normal(-2, 1, 3000), rng.normal(2, 1, 3000)])
    machine, web = np.arange(score.size) >= pages + 3000, np.arange(score.size) < pages
    line = calibrate(Held(score, machine, np.full(score.size, "en"), np.full(score.size, "Latn"), web))["en"]
    assert -line.offset / line.slope == pytest.approx(
        crossing, abs=0.2
    )  # four standard errors: half of .1, that of 100 pages' mean
    assert (line.human, line.machine) == (pages + 3000, 3000)


def test_texts_that_the_line_leaves_out_still_say_what_is_rare_among_people() -> None:
    loud = draw("en", 500, 0, shift=3.0, seed=7)
    pages = draw("en", 500, 500)
    both = join(Held(pages.score, pages.machine, pages.language, pages.script, ~pages.machine), loud)
    known = Calibration("", calibrate(both))
    p = known.p_null(loud.score, "en", "Latn")
    assert all((1 + np.count_nonzero(p <= level)) / 501 <= level for level in NULL_LEVELS[:-3])
    plain, bounded = (ask(loud.score, "en", "Latn") for ask in (known.log_likelihood_ratio, known.bounded_log_ratio))
    assert (plain > np.log(4)).mean() > 0.5  # the line knows pages only
    assert (bounded > np.log(4)).mean() <= 0.02


def test_a_language_without_machine_text_says_nothing_and_accuses_nobody() -> None:
    held = join(draw("en", 1000, 1000), draw("xh", 200, 0, shift=5.0, seed=1))
    lines = calibrate(held)
    assert lines["xh"].machine == 0
    ratio = Calibration("", lines).log_likelihood_ratio(held.score[held.language == "xh"], "xh", "Latn")
    assert np.isnan(ratio).all()


def test_a_language_with_little_machine_text_stays_careful() -> None:
    held = join(draw("en", 2000, 2000), draw("cs", 300, 15, shift=3.0, seed=2))
    lines = calibrate(held)
    assert 0 < lines["cs"].slope < 0.5 * lines["en"].slope
    ratio = Calibration("", lines).log_likelihood_ratio(
        held.score[(held.language == "cs") & ~held.machine], "cs", "Latn"
    )
    assert all((ratio > bound(level)).mean() <= level for level in NULL_LEVELS)


@pytest.mark.parametrize("machine", [15, 3000])
def test_of_the_people_at_most_2_in_100_are_accused_under_the_prior_of_score(machine: int) -> None:
    """By the true ratio it were Φ(−(log 4 + 2) / 2) = 4.5 %."""
    held = join(draw("en", 1000, 1000), draw("cs", 3000, machine, shift=3.0, seed=2))
    score = held.score[(held.language == "cs") & ~held.machine]
    ratio = Calibration("", calibrate(held)).bounded_log_ratio(score, "cs", "Latn")
    assert (fuse(ratio, 0.0, ScoreParams().prior_human, False) < 0.5).mean() <= 0.02


def test_too_few_human_texts_leave_a_language_out() -> None:
    lines = calibrate(join(draw("en", 500, 500), draw("fi", MIN_HUMAN - 1, 500, seed=3)))
    assert set(lines) == {"en"}


def test_texts_of_no_certain_language_have_no_line() -> None:
    assert set(calibrate(join(draw("en", 500, 500), draw("und", 500, 500, seed=3)))) == {"en"}


def test_scores_that_point_the_wrong_way_say_nothing() -> None:
    held = draw("en", 500, 400)
    reversed_scores = Held(-held.score, held.machine, held.language, held.script, held.web)
    line = calibrate(reversed_scores)["en"]
    assert (line.slope, line.offset) == (0.0, 0.0)


def test_a_language_far_from_the_others_does_not_throw_them_off() -> None:
    english, far = draw("en", 2000, 2000), draw("ko", 300, 0, seed=4)
    stranger = draw("ru", 500, 500, seed=5)
    wild = Held(stranger.score * -40, stranger.machine, stranger.language, stranger.script, stranger.web)
    line = calibrate(join(english, far, wild))["en"]
    assert -line.offset / line.slope == pytest.approx(1.0, abs=0.15)
    assert line.slope == pytest.approx(2.0, abs=0.25)


def people(score: ArrayLike, web: ArrayLike = False) -> Held:
    """Scores of people who write English, and which of them are web pages."""
    scores = np.asarray(score, dtype=np.float64)
    same = (np.full(scores.size, "en"), np.full(scores.size, "Latn"))
    return Held(scores, np.zeros(scores.size, np.bool_), *same, np.broadcast_to(web, scores.shape).astype(np.bool_))


SCORES = st.lists(st.floats(-50, 50) | st.sampled_from([0.0, 0.5]), min_size=1, max_size=60)  # with ties


@settings(deadline=None)
@given(SCORES)
def test_at_every_level_the_people_at_or_above_its_score_are_no_more_than_it_says(scores: list[float]) -> None:
    found = null_scores(people(scores))
    for level, score in zip(NULL_LEVELS, found, strict=False):
        above = np.count_nonzero(np.array(scores) >= score)
        assert (1 + above) / (1 + len(scores)) <= level + 1e-12
    assert found == sorted(found)


@settings(deadline=None)
@given(SCORES)
def test_a_new_person_among_exchangeable_ones_reaches_a_level_no_more_often_than_it_says(scores: list[float]) -> None:
    """Each text in turn is the new one: exactly the probability, given the set of scores."""
    others = [scores[:i] + scores[i + 1 :] for i in range(len(scores))]
    found = [null_scores(people(rest)) for rest in others]
    for at, level in enumerate(NULL_LEVELS[: len(found[0])]):
        reached = sum(score >= null[at] for score, null in zip(scores, found, strict=True))
        assert reached / len(scores) <= level + 1e-12


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(MIN_HUMAN, 400), st.integers(MIN_HUMAN, 400), st.floats(-3, 3))
def test_the_level_holds_for_web_pages_and_for_other_texts_alike(
    seed: int, pages: int, rest: int, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    score = np.concatenate([rng.normal(shift, 1, pages), rng.normal(0, 2, rest)])
    web = np.arange(score.size) < pages
    for level, least in zip(NULL_LEVELS, null_scores(people(score, web)), strict=False):
        for part in (score[web], score[~web]):
            assert (1 + np.count_nonzero(part >= least)) / (1 + part.size) <= level + 1e-12


def test_the_worse_of_two_populations_decides_and_a_small_one_joins_the_other() -> None:
    quiet, loud = np.arange(MIN_HUMAN, dtype=np.float64), np.arange(MIN_HUMAN, dtype=np.float64) + 1000
    both, web = np.concatenate([quiet, loud]), np.arange(2 * MIN_HUMAN) >= MIN_HUMAN
    assert null_scores(people(both, web)) == null_scores(people(loud)) == null_scores(people(both, ~web))
    fewer = people(both[1:], web[1:])
    assert null_scores(fewer) == null_scores(people(both[1:]))


def test_a_score_just_above_the_people_allowed_is_found_exactly() -> None:
    found = dict(zip(NULL_LEVELS, null_scores(people(np.arange(199.0))), strict=False))
    assert found[0.5] == pytest.approx(99.0 + 1e-4)  # 99 of 199 lie above: (1 + 99) / 200
    assert found[0.05] == pytest.approx(189.0 + 1e-4)
    assert found[0.005] == pytest.approx(198.0 + 1e-4)


@pytest.mark.parametrize(("texts", "smallest"), [(98, 0.015), (99, 0.01), (998, 0.0015), (999, 0.001), (5000, 0.001)])
def test_levels_that_so_few_texts_cannot_reach_are_left_out(texts: int, smallest: float) -> None:
    assert NULL_LEVELS[len(null_scores(people(np.arange(texts)))) - 1] == smallest


def test_the_smaller_of_two_populations_says_which_levels_are_reached() -> None:
    assert len(null_scores(people(np.arange(1500.0), np.arange(1500) < 100))) == NULL_LEVELS.index(0.01) + 1


def test_without_people_there_is_no_level() -> None:
    assert null_scores(people([])) == []


def test_machine_texts_do_not_move_the_scores_of_people() -> None:
    held = draw("en", 500, 300)
    assert null_scores(held) == null_scores(held.at(~held.machine))


def test_a_line_keeps_the_levels_to_the_digits_it_stores() -> None:
    held = draw("en", 800, 800)
    known = Calibration("", calibrate(held))
    p = known.p_null(held.score[~held.machine], "en", "Latn")
    assert len(known.lines["en"].null) == NULL_LEVELS.index(0.0015) + 1
    assert all((1 + np.count_nonzero(p <= level)) / 801 <= level + 1e-12 for level in NULL_LEVELS[:-1])
    assert p.min() == 0.003  # the first level that one of 800 may reach: 2/801
