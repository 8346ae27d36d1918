"""Calibration recovers a known ratio, shrinks where there is little text, and refuses where there is too little."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibrate import MIN_HUMAN, Held, calibrate
from transforms.score.calibration import Calibration


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
    people = held.score[(held.language == "cs") & ~held.machine]
    accused = Calibration("", lines).log_likelihood_ratio(people, "cs", "Latn") > 0
    assert accused.mean() <= 0.02 + 1 / people.size


def test_too_few_human_texts_leave_a_language_out() -> None:
    lines = calibrate(join(draw("en", 500, 500), draw("fi", MIN_HUMAN - 1, 500, seed=3)))
    assert set(lines) == {"en"}


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
