"""A language is given up where its people are accused beyond chance, tried on sources the calibration never saw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.calibrate import Held, calibrate
from training.fairness import abstain_where_unfair, accused_too_often
from transforms.score.calibration import Calibration

SIDE = 400  # human texts, and machine texts, of each fold


def held(shift: float) -> tuple[Held, NDArray[np.intp]]:
    """Two folds of a language whose people score N(0, 1), in the second fold N(shift, 1), and machines N(4, 1)."""
    rng = np.random.default_rng(11)
    people = [rng.normal(0, 1, SIDE), rng.normal(shift, 1, SIDE)]
    score = np.concatenate([*people, rng.normal(4, 1, 2 * SIDE)])
    fold = np.repeat([0, 1, 0, 1], SIDE)
    machine = np.arange(score.size) >= 2 * SIDE
    names = np.full(score.size, "xx"), np.full(score.size, "Latn")
    return Held(score, machine, *names, np.zeros(score.size, np.bool_)), fold


def test_people_like_those_it_was_calibrated_on_keep_their_line() -> None:
    texts, fold = held(shift=0.0)
    assert accused_too_often(texts, fold) == set()
    lines = calibrate(texts)
    assert abstain_where_unfair(lines, texts, fold) == lines


def test_a_source_of_people_who_score_like_machines_takes_the_line_away() -> None:
    texts, fold = held(shift=2.0)
    assert accused_too_often(texts, fold) == {"xx"}
    lines = abstain_where_unfair(calibrate(texts), texts, fold)
    assert Calibration("", lines).line("xx", "Latn") is None
    assert lines["xx"].human == 2 * SIDE  # what is known of the language stays on record


def test_rates_that_chance_explains_take_nothing_away() -> None:
    texts, fold = held(shift=0.0)
    few = np.arange(fold.size) % 4 == 0  # 3 of 100 people accused is no proof of more than 3 %
    assert accused_too_often(texts.at(few), fold[few]) == set()
